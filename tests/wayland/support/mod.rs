//! What the stories of Wayland need: the app, hands and eyes as on X11, and what Wayland has in their place.

// On Wayland not everything of it has a use.
#[expect(dead_code, unused_imports, reason = "the stories of the X11 desktop use the rest")]
#[path = "../../desktop/support/mod.rs"]
mod shared;

mod hands;
mod line;
mod mouse;

pub use hands::{address_of, fetched};
pub use line::CommandLine;
pub use mouse::{Mouse, Source};
pub use shared::{App, Desktop, Settings, animated_gif, eventually, free_port, picture};
