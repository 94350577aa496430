//! Whether another program copied something on Windows and macOS: both count the changes of the clipboard,
//! and name its forms without giving its content.

use super::Copied;
use std::io::{PipeReader, Read as _};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How often the counter is looked at.
const GLANCE: Duration = Duration::from_secs(1);

/// Looks at the counter until the other end of the pipe is gone.
pub(super) fn follow(mut ended: PipeReader, mut tell: impl FnMut(Copied)) {
    let (end, has_ended) = channel::<()>();
    std::thread::spawn(move || {
        // Nothing is ever written: this returns at the end.
        drop(ended.read(&mut [0]));
        drop(end);
    });
    let mut seen = changes();
    while has_ended.recv_timeout(GLANCE) == Err(RecvTimeoutError::Timeout) {
        let now = changes();
        if now != seen {
            seen = now;
            tell(if is_picture() { Copied::Picture } else { Copied::Other });
        }
    }
}

#[cfg(windows)]
fn changes() -> i64 {
    clipboard_win::seq_num().map_or(0, |number| i64::from(number.get()))
}

/// Formatted text and tables come with a picture of themselves.
#[cfg(windows)]
fn is_picture() -> bool {
    use clipboard_win::formats::{CF_BITMAP, CF_DIB, CF_DIBV5, CF_HDROP};
    use clipboard_win::{is_format_avail, register_format};
    let has = |name: &str| register_format(name).is_some_and(|format| is_format_avail(format.get()));
    let is_any = [CF_DIB, CF_DIBV5, CF_BITMAP].into_iter().any(is_format_avail) || has("PNG");
    is_any && !is_format_avail(CF_HDROP) && !has("Rich Text Format") && !has("Csv")
}

#[cfg(target_os = "macos")]
fn changes() -> i64 {
    objc2_app_kit::NSPasteboard::generalPasteboard().changeCount() as i64
}

/// Formatted text comes with a picture of itself.
#[cfg(target_os = "macos")]
fn is_picture() -> bool {
    let types = objc2_app_kit::NSPasteboard::generalPasteboard().types();
    let types: Vec<String> =
        types.into_iter().flat_map(|types| types.to_vec()).map(|it| it.to_string()).collect();
    let has = |wanted: &[&str]| types.iter().any(|it| wanted.contains(&it.as_str()));
    has(&["public.png", "public.tiff", "public.jpeg", "com.compuserve.gif"])
        && !has(&["public.file-url", "NSFilenamesPboardType", "public.rtf"])
}
