//! One picture in every format, so that a person can compare.

use crate::automatic::{self, Source};
use crate::cancel::Cancel;
use crate::codec::guarded;
use crate::inspect::inspect_within;
use crate::prepare::{Picture, PrepareOptions, prepare};
use crate::steps;
use bytes::Bytes;
use cpu_time::ThreadTime;
use picferry_core::images::{FormatRule, TargetFormat};
use picferry_core::picture::{PictureFormat, PictureInfo};
use picferry_core::{Error, Result};

/// What a candidate stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CandidateKind {
    /// What [`prepare`] would send with these options.
    Chosen,
    /// The picture in one format.
    Format(TargetFormat),
}

/// One outcome.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// What it stands for.
    pub kind: CandidateKind,
    /// The file and what it is, or why there is none.
    pub outcome: Result<CandidateFile>,
    /// What it took, in milliseconds of one core.
    pub cpu_ms: u64,
}

/// A file to compare.
#[derive(Debug, Clone)]
pub struct CandidateFile {
    /// The file.
    pub bytes: Bytes,
    /// What it is.
    pub info: PictureInfo,
    /// How much it looks like the picture, where that was measured.
    pub score: Option<f32>,
    /// It looks as asked, or is as small as asked.
    pub aim_is_met: bool,
}

/// The formats in the order in which they are tried: what is ready soonest comes first.
const FORMATS: [TargetFormat; 4] =
    [TargetFormat::Jpeg, TargetFormat::Webp, TargetFormat::Avif, TargetFormat::Png];

/// Prepares a picture as the options say, then writes it in each format, and reports each file when it
/// is there. Pictures that move or are drawn by lines have only the first.
///
/// # Errors
/// Those of [`prepare`] for the picture as a whole. A format that fails is a candidate with an error.
#[expect(clippy::needless_pass_by_value, reason = "the bytes come along to the thread that works on them")]
pub fn candidates(
    bytes: Bytes,
    options: &PrepareOptions,
    cancel: &Cancel,
    report: &mut dyn FnMut(Candidate),
) -> Result<Vec<Candidate>> {
    let (info, _) = inspect_within(&bytes, &options.limits)?;
    let mut all = Vec::new();
    let mut tell = |candidate: Candidate| {
        report(candidate.clone());
        all.push(candidate);
    };
    let start = ThreadTime::now();
    let chosen = prepare(bytes.clone(), options, cancel)?;
    let aim_is_met = !chosen.changed.contains(&crate::Change::AimMissed);
    tell(Candidate {
        kind: CandidateKind::Chosen,
        outcome: Ok(CandidateFile {
            bytes: chosen.bytes,
            info: chosen.info,
            score: chosen.score,
            aim_is_met,
        }),
        cpu_ms: millis(start),
    });
    if !info.animated && info.format != PictureFormat::Svg {
        match steps::pixels(&bytes, &forced(options), cancel) {
            Ok(Picture::Still(raster)) => {
                for format in FORMATS {
                    cancel.check()?;
                    let start = ThreadTime::now();
                    let source = Source { bytes: &bytes, info, is_wish: true, repackable: None };
                    let outcome = guarded(info.format, || {
                        let written = automatic::one_format(&raster, format, &source, options, cancel)?;
                        file(written, options)
                    });
                    tell(Candidate { kind: CandidateKind::Format(format), outcome, cpu_ms: millis(start) });
                }
            }
            Ok(Picture::Moving(_)) => {}
            Err(error) if error.code == picferry_core::ErrorCode::Cancelled => return Err(error),
            Err(error) => {
                for format in FORMATS {
                    let outcome = Err(error.clone());
                    tell(Candidate { kind: CandidateKind::Format(format), outcome, cpu_ms: 0 });
                }
            }
        }
    }
    cancel.check()?;
    Ok(all)
}

/// The options with a format that always needs pixels.
fn forced(options: &PrepareOptions) -> PrepareOptions {
    let mut forced = options.clone();
    forced.images.format = FormatRule::Automatic;
    forced.images.convert.clear();
    forced
}

fn file(written: Option<automatic::Written>, options: &PrepareOptions) -> Result<CandidateFile> {
    let Some(written) = written else {
        return Err(Error::new(
            picferry_core::ErrorCode::Unsupported,
            "The picture cannot be written in this format.",
        )
        .param("reason", "picture_format"));
    };
    let (info, _) = inspect_within(&written.bytes, &options.limits)?;
    Ok(CandidateFile { bytes: written.bytes, info, score: written.score, aim_is_met: written.aim_is_met })
}

fn millis(start: ThreadTime) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}
