//! Uploads that wait for the person's word: from `picferry://` links, “Open with” and the clipboard.

use crate::engine::Engine;
use crate::options::random_hex;
use crate::queue::Accepted;
use picferry_core::event::Event;
use picferry_core::job::{Origin, Source, UploadRequest};
use picferry_core::offer::Offer;
use picferry_core::{Error, ErrorCode, Result};
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// A page may open links without end: older offers give way to newer ones.
const WAITING_AT_MOST: usize = 8;

/// Files and addresses of one link. Longer lists cannot be looked through by anybody.
const SOURCES_AT_MOST: usize = 50;

/// The offers that nobody has answered yet, oldest first. They end with the process.
#[derive(Default)]
pub struct Offers {
    waiting: Mutex<Vec<Offer>>,
}

/// What is proposed, before it has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Who proposes it.
    pub origin: Origin,
    /// Files and addresses.
    pub sources: Vec<Source>,
    /// The picture on the clipboard.
    pub clipboard: bool,
    /// The profile, by id or name.
    pub profile: Option<String>,
}

impl Proposal {
    /// Reads a link: `picferry://upload?url=…&file=…&clipboard&profile=…`, where `url` and `file` may
    /// stand several times.
    ///
    /// # Errors
    /// `url_invalid` for a link that asks for nothing that can be uploaded.
    pub fn from_link(link: &str) -> Result<Self> {
        let url = Url::parse(link.trim()).map_err(|error| bad_link("It cannot be read.").detail(error))?;
        // Windows and some desktops put a slash behind the only word.
        let verb = url.host_str().unwrap_or_default();
        if url.scheme() != "picferry" || verb != "upload" {
            return Err(bad_link("Links begin with picferry://upload."));
        }
        let mut proposal =
            Self { origin: Origin::Link, sources: Vec::new(), clipboard: false, profile: None };
        for (name, value) in url.query_pairs() {
            match name.as_ref() {
                "url" => proposal.sources.push(address(&value)?),
                "file" | "path" => proposal.sources.push(file(&value)?),
                "clipboard" => proposal.clipboard = !matches!(value.as_ref(), "0" | "false" | "no"),
                "profile" => proposal.profile = Some(value.into_owned()),
                // A later Picferry may know more.
                _ => {}
            }
        }
        if proposal.sources.len() > SOURCES_AT_MOST {
            return Err(bad_link(format!("It names more than {SOURCES_AT_MOST} pictures.")));
        }
        if proposal.sources.is_empty() && !proposal.clipboard {
            return Err(bad_link("It names no picture.")
                .hint("Add url=, file= or clipboard=1 behind picferry://upload?."));
        }
        // One or the other: what is on the clipboard is not known before it is agreed to.
        proposal.clipboard &= proposal.sources.is_empty();
        Ok(proposal)
    }
}

impl Engine {
    /// Puts a proposal before the person.
    ///
    /// # Errors
    /// `profile_not_found` for a profile that is asked for and not there.
    pub fn offer(&self, proposal: Proposal) -> Result<Offer> {
        let profile_id = proposal.profile.map(|name| self.profile(&name)).transpose()?.map(|it| it.id);
        let mut offer = Offer {
            id: random_hex(self.random.as_ref(), 8),
            origin: proposal.origin,
            sources: proposal.sources,
            clipboard: proposal.clipboard,
            profile_id,
        };
        self.change_offers(|waiting| {
            // The same once more is the same question, and whoever asks it already goes on asking it.
            let same = |other: &Offer| Offer { id: other.id.clone(), ..offer.clone() } == *other;
            if let Some(place) = waiting.iter().position(same) {
                offer = waiting.remove(place);
            }
            waiting.push(offer.clone());
            let surplus = waiting.len().saturating_sub(WAITING_AT_MOST);
            waiting.drain(..surplus);
        });
        Ok(offer)
    }

    /// What waits for the person's word, oldest first.
    #[must_use]
    pub fn offers(&self) -> Vec<Offer> {
        self.offers.waiting.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The person's word: takes the offer off the list and gives it back.
    ///
    /// # Errors
    /// `not_found` when it was answered already or gave way to newer ones.
    pub fn take_offer(&self, id: &str) -> Result<Offer> {
        let taken = self.remove_offer(id).ok_or_else(|| answered(id))?;
        self.change_offers(|_| {});
        Ok(taken)
    }

    /// Takes back what was proposed through that door: there is nothing to ask any more.
    pub fn withdraw_offers(&self, origin: Origin) {
        if self.offers().iter().any(|offer| offer.origin == origin) {
            self.change_offers(|waiting| waiting.retain(|offer| offer.origin != origin));
        }
    }

    /// An offer that waits for the person's word.
    ///
    /// # Errors
    /// `not_found` when it was answered already or gave way to newer ones.
    pub fn waiting_offer(&self, id: &str) -> Result<Offer> {
        self.offers().into_iter().find(|offer| offer.id == id).ok_or_else(|| answered(id))
    }

    /// Sends what the person agreed to; `sources` are those of the offer or, for one of the clipboard,
    /// what is there now. Where the queue refuses, the offer waits on.
    ///
    /// # Errors
    /// `not_found` when it was answered already; else as for [`Engine::upload`].
    pub async fn accept_offer(
        self: &Arc<Self>,
        id: &str,
        sources: Vec<Source>,
        profile_id: Option<String>,
    ) -> Result<Accepted> {
        // Nobody else may answer meanwhile, and nobody is told before it is known how it ends.
        let offer = self.remove_offer(id).ok_or_else(|| answered(id))?;
        let profile_id = profile_id.or_else(|| offer.profile_id.clone());
        let request = UploadRequest { sources, profile_id, origin: offer.origin, ..UploadRequest::default() };
        let accepted = Box::pin(self.upload(request)).await;
        self.change_offers(|waiting| {
            if accepted.is_err() {
                waiting.push(offer);
            }
        });
        accepted
    }

    fn remove_offer(&self, id: &str) -> Option<Offer> {
        let mut waiting = self.offers.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.iter().position(|offer| offer.id == id).map(|place| waiting.remove(place))
    }

    fn change_offers(&self, change: impl FnOnce(&mut Vec<Offer>)) {
        let offers = {
            let mut waiting = self.offers.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut waiting);
            waiting.clone()
        };
        self.emit(Event::OffersChanged { offers });
    }
}

fn answered(id: &str) -> Box<Error> {
    Error::new(ErrorCode::NotFound, "This question was answered already.").param("id", id)
}

fn address(value: &str) -> Result<Source> {
    match Url::parse(value) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(Source::Url { url: url.into() }),
        _ => Err(bad_link("Addresses in it have to begin with http:// or https://.")),
    }
}

fn file(value: &str) -> Result<Source> {
    let path = match Url::parse(value) {
        Ok(url) if url.scheme() == "file" => url.to_file_path().ok(),
        _ => Some(value.into()),
    };
    match path {
        Some(path) if path.is_absolute() => Ok(Source::Path { path: path.to_string_lossy().into_owned() }),
        _ => Err(bad_link("Files in it have to be named with their whole path.")),
    }
}

fn bad_link(why: impl std::fmt::Display) -> Box<Error> {
    Error::new(ErrorCode::UrlInvalid, format!("A link to Picferry asked for something it cannot do. {why}"))
        .hint("Links look like picferry://upload?url=https://….")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(link: &str) -> Proposal {
        Proposal::from_link(link).unwrap()
    }

    #[test]
    fn a_link_names_addresses_files_and_a_profile() {
        let proposal = read(
            "picferry://upload?url=https%3A%2F%2Fexample.com%2Fa.png&file=/tmp/b%20c.png&profile=Blog&new=1",
        );
        assert_eq!(
            proposal.sources,
            [
                Source::Url { url: "https://example.com/a.png".into() },
                Source::Path { path: "/tmp/b c.png".into() },
            ]
        );
        assert_eq!((proposal.profile.as_deref(), proposal.clipboard), (Some("Blog"), false));
        assert_eq!(proposal.origin, Origin::Link);
    }

    #[test]
    fn a_slash_behind_the_word_and_file_addresses_are_understood() {
        let proposal = read("picferry://upload/?path=file%3A%2F%2F%2Ftmp%2Fa.png");
        assert_eq!(proposal.sources, [Source::Path { path: "/tmp/a.png".into() }]);
    }

    #[test]
    fn the_clipboard_is_asked_for_alone() {
        assert!(read("picferry://upload?clipboard=1").clipboard);
        assert!(read("picferry://upload?clipboard").clipboard);
        assert!(!read("picferry://upload?clipboard=1&url=https://example.com/a.png").clipboard);
    }

    #[test]
    fn what_cannot_be_uploaded_is_refused() {
        for link in [
            "picferry://upload",
            "picferry://upload?clipboard=0",
            "picferry://delete?url=https://example.com/a.png",
            "https://upload?url=https://example.com/a.png",
            "picferry://upload?url=file:///etc/passwd",
            "picferry://upload?url=javascript:alert(1)",
            "picferry://upload?file=relative.png",
            "not a link",
        ] {
            let error = Proposal::from_link(link).unwrap_err();
            assert_eq!(error.code, ErrorCode::UrlInvalid, "{link}");
        }
        let many = "url=https://example.com/a.png&".repeat(SOURCES_AT_MOST + 1);
        assert!(Proposal::from_link(&format!("picferry://upload?{many}")).is_err());
    }
}
