//! `picferry serve`: the built-in store, the server for editors and the queue, without a window.

use super::open_engine;
use crate::arguments::ServeArguments;
use crate::exit::{Exit, Outcome};
use crate::{output, signals};
use async_trait::async_trait;
use picferry_core::job::Source;
use picferry_core::{ErrorCode, Result};
use picferry_engine::{Engine, Role};
use picferry_server::editors::{Clipboard, EditorOptions, EditorServer};
use std::sync::Arc;

/// The clipboard of the desktop that this was started on, if there is one.
struct DesktopClipboard;

#[async_trait]
impl Clipboard for DesktopClipboard {
    async fn read(&self) -> Result<Vec<Source>> {
        picferry_clipboard::read().await
    }
}

/// Serves until it is told to stop.
pub async fn run(arguments: ServeArguments) -> Outcome {
    let stop = signals::asked_to_stop();
    let engine = open_engine(Role::Serve).await?;
    let served = serve(&engine, &arguments, stop).await;
    engine.close().await;
    served
}

async fn serve(
    engine: &Arc<Engine>,
    arguments: &ServeArguments,
    stop: impl Future<Output = ()> + Send,
) -> Outcome {
    let store = engine.start_local_store().await?;
    if store.running_here {
        output::line(&format!("The built-in store listens on {}", store.address));
    } else {
        output::line(&format!("Another Picferry serves the built-in store on {}", store.address));
    }
    let editors = open_for_editors(engine, arguments).await?;
    output::remark("Press Ctrl+C to stop.");
    match editors {
        Some(editors) => editors.run(stop).await,
        None => stop.await,
    }
    Ok(Exit::Success)
}

/// The server for editors, unless it is switched off or another Picferry is there already.
async fn open_for_editors(engine: &Arc<Engine>, arguments: &ServeArguments) -> Result<Option<EditorServer>> {
    if arguments.port.is_none() && !engine.settings().server.enabled {
        return Ok(None);
    }
    let clipboard: Arc<dyn Clipboard> = Arc::new(DesktopClipboard);
    let options =
        EditorOptions { port: arguments.port, clipboard: Some(clipboard), ..EditorOptions::default() };
    match EditorServer::open(Arc::clone(engine), options).await {
        Ok(server) => {
            output::line(&format!("Editors send pictures to http://{}/upload", server.address()));
            Ok(Some(server))
        }
        Err(error) if is_another_picferry(&error) => {
            output::line(&error.message);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn is_another_picferry(error: &picferry_core::Error) -> bool {
    error.code == ErrorCode::PortTaken
        && error.params.get("reason").is_some_and(|reason| reason == "editors_picferry")
}
