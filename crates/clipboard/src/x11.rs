//! The clipboard of X11, in the form its owner offers, large ones in pieces (INCR).

use super::offers::Offers;
use super::{Reading, timed_out};
use picferry_core::Result;
use std::collections::HashMap;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;
use x11rb::CURRENT_TIME;
use x11rb::connection::Connection as _;
use x11rb::errors::ReplyOrIdError;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ConnectionExt as _, CreateWindowAux, EventMask, GetPropertyReply, Property, Window,
    WindowClass,
};
use x11rb::rust_connection::RustConnection;

x11rb::atom_manager! {
    Atoms: AtomsCookie {
        CLIPBOARD,
        TARGETS,
        INCR,
        PICFERRY_CLIPBOARD,
    }
}

/// How long to sleep between two looks at the connection.
const NAP: Duration = Duration::from_millis(2);

/// Nobody offers as many: each is a question to the display.
const MOST_FORMS: usize = 1000;

/// A connection of our own: the window's belongs to GTK.
pub struct X11Offers {
    connection: RustConnection,
    window: Window,
    atoms: Atoms,
    /// The atoms of the forms, by name.
    forms: HashMap<String, Atom>,
    reading: Arc<Reading>,
}

impl X11Offers {
    /// Connects to the display of the environment.
    ///
    /// # Errors
    /// There is no display, or it refuses.
    pub fn open(reading: &Arc<Reading>) -> std::result::Result<Self, String> {
        let (connection, screen) = RustConnection::connect(None).map_err(|error| error.to_string())?;
        let root = connection.setup().roots.get(screen).map(|screen| screen.root);
        let root = root.ok_or_else(|| "the display has no screen".to_owned())?;
        let (window, atoms) = prepare(&connection, root).map_err(|error| error.to_string())?;
        Ok(Self { connection, window, atoms, forms: HashMap::new(), reading: Arc::clone(reading) })
    }

    /// Asks the owner for one form and waits for its answer; `None` when it has none.
    fn convert(&self, form: Atom) -> Result<Option<GetPropertyReply>> {
        let property = self.atoms.PICFERRY_CLIPBOARD;
        self.connection.delete_property(self.window, property).map_err(broken)?;
        self.connection
            .convert_selection(self.window, self.atoms.CLIPBOARD, form, property, CURRENT_TIME)
            .map_err(broken)?;
        self.connection.flush().map_err(broken)?;
        loop {
            if let Event::SelectionNotify(answer) = self.next_event()?
                && answer.requestor == self.window
                && answer.target == form
            {
                self.reading.moved();
                return if answer.property == u32::from(AtomEnum::NONE) {
                    Ok(None)
                } else {
                    self.take_property().map(Some)
                };
            }
        }
    }

    /// Reads the property and deletes it: the sign for an owner that sends pieces to go on.
    fn take_property(&self) -> Result<GetPropertyReply> {
        self.connection
            .get_property(true, self.window, self.atoms.PICFERRY_CLIPBOARD, AtomEnum::ANY, 0, u32::MAX / 4)
            .map_err(broken)?
            .reply()
            .map_err(broken)
    }

    /// The pieces of a large content, until an empty one ends it.
    fn take_pieces(&self) -> Result<Vec<u8>> {
        let mut content = Vec::new();
        loop {
            if let Event::PropertyNotify(change) = self.next_event()?
                && change.atom == self.atoms.PICFERRY_CLIPBOARD
                && change.state == Property::NEW_VALUE
            {
                let piece = self.take_property()?.value;
                self.connection.flush().map_err(broken)?;
                self.reading.moved();
                if piece.is_empty() {
                    return Ok(content);
                }
                content.extend_from_slice(&piece);
            }
        }
    }

    /// The next event, unless nobody waits for it any more.
    fn next_event(&self) -> Result<Event> {
        loop {
            if let Some(event) = self.connection.poll_for_event().map_err(broken)? {
                return Ok(event);
            }
            if self.reading.is_given_up() {
                return Err(timed_out());
            }
            std::thread::sleep(NAP);
        }
    }

    fn atom_name(&self, atom: Atom) -> Option<String> {
        let reply = self.connection.get_atom_name(atom).ok()?.reply().ok()?;
        Some(String::from_utf8_lossy(&reply.name).into_owned())
    }
}

impl Offers for X11Offers {
    fn forms(&mut self) -> Result<Vec<String>> {
        let Some(answer) = self.convert(self.atoms.TARGETS)? else { return Ok(Vec::new()) };
        let atoms: Vec<Atom> = answer.value32().map(Iterator::collect).unwrap_or_default();
        for atom in atoms.into_iter().take(MOST_FORMS) {
            if self.reading.is_given_up() {
                return Err(timed_out());
            }
            if let Some(name) = self.atom_name(atom) {
                self.forms.insert(name, atom);
            }
        }
        Ok(self.forms.keys().cloned().collect())
    }

    fn content(&mut self, form: &str) -> Result<Vec<u8>> {
        let atom = self.forms.iter().find(|(name, _)| name.eq_ignore_ascii_case(form)).map(|(_, atom)| *atom);
        let Some(atom) = atom else { return Ok(Vec::new()) };
        match self.convert(atom)? {
            None => Ok(Vec::new()),
            Some(answer) if answer.type_ == self.atoms.INCR => self.take_pieces(),
            Some(answer) => Ok(answer.value),
        }
    }
}

/// An invisible window that hears of its own properties.
fn prepare(
    connection: &RustConnection,
    root: Window,
) -> std::result::Result<(Window, Atoms), ReplyOrIdError> {
    let atoms = Atoms::new(connection)?.reply()?;
    let window = connection.generate_id()?;
    let attributes = CreateWindowAux::new().event_mask(EventMask::PROPERTY_CHANGE);
    connection
        .create_window(0, window, root, 0, 0, 1, 1, 0, WindowClass::INPUT_ONLY, 0, &attributes)?
        .check()?;
    Ok((window, atoms))
}

fn broken(why: impl Display) -> Box<picferry_core::Error> {
    super::unreadable(why)
}
