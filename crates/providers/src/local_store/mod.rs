//! The built-in store: S3 on this computer, with plain files that anybody can open.
//!
//! It listens on 127.0.0.1 alone. Everybody on this computer may read an object whose address they
//! know; everything else needs the keys.

mod body;
mod door;
mod files;
mod occupant;
mod proof;

pub use occupant::{Claim, Occupant, occupant};

use door::Door;
use files::PictureFiles;
use picferry_core::digest::sha256_hex;
use picferry_core::secret::Secret;
use picferry_core::{Error, ErrorCode, Result};
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{S3Result, s3_error};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The one bucket.
pub const BUCKET: &str = "pictures";

/// Where a store says that it is one.
pub const HEALTH_PATH: &str = "/-/picferry";

/// What the store answers when its disk is full.
pub(crate) const DISK_FULL: &str = "PicferryDiskFull";

/// What the store answers when it may not write.
pub(crate) const DISK_READ_ONLY: &str = "PicferryDiskReadOnly";

/// How long requests under way may take to end when the store stops.
const STOP_PATIENCE: Duration = Duration::from_secs(5);

/// The built-in store, running. Dropping it stops it too; [`LocalStore::stop`] also waits for the end.
#[derive(Debug)]
pub struct LocalStore {
    address: SocketAddr,
    stopping: CancellationToken,
    serving: Option<JoinHandle<()>>,
}

impl LocalStore {
    /// Starts the store on a folder. Port 0 takes any free port.
    ///
    /// # Errors
    /// `port_taken`, or a disk error when the folder cannot be used.
    pub async fn start(root: PathBuf, port: u16, access_key: &str, secret: &Secret) -> Result<Self> {
        // The port comes first: whoever has it may clean up in the folder.
        let listener = listen(port).await?;
        let address = listener.local_addr().map_err(|error| port_error(port, &error))?;
        prepare_folder(&root).await?;
        let service = service(&root, access_key, secret)?;
        let stopping = CancellationToken::new();
        let name =
            door::Name { identity: identity(access_key), secret: secret.clone(), port: address.port() };
        let door = Door::new(service, name);
        let serving = tokio::spawn(door::serve(listener, Arc::new(door), stopping.clone()));
        Ok(Self { address, stopping, serving: Some(serving) })
    }

    /// Where it answers: `http://127.0.0.1:36688`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The port it has.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Takes no more requests and waits a little for those under way.
    pub async fn stop(mut self) {
        self.stopping.cancel();
        if let Some(serving) = self.serving.take()
            && tokio::time::timeout(STOP_PATIENCE, serving).await.is_err()
        {
            tracing::warn!("requests to the built-in store did not end in time");
        }
    }
}

impl Drop for LocalStore {
    fn drop(&mut self) {
        // The task gives up the port by itself and lets requests under way end.
        self.stopping.cancel();
    }
}

/// A name for a store that gives away nothing.
fn identity(access_key: &str) -> String {
    sha256_hex(format!("picferry store {access_key}").as_bytes()).chars().take(16).collect()
}

async fn listen(port: u16) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| port_error(port, &error))
}

fn port_error(port: u16, error: &std::io::Error) -> Box<Error> {
    if error.kind() == std::io::ErrorKind::AddrInUse {
        return occupant::taken(port).detail(error);
    }
    Error::new(ErrorCode::PortTaken, format!("The built-in store may not use port {port}."))
        .hint("Choose a port above 1024 in the settings.")
        .param("port", port)
        .detail(error)
}

async fn prepare_folder(root: &Path) -> Result<()> {
    let bucket = root.join(BUCKET);
    tokio::fs::create_dir_all(&bucket).await.map_err(|error| {
        Error::from_io(&format!("The folder {} of the built-in store cannot be used", root.display()), &error)
    })?;
    remove_leftovers(root).await;
    Ok(())
}

/// Removes the parts of uploads that a crash interrupted: nobody can go on with them.
async fn remove_leftovers(root: &Path) {
    let Ok(mut entries) = tokio::fs::read_dir(root).await else {
        return;
    };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let part = name.starts_with(".upload-") || name.starts_with(".upload_id-");
        let description = name.starts_with(".bucket-") && name.contains(".upload-");
        if part || description {
            // What cannot be removed only takes space.
            let _ = tokio::fs::remove_file(entry.path()).await;
        }
    }
}

fn service(root: &Path, access_key: &str, secret: &Secret) -> Result<S3Service> {
    let files = s3s_fs::FileSystem::new(root).map_err(|error| {
        Error::new(ErrorCode::FileUnreadable, "The folder of the built-in store cannot be used.")
            .detail(format!("{error:?}"))
    })?;
    let mut builder = S3ServiceBuilder::new(PictureFiles::new(files, root.to_owned()));
    // Access is only checked where keys are: the two belong together.
    builder.set_auth(SimpleAuth::from_single(access_key, secret.expose()));
    builder.set_access(PublicRead);
    Ok(builder.build())
}

/// Whoever has the address may read; whoever has the keys may do everything.
struct PublicRead;

#[async_trait::async_trait]
impl S3Access for PublicRead {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        if context.credentials().is_some() {
            return Ok(());
        }
        match context.s3_op().name() {
            "GetObject" | "HeadObject" => Ok(()),
            _ => Err(s3_error!(AccessDenied, "Signature is required")),
        }
    }
}
