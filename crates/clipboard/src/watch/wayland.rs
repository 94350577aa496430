//! Whether another program copied something under Wayland, where the compositor tells programs without the
//! focus (ext-data-control-v1, or wlr-data-control-unstable-v1 before it).

use super::Selection;
use std::collections::HashMap;
use std::os::fd::{AsFd as _, BorrowedFd};
use wayland_client::backend::ObjectId;
use wayland_client::globals::{GlobalList, GlobalListContents, registry_queue_init};
use wayland_client::protocol::wl_registry::WlRegistry;
use wayland_client::protocol::wl_seat::WlSeat;
use wayland_client::{
    Connection, Dispatch, EventQueue, Proxy as _, QueueHandle, delegate_noop, event_created_child,
};
use wayland_protocols::ext::data_control::v1::client as ext;
use wayland_protocols_wlr::data_control::v1::client as wlr;

/// The clipboard of the first seat.
pub(super) struct WaylandSelection {
    queue: EventQueue<Heard>,
    heard: Heard,
}

/// What the compositor said.
#[derive(Default)]
struct Heard {
    /// The forms of each offer that is alive.
    offers: HashMap<ObjectId, Vec<String>>,
    /// What is on the clipboard now.
    current: Vec<String>,
    is_new: bool,
}

impl WaylandSelection {
    /// Asks the compositor of the environment to tell of what is copied.
    ///
    /// # Errors
    /// There is no compositor, or it lets only the program with the focus know.
    pub(super) fn open() -> Result<Self, String> {
        let connection = Connection::connect_to_env().map_err(said)?;
        let (globals, mut queue) = registry_queue_init::<Heard>(&connection).map_err(said)?;
        let seat: WlSeat = globals.bind(&queue.handle(), 1..=1, ()).map_err(said)?;
        ask(&globals, &queue.handle(), &seat)?;
        let mut heard = Heard::default();
        // The answer tells of what is on the clipboard already.
        queue.roundtrip(&mut heard).map_err(said)?;
        heard.is_new = false;
        Ok(Self { queue, heard })
    }
}

fn ask(globals: &GlobalList, queue: &QueueHandle<Heard>, seat: &WlSeat) -> Result<(), String> {
    use ext::ext_data_control_manager_v1::ExtDataControlManagerV1 as ExtManager;
    use wlr::zwlr_data_control_manager_v1::ZwlrDataControlManagerV1 as WlrManager;
    if let Ok(manager) = globals.bind::<ExtManager, _, _>(queue, 1..=1, ()) {
        manager.get_data_device(seat, queue, ());
        return Ok(());
    }
    let manager = globals.bind::<WlrManager, _, _>(queue, 1..=1, ()).map_err(said)?;
    manager.get_data_device(seat, queue, ());
    Ok(())
}

impl Selection for WaylandSelection {
    fn connection(&self) -> BorrowedFd<'_> {
        self.queue.as_fd()
    }

    fn take(&mut self) -> Result<bool, String> {
        self.queue.flush().map_err(said)?;
        if let Some(arrived) = self.queue.prepare_read() {
            // Nothing there is no fault: a sleep may end for other reasons.
            if let Err(error) = arrived.read()
                && !is_nothing_there(&error)
            {
                return Err(said(error));
            }
        }
        self.queue.dispatch_pending(&mut self.heard).map_err(said)?;
        Ok(std::mem::take(&mut self.heard.is_new))
    }

    fn forms(&mut self) -> Vec<String> {
        self.heard.current.clone()
    }
}

fn is_nothing_there(error: &wayland_client::backend::WaylandError) -> bool {
    use wayland_client::backend::WaylandError::Io;
    matches!(error, Io(error) if error.kind() == std::io::ErrorKind::WouldBlock)
}

/// The same for both protocols, which differ in their names.
macro_rules! hear {
    ($protocol:ident, $manager:ident::$Manager:ident, $device:ident::$Device:ident, $offer:ident::$Offer:ident) => {
        delegate_noop!(Heard: ignore $protocol::$manager::$Manager);

        impl Dispatch<$protocol::$device::$Device, ()> for Heard {
            fn event(
                heard: &mut Self,
                _: &$protocol::$device::$Device,
                event: $protocol::$device::Event,
                _: &(),
                _: &Connection,
                _: &QueueHandle<Self>,
            ) {
                use $protocol::$device::Event;
                match event {
                    Event::DataOffer { id } => {
                        heard.offers.insert(id.id(), Vec::new());
                    }
                    Event::Selection { id } => {
                        heard.current =
                            id.as_ref().and_then(|id| heard.offers.remove(&id.id())).unwrap_or_default();
                        heard.is_new = true;
                        if let Some(offer) = id {
                            offer.destroy();
                        }
                    }
                    Event::PrimarySelection { id: Some(offer) } => {
                        heard.offers.remove(&offer.id());
                        offer.destroy();
                    }
                    _ => {}
                }
            }

            event_created_child!(Heard, $protocol::$device::$Device, [
                $protocol::$device::EVT_DATA_OFFER_OPCODE => ($protocol::$offer::$Offer, ()),
            ]);
        }

        impl Dispatch<$protocol::$offer::$Offer, ()> for Heard {
            fn event(
                heard: &mut Self,
                offer: &$protocol::$offer::$Offer,
                event: $protocol::$offer::Event,
                _: &(),
                _: &Connection,
                _: &QueueHandle<Self>,
            ) {
                if let ($protocol::$offer::Event::Offer { mime_type }, Some(forms)) =
                    (event, heard.offers.get_mut(&offer.id()))
                {
                    forms.push(mime_type);
                }
            }
        }
    };
}

hear!(
    ext,
    ext_data_control_manager_v1::ExtDataControlManagerV1,
    ext_data_control_device_v1::ExtDataControlDeviceV1,
    ext_data_control_offer_v1::ExtDataControlOfferV1
);
hear!(
    wlr,
    zwlr_data_control_manager_v1::ZwlrDataControlManagerV1,
    zwlr_data_control_device_v1::ZwlrDataControlDeviceV1,
    zwlr_data_control_offer_v1::ZwlrDataControlOfferV1
);
delegate_noop!(Heard: ignore WlSeat);

impl Dispatch<WlRegistry, GlobalListContents> for Heard {
    fn event(
        _: &mut Self,
        _: &WlRegistry,
        _: wayland_client::protocol::wl_registry::Event,
        _: &GlobalListContents,
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
    }
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}
