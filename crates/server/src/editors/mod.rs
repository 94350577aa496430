//! The server that editors send pictures to: what PicGo answers, behind a guard that PicGo lacks.
//!
//! It listens on this computer alone unless the person says otherwise. Who may ask is decided in
//! [`guard`], what may be read in [`gate`], how much may be sent in [`body`]; the rest carries
//! pictures to the engine and links back.

mod answer;
mod body;
mod choice;
mod delete;
mod door;
mod events;
mod follow;
mod gate;
mod guard;
mod holder;
mod input;
mod keep_open;
mod multipart;
mod page;
mod token;
mod upload;

pub use choice::Asked;
pub use keep_open::keep_open;

use async_trait::async_trait;
use axum::Router;
use axum::middleware;
use axum::routing::{get, post};
use picferry_core::job::Source;
use picferry_core::{Error, ErrorCode, Result};
use picferry_engine::{Engine, is_loopback};
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// What reads the clipboard where there is one: the desktop app and the command line each have
/// their own way to it.
#[async_trait]
pub trait Clipboard: Send + Sync {
    /// The pictures on the clipboard.
    ///
    /// # Errors
    /// `clipboard_empty`, `clipboard_timeout`.
    async fn read(&self) -> Result<Vec<Source>>;
}

/// How much the server lets others do. The defaults are for people; tests want them smaller.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at the same time; idle ones make room.
    pub connections: usize,
    /// The largest list of paths and addresses, in bytes.
    pub list_bytes: usize,
    /// Pictures in one request.
    pub pictures: usize,
    /// How long a body may take from its first byte on, before it has to be fast.
    pub body_grace: Duration,
    /// Bytes a second that a body has to have after that.
    pub slowest: u64,
    /// How long the head of a request may take, and an idle connection may stay.
    pub head: Duration,
    /// How long an answer may wait for its pictures.
    pub answer: Duration,
    /// Streams of events at the same time.
    pub streams: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Some systems give a program no more than 256 open files.
            connections: 128,
            list_bytes: 4 * 1024 * 1024,
            pictures: 2000,
            body_grace: Duration::from_secs(30),
            slowest: 4096,
            head: Duration::from_secs(15),
            answer: Duration::from_secs(600),
            streams: 16,
        }
    }
}

/// How the server is started.
#[derive(Default)]
pub struct EditorOptions {
    /// Another port than that of the settings; 0 takes any free one.
    pub port: Option<u16>,
    /// What reads the clipboard; without one a request for it is refused.
    pub clipboard: Option<Arc<dyn Clipboard>>,
    /// How much others may do.
    pub limits: Limits,
}

/// A server that listens.
pub struct EditorServer {
    listeners: Vec<TcpListener>,
    address: SocketAddr,
    state: Arc<State>,
}

/// What the parts of the server share.
struct State {
    engine: Arc<Engine>,
    clipboard: Option<Arc<dyn Clipboard>>,
    limits: Limits,
    port: u16,
    /// Others than this computer can connect.
    is_open: bool,
    token: token::Token,
    prompts: guard::Prompts,
    /// Requests that are handing their pictures to the queue, which writes each to disk.
    accepting: Semaphore,
    streams: Arc<Semaphore>,
    closing: CancellationToken,
}

/// Requests that write to the queue at the same time; more would only wait for the same disk.
const ACCEPTING: usize = 8;

impl EditorServer {
    /// Takes the port.
    ///
    /// # Errors
    /// `port_taken`, naming who has it; `invalid_field` for an address beyond this computer without
    /// a token; the keychain's error.
    pub async fn open(engine: Arc<Engine>, options: EditorOptions) -> Result<Self> {
        let settings = engine.settings();
        let wanted = &settings.server;
        let is_open = !is_loopback(&wanted.address);
        let token = token::Token::default();
        token.read(&engine).await?;
        if is_open && !token.is_set() {
            return Err(Error::new(
                ErrorCode::InvalidField,
                "Beyond this computer the server for editors needs a token.",
            )
            .hint("Set one in Settings, Editors & server, or let the server listen at 127.0.0.1.")
            .field("server.address"));
        }
        let port = options.port.unwrap_or(wanted.port);
        let listeners = listen(&wanted.address, port).await?;
        let address = listeners.first().and_then(|listener| listener.local_addr().ok()).ok_or_else(|| {
            Error::new(ErrorCode::Internal, "The system does not say where the server listens.")
        })?;
        let state = State {
            port: address.port(),
            is_open,
            token,
            clipboard: options.clipboard,
            prompts: guard::Prompts::default(),
            accepting: Semaphore::new(ACCEPTING),
            streams: Arc::new(Semaphore::new(options.limits.streams)),
            limits: options.limits,
            closing: CancellationToken::new(),
            engine,
        };
        Ok(Self { listeners, address, state: Arc::new(state) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` is ready; answers under way are still given.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) {
        let router = router(&self.state);
        let state = self.state;
        let serving = door::serve(self.listeners, router, &state.limits, state.closing.clone());
        let keeping = async {
            tokio::select! {
                () = stop => {}
                () = follow::token(&state) => {}
                () = follow::questions(&state) => {}
            }
            // Answers that wait and streams of events end by this.
            state.closing.cancel();
        };
        tokio::join!(serving, keeping);
    }
}

fn router(state: &Arc<State>) -> Router {
    Router::new()
        .route("/", get(page::show))
        .route("/upload", post(upload::upload).get(page::show))
        .route("/delete", post(delete::delete))
        .route("/heartbeat", get(answer::heartbeat).post(answer::heartbeat))
        .route("/events", get(events::events))
        .fallback(answer::no_such_place)
        .method_not_allowed_fallback(answer::no_such_way)
        .layer(middleware::from_fn_with_state(Arc::clone(state), guard::admit))
        .with_state(Arc::clone(state))
}

/// Both addresses of this computer, so that `localhost` finds the server whichever it means, and
/// nobody else answers at the other one.
async fn listen(address: &str, port: u16) -> Result<Vec<TcpListener>> {
    let own = is_loopback(address);
    let first = match address.parse::<IpAddr>() {
        Ok(address) => address,
        Err(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
    };
    let listener = match TcpListener::bind((first, port)).await {
        Ok(listener) => listener,
        Err(error) => return Err(refused(port, &error).await),
    };
    let port = listener.local_addr().map_or(port, |address| address.port());
    let mut listeners = vec![listener];
    if own && first == IpAddr::V4(Ipv4Addr::LOCALHOST) {
        match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
            Ok(listener) => listeners.push(listener),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                return Err(refused(port, &error).await);
            }
            Err(error) => tracing::debug!(%error, "this computer has no newer address"),
        }
    }
    Ok(listeners)
}

async fn refused(port: u16, error: &std::io::Error) -> Box<Error> {
    if error.kind() == std::io::ErrorKind::AddrInUse {
        holder::taken(port).await
    } else {
        Error::new(ErrorCode::PortTaken, format!("Port {port} cannot be used for editors."))
            .hint("Choose another port or address in Settings, Editors & server.")
            .param("port", port)
            .detail(error)
    }
}
