//! Several processes and threads on one file, and the end of a process at any moment.

mod common;

use common::{NOW, fresh, job, upload, walk};
use picferry_core::job::JobState;
use picferry_core::upload::HistoryFilter;
use picferry_history::{History, NewUpload};
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

#[test]
fn many_can_make_the_same_file_at_the_same_moment() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let start = Barrier::new(8);
        std::thread::scope(|scope| {
            for number in 0..8 {
                let (start, path) = (&start, &path);
                scope.spawn(move || {
                    start.wait();
                    History::open(path).unwrap().add_uploads(&[upload(number)]).unwrap();
                });
            }
        });
        assert_eq!(walk(&History::open(&path).unwrap(), &HistoryFilter::default(), 3).len(), 8);
    }
}

#[test]
fn a_write_elsewhere_is_noticed_and_an_own_one_is_not() {
    let (_folder, window) = fresh();
    let terminal = History::open(window.path()).unwrap();
    let before = window.data_version().unwrap();
    window.add_uploads(&[upload(1)]).unwrap();
    assert_eq!(window.data_version().unwrap(), before);
    terminal.add_uploads(&[upload(2)]).unwrap();
    assert_ne!(window.data_version().unwrap(), before);
    assert_eq!(walk(&window, &HistoryFilter::default(), 9).len(), 2, "and is there to be read");
}

const JOBS: usize = 120;

#[test]
fn each_job_is_taken_over_by_one_and_recorded_once_while_the_gallery_is_read() {
    let (_folder, window) = fresh();
    let terminal = History::open(window.path()).unwrap();
    let taken = AtomicUsize::new(0);
    let adopted: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..6)
            .map(|number| {
                let (history, taken) = ([&window, &terminal][number % 2], &taken);
                scope.spawn(move || work_until_all_are_taken(history, &format!("process-{number}"), taken))
            })
            .collect();
        let jobs: Vec<_> = (0..JOBS).map(|position| job("batch", u32::try_from(position).unwrap())).collect();
        for piece in jobs.chunks(10) {
            window.insert_jobs(piece).unwrap();
            let rows = walk(&terminal, &common::words("picture"), 20);
            let order: Vec<(i64, i64)> = rows.iter().map(|row| (row.created_at, row.id)).collect();
            assert!(order.windows(2).all(|pair| pair[0] > pair[1]), "the gallery is in order at any moment");
        }
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert_eq!(adopted.len(), JOBS, "nobody took what another one had");
    assert_eq!(adopted.into_iter().collect::<BTreeSet<_>>().len(), JOBS);
    let recorded = walk(&window, &HistoryFilter::default(), 33);
    assert_eq!(recorded.into_iter().map(|row| row.job_id).collect::<BTreeSet<_>>().len(), JOBS);
    assert!(window.jobs_listed().unwrap().iter().all(|job| job.snapshot.state == JobState::Done));
    window.check().unwrap();
}

fn work_until_all_are_taken(history: &History, me: &str, taken: &AtomicUsize) -> Vec<String> {
    let live: Vec<String> = (0..6).map(|number| format!("process-{number}")).collect();
    let mut mine = Vec::new();
    while taken.load(Ordering::Relaxed) < JOBS {
        let jobs = history.adopt_jobs(&live, me).expect("jobs are taken over");
        taken.fetch_add(jobs.len(), Ordering::Relaxed);
        for job in jobs {
            let new = NewUpload {
                job_id: job.snapshot.id.clone(),
                created_at: NOW + i64::from(job.snapshot.position % 7),
                ..upload(u64::from(job.snapshot.position))
            };
            // Twice, as after a kill.
            let once = history.finish_job_with_upload(&job, &new).expect("an upload is recorded");
            assert_eq!(history.finish_job_with_upload(&job, &new).expect("it was recorded"), once);
            mine.push(job.snapshot.id);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    mine
}

/// Set for the process that [`what_was_accepted_survives_the_kill_of_its_process`] starts.
const WRITER: &str = "PICFERRY_TEST_HISTORY_WRITER";

#[test]
fn what_was_accepted_survives_the_kill_of_its_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let mut accepted = Vec::new();
    for round in 0..5_u32 {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "writes_until_it_is_killed", "--nocapture"])
            .env(WRITER, path.display().to_string())
            .env("ROUND", round.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines().map_while(Result::ok);
        let told =
            lines.by_ref().filter_map(|line| line.split_once("accepted ").map(|(_, id)| id.to_owned()));
        accepted.extend(told.take(10 + 7 * round as usize));
        writer.kill().unwrap();
        writer.wait().unwrap();
    }
    let history = History::open(&path).unwrap();
    history.check().unwrap();
    let listed: BTreeSet<String> =
        history.jobs_listed().unwrap().into_iter().map(|job| job.snapshot.id).collect();
    assert_eq!(accepted.len(), 10 + 17 + 24 + 31 + 38);
    assert!(accepted.iter().all(|id| listed.contains(id)), "every job that was accepted is still there");
    for upload in walk(&history, &HistoryFilter::default(), 100) {
        let job = history.job(&upload.job_id).unwrap().unwrap();
        assert_eq!((job.snapshot.state, job.snapshot.upload_id), (JobState::Done, Some(upload.id)));
    }
}

/// The process that is killed; without its variable there is nothing to do.
#[test]
fn writes_until_it_is_killed() {
    let Ok(path) = std::env::var(WRITER) else { return };
    let round = std::env::var("ROUND").unwrap();
    let history = History::open(Path::new(&path)).unwrap();
    for position in 0.. {
        let job = job(&format!("round-{round}"), position);
        history.insert_jobs(std::slice::from_ref(&job)).unwrap();
        writeln!(std::io::stdout(), "accepted {}", job.snapshot.id).unwrap();
        let new = NewUpload { job_id: job.snapshot.id.clone(), ..upload(u64::from(position)) };
        history.finish_job_with_upload(&job, &new).unwrap();
    }
}
