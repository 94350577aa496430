//! Offers: uploads that others asked for, which wait for the person's word.

use crate::job::{Origin, Source};
use serde::{Deserialize, Serialize};

/// An upload that a link, another program or the clipboard proposes. Nothing of it is read, fetched or
/// sent before the person agrees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Offer {
    /// Names the offer in the answer.
    pub id: String,
    /// Who proposes it.
    pub origin: Origin,
    /// Files and addresses, as they were named.
    pub sources: Vec<Source>,
    /// The picture on the clipboard, as it is when the person agrees; `sources` are empty then.
    pub clipboard: bool,
    /// The profile that was asked for, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub profile_id: Option<String>,
}
