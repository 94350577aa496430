//! The decoder of the C library, given coefficients instead of codes; its pointers stay in this file.
#![expect(
    unsafe_code,
    reason = "only the C interface hands out the arrays of coefficients; its safe bindings have no way to them"
)]

use super::super::decode::error_handler;
use super::super::header::Header;
use super::details::Block;
use crate::cancel::Cancel;
use mozjpeg_sys::{
    J_COLOR_SPACE, JDIMENSION, jpeg_consume_input, jpeg_create_decompress, jpeg_decompress_struct,
    jpeg_destroy_decompress, jpeg_error_mgr, jpeg_mem_src, jpeg_read_coefficients, jpeg_read_header,
    jpeg_read_scanlines, jpeg_start_decompress, jpeg_start_output,
};
use std::{mem, ptr, slice};

/// What the library answers: a header that is whole, no more input for now, and the end of the file.
const HEADER_OK: i32 = 1;
const SUSPENDED: i32 = 0;
const REACHED_END: i32 = 2;

/// Rows between two looks at whether to stop.
const ROWS: usize = 64;

/// The blocks of one component, row by row.
pub(super) type Rows<'a> = Vec<&'a mut [Block]>;

/// Reads a skeleton, lets `fill` put coefficients into its empty blocks, and gives width, height and samples of
/// the picture at so many eighths of its size. Unwinds where the library finds something wrong.
pub(super) fn pixels(
    skeleton: &[u8],
    header: &Header,
    eighths: u32,
    cancel: &Cancel,
    fill: impl FnOnce(Vec<Rows<'_>>) -> Option<()>,
) -> Option<(u32, u32, Vec<u8>)> {
    let mut library = Library::new();
    library.open(skeleton, header, eighths)?;
    // SAFETY: the arrays belong to the library, which is not called before `fill` is done with them.
    let planes = unsafe { library.planes(header)? };
    fill(planes)?;
    library.rows(cancel)
}

/// The library at work on one file.
struct Library {
    state: Box<jpeg_decompress_struct>,
    /// The state points to it.
    _errors: Box<jpeg_error_mgr>,
}

impl Library {
    fn new() -> Self {
        let mut errors = Box::new(error_handler(false));
        // SAFETY: plain numbers and pointers, which the library sets up itself; it wants its error handler first.
        let state = unsafe {
            let mut state: Box<jpeg_decompress_struct> = Box::new(mem::zeroed());
            state.common.err = &raw mut *errors;
            jpeg_create_decompress(&raw mut *state);
            state
        };
        Self { state, _errors: errors }
    }

    /// Reads the skeleton to its end. It outlives the library's use of it: everything is in the arrays then.
    fn open(&mut self, skeleton: &[u8], header: &Header, eighths: u32) -> Option<()> {
        let state = &mut *self.state;
        // SAFETY: the bytes stay where they are until this function returns, and nothing is read after that.
        unsafe {
            jpeg_mem_src(state, skeleton.as_ptr(), skeleton.len().try_into().ok()?);
            if jpeg_read_header(state, 1) != HEADER_OK {
                return None;
            }
            let is_gray = header.components.len() == 1;
            state.out_color_space =
                if is_gray { J_COLOR_SPACE::JCS_GRAYSCALE } else { J_COLOR_SPACE::JCS_RGB };
            (state.scale_num, state.scale_denom) = (eighths, 8);
            state.do_block_smoothing = 0;
            state.buffered_image = 1;
            if jpeg_start_decompress(state) == 0 {
                return None;
            }
            loop {
                match jpeg_consume_input(state) {
                    SUSPENDED => return None,
                    REACHED_END => break,
                    _ => {}
                }
            }
        }
        let is_as_expected = state.image_width == header.width
            && state.image_height == header.height
            && usize::try_from(state.num_components) == Ok(header.components.len());
        is_as_expected.then_some(())
    }

    /// The blocks of all components.
    ///
    /// # Safety
    /// The library must not be called while they are in use.
    unsafe fn planes(&mut self, header: &Header) -> Option<Vec<Rows<'static>>> {
        let state = &mut *self.state;
        // SAFETY: the file was read to its end, and the arrays are there: one for each component, with as many
        // blocks in a row, and as many rows, as all groups hold. All of an array lies in memory, and no row is
        // given twice.
        unsafe {
            let arrays = jpeg_read_coefficients(state);
            let access = (*state.common.mem).access_virt_barray?;
            if arrays.is_null() {
                return None;
            }
            // All rows are asked for first: with slices of some, the library must not be called any more.
            let mut found = Vec::new();
            for (index, component) in header.components.iter().enumerate() {
                let ((across, down), array) = (header.padded_blocks(component), *arrays.add(index));
                let rows = 0..JDIMENSION::try_from(down).ok()?;
                let rows: Vec<_> = rows.map(|row| *access(&mut state.common, array, row, 1, 1)).collect();
                found.push((rows, across));
            }
            let slices = |(rows, across): (Vec<*mut Block>, usize)| -> Rows<'static> {
                rows.into_iter().map(|blocks| slice::from_raw_parts_mut(blocks, across)).collect()
            };
            Some(found.into_iter().map(slices).collect())
        }
    }

    /// The pixels of what the arrays hold.
    fn rows(&mut self, cancel: &Cancel) -> Option<(u32, u32, Vec<u8>)> {
        let state = &mut *self.state;
        // SAFETY: the file was read to its end, so that the library looks at no input any more.
        if unsafe { jpeg_start_output(state, 1) } == 0 {
            return None;
        }
        let (width, height) = (state.output_width, state.output_height);
        let row = width as usize * usize::try_from(state.output_components).ok()?;
        let mut samples = vec![0; row * height as usize];
        let mut done = 0;
        while done < height as usize {
            if cancel.is_stopped() {
                return None;
            }
            let mut next: [*mut u8; ROWS] = [ptr::null_mut(); ROWS];
            let rows = samples.chunks_exact_mut(row).skip(done).take(ROWS);
            let count = rows.zip(&mut next).map(|(row, next)| *next = row.as_mut_ptr()).count();
            // SAFETY: as many pointers as are said, each to a whole row.
            let read =
                unsafe { jpeg_read_scanlines(state, next.as_mut_ptr(), JDIMENSION::try_from(count).ok()?) };
            if read == 0 {
                return None;
            }
            done += read as usize;
        }
        Some((width, height, samples))
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        // SAFETY: it was created, and may be destroyed at any time.
        unsafe { jpeg_destroy_decompress(&mut self.state) }
    }
}
