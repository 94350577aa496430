//! Fields as data: one list drives the form, the command line, validation, the keychain,
//! redaction and the reference page.

use serde::Serialize;

/// How a value is entered and checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum FieldKind {
    Text,
    /// Goes to the keychain; never shown again.
    Secret,
    Url,
    Number,
    /// 0 to 100, drawn as a slider beside its number.
    Percent,
    /// `true` or `false`.
    Toggle,
    Select,
    KeyTemplate,
    /// `Name: value` lines.
    Headers,
    Path,
}

/// The section of the form, in the order they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum FieldSection {
    Connection,
    Files,
    Links,
    Images,
    Delivery,
}

/// Whether the field is shown at once or under “Advanced”.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum FieldGroup {
    Basic,
    Advanced,
}

/// A text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Words {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    pub zh_cn: &'static str,
}

impl Words {
    /// No words in either language.
    pub const NONE: Self = Self { en: "", zh_cn: "" };

    /// Both languages at once.
    #[must_use]
    pub const fn new(en: &'static str, zh_cn: &'static str) -> Self {
        Self { en, zh_cn }
    }
}

/// One choice of a [`FieldKind::Select`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct FieldChoice {
    /// The stored value.
    pub value: &'static str,
    /// The shown words.
    pub label: Words,
}

/// Shows a field only while another one has one of these values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct VisibleWhen {
    /// The key of the other field.
    pub key: &'static str,
    /// The values that show this one.
    pub values: &'static [&'static str],
}

/// One field of a profile. Values are text throughout; an absent value means the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct FieldSpec {
    /// The stable key: settings file, `--set key=value`, keychain account.
    pub key: &'static str,
    /// How it is entered and checked.
    pub kind: FieldKind,
    /// The name beside the control.
    pub label: Words,
    /// One sentence under the control; may be empty.
    pub help: Words,
    /// An example inside the empty control; never a label.
    pub placeholder: &'static str,
    /// The value when none is given; empty for none.
    pub default: &'static str,
    /// Whether a profile without it cannot work.
    pub required: bool,
    /// Shown at once or under “Advanced”.
    pub group: FieldGroup,
    /// Where in the form.
    pub section: FieldSection,
    /// The choices of a select.
    pub choices: &'static [FieldChoice],
    /// Hidden unless another field has certain values.
    pub visible_when: Option<VisibleWhen>,
}

impl FieldSpec {
    /// A plain optional text field under Connection; the builders below change what differs.
    #[must_use]
    pub const fn text(key: &'static str, label: Words) -> Self {
        Self {
            key,
            kind: FieldKind::Text,
            label,
            help: Words::NONE,
            placeholder: "",
            default: "",
            required: false,
            group: FieldGroup::Basic,
            section: FieldSection::Connection,
            choices: &[],
            visible_when: None,
        }
    }

    /// Changes the kind.
    #[must_use]
    pub const fn kind(mut self, kind: FieldKind) -> Self {
        self.kind = kind;
        self
    }

    /// Makes it a secret.
    #[must_use]
    pub const fn secret(self) -> Self {
        self.kind(FieldKind::Secret)
    }

    /// Makes it a select with these choices; the first is not the default unless named so.
    #[must_use]
    pub const fn select(mut self, choices: &'static [FieldChoice], default: &'static str) -> Self {
        self.kind = FieldKind::Select;
        self.choices = choices;
        self.default = default;
        self
    }

    /// Adds the help sentence.
    #[must_use]
    pub const fn help(mut self, help: Words) -> Self {
        self.help = help;
        self
    }

    /// Adds an example.
    #[must_use]
    pub const fn placeholder(mut self, placeholder: &'static str) -> Self {
        self.placeholder = placeholder;
        self
    }

    /// Sets the value used when none is given.
    #[must_use]
    pub const fn default(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }

    /// Marks it as necessary.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Moves it under “Advanced”.
    #[must_use]
    pub const fn advanced(mut self) -> Self {
        self.group = FieldGroup::Advanced;
        self
    }

    /// Moves it to a section.
    #[must_use]
    pub const fn section(mut self, section: FieldSection) -> Self {
        self.section = section;
        self
    }

    /// Shows it only while another field has one of these values.
    #[must_use]
    pub const fn visible_when(mut self, key: &'static str, values: &'static [&'static str]) -> Self {
        self.visible_when = Some(VisibleWhen { key, values });
        self
    }
}
