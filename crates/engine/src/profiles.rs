//! Profiles: checked, repaired, tested, saved; their secrets go to the keychain first.

use crate::conflict::profile_not_found;
use crate::engine::{Engine, run_blocking};
use crate::logging;
use crate::options::random_hex;
use crate::profile_draft::ProfileDraft;
use crate::profile_name;
use picferry_core::field::FieldKind;
use picferry_core::profile::{LOCAL_PROFILE_ID, Profile};
use picferry_core::provider::{
    Provider, ProviderConfig, ProviderDefinition, Repair, TestOutcome, TestReport, TestStep, TestStepName,
};
use picferry_core::secret::Secret;
use picferry_core::settings::Settings;
use picferry_core::{Error, ErrorCode, Result};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Engine {
    /// All hosts that pictures can go to.
    #[must_use]
    pub fn providers(&self) -> &'static [&'static ProviderDefinition] {
        picferry_providers::definitions()
    }

    fn definition(&self, host: &str) -> Result<&'static ProviderDefinition> {
        self.providers().iter().find(|definition| definition.id == host).copied().ok_or_else(|| {
            let known: Vec<&str> = self.providers().iter().map(|definition| definition.id).collect();
            Error::new(ErrorCode::InvalidField, format!("There is no host “{host}”."))
                .hint(format!("Known hosts: {}.", known.join(", ")))
                .field("host")
        })
    }

    /// Puts right what is surely meant otherwise, and says what: spaces, console addresses, a
    /// bucket inside the endpoint.
    #[must_use]
    pub fn repair_profile(&self, mut draft: ProfileDraft) -> (ProfileDraft, Vec<Repair>) {
        let mut given: BTreeMap<String, Secret> = draft
            .secrets
            .iter()
            .filter_map(|(key, secret)| secret.clone().map(|secret| (key.clone(), secret)))
            .collect();
        let repairs =
            picferry_providers::repair::repair(&draft.host, &mut draft.fields, &mut given, &draft.preset);
        for (key, secret) in given {
            draft.secrets.insert(key, Some(secret));
        }
        (draft, repairs)
    }

    /// What is wrong with a draft, one error for each field at fault.
    #[must_use]
    pub fn check_profile(&self, draft: &ProfileDraft) -> Vec<Error> {
        let settings = self.settings();
        let named = profile_name::check(&draft.name, draft.id.as_deref(), &settings.profiles);
        let mut errors: Vec<Error> = named.into_iter().collect();
        match self.definition(&draft.host) {
            Ok(_) => {
                let stored = self.stored_secrets(draft, &settings);
                let has_secret = |key: &str| stored.iter().any(|stored| stored == key);
                errors.extend(picferry_providers::repair::check(
                    &draft.host,
                    &draft.preset,
                    &draft.fields,
                    &has_secret,
                ));
            }
            Err(error) => errors.push(*error),
        }
        errors
    }

    /// The secret fields that will have a value once the draft is saved.
    fn stored_secrets(&self, draft: &ProfileDraft, settings: &Settings) -> Vec<String> {
        let saved = settings.profiles.iter().find(|profile| Some(&profile.id) == draft.id.as_ref());
        let mut keys: Vec<String> = saved.map(|profile| profile.secrets.clone()).unwrap_or_default();
        for (key, secret) in &draft.secrets {
            keys.retain(|other| other != key);
            if secret.as_ref().is_some_and(|secret| !secret.is_empty()) {
                keys.push(key.clone());
            }
        }
        keys.sort();
        keys
    }

    /// Saves a new or changed profile: secrets to the keychain first, then the rest to the file.
    ///
    /// # Errors
    /// The first of [`Engine::check_profile`], the keychain's error, or a disk error. Nothing is
    /// saved then.
    pub async fn save_profile(&self, draft: ProfileDraft) -> Result<Profile> {
        let (draft, _) = self.repair_profile(draft);
        if let Some(error) = self.check_profile(&draft).into_iter().next() {
            return Err(Box::new(error));
        }
        let definition = self.definition(&draft.host)?;
        let id = draft.id.clone().unwrap_or_else(|| random_hex(self.random.as_ref(), 6));
        let mut profile = draft.as_profile();
        profile.id.clone_from(&id);
        profile.secrets = self.stored_secrets(&draft, &self.settings());
        refuse_secrets_in_fields(definition, &profile)?;
        self.store_secrets(&profile, draft.secrets).await?;
        let saved = profile.clone();
        self.change_settings(move |settings| {
            match settings.profiles.iter_mut().find(|other| other.id == saved.id) {
                Some(existing) => {
                    let same_place = ["endpoint", "bucket"]
                        .iter()
                        .all(|key| existing.fields.get(*key) == saved.fields.get(*key));
                    let learned = if same_place { existing.learned.clone() } else { BTreeMap::new() };
                    let unknown = existing.unknown.clone();
                    *existing = Profile { learned, unknown, ..saved };
                }
                None => settings.profiles.push(saved),
            }
            Ok(())
        })
        .await?;
        self.providers.forget(&id);
        self.profile(&id)
    }

    async fn store_secrets(
        &self,
        profile: &Profile,
        secrets: BTreeMap<String, Option<Secret>>,
    ) -> Result<()> {
        let store = self.secret_store();
        let profile = profile.clone();
        run_blocking(move || {
            for (key, secret) in secrets {
                let account = profile.secret_account(&key);
                match secret.filter(|secret| !secret.is_empty()) {
                    Some(secret) => {
                        logging::mask(&secret);
                        store.set(&account, &secret)?;
                    }
                    None => store.delete(&account)?,
                }
            }
            Ok(())
        })
        .await
    }

    /// A provider for the preview of links; `None` while the draft is not complete.
    pub(crate) fn preview_provider(&self, draft: &ProfileDraft) -> Option<Arc<dyn Provider>> {
        let definition = self.definition(&draft.host).ok()?;
        let mut profile = draft.as_profile();
        let secrets = definition
            .fields
            .iter()
            .filter(|field| field.kind == FieldKind::Secret && field.required)
            .map(|field| (field.key.to_owned(), Secret::new("preview")))
            .collect::<BTreeMap<_, _>>();
        profile.secrets = secrets.keys().cloned().collect();
        picferry_providers::build(&ProviderConfig { profile, secrets, proxy: "none".into() }).ok()
    }

    /// Puts, reads back and deletes a probe object. Secrets that the draft does not give are
    /// taken from the keychain. What was learned is kept when the profile is a saved one.
    pub async fn test_profile(&self, draft: ProfileDraft) -> TestReport {
        let (draft, _) = self.repair_profile(draft);
        let report = match self.provider_of_draft(&draft).await {
            Ok(provider) => provider.test(&random_hex(self.random.as_ref(), 6)).await,
            Err(error) => TestReport {
                steps: vec![TestStep {
                    step: TestStepName::Connect,
                    outcome: TestOutcome::Failed,
                    millis: 0,
                    error: Some(*error),
                }],
                ..TestReport::default()
            },
        };
        if let (Some(id), false) = (draft.id, report.learned.is_empty()) {
            let learned = report.learned.clone();
            let kept = self
                .change_settings(move |settings| {
                    if let Some(profile) = settings.profiles.iter_mut().find(|profile| profile.id == id) {
                        profile.learned.extend(learned);
                    }
                    Ok(())
                })
                .await;
            if let Err(error) = kept {
                tracing::warn!(%error, "what the test learned could not be kept");
            }
        }
        report
    }

    async fn provider_of_draft(&self, draft: &ProfileDraft) -> Result<Arc<dyn Provider>> {
        if let Some(error) =
            self.check_profile(draft).into_iter().find(|error| error.field.as_deref() != Some("name"))
        {
            return Err(Box::new(error));
        }
        let mut profile = draft.as_profile();
        profile.secrets = self.stored_secrets(draft, &self.settings());
        if profile.id == LOCAL_PROFILE_ID {
            self.start_local_store().await?;
        }
        let mut kept = profile.clone();
        kept.secrets.retain(|key| !draft.secrets.contains_key(key));
        let mut secrets = self.secrets_of(&kept).await?;
        for (key, secret) in &draft.secrets {
            if let Some(secret) = secret {
                logging::mask(secret);
                secrets.insert(key.clone(), secret.clone());
            }
        }
        let proxy = self.settings().network.proxy.clone();
        picferry_providers::build(&ProviderConfig { profile, secrets, proxy })
    }

    /// Copies a profile with its secrets under a free name.
    ///
    /// # Errors
    /// `profile_not_found`, the keychain's error, or a disk error.
    pub async fn duplicate_profile(&self, id: &str) -> Result<Profile> {
        let original = self.profile(id)?;
        let secrets = self.secrets_of(&original).await?;
        let name = profile_name::for_copy(&original.name, &self.settings().profiles);
        let draft = ProfileDraft {
            id: None,
            name,
            secrets: secrets.into_iter().map(|(key, secret)| (key, Some(secret))).collect(),
            ..ProfileDraft::of(&original)
        };
        self.save_profile(draft).await
    }

    /// Removes a profile and its secrets. History rows stay; what it stored can no longer be
    /// deleted on the host from here.
    ///
    /// # Errors
    /// `profile_not_found`, `invalid_field` for the built-in one, or a disk error.
    pub async fn remove_profile(&self, id: &str) -> Result<()> {
        let profile = self.profile(id)?;
        if profile.id == LOCAL_PROFILE_ID {
            return Err(Error::new(
                ErrorCode::InvalidField,
                "“This computer” cannot be removed: it is built in.",
            )
            .hint("Make another profile the default instead."));
        }
        let gone = profile.id.clone();
        self.change_settings(move |settings| {
            settings.profiles.retain(|profile| profile.id != gone);
            if settings.default_profile == gone {
                settings.default_profile = LOCAL_PROFILE_ID.into();
            }
            Ok(())
        })
        .await?;
        let nothing = profile.secrets.iter().map(|key| (key.clone(), None)).collect();
        if let Err(error) = self.store_secrets(&profile, nothing).await {
            tracing::warn!(%error, "a secret of a removed profile is still in the keychain");
        }
        self.providers.forget(&profile.id);
        Ok(())
    }

    /// Puts profiles in this order; those not named keep theirs, after the named.
    ///
    /// # Errors
    /// A disk error.
    pub async fn reorder_profiles(&self, ids: Vec<String>) -> Result<()> {
        self.change_settings(move |settings| {
            let place = |profile: &Profile| ids.iter().position(|id| *id == profile.id).unwrap_or(ids.len());
            settings.profiles.sort_by_key(place);
            Ok(())
        })
        .await
        .map(drop)
    }

    /// Makes a profile the one that uploads go to.
    ///
    /// # Errors
    /// `profile_not_found`, or a disk error.
    pub async fn set_default_profile(&self, id: &str) -> Result<()> {
        let id = self.profile(id)?.id;
        self.change_settings(move |settings| {
            settings.default_profile = id;
            Ok(())
        })
        .await
        .map(drop)
    }
}

/// A secret must never reach the settings file, whatever a caller sends.
fn refuse_secrets_in_fields(definition: &ProviderDefinition, profile: &Profile) -> Result<()> {
    let leaked = definition
        .fields
        .iter()
        .find(|field| field.kind == FieldKind::Secret && profile.fields.contains_key(field.key));
    match leaked {
        Some(field) => Err(Error::new(
            ErrorCode::InvalidField,
            format!("“{}” is a secret and must not be among the settings.", field.label.en),
        )
        .field(field.key)),
        None if profile.name.is_empty() => Err(profile_not_found("")),
        None => Ok(()),
    }
}
