//! One picture in every format, reported as it comes.

use crate::pictures::{encoded, fixture, photo};
use image::ImageFormat;
use picferry_core::ErrorCode;
use picferry_core::images::TargetFormat;
use picferry_imaging::{Cancel, CandidateKind, PrepareOptions, candidates, inspect};

#[test]
fn every_format_is_there_with_its_bytes_and_score() {
    let source = encoded(&photo(320, 240), ImageFormat::Png);
    let mut told = Vec::new();
    let all = candidates(source.into(), &PrepareOptions::default(), &Cancel::new(), &mut |candidate| {
        told.push(candidate.kind);
    })
    .unwrap();
    assert_eq!(told, all.iter().map(|candidate| candidate.kind).collect::<Vec<_>>());
    assert_eq!(told[0], CandidateKind::Chosen);
    for target in TargetFormat::ALL {
        let candidate = all.iter().find(|known| known.kind == CandidateKind::Format(target)).unwrap();
        let file = candidate.outcome.as_ref().unwrap();
        assert_eq!(file.info.format, target.format());
        assert_eq!(inspect(&file.bytes).unwrap(), file.info);
        assert!(file.aim_is_met && file.score.unwrap() >= 80.0, "{target:?}: {:?}", file.score);
    }
    let size = |candidate: &picferry_imaging::Candidate| candidate.outcome.as_ref().unwrap().bytes.len();
    let smallest = all[1..].iter().map(size).min().unwrap();
    assert!(size(&all[0]) <= smallest * 11 / 10, "{} of {smallest}", size(&all[0]));
}

#[test]
fn pictures_that_are_not_pixels_have_only_what_would_be_sent() {
    for bytes in [fixture("full.gif"), b"<svg xmlns='http://www.w3.org/2000/svg'/>"] {
        let source = bytes::Bytes::copy_from_slice(bytes);
        let all = candidates(source, &PrepareOptions::default(), &Cancel::new(), &mut |_| {}).unwrap();
        assert_eq!(all.len(), 1);
    }
}

#[test]
fn a_comparison_can_be_stopped_between_two_formats() {
    let source = encoded(&photo(320, 240), ImageFormat::Png);
    let cancel = Cancel::new();
    let mut count = 0;
    let stopped = candidates(source.into(), &PrepareOptions::default(), &cancel, &mut |_| {
        count += 1;
        if count == 2 {
            cancel.stop();
        }
    });
    assert_eq!(stopped.unwrap_err().code, ErrorCode::Cancelled);
    assert_eq!(count, 2);
}
