//! Links: the formats people paste, and custom templates.

mod escape;
mod template;
#[cfg(test)]
mod tests;

use crate::encode::readable_url;
use crate::error::{Error, ErrorCode, Result};
use crate::job::JobSnapshot;
use crate::settings::CustomLinkFormat;

pub use template::{LINK_PLACEHOLDERS, check_template};

/// A way to write a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkFormat {
    /// The address alone.
    Url,
    /// `![alt](address)`
    Markdown,
    /// `<img src="address" alt="alt" width="…" height="…">`
    Html,
    /// `[img]address[/img]`
    Bbcode,
    /// The person's own template.
    Custom(CustomLinkFormat),
}

/// Everything a link can say of a stored picture.
#[derive(Debug, Clone, Copy)]
pub struct LinkContext<'a> {
    /// The reader's address, encoded.
    pub url: &'a str,
    /// The file name as the person knows it.
    pub name: &'a str,
    /// Alt text; the file name without its extension stands in for an empty one.
    pub alt: &'a str,
    /// Pixels across, if the picture has a size.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// The object key.
    pub key: &'a str,
    /// Bytes stored.
    pub size: u64,
}

impl LinkFormat {
    /// The formats that everybody has, in the order menus show them.
    pub const ALL_BUILTIN: [Self; 4] = [Self::Url, Self::Markdown, Self::Html, Self::Bbcode];

    /// The format of that name: a built-in one in any case of letters, else a custom one.
    ///
    /// # Errors
    /// `not_found` for an unknown name, `invalid_template` for a custom one that cannot be read.
    pub fn resolve(name: &str, custom: &[CustomLinkFormat]) -> Result<Self> {
        let wanted = name.trim();
        if let Some(builtin) =
            Self::ALL_BUILTIN.into_iter().find(|format| format.name().eq_ignore_ascii_case(wanted))
        {
            return Ok(builtin);
        }
        let exact = custom.iter().find(|format| format.name == wanted);
        let lowercase = wanted.to_lowercase();
        let found = exact.or_else(|| custom.iter().find(|format| format.name.to_lowercase() == lowercase));
        let Some(format) = found else { return Err(unknown_format(wanted, custom)) };
        check_template(&format.template).map_err(|error| error.param("format", &format.name))?;
        Ok(Self::Custom(format.clone()))
    }

    /// The name in settings, menus and `--format NAME`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Url => "url",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Bbcode => "bbcode",
            Self::Custom(format) => &format.name,
        }
    }

    /// Writes the link of one picture. `encoded` keeps the address percent-encoded; without it,
    /// letters of all scripts are shown as they are where the link stays valid.
    #[must_use]
    pub fn render(&self, context: &LinkContext<'_>, encoded: bool) -> String {
        let address = context.address(encoded);
        let alt = context.effective_alt();
        match self {
            Self::Url => address,
            Self::Markdown => {
                format!("![{}]({})", escape::markdown_text(&alt), escape::markdown_destination(&address))
            }
            Self::Html => html(context, &address, &alt),
            Self::Bbcode => format!("[img]{}[/img]", escape::bbcode_address(&address)),
            Self::Custom(format) => template::fill(&format.template, context, &address, &alt),
        }
    }
}

impl<'a> LinkContext<'a> {
    /// What a job knows of its picture: for links to what lies on the host but not in the history.
    /// `None` until it has an address.
    #[must_use]
    pub fn of_job(job: &'a JobSnapshot) -> Option<Self> {
        Some(Self {
            url: job.url.as_deref()?,
            name: &job.name,
            alt: "",
            width: None,
            height: None,
            key: job.key.as_deref().unwrap_or_default(),
            size: job.bytes_out,
        })
    }
}

impl LinkContext<'_> {
    /// The address as links show it: never with characters that no address may contain.
    fn address(&self, encoded: bool) -> String {
        let clean = escape::address(self.url);
        if encoded { clean } else { readable_url(&clean) }
    }

    /// Alt text on one line; the stem of the file name where there is none.
    fn effective_alt(&self) -> String {
        let alt = escape::one_line(self.alt);
        if !alt.is_empty() {
            return alt;
        }
        let stem = match self.name.rsplit_once('.') {
            Some((stem, _)) if !stem.is_empty() => stem,
            _ => self.name,
        };
        escape::one_line(stem)
    }
}

fn html(context: &LinkContext<'_>, address: &str, alt: &str) -> String {
    let mut tag =
        format!("<img src=\"{}\" alt=\"{}\"", escape::html_attribute(address), escape::html_attribute(alt));
    if let (Some(width), Some(height)) = (context.width, context.height) {
        tag.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
    }
    tag.push('>');
    tag
}

fn unknown_format(wanted: &str, custom: &[CustomLinkFormat]) -> Box<Error> {
    let builtin = LinkFormat::ALL_BUILTIN;
    let known: Vec<&str> = builtin
        .iter()
        .map(LinkFormat::name)
        .chain(custom.iter().map(|format| format.name.as_str()))
        .collect();
    let known = known.join(", ");
    Error::new(ErrorCode::NotFound, format!("There is no link format “{wanted}”."))
        .param("format", wanted)
        .param("known", &known)
        .hint(format!("The known ones are {known}."))
}
