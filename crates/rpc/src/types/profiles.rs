//! Profiles and the form that makes them.

use picferry_core::provider::Repair;
use picferry_engine::ProfileDraft;
use serde::{Deserialize, Serialize};

/// A command about what stands in the form.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct DraftRequest {
    /// The form.
    pub draft: ProfileDraft,
}

/// The form after obvious slips were put right.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RepairedDraft {
    /// The form.
    pub draft: ProfileDraft,
    /// What was changed, to be shown.
    pub repairs: Vec<Repair>,
}

/// A command about one profile.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct ProfileId {
    /// Which one.
    pub id: String,
}

/// `profile_reorder`.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct ProfileOrder {
    /// All ids in their new order.
    pub ids: Vec<String>,
}
