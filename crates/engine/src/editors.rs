//! What the server for editors needs of the engine besides uploading: its token, and pictures by
//! what an editor remembers of them.

use crate::acquire::not_a_picture;
use crate::engine::{Engine, run_blocking};
use crate::logging;
use picferry_core::picture::PictureFormat;
use picferry_core::secret::Secret;
use picferry_core::upload::Upload;
use picferry_core::{Error, ErrorCode, Result};

/// The keychain account of the token. No profile has this id: those are hexadecimal.
const TOKEN_ACCOUNT: &str = "server/token";

impl Engine {
    /// What every request of an editor has to show; `None` when the settings ask for nothing.
    ///
    /// # Errors
    /// The keychain's error, and `secret_missing` when the token is gone from it: then nobody is
    /// let in, rather than everybody.
    pub async fn server_token(&self) -> Result<Option<Secret>> {
        if !self.settings().server.has_token {
            return Ok(None);
        }
        let store = self.secret_store();
        let token = run_blocking(move || store.get(TOKEN_ACCOUNT)).await?;
        let token = token.filter(|token| !token.is_empty()).ok_or_else(|| {
            Error::new(
                ErrorCode::SecretMissing,
                "The token of the server for editors is not in the keychain any more.",
            )
            .hint("Set it again in Settings, Editors & server, or switch it off there.")
            .field("token")
        })?;
        logging::mask(&token);
        Ok(Some(token))
    }

    /// Sets the token, or takes it away: into the keychain first, then the settings say that there
    /// is one.
    ///
    /// # Errors
    /// `invalid_field` for one that is too short to protect anything, or that the server cannot do
    /// without; the keychain's error, or a disk error. Nothing is changed then.
    pub async fn set_server_token(&self, token: Option<Secret>) -> Result<()> {
        if let Some(token) = &token {
            check_token(token)?;
            logging::mask(token);
        } else if !is_loopback(&self.settings().server.address) {
            return Err(Error::new(
                ErrorCode::InvalidField,
                "The server listens beyond this computer, so it needs a token.",
            )
            .hint("Let it listen at 127.0.0.1 first.")
            .field("server.token"));
        }
        let has_token = token.is_some();
        if !has_token {
            // The settings first: a token that is asked for and not there would shut everybody out.
            self.say_there_is_a_token(false).await?;
        }
        let store = self.secret_store();
        run_blocking(move || match token {
            Some(token) => store.set(TOKEN_ACCOUNT, &token),
            None => store.delete(TOKEN_ACCOUNT),
        })
        .await?;
        if has_token {
            self.say_there_is_a_token(true).await?;
        }
        Ok(())
    }

    async fn say_there_is_a_token(&self, has_token: bool) -> Result<()> {
        self.change_settings(move |settings| {
            settings.server.has_token = has_token;
            settings.server.token_revision = settings.server.token_revision.wrapping_add(1);
            Ok(())
        })
        .await
        .map(drop)
    }

    /// Whether the person wants pictures of that format from editors.
    ///
    /// # Errors
    /// `unsupported`, with the setting that says so.
    pub fn check_editor_format(&self, name: &str, format: PictureFormat) -> Result<()> {
        let wanted = &self.settings().server.formats;
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == format.name()) {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::Unsupported,
            format!("{name} is of the format {}, which editors may not send.", format.name()),
        )
        .hint("Add the format in Settings, Editors & server, or clear the list there.")
        .param("format", format.name()))
    }

    /// What an editor sends is looked at once more when it was read: a clipboard and an address show only
    /// then what they hold, and a file may have been put in another's place.
    pub(crate) fn check_editor_bytes(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let format = picferry_imaging::sniff(bytes).ok_or_else(|| not_a_picture(name))?;
        self.check_editor_format(name, format)
    }

    /// The picture that a job stored.
    ///
    /// # Errors
    /// A database error.
    pub async fn upload_of_job(&self, job_id: &str) -> Result<Option<Upload>> {
        let job_id = job_id.to_owned();
        self.with_history(move |history| history.upload_of_job(&job_id)).await
    }

    /// The newest picture with that link.
    ///
    /// # Errors
    /// A database error.
    pub async fn upload_at(&self, url: &str) -> Result<Option<Upload>> {
        let url = url.to_owned();
        self.with_history(move |history| history.upload_at(&url)).await
    }
}

/// Whether an address to listen at is of this computer alone.
#[must_use]
pub fn is_loopback(address: &str) -> bool {
    match address.parse::<std::net::IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => address == "localhost",
    }
}

fn check_token(token: &Secret) -> Result<()> {
    let text = token.expose();
    let wrong = |message: &str| Err(Error::new(ErrorCode::InvalidField, message).field("server.token"));
    if text.chars().count() < 8 {
        return wrong("A token needs at least 8 characters.");
    }
    // It travels in a header and in an address.
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return wrong("A token is made of letters, digits and signs of ASCII, without spaces.");
    }
    Ok(())
}
