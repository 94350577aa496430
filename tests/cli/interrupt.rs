//! Ctrl+C during an upload: what is not sent is cancelled, cleanly.
#![cfg(unix)]

use crate::home::{Ended, Home, signal};
use crate::host::SlowHost;

#[test]
fn ctrl_c_cancels_what_is_not_sent_and_nothing_is_tried_again() {
    let home = Home::new();
    let host = SlowHost::start();
    home.profile("Slow", &host.endpoint, &[]);
    home.picture("a.png", 1).picture("b.png", 2);
    let child = home.picferry(["upload", "a.png", "b.png", "--profile", "Slow", "--json"]).start();
    host.next_request();
    signal(&child, "INT");
    let ended = Ended::of(child).exits_with(130).says("Cancelling");
    for entry in ended.json().as_array().unwrap() {
        assert_eq!(entry["error"]["code"], "cancelled", "{entry}");
    }
    let (again, _) = (home.picferry(["history", "list"]).succeeds(), ());
    assert_eq!(again.stdout, "");
    assert!(!host.is_asked(), "a cancelled picture was sent again");
}
