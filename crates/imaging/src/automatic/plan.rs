//! What a picture may become, before a pixel of it is read.

use crate::prepare::PrepareOptions;
use picferry_core::images::{
    ColorProfileRule, Flip, FormatRule, KeptWhy, Newest, PngRule, TargetFormat, Turn,
};
use picferry_core::picture::{PictureFormat, PictureInfo};

/// What is to happen with a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Plan {
    /// Nothing: it stays as it is.
    Keep(KeptWhy),
    /// The PNG file is written smaller; its pixels are not looked at.
    Repack,
    /// It is decoded, and becomes a still picture.
    Still(Targets),
    /// It is decoded frame by frame, and becomes an animation in WebP, which is the only format in
    /// which animations are written.
    Moving,
    /// The person wants other pixels in a format that cannot be written so.
    Impossible,
}

/// The formats a still picture may get.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Targets {
    /// This one.
    One(TargetFormat),
    /// Any that are no newer.
    UpTo(Newest),
}

impl Plan {
    pub(crate) fn of(info: PictureInfo, options: &PrepareOptions) -> Self {
        let images = &options.images;
        let rule = images.rule_for(info.format);
        let changes_pixels = changes_pixels(info, options);
        match info.format {
            PictureFormat::Svg => return Self::Keep(KeptWhy::Vector),
            _ if info.animated => return moving(info.format, rule, images.newest, changes_pixels),
            _ => {}
        }
        let own = TargetFormat::of(info.format);
        match (rule, own) {
            (FormatRule::To(target), Some(own)) if target == own => still(own, options, changes_pixels),
            (FormatRule::To(target), _) => Self::Still(Targets::One(target)),
            (FormatRule::Keep, Some(own)) => still(own, options, changes_pixels),
            (FormatRule::Keep, None) if !changes_pixels => Self::Keep(KeptWhy::FormatNotWritten),
            (FormatRule::Keep | FormatRule::Automatic, _) => Self::Still(Targets::UpTo(images.newest)),
        }
    }
}

/// A picture that keeps its format.
fn still(own: TargetFormat, options: &PrepareOptions, changes_pixels: bool) -> Plan {
    let may_convert_colors = options.images.color_profile == ColorProfileRule::Srgb;
    let is_lossless_png = own == TargetFormat::Png && options.images.png == PngRule::Lossless;
    if is_lossless_png && !changes_pixels && !may_convert_colors {
        Plan::Repack
    } else {
        Plan::Still(Targets::One(own))
    }
}

/// Animations stay animations.
fn moving(format: PictureFormat, rule: FormatRule, newest: Newest, changes_pixels: bool) -> Plan {
    let may_be_webp = match rule {
        FormatRule::To(target) => target == TargetFormat::Webp,
        FormatRule::Automatic => newest >= Newest::Webp,
        FormatRule::Keep => format == PictureFormat::Webp,
    };
    match format {
        // A file that is animated WebP already loses looks with every pass, and gains little.
        PictureFormat::Webp if !changes_pixels => Plan::Keep(KeptWhy::AlreadySmall),
        PictureFormat::Png if !changes_pixels && rule != FormatRule::To(TargetFormat::Webp) => Plan::Repack,
        PictureFormat::Gif | PictureFormat::Png | PictureFormat::Webp if may_be_webp => Plan::Moving,
        _ if changes_pixels => Plan::Impossible,
        _ => Plan::Keep(KeptWhy::Animation),
    }
}

/// Whether the person asked for other pixels: then a new file is right whatever its size.
pub(crate) fn changes_pixels(info: PictureInfo, options: &PrepareOptions) -> bool {
    let images = &options.images;
    let is_smaller = match (info.width, info.height) {
        (Some(width), Some(height)) => images.resize.apply(width, height) != (width, height),
        _ => false,
    };
    is_smaller
        || images.crop.is_some()
        || images.turn != Turn::None
        || images.flip != Flip::None
        || images.watermark.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use picferry_core::images::{Crop, ImageOptions, Resize};

    fn plan(format: PictureFormat, animated: bool, change: impl Fn(&mut ImageOptions)) -> Plan {
        let info = PictureInfo { format, width: Some(400), height: Some(300), animated };
        let mut options = PrepareOptions::default();
        change(&mut options.images);
        Plan::of(info, &options)
    }

    #[test]
    fn automatic_may_take_whatever_readers_can_show() {
        assert_eq!(plan(PictureFormat::Jpeg, false, |_| {}), Plan::Still(Targets::UpTo(Newest::Avif)));
        assert_eq!(
            plan(PictureFormat::Bmp, false, |images| images.newest = Newest::JpegPng),
            Plan::Still(Targets::UpTo(Newest::JpegPng))
        );
    }

    #[test]
    fn keep_keeps_the_format_and_what_cannot_be_written_stays() {
        let keep = |images: &mut ImageOptions| images.format = FormatRule::Keep;
        assert_eq!(plan(PictureFormat::Jpeg, false, keep), Plan::Still(Targets::One(TargetFormat::Jpeg)));
        assert_eq!(plan(PictureFormat::Png, false, keep), Plan::Repack);
        assert_eq!(plan(PictureFormat::Tiff, false, keep), Plan::Keep(KeptWhy::FormatNotWritten));
        let small = |images: &mut ImageOptions| {
            images.format = FormatRule::Keep;
            images.resize = Resize { long_edge: Some(200), ..Resize::default() };
        };
        assert_eq!(plan(PictureFormat::Tiff, false, small), Plan::Still(Targets::UpTo(Newest::Avif)));
        assert_eq!(plan(PictureFormat::Png, false, small), Plan::Still(Targets::One(TargetFormat::Png)));
    }

    #[test]
    fn a_rule_for_a_format_stands_above_the_rule_for_all() {
        let convert = |images: &mut ImageOptions| {
            images.convert = vec![(PictureFormat::Png, FormatRule::To(TargetFormat::Webp))];
        };
        assert_eq!(plan(PictureFormat::Png, false, convert), Plan::Still(Targets::One(TargetFormat::Webp)));
        assert_eq!(plan(PictureFormat::Bmp, false, convert), Plan::Still(Targets::UpTo(Newest::Avif)));
    }

    #[test]
    fn drawings_by_lines_are_never_pixels() {
        let png = |images: &mut ImageOptions| images.format = FormatRule::To(TargetFormat::Png);
        assert_eq!(plan(PictureFormat::Svg, false, png), Plan::Keep(KeptWhy::Vector));
    }

    #[test]
    fn animations_become_animations_or_stay() {
        let to = |target| move |images: &mut ImageOptions| images.format = FormatRule::To(target);
        assert_eq!(plan(PictureFormat::Gif, true, |_| {}), Plan::Moving);
        assert_eq!(plan(PictureFormat::Gif, true, to(TargetFormat::Jpeg)), Plan::Keep(KeptWhy::Animation));
        assert_eq!(plan(PictureFormat::Png, true, |_| {}), Plan::Repack);
        assert_eq!(plan(PictureFormat::Webp, true, |_| {}), Plan::Keep(KeptWhy::AlreadySmall));
        let old = |images: &mut ImageOptions| images.newest = Newest::JpegPng;
        assert_eq!(plan(PictureFormat::Gif, true, old), Plan::Keep(KeptWhy::Animation));
        let crop = |images: &mut ImageOptions| {
            images.crop = Some(Crop { x: 0, y: 0, width: 9, height: 9 });
        };
        assert_eq!(plan(PictureFormat::Webp, true, crop), Plan::Moving);
        assert_eq!(plan(PictureFormat::Avif, true, crop), Plan::Impossible);
    }

    #[test]
    fn a_picture_that_fits_is_not_resized() {
        let fits = |images: &mut ImageOptions| {
            images.format = FormatRule::Keep;
            images.resize = Resize { long_edge: Some(400), ..Resize::default() };
        };
        assert_eq!(plan(PictureFormat::Png, false, fits), Plan::Repack);
    }
}
