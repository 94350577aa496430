//! The image engine as this screen and the command line use it.

use super::desk::rule_name;
use bytes::Bytes;
use picferry_core::Result;
use picferry_core::compress::{CompressResult, FoundMetadata, Position};
use picferry_core::images::{FormatRule, PictureNote};
use picferry_core::picture::PictureInfo;
use picferry_imaging::{Cancel, Candidate, CandidateFile, CandidateKind, Change, PrepareOptions};

/// Something that was made of a picture.
pub struct Made {
    /// The rule that gives it.
    pub rule: &'static str,
    /// The file.
    pub bytes: Bytes,
    /// What it is.
    pub info: PictureInfo,
    /// How much it looks like the original, where that was measured.
    pub score: Option<f32>,
    /// It looks as asked, or is as small as asked.
    pub aim_is_met: bool,
    /// What was done to the picture, or why not; nothing for a candidate, which was made.
    pub notes: Vec<PictureNote>,
}

impl Made {
    /// What is told of it; `file` is the name under which it is kept, empty where it is not.
    pub fn result(&self, file: String) -> CompressResult {
        CompressResult {
            rule: self.rule.to_owned(),
            file,
            format: self.info.format,
            width: self.info.width,
            height: self.info.height,
            bytes: self.bytes.len() as u64,
            score: self.score,
            aim_is_met: self.aim_is_met,
        }
    }
}

/// Makes what “Auto” would choose and every format, and hands each over as it is done. A format that
/// this picture cannot have is left out.
///
/// # Errors
/// What is wrong with the picture, what `each` says, or `cancelled`.
pub fn all(
    bytes: &Bytes,
    options: &PrepareOptions,
    cancel: &Cancel,
    each: &dyn Fn(Made) -> Result<()>,
) -> Result<()> {
    let mut options = options.clone();
    options.images.format = FormatRule::Automatic;
    options.images.convert.clear();
    let mut failure = None;
    let mut take = |candidate: Candidate| {
        let rule = match candidate.kind {
            CandidateKind::Chosen => FormatRule::Automatic,
            CandidateKind::Format(format) => FormatRule::To(format),
        };
        let Ok(CandidateFile { bytes, info, score, aim_is_met }) = candidate.outcome else { return };
        let made = Made { rule: rule_name(rule), bytes, info, score, aim_is_met, notes: Vec::new() };
        if let Err(error) = each(made) {
            failure.get_or_insert(error);
        }
    };
    let outcome = picferry_imaging::candidates(bytes.clone(), &options, cancel, &mut take);
    match failure {
        Some(error) => Err(error),
        None => outcome.map(drop),
    }
}

/// Makes what the options mean: what would be sent.
///
/// # Errors
/// What is wrong with the picture, or `cancelled`.
pub fn one(bytes: Bytes, options: &PrepareOptions, rule: &'static str, cancel: &Cancel) -> Result<Made> {
    let prepared = picferry_imaging::prepare(bytes, options, cancel)?;
    let aim_is_met = !prepared.changed.contains(&Change::AimMissed);
    let notes = crate::images::notes(&prepared.changed);
    Ok(Made { rule, bytes: prepared.bytes, info: prepared.info, score: prepared.score, aim_is_met, notes })
}

/// What the file tells beside its pixels; nothing for one that cannot be read.
pub fn found(bytes: &[u8]) -> FoundMetadata {
    let Ok(report) = picferry_imaging::metadata_report(bytes) else { return FoundMetadata::default() };
    let device: Vec<String> = report.camera.into_iter().chain(report.lens).collect();
    FoundMetadata {
        position: report.position.map(|(latitude, longitude)| Position { latitude, longitude }),
        device: (!device.is_empty()).then(|| device.join(" · ")),
        taken: report.taken_at,
        color_profile: report.color_profile,
    }
}
