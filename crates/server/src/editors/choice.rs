//! Where the pictures of one request go: its address may name a host, a profile, or both.
//!
//! PicList says `picbed` and `configName`, PicGo `uploader`, `configName` and `configId`. The choice
//! goes along with the request; nothing is switched for anybody else.

use picferry_core::profile::{LOCAL_PROFILE_ID, Profile};
use picferry_core::{Error, ErrorCode, Result};
use picferry_engine::Engine;

/// What PicGo and PicList call hosts that have another name here.
const OTHER_NAMES: [(&str, &str); 3] = [("aws-s3", "s3"), ("aws-s3-plist", "s3"), ("minio", "s3")];

/// What an address asks for, or a command line that was written for PicGo.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// A kind of host, as PicGo, PicList or Picferry call it; or the name of a profile.
    pub host: Option<String>,
    /// The name of a profile.
    pub name: Option<String>,
    /// The id of a profile.
    pub id: Option<String>,
}

impl Asked {
    /// The id of the profile that is meant; `None` for the default one.
    ///
    /// # Errors
    /// `profile_not_found`, with PicGo's own code among the parameters.
    pub fn profile(&self, engine: &Engine) -> Result<Option<String>> {
        let settings = engine.settings();
        let known = |host: &str| engine.providers().iter().any(|definition| definition.id == host);
        let found = find(self, &settings.profiles, &settings.default_profile, known)?;
        Ok(found.map(|found| found.id.clone()))
    }
}

/// The id of the profile that an address chooses; `None` for the default one.
///
/// # Errors
/// `invalid_field` and `profile_not_found`, with PicGo's own code among the parameters.
pub(super) fn profile(engine: &Engine, query: &str) -> Result<Option<String>> {
    read(query)?.profile(engine)
}

fn read(query: &str) -> Result<Asked> {
    let mut asked = Asked::default();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let place = match name.as_ref() {
            "picbed" | "uploader" => &mut asked.host,
            "configName" => &mut asked.name,
            "configId" => &mut asked.id,
            _ => continue,
        };
        let value = value.trim();
        if value.is_empty() {
            return Err(wrong(&format!("“{name}” in the address is empty.")));
        }
        if place.as_deref().is_some_and(|other| other != value) {
            return Err(wrong(&format!("“{name}” stands in the address twice.")));
        }
        *place = Some(value.to_owned());
    }
    Ok(asked)
}

fn find<'a>(
    asked: &Asked,
    profiles: &'a [Profile],
    default: &str,
    is_known: impl Fn(&str) -> bool,
) -> Result<Option<&'a Profile>> {
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    // People name their profiles after hosts, and write the name where the host belongs.
    let named = asked
        .host
        .as_deref()
        .and_then(|host| profiles.iter().find(|profile| profile.id == host || same(&profile.name, host)));
    let host = asked
        .host
        .as_deref()
        .map(|host| OTHER_NAMES.iter().find(|(other, _)| *other == host).map_or(host, |(_, ours)| ours));
    if let Some(host) = host
        && named.is_none()
        && !is_known(host)
    {
        return Err(refusal(
            "UNKNOWN_UPLOADER",
            &format!("There is no host and no profile “{host}”."),
            profiles,
        ));
    }
    let fits = |profile: &&Profile| named.is_some() || host.is_none_or(|host| profile.host == host);
    let chosen = match (&asked.id, &asked.name) {
        (Some(id), _) => profiles.iter().filter(fits).find(|profile| profile.id == *id),
        (None, Some(name)) => profiles.iter().filter(fits).find(|profile| same(&profile.name, name)),
        (None, None) if asked.host.is_none() => return Ok(None),
        (None, None) if named.is_some() => named,
        (None, None) => return of_host(host.unwrap_or_default(), profiles, default).map(Some),
    };
    chosen.map(Some).ok_or_else(|| {
        let wanted = asked.id.as_ref().or(asked.name.as_ref()).cloned().unwrap_or_default();
        refusal("UPLOAD_CONFIG_NOT_FOUND", &format!("There is no profile “{wanted}” for this."), profiles)
    })
}

/// The one profile of a host: the default one where it is of that host, else the only one there is.
fn of_host<'a>(host: &str, profiles: &'a [Profile], default: &str) -> Result<&'a Profile> {
    let of_host = || profiles.iter().filter(|profile| profile.host == host);
    if let Some(profile) = of_host().find(|profile| profile.id == default) {
        return Ok(profile);
    }
    let own: Vec<&Profile> = of_host().filter(|profile| profile.id != LOCAL_PROFILE_ID).collect();
    match own.as_slice() {
        [one] => Ok(one),
        [] => Err(refusal("UPLOAD_CONFIG_NOT_FOUND", &format!("There is no profile for {host}."), profiles)),
        _ => Err(refusal(
            "UPLOAD_CONFIG_AMBIGUOUS",
            &format!("There are several profiles for {host}: add configName to the address."),
            profiles,
        )),
    }
}

fn refusal(code: &str, message: &str, profiles: &[Profile]) -> Box<Error> {
    let names: Vec<&str> = profiles.iter().map(|profile| profile.name.as_str()).collect();
    Error::new(ErrorCode::ProfileNotFound, message)
        .hint(format!("Your profiles: {}.", names.join(", ")))
        .param("picgo_code", code)
}

fn wrong(message: &str) -> Box<Error> {
    Error::new(ErrorCode::InvalidField, message).param("picgo_code", "INVALID_UPLOAD_OPTION")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profiles() -> Vec<Profile> {
        [
            ("local", "This computer", "s3"),
            ("a1", "Blog", "s3"),
            ("b2", "博客 图床", "s3"),
            ("c3", "Work", "github"),
        ]
        .map(|(id, name, host)| {
            serde_json::from_value(serde_json::json!({ "id": id, "name": name, "host": host })).unwrap()
        })
        .into()
    }

    fn choose(query: &str, default: &str) -> Result<Option<String>> {
        let profiles = profiles();
        let known = |host: &str| ["s3", "github"].contains(&host);
        find(&read(query)?, &profiles, default, known).map(|found| found.map(|profile| profile.id.clone()))
    }

    fn code(query: &str, default: &str) -> String {
        choose(query, default).unwrap_err().params["picgo_code"].clone()
    }

    #[test]
    fn an_address_without_a_choice_means_the_default() {
        assert_eq!(choose("", "a1").unwrap(), None);
        assert_eq!(choose("key=x&secret=y&finalizationId=z", "a1").unwrap(), None);
    }

    #[test]
    fn names_ids_and_hosts_choose_a_profile() {
        let chosen = |query: &str, default: &str| choose(query, default).unwrap().unwrap();
        assert_eq!(chosen("configId=b2", "a1"), "b2");
        assert_eq!(chosen("picbed=aws-s3&configName=blog", "local"), "a1");
        assert_eq!(chosen("configName=%E5%8D%9A%E5%AE%A2+%E5%9B%BE%E5%BA%8A", "a1"), "b2");
        assert_eq!(chosen("uploader=github", "a1"), "c3", "the only one of its host");
        assert_eq!(chosen("picbed=aws-s3-plist", "b2"), "b2", "the default is of that host");
        assert_eq!(chosen("picbed=Work", "a1"), "c3", "a profile's own name");
    }

    #[test]
    fn a_choice_that_leads_nowhere_is_named_as_picgo_names_it() {
        assert_eq!(code("uploader=smms", "a1"), "UNKNOWN_UPLOADER");
        assert_eq!(code("uploader=github&configName=Blog", "a1"), "UPLOAD_CONFIG_NOT_FOUND");
        assert_eq!(code("uploader=s3", "c3"), "UPLOAD_CONFIG_AMBIGUOUS");
        assert_eq!(code("uploader=", "a1"), "INVALID_UPLOAD_OPTION");
        assert_eq!(code("configName=Blog&configName=Work", "a1"), "INVALID_UPLOAD_OPTION");
    }
}
