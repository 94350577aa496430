//! Who holds the port of the built-in store: this home's own store, another one, or a stranger.

use super::proof::Question;
use super::{HEALTH_PATH, identity};
use picferry_core::secret::Secret;
use picferry_core::{Error, ErrorCode, Result};
use std::time::Duration;
use tokio::net::TcpStream;

/// How long a question to another process may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// What answers at a port of this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Occupant {
    /// Nothing listens there.
    Nobody,
    /// It says that it is the store with this access key. Anybody can say that: nothing may be sent
    /// there before the claim is proved.
    Own(Claim),
    /// The store of another account or another home.
    AnotherStore,
    /// Something listens but does not answer: it may be busy, it may hang.
    Mute,
    /// A program that is no store of ours.
    Stranger,
}

/// What somebody said who calls itself this home's own store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    port: u16,
    question: Question,
    answer: String,
}

impl Claim {
    /// Takes the claim as true when its answer shows that it knows the secret of the store.
    ///
    /// # Errors
    /// `port_taken` when it does not: pictures would go to a stranger.
    pub fn proved_by(&self, secret: &Secret) -> Result<()> {
        if self.question.is_answered_by(&self.answer, secret, self.port) {
            return Ok(());
        }
        let message = format!(
            "Whatever listens at port {} says that it is the built-in store, but does not know its key.",
            self.port
        );
        let hint = "If Picferry is open, or `picferry serve` runs, start it again: it may not have reached \
                    the keychain. If not, another program poses as the store: end it, or choose another \
                    port in the settings.";
        Err(error(self.port, message, hint).param("reason", "unproved"))
    }
}

/// What a store said of itself.
struct Introduction {
    identity: String,
    answer: String,
}

/// Asks whoever listens at a port of this computer who it is.
pub async fn occupant(port: u16, access_key: &str) -> Occupant {
    match tokio::time::timeout(PATIENCE, TcpStream::connect(("127.0.0.1", port))).await {
        Ok(Ok(_)) => {}
        Ok(Err(_)) => return Occupant::Nobody,
        Err(_) => return Occupant::Mute,
    }
    let Some(question) = Question::ask() else {
        return Occupant::Mute;
    };
    match ask(port, &question).await {
        Ok(Some(found)) if found.identity == identity(access_key) => {
            Occupant::Own(Claim { port, question, answer: found.answer })
        }
        Ok(Some(_)) => Occupant::AnotherStore,
        Ok(None) => Occupant::Stranger,
        Err(error) if error.is_timeout() => Occupant::Mute,
        // Whatever it speaks, it is not HTTP.
        Err(_) => Occupant::Stranger,
    }
}

/// What the store that answers says of itself; `None` from anything else.
async fn ask(port: u16, question: &Question) -> Result<Option<Introduction>, reqwest::Error> {
    let Ok(target) = url::Url::parse(&format!("http://127.0.0.1:{port}{HEALTH_PATH}?{}", question.query()))
    else {
        return Ok(None);
    };
    let Ok(client) = crate::http::client(&crate::http::HttpOptions::new(target.clone())) else {
        return Ok(None);
    };
    let answer = client.get(target).timeout(PATIENCE).send().await?;
    if !answer.status().is_success() || answer.content_length().is_none_or(|length| length > 1024) {
        return Ok(None);
    }
    let text = answer.text().await?;
    let health: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let word = |name: &str| health[name].as_str().unwrap_or_default().to_owned();
    let found = Introduction { identity: word("store"), answer: word("answer") };
    Ok((health["picferry"] == "store").then_some(found))
}

impl Occupant {
    /// Why a store cannot start at this port; `None` where nothing is in its way.
    #[must_use]
    pub fn refusal(&self, port: u16) -> Option<Box<Error>> {
        match self {
            Self::Nobody | Self::Own(_) => None,
            Self::AnotherStore => {
                let message = format!(
                    "Port {port} is held by the built-in store of Picferry in another account or home."
                );
                let hint = "Choose another port in the settings; older links keep the old port.";
                Some(error(port, message, hint).param("reason", "another_store"))
            }
            Self::Mute => {
                let message = format!(
                    "Whatever listens at port {port} does not answer, so the built-in store cannot be used."
                );
                let hint = "Another Picferry may be busy: try again. If it stays so, end the program that \
                            holds the port, or choose another port in the settings.";
                Some(error(port, message, hint).param("reason", "mute"))
            }
            Self::Stranger => Some(taken(port)),
        }
    }
}

/// The error for a port that somebody else listens at.
pub(super) fn taken(port: u16) -> Box<Error> {
    error(
        port,
        format!("Port {port} is taken by another program, so the built-in store cannot start."),
        "End that program, or choose another port in the settings; older links keep the old port.",
    )
}

fn error(port: u16, message: String, hint: &str) -> Box<Error> {
    Error::new(ErrorCode::PortTaken, message).hint(hint).param("port", port)
}
