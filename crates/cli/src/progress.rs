//! Progress of a batch: one line on a terminal, nothing anywhere else.

use crate::format;
use crate::output;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use picferry_core::job::{JobSnapshot, JobState, Stage};
use std::collections::HashMap;
use std::io::IsTerminal as _;
use std::time::Duration;

/// Counts pictures on a terminal; nothing anywhere else.
pub struct Counter(Option<ProgressBar>);

impl Counter {
    /// A bar for so many pictures.
    pub fn new(pictures: usize) -> Self {
        Self(bar(pictures as u64, "{bar:24} {pos}/{len}"))
    }

    /// So many are done, of so many.
    pub fn show(&self, done: u32, all: u32) {
        if let Some(bar) = &self.0 {
            bar.set_length(u64::from(all));
            bar.set_position(u64::from(done));
        }
    }

    /// One more is done.
    pub fn step(&self) {
        if let Some(bar) = &self.0 {
            bar.inc(1);
        }
    }

    /// Takes the bar away, so that results stand alone.
    pub fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// A bar, if somebody looks at standard error.
fn bar(length: u64, template: &str) -> Option<ProgressBar> {
    (std::io::stderr().is_terminal() && !output::is_quiet()).then(|| {
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
        // The templates are our own; should one not parse, the plain style does.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸─"));
        }
        bar.enable_steady_tick(Duration::from_millis(250));
        bar
    })
}

/// How finely one picture moves the bar.
const STEPS: u64 = 1000;

/// Shows how far a batch is.
pub struct Progress {
    bar: Option<ProgressBar>,
    jobs: HashMap<String, Standing>,
    /// The attempts whose failure was told, by job.
    told: HashMap<String, u32>,
}

#[derive(Clone, Copy)]
struct Standing {
    steps: u64,
    sent: u64,
    is_over: bool,
}

impl Progress {
    /// A bar for so many pictures, if somebody looks at standard error.
    pub fn new(pictures: usize) -> Self {
        let bar = bar(STEPS * pictures as u64, "{bar:24} {wide_msg}");
        Self { bar, jobs: HashMap::new(), told: HashMap::new() }
    }

    /// Takes the news of a job.
    pub fn job_changed(&mut self, job: &JobSnapshot) {
        let Some(bar) = &self.bar else {
            self.tell_wait(job);
            return;
        };
        self.jobs.insert(job.id.clone(), standing(job));
        bar.set_position(self.jobs.values().map(|job| job.steps).sum());
        let over = self.jobs.values().filter(|job| job.is_over).count();
        let sent: u64 = self.jobs.values().map(|job| job.sent).sum();
        let pictures = bar.length().unwrap_or(0) / STEPS;
        let name = output::visible(&job.name);
        bar.set_message(format!("{over}/{pictures}  {}  {} {name}", format::size(sent), doing(job)));
    }

    /// Without a bar a host that does not answer would look like a command that hangs.
    fn tell_wait(&mut self, job: &JobSnapshot) {
        let (JobState::Waiting, Some(error)) = (job.state, &job.error) else { return };
        let told = self.told.insert(job.id.clone(), job.attempt);
        if told != Some(job.attempt) {
            output::note(&format!("{}: {} Trying again.", job.name, error.message));
        }
    }

    /// Takes the bar away, so that results stand alone.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn standing(job: &JobSnapshot) -> Standing {
    let is_over = job.state.is_terminal();
    let steps = match (is_over, job.total) {
        (true, _) => STEPS,
        (false, 0) => 0,
        (false, total) => job.sent.saturating_mul(STEPS) / total.max(1),
    };
    Standing { steps: steps.min(STEPS), sent: job.sent, is_over }
}

/// What a job is doing, in one word or two.
fn doing(job: &JobSnapshot) -> &'static str {
    match (job.state, job.stage) {
        (JobState::Done, _) if job.reused => "Already there:",
        (JobState::Done, _) => "Sent",
        (JobState::Failed, _) => "Failed:",
        (JobState::Cancelled, _) => "Cancelled:",
        (JobState::Waiting, _) => "Trying again soon:",
        (JobState::Running, Some(Stage::Acquire)) => "Reading",
        (JobState::Running, Some(Stage::Prepare | Stage::Name)) => "Preparing",
        (JobState::Running, Some(Stage::Dedupe | Stage::Send)) => "Sending",
        (JobState::Running, Some(Stage::Record)) => "Recording",
        _ => "Waiting:",
    }
}
