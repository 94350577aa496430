//! The canvas that all animated formats are drawn on.

use super::*;
use image::Rgba;

const RED: [u8; 4] = [255, 0, 0, 255];
const BLUE: [u8; 4] = [0, 0, 255, 255];

fn part(x: u32, y: u32, width: u32, height: u32) -> Part {
    Part { x, y, width, height, dispose: Dispose::Keep, blend: Blend::Over }
}

#[test]
fn parts_that_leave_the_canvas_are_cut() {
    let mut canvas = Canvas::new(3, 3);
    canvas.draw(&part(2, 2, 5, 5), &RED.repeat(25));
    canvas.draw(&part(7, 0, 2, 2), &RED.repeat(4));
    canvas.draw(&part(0, u32::MAX, 2, 2), &RED.repeat(4));
    canvas.draw(&part(0, 0, 0, 3), &[]);
    let painted = canvas.pixels().enumerate_pixels().filter(|(_, _, pixel)| pixel.0 == RED);
    assert_eq!(painted.map(|(x, y, _)| (x, y)).collect::<Vec<_>>(), [(2, 2)]);
}

#[test]
fn fewer_pixels_than_promised_are_drawn_as_far_as_they_go() {
    let mut canvas = Canvas::new(2, 2);
    canvas.draw(&part(0, 0, 2, 2), &RED.repeat(2));
    assert_eq!(canvas.pixels().get_pixel(1, 0).0, RED);
    assert_eq!(canvas.pixels().get_pixel(0, 1).0, [0; 4]);
}

#[test]
fn what_is_cleared_or_put_back_is_so_before_the_next_part() {
    let mut canvas = Canvas::new(3, 1);
    canvas.draw(&part(0, 0, 3, 1), &RED.repeat(3));
    canvas.draw(&Part { dispose: Dispose::Restore, ..part(0, 0, 1, 1) }, &BLUE);
    assert_eq!(canvas.pixels().get_pixel(0, 0).0, BLUE);
    canvas.draw(&Part { dispose: Dispose::Clear, ..part(1, 0, 1, 1) }, &BLUE);
    assert_eq!([0, 1].map(|x| canvas.pixels().get_pixel(x, 0).0), [RED, BLUE]);
    canvas.draw(&part(2, 0, 1, 1), &BLUE);
    assert_eq!([0, 1, 2].map(|x| canvas.pixels().get_pixel(x, 0).0), [RED, [0; 4], BLUE]);
}

#[test]
fn half_transparent_parts_mix_or_replace() {
    let half = [0, 255, 0, 128];
    let mut canvas = Canvas::new(3, 1);
    canvas.draw(&part(0, 0, 1, 1), &RED);
    canvas.draw(&part(0, 0, 2, 1), &half.repeat(2));
    assert_eq!([0, 1].map(|x| canvas.pixels().get_pixel(x, 0).0), [[127, 128, 0, 255], half]);
    canvas.draw(&Part { blend: Blend::Replace, ..part(0, 0, 1, 1) }, &half);
    assert_eq!(canvas.pixels().get_pixel(0, 0).0, half);
}

#[test]
fn delays_are_those_that_browsers_show() {
    assert_eq!([0, 10, 11, 20, 5000].map(as_browsers_show), [100, 100, 11, 20, 5000]);
}

#[test]
fn frames_count_as_much_as_pixels() {
    let limits = Limits { max_pixels: 1000, max_alloc: 4000 };
    assert!(check(&limits, 10, 10, 7).is_ok());
    let error = check(&limits, 10, 10, 8).unwrap_err();
    assert_eq!(error.code, ErrorCode::TooManyPixels);
    assert_eq!(error.params["frames"], "8");
    assert_eq!(check(&limits, 100, 100, 1).unwrap_err().code, ErrorCode::TooManyPixels);
    assert!(check(&Limits::default(), 65_535, 1000, u64::MAX).is_err());
}

#[test]
fn an_opaque_frame_has_no_alpha_channel() {
    let opaque = RgbaImage::from_pixel(2, 2, Rgba(RED));
    assert!(!still(opaque).color().has_alpha());
    assert!(still(RgbaImage::from_pixel(2, 2, Rgba([1, 2, 3, 254]))).color().has_alpha());
}
