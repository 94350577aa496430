//! Watches whether the desktop has a tray right now (a StatusNotifier watcher with a host).

use ashpd::zbus::fdo::DBusProxy;
use ashpd::zbus::names::BusName;
use ashpd::zbus::proxy::CacheProperties;
use ashpd::zbus::{Connection, Proxy};
use futures::StreamExt as _;
use futures::stream::select;
use tokio::sync::watch;

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const WATCHER_PATH: &str = "/StatusNotifierWatcher";

/// Keeps `available` up to date until the session bus goes away.
///
/// # Errors
/// There is no session bus: there will never be a tray.
pub async fn watch(available: &watch::Sender<bool>) -> ashpd::zbus::Result<()> {
    let connection = Connection::session().await?;
    let bus = DBusProxy::new(&connection).await?;
    let watcher = Proxy::new_owned(connection.clone(), WATCHER, WATCHER_PATH, WATCHER).await?;
    let owners = bus.receive_name_owner_changed_with_args(&[(0, WATCHER)]).await?;
    let hosts = select(
        watcher.receive_signal("StatusNotifierHostRegistered").await?,
        watcher.receive_signal("StatusNotifierHostUnregistered").await?,
    );
    let mut changes = select(owners.map(drop), hosts.map(drop));
    loop {
        let now = is_available(&connection, &bus).await;
        available.send_if_modified(|before| std::mem::replace(before, now) != now);
        if changes.next().await.is_none() {
            available.send_replace(false);
            return Ok(());
        }
    }
}

async fn is_available(connection: &Connection, bus: &DBusProxy<'_>) -> bool {
    let Ok(name) = BusName::try_from(WATCHER) else { return false };
    if !bus.name_has_owner(name).await.unwrap_or(false) {
        return false;
    }
    // Asked anew each time: a cache would keep what the watcher before this one said.
    let watcher = ashpd::zbus::proxy::Builder::<Proxy<'_>>::new(connection)
        .destination(WATCHER)
        .and_then(|builder| builder.path(WATCHER_PATH))
        .and_then(|builder| builder.interface(WATCHER))
        .map(|builder| builder.cache_properties(CacheProperties::No));
    let Ok(watcher) = watcher else { return false };
    match watcher.build().await {
        Ok(watcher) => watcher.get_property("IsStatusNotifierHostRegistered").await.unwrap_or(false),
        Err(_) => false,
    }
}
