//! The clipboard of Wayland, in the form its owner offers, where the compositor lets programs
//! without the focus read it (data-control: KDE, wlroots and others).

use super::offers::Offers;
use super::{GLANCE, Reading, timed_out, unreadable};
use picferry_core::Result;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::io::Read as _;
use std::os::fd::AsFd;
use std::sync::Arc;
use wl_clipboard_rs::paste::{
    ClipboardType, Error as PasteError, MimeType, Seat, get_contents, get_mime_types_ordered,
};

/// How much is read at once.
const PIECE: usize = 64 * 1024;

/// The clipboard as it was when it was opened.
pub struct WaylandOffers {
    forms: Vec<String>,
    reading: Arc<Reading>,
}

impl WaylandOffers {
    /// Asks the compositor what is on offer.
    ///
    /// # Errors
    /// The compositor has no data control, or there is no compositor.
    pub fn open(reading: &Arc<Reading>) -> std::result::Result<Self, PasteError> {
        let forms = match get_mime_types_ordered(ClipboardType::Regular, Seat::Unspecified) {
            Ok(forms) => forms,
            Err(PasteError::NoSeats | PasteError::ClipboardEmpty | PasteError::NoMimeType) => Vec::new(),
            Err(error) => return Err(error),
        };
        reading.moved();
        Ok(Self { forms, reading: Arc::clone(reading) })
    }
}

impl WaylandOffers {
    /// Until there is something to read, or nobody waits for it any more: an owner that hangs would hold
    /// the thread for as long as it lives.
    fn wait_for(&self, pipe: impl AsFd) -> Result<()> {
        let glance = Timespec::try_from(GLANCE).ok();
        loop {
            match poll(&mut [PollFd::new(&pipe, PollFlags::IN)], glance.as_ref()) {
                Ok(0) | Err(Errno::INTR) if !self.reading.is_given_up() => {}
                Ok(0) | Err(Errno::INTR) => return Err(timed_out()),
                Ok(_) => return Ok(()),
                Err(error) => return Err(unreadable(error)),
            }
        }
    }
}

impl Offers for WaylandOffers {
    fn forms(&mut self) -> Result<Vec<String>> {
        Ok(self.forms.clone())
    }

    fn content(&mut self, form: &str) -> Result<Vec<u8>> {
        // The owner reads the name it gave, so that name is used, whatever its letters' case.
        let form =
            self.forms.iter().find(|offer| offer.eq_ignore_ascii_case(form)).map_or(form, String::as_str);
        let (mut pipe, _) =
            match get_contents(ClipboardType::Regular, Seat::Unspecified, MimeType::Specific(form)) {
                Ok(content) => content,
                Err(PasteError::NoSeats | PasteError::ClipboardEmpty | PasteError::NoMimeType) => {
                    return Ok(Vec::new());
                }
                Err(error) => return Err(unreadable(error)),
            };
        let mut content = Vec::new();
        let mut piece = vec![0; PIECE];
        loop {
            self.wait_for(&pipe)?;
            match pipe.read(&mut piece) {
                Ok(0) => return Ok(content),
                Ok(length) => {
                    self.reading.moved();
                    content.extend_from_slice(&piece[..length]);
                }
                Err(error) => return Err(unreadable(error)),
            }
        }
    }
}
