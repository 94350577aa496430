//! libheif of the system, loaded at run time, behind a safe face.
#![expect(
    unsafe_code,
    reason = "a C library that may or may not be there; only what is needed of it is declared"
)]

use super::{Decoded, Failure};
use crate::format::profile::LARGEST_PROFILE;
use image::{DynamicImage, ImageBuffer, RgbImage, RgbaImage};
use libloading::Library;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;
use std::sync::OnceLock;

/// The name that Linux systems give the library; 1 stands for its binary interface.
const NAME: &str = "libheif.so.1";

/// 1.9, which brought premultiplied alpha and all functions below.
const OLDEST: u32 = 0x0109_0000;
/// Another interface.
const TOO_NEW: u32 = 0x0200_0000;

const HEVC: c_int = 1;
const RGB: c_int = 1;
const INTERLEAVED: c_int = 10;

/// Layouts of pixels.
const CHROMA_RGB: c_int = 10;
const CHROMA_RGBA: c_int = 11;
const CHROMA_RGB_16: c_int = if cfg!(target_endian = "little") { 14 } else { 12 };
const CHROMA_RGBA_16: c_int = if cfg!(target_endian = "little") { 15 } else { 13 };

/// Codes of errors.
const UNSUPPORTED_FILE: c_int = 3;
const UNSUPPORTED_FEATURE: c_int = 4;

#[repr(C)]
#[derive(Clone, Copy)]
struct HeifError {
    code: c_int,
    _detail: c_int,
    message: *const c_char,
}

/// The beginning of the profile; what follows is not looked at.
#[repr(C)]
struct CodePoints {
    _version: u8,
    primaries: c_int,
    transfer: c_int,
}

/// The beginning of the options; what follows keeps its defaults.
#[repr(C)]
struct DecodingOptions {
    _version: u8,
    ignore_transformations: u8,
}

type Opaque = c_void;

/// Declares functions of the library: loaded together, all or nothing.
macro_rules! functions {
    ($($name:ident: fn($($argument:ty),*) $(-> $result:ty)?;)*) => {
        struct Functions { $($name: unsafe extern "C" fn($($argument),*) $(-> $result)?,)* }

        impl Functions {
            /// # Safety
            /// The library has these functions with these signatures, and stays loaded.
            unsafe fn of(library: &Library) -> Result<Self, libloading::Error> {
                // SAFETY: as the caller says.
                unsafe { Ok(Self { $($name: *library.get(stringify!($name).as_bytes())?,)* }) }
            }
        }
    };
}

functions! {
    heif_get_version_number: fn() -> u32;
    heif_have_decoder_for_format: fn(c_int) -> c_int;
    heif_context_alloc: fn() -> *mut Opaque;
    heif_context_free: fn(*mut Opaque);
    heif_context_set_maximum_image_size_limit: fn(*mut Opaque, c_int);
    heif_context_read_from_memory_without_copy: fn(*mut Opaque, *const c_void, usize, *const c_void) -> HeifError;
    heif_context_get_primary_image_handle: fn(*mut Opaque, *mut *mut Opaque) -> HeifError;
    heif_image_handle_release: fn(*const Opaque);
    heif_image_handle_has_alpha_channel: fn(*const Opaque) -> c_int;
    heif_image_handle_is_premultiplied_alpha: fn(*const Opaque) -> c_int;
    heif_image_handle_get_luma_bits_per_pixel: fn(*const Opaque) -> c_int;
    heif_image_handle_get_raw_color_profile_size: fn(*const Opaque) -> usize;
    heif_image_handle_get_raw_color_profile: fn(*const Opaque, *mut c_void) -> HeifError;
    heif_image_handle_get_nclx_color_profile: fn(*const Opaque, *mut *mut CodePoints) -> HeifError;
    heif_nclx_color_profile_free: fn(*mut CodePoints);
    heif_decoding_options_alloc: fn() -> *mut DecodingOptions;
    heif_decoding_options_free: fn(*mut DecodingOptions);
    heif_decode_image: fn(*const Opaque, *mut *mut Opaque, c_int, c_int, *const DecodingOptions) -> HeifError;
    heif_image_release: fn(*const Opaque);
    heif_image_get_width: fn(*const Opaque, c_int) -> c_int;
    heif_image_get_height: fn(*const Opaque, c_int) -> c_int;
    heif_image_get_bits_per_pixel_range: fn(*const Opaque, c_int) -> c_int;
    heif_image_get_plane_readonly: fn(*const Opaque, c_int, *mut c_int) -> *const u8;
}

/// The loaded library. It is never unloaded: its functions are kept.
pub(super) struct Heif {
    functions: Functions,
}

impl Heif {
    /// The one of the system, loaded once it is there.
    pub(super) fn of_system() -> Result<&'static Self, Failure> {
        static LOADED: OnceLock<Heif> = OnceLock::new();
        if let Some(loaded) = LOADED.get() {
            return Ok(loaded);
        }
        let loaded = Self::load(NAME)?;
        Ok(LOADED.get_or_init(|| loaded))
    }

    /// Loads a library by its file name.
    pub(super) fn load(name: &str) -> Result<Self, Failure> {
        let failed = |error: libloading::Error| Failure::NoLibrary(error.to_string());
        // SAFETY: a library of the system runs its initialisers; libheif's register its decoders.
        let library = Box::leak(Box::new(unsafe { Library::new(name) }.map_err(failed)?));
        // SAFETY: the names are libheif's, the signatures those of its interface 1; the library
        // stays loaded, for it was leaked.
        let functions = unsafe { Functions::of(library) }.map_err(failed)?;
        // SAFETY: takes nothing.
        let version = unsafe { (functions.heif_get_version_number)() };
        if !(OLDEST..TOO_NEW).contains(&version) {
            let [major, minor, patch, _] = version.to_be_bytes();
            return Err(Failure::NoLibrary(format!("version {major}.{minor}.{patch} is not known")));
        }
        // SAFETY: the signature is that of libheif, for which null means its usual settings. It
        // came with plugins; before them there was nothing to initialise.
        unsafe {
            type Initialise = unsafe extern "C" fn(*const c_void) -> HeifError;
            if let Ok(initialise) = library.get::<Initialise>(b"heif_init") {
                let _ = initialise(ptr::null());
            }
        }
        Ok(Self { functions })
    }

    /// Decodes the primary picture. No side of any picture inside may be longer than that.
    pub(super) fn decode(&self, bytes: &[u8], most_side: u32) -> Result<Decoded, Failure> {
        let functions = &self.functions;
        // SAFETY: takes a number.
        if unsafe { (functions.heif_have_decoder_for_format)(HEVC) } == 0 {
            return Err(Failure::NoDecoder);
        }
        // SAFETY: each pointer comes from the library, is checked, and is freed once by its owner;
        // the bytes outlive the context, which is dropped at the end of this function.
        unsafe {
            let context = Owned::of((functions.heif_context_alloc)(), |context| {
                (functions.heif_context_free)(context)
            })?;
            let most_side = c_int::try_from(most_side).unwrap_or(c_int::MAX).max(1);
            (functions.heif_context_set_maximum_image_size_limit)(context.pointer, most_side);
            checked((functions.heif_context_read_from_memory_without_copy)(
                context.pointer,
                bytes.as_ptr().cast(),
                bytes.len(),
                ptr::null(),
            ))?;
            let mut handle = ptr::null_mut();
            checked((functions.heif_context_get_primary_image_handle)(context.pointer, &raw mut handle))?;
            let handle = Owned::of(handle, |handle| (functions.heif_image_handle_release)(handle))?;
            let pixels = self.pixels(handle.pointer)?;
            Ok(Decoded {
                pixels,
                profile: self.profile(handle.pointer),
                code_points: self.code_points(handle.pointer),
            })
        }
    }

    /// # Safety
    /// `handle` is a handle of a picture.
    unsafe fn pixels(&self, handle: *mut Opaque) -> Result<DynamicImage, Failure> {
        let functions = &self.functions;
        // SAFETY: the handle is valid; options and image are freed by their owners.
        unsafe {
            let options = Owned::of((functions.heif_decoding_options_alloc)().cast(), |options| {
                (functions.heif_decoding_options_free)(options.cast());
            })?;
            (*options.pointer.cast::<DecodingOptions>()).ignore_transformations = 1;
            let deep = (functions.heif_image_handle_get_luma_bits_per_pixel)(handle) > 8;
            let alpha = (functions.heif_image_handle_has_alpha_channel)(handle) != 0;
            let layout = match (deep, alpha) {
                (false, false) => CHROMA_RGB,
                (false, true) => CHROMA_RGBA,
                (true, false) => CHROMA_RGB_16,
                (true, true) => CHROMA_RGBA_16,
            };
            let mut image = ptr::null_mut();
            checked((functions.heif_decode_image)(
                handle,
                &raw mut image,
                RGB,
                layout,
                options.pointer.cast::<DecodingOptions>().cast_const(),
            ))?;
            let image = Owned::of(image, |image| (functions.heif_image_release)(image))?;
            let premultiplied = alpha && (functions.heif_image_handle_is_premultiplied_alpha)(handle) != 0;
            let pixels = self.copied(image.pointer, deep, alpha)?;
            Ok(if premultiplied { divided(pixels) } else { pixels })
        }
    }

    /// # Safety
    /// `image` is a decoded picture of interleaved channels, of two bytes each where it is `deep`.
    unsafe fn copied(&self, image: *mut Opaque, deep: bool, alpha: bool) -> Result<DynamicImage, Failure> {
        let functions = &self.functions;
        let channels = if alpha { 4 } else { 3 };
        // SAFETY: the image is valid; rows are `stride` bytes apart and hold `width` pixels each,
        // which is checked, and there are `height` of them.
        unsafe {
            let side = |length: c_int| u32::try_from(length).ok().filter(|length| *length > 0);
            let width = side((functions.heif_image_get_width)(image, INTERLEAVED));
            let height = side((functions.heif_image_get_height)(image, INTERLEAVED));
            let mut stride = 0;
            let start = (functions.heif_image_get_plane_readonly)(image, INTERLEAVED, &raw mut stride);
            let (Some(width), Some(height), false) = (width, height, start.is_null()) else {
                return Err(Failure::Broken("there are no pixels".to_owned()));
            };
            let length = width as usize * channels * if deep { 2 } else { 1 };
            let stride = usize::try_from(stride).ok().filter(|stride| *stride >= length);
            let stride = stride.ok_or_else(|| Failure::Broken("its rows overlap".to_owned()))?;
            let mut raw = Vec::with_capacity(length * height as usize);
            for row in 0..height as usize {
                raw.extend_from_slice(std::slice::from_raw_parts(start.add(row * stride), length));
            }
            let depth = (functions.heif_image_get_bits_per_pixel_range)(image, INTERLEAVED);
            picture(width, height, raw, deep.then_some(depth), alpha)
                .ok_or_else(|| Failure::Broken("its depth makes no sense".to_owned()))
        }
    }

    /// # Safety
    /// `handle` is a handle of a picture.
    unsafe fn profile(&self, handle: *mut Opaque) -> Option<Vec<u8>> {
        // SAFETY: the library writes as many bytes as it said before.
        unsafe {
            let size = (self.functions.heif_image_handle_get_raw_color_profile_size)(handle);
            if !(1..=LARGEST_PROFILE).contains(&size) {
                return None;
            }
            let mut profile = vec![0_u8; size];
            let result =
                (self.functions.heif_image_handle_get_raw_color_profile)(handle, profile.as_mut_ptr().cast());
            checked(result).is_ok().then_some(profile)
        }
    }

    /// # Safety
    /// `handle` is a handle of a picture.
    unsafe fn code_points(&self, handle: *mut Opaque) -> Option<(u16, u16)> {
        // SAFETY: the library gives a profile of which the beginning is as declared, or an error.
        unsafe {
            let mut profile = ptr::null_mut();
            let result = (self.functions.heif_image_handle_get_nclx_color_profile)(handle, &raw mut profile);
            if checked(result).is_err() || profile.is_null() {
                return None;
            }
            let code = |code: c_int| u16::try_from(code).unwrap_or(2);
            let codes = (code((*profile).primaries), code((*profile).transfer));
            (self.functions.heif_nclx_color_profile_free)(profile);
            Some(codes)
        }
    }
}

/// Something of the library that is given back.
struct Owned<F: Fn(*mut Opaque)> {
    pointer: *mut Opaque,
    free: F,
}

impl<F: Fn(*mut Opaque)> Owned<F> {
    fn of(pointer: *mut Opaque, free: F) -> Result<Self, Failure> {
        if pointer.is_null() {
            return Err(Failure::Broken("the library gave nothing".to_owned()));
        }
        Ok(Self { pointer, free })
    }
}

impl<F: Fn(*mut Opaque)> Drop for Owned<F> {
    fn drop(&mut self) {
        (self.free)(self.pointer);
    }
}

/// # Safety
/// The message is a string that lives as long as what it is about, as libheif's do.
unsafe fn checked(error: HeifError) -> Result<(), Failure> {
    if error.code == 0 {
        return Ok(());
    }
    let message = if error.message.is_null() {
        String::new()
    } else {
        // SAFETY: not null, and a string as the caller says.
        unsafe { CStr::from_ptr(error.message) }.to_string_lossy().into_owned()
    };
    Err(match error.code {
        UNSUPPORTED_FILE | UNSUPPORTED_FEATURE => Failure::Unsupported(message),
        _ => Failure::Broken(message),
    })
}

/// Pixels of a depth above 8 are made to fill 16 bits.
fn picture(width: u32, height: u32, raw: Vec<u8>, depth: Option<c_int>, alpha: bool) -> Option<DynamicImage> {
    let Some(depth) = depth else {
        return Some(if alpha {
            RgbaImage::from_raw(width, height, raw)?.into()
        } else {
            RgbImage::from_raw(width, height, raw)?.into()
        });
    };
    let depth = u32::try_from(depth).ok().filter(|depth| (9..=16).contains(depth))?;
    let most = (1_u32 << depth) - 1;
    let wide = |pair: &[u8]| {
        let value = u32::from(u16::from_ne_bytes([pair[0], pair[1]])).min(most);
        u16::try_from((value * 65535 + most / 2) / most).unwrap_or(u16::MAX)
    };
    let raw: Vec<u16> = raw.chunks_exact(2).map(wide).collect();
    Some(if alpha {
        DynamicImage::ImageRgba16(ImageBuffer::from_raw(width, height, raw)?)
    } else {
        DynamicImage::ImageRgb16(ImageBuffer::from_raw(width, height, raw)?)
    })
}

/// Colours that were multiplied by alpha, as they were before.
fn divided(pixels: DynamicImage) -> DynamicImage {
    fn divide(channels: &mut [u32; 4], most: u32) {
        let alpha = channels[3];
        for channel in &mut channels[..3] {
            *channel = (*channel * most + alpha / 2).checked_div(alpha).unwrap_or(0).min(most);
        }
    }
    match pixels {
        DynamicImage::ImageRgba8(mut pixels) => {
            for pixel in pixels.pixels_mut() {
                let mut wide = pixel.0.map(u32::from);
                divide(&mut wide, 255);
                pixel.0 = wide.map(|value| u8::try_from(value).unwrap_or(u8::MAX));
            }
            DynamicImage::ImageRgba8(pixels)
        }
        DynamicImage::ImageRgba16(mut pixels) => {
            for pixel in pixels.pixels_mut() {
                let mut wide = pixel.0.map(u32::from);
                divide(&mut wide, 65535);
                pixel.0 = wide.map(|value| u16::try_from(value).unwrap_or(u16::MAX));
            }
            DynamicImage::ImageRgba16(pixels)
        }
        other => other,
    }
}
