//! Moves the pictures of Markdown files to a host, or back into a folder, and rewrites the files.
//!
//! A run goes: read the files → find what each picture is → move every distinct picture once →
//! write the files. Each run has a folder in the home with a journal and a copy of every file it
//! changed, so that a run that was cut off is carried on and every run can be taken back. What the
//! new addresses are written into is the file as it is at that moment, not as it was read before.

mod desk;
mod download;
mod journal;
mod plan;
mod progress;
mod replace;
mod resolve;
mod run;
mod scope;
#[cfg(test)]
mod tests;
mod undo;
mod upload;
mod write;

pub(crate) use desk::MigrationDesk;

use crate::engine::{Engine, run_blocking};
use picferry_core::digest::sha256_hex;
use picferry_core::migrate::{Migration, MigrationRequest, MigrationUndo};
use picferry_core::profile::Profile;
use picferry_core::{Error, ErrorCode, Result};
use plan::{HostAddresses, Planner, Way};
use run::Run;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

impl Engine {
    /// What a migration would do. Nothing is sent, fetched or written.
    ///
    /// # Errors
    /// The path or the profile is not there.
    pub async fn plan_migration(self: &Arc<Self>, request: MigrationRequest) -> Result<Migration> {
        let planner = Arc::new(self.planner(&request).await?);
        let reader = planner.clone();
        let documents = run_blocking(move || reader.documents(&|| false)).await?;
        Ok(Migration {
            id: None,
            path: request.path,
            profile_name: planner.way.profile_name(),
            to_folder: request.to_folder,
            files: documents.into_iter().map(|document| document.file).collect(),
            resumed: false,
            cancelled: false,
        })
    }

    /// Moves the pictures and rewrites the files. What is wrong with one picture or one file is told
    /// by its entry; the rest is done. After `cancel` nothing more is sent and no more files are
    /// written; the same request goes on from there.
    ///
    /// # Errors
    /// The path or the profile is not there, another run works on the same path, or the disk refuses.
    pub async fn migrate(
        self: &Arc<Self>,
        request: MigrationRequest,
        cancel: CancellationToken,
    ) -> Result<Migration> {
        let planner = Arc::new(self.planner(&request).await?);
        Run::new(self.clone(), planner, request, cancel).migrate().await
    }

    /// Puts the files of the last run under that path back as they were before. Files that changed
    /// since are left alone. The pictures stay where they are.
    ///
    /// # Errors
    /// `not_found` when no run changed anything there; a disk error.
    pub async fn undo_migration(&self, path: &str) -> Result<MigrationUndo> {
        let (folder, path) = (self.paths.migrations_dir(), PathBuf::from(path));
        run_blocking(move || undo::undo(&folder, &path)).await
    }

    async fn planner(self: &Arc<Self>, request: &MigrationRequest) -> Result<Planner> {
        let way = match &request.to_folder {
            Some(folder) => Way::ToFolder(PathBuf::from(folder)),
            None => {
                let settings = self.settings();
                let profile =
                    self.profile(request.profile_id.as_deref().unwrap_or(&settings.default_profile))?;
                let addresses = self.host_addresses(&profile).await;
                Way::ToHost { profile: Box::new(profile), addresses }
            }
        };
        let request = request.clone();
        run_blocking(move || Planner::new(&request, way)).await
    }

    /// What addresses on the host look like; unknown while the host cannot be made ready.
    async fn host_addresses(self: &Arc<Self>, profile: &Profile) -> HostAddresses {
        match self.provider(profile).await {
            Ok(provider) => HostAddresses::of(|key| provider.public_url(key)),
            Err(error) => {
                tracing::debug!(%error, "addresses of the host are not known yet");
                HostAddresses::default()
            }
        }
    }
}

/// What tells one place pictures go to from another: a run is carried on only to the same place.
fn fingerprint(way: &Way) -> String {
    let text = match way {
        Way::ToFolder(folder) => format!("folder\n{}", folder.display()),
        Way::ToHost { profile, .. } => {
            let fields: Vec<String> =
                profile.fields.iter().map(|(key, value)| format!("{key}={value}")).collect();
            format!("host\n{}\n{}", profile.id, fields.join("\n"))
        }
    };
    sha256_hex(text.as_bytes())
}

/// The name under which a path is locked.
fn lock_name(path: &Path) -> String {
    format!("{}.run", &sha256_hex(path.to_string_lossy().as_bytes())[..16])
}

/// A path as text; the journal and the queue hold nothing else.
fn path_text(path: &Path) -> Result<String> {
    path.to_str().map(str::to_owned).ok_or_else(|| {
        Error::new(ErrorCode::FileUnreadable, format!("The name of {} is not valid Unicode.", path.display()))
            .hint("Rename the file.")
    })
}
