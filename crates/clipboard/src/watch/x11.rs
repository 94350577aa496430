//! Whether another program copied something under X11: the XFIXES extension tells of every new owner.

use super::Selection;
use crate::offers::Offers as _;
use crate::x11::X11Offers;
use crate::{PATIENCE, Reading};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::sync::Arc;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xfixes::{ConnectionExt as _, SelectionEventMask};
use x11rb::protocol::xproto::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

/// The version of XFIXES that tells of selections.
const VERSION: (u32, u32) = (1, 0);

/// The clipboard of the display.
pub(super) struct X11Selection {
    connection: RustConnection,
}

impl X11Selection {
    /// Asks the display of the environment to tell of new owners.
    ///
    /// # Errors
    /// There is no display, or it has no XFIXES.
    pub(super) fn open() -> Result<Self, String> {
        let (connection, screen) = RustConnection::connect(None).map_err(said)?;
        let root = connection.setup().roots.get(screen).map(|screen| screen.root);
        let root = root.ok_or("the display has no screen")?;
        connection.xfixes_query_version(VERSION.0, VERSION.1).map_err(said)?.reply().map_err(said)?;
        let clipboard =
            connection.intern_atom(false, b"CLIPBOARD").map_err(said)?.reply().map_err(said)?.atom;
        let owners = SelectionEventMask::SET_SELECTION_OWNER
            | SelectionEventMask::SELECTION_WINDOW_DESTROY
            | SelectionEventMask::SELECTION_CLIENT_CLOSE;
        connection
            .xfixes_select_selection_input(root, clipboard, owners)
            .map_err(said)?
            .check()
            .map_err(said)?;
        Ok(Self { connection })
    }
}

impl Selection for X11Selection {
    fn connection(&self) -> BorrowedFd<'_> {
        self.connection.stream().as_fd()
    }

    fn take(&mut self) -> Result<bool, String> {
        let mut is_new = false;
        while let Some(event) = self.connection.poll_for_event().map_err(said)? {
            is_new |= matches!(event, Event::XfixesSelectionNotify(_));
        }
        Ok(is_new)
    }

    fn forms(&mut self) -> Vec<String> {
        let reading = Arc::new(Reading::for_at_most(PATIENCE));
        X11Offers::open(&reading).ok().and_then(|mut offers| offers.forms().ok()).unwrap_or_default()
    }
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}
