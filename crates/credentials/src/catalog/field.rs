//! What a field of a service's input looks like; [`crate::input`] cleans and checks its text.

use super::check::Region;
use crate::described::described;

/// Largest field in bytes of UTF-8: 64 KiB.
pub const MAX_FIELD_BYTES: usize = 64 * 1024;

/// A field of a service's input, as forms show it and saves check it.
#[derive(Debug)]
pub struct Field {
    /// Name in the input object; `metadata.x` stands for the property `x` of `metadata`.
    pub name: &'static str,
    /// Name shown to people: the vendor's own word for it.
    pub label: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether the service cannot be used without it.
    pub required: bool,
    /// An example of its form; never a working value.
    pub placeholder: &'static str,
    /// The same for a key of live mode; empty if keys are alike in both modes.
    pub live_placeholder: &'static str,
    /// Where it is found, or what it must allow.
    pub hint: &'static str,
    /// The vendor's page that shows it, or says where it is; empty if there is none.
    pub url: &'static str,
    /// Which mode it chooses, if it chooses one.
    pub mode: Option<ModeSwitch>,
    /// What its text must look like.
    pub rule: Rule,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Text that is encrypted, and never shown again.
    Secret,
    /// Text that is not encrypted.
    Text,
    /// An e-mail address, alone or as `Name <address>`.
    Email,
    /// An ISO 4217 currency code.
    Currency,
    /// True or false.
    Boolean,
    /// One of the rule's choices.
    Choice,
}

impl FieldKind {
    /// Name in the catalog that JavaScript reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Text => "text",
            Self::Email => "email",
            Self::Currency => "currency",
            Self::Boolean => "boolean",
            Self::Choice => "choice",
        }
    }
}

/// A boolean field that chooses between a vendor's mode for real money and its mode for trying out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModeSwitch {
    /// `true` is live mode, `false` test mode.
    Live,
    /// `true` is the sandbox, `false` live mode.
    Sandbox,
}

impl ModeSwitch {
    /// The names that people read of the modes for `true` and for `false`.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Live => ("Live", "Test"),
            Self::Sandbox => ("Sandbox", "Live"),
        }
    }
}

/// What a text must look like. Lengths are in characters.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// It starts with one of these; empty if anything goes.
    pub prefixes: &'static [&'static str],
    /// Forms that belong to another credential, and the sentence that says so.
    pub confused_with: &'static [(Form, &'static str)],
    /// Whether only hexadecimal digits follow the prefix.
    pub hex_after_prefix: bool,
    /// What a choice is made from.
    pub choices: &'static [Region],
    /// Whether it is an RSA public key.
    pub public_key: bool,
    /// What it is made of.
    pub characters: Charset,
    /// Fewest and most characters.
    pub length: (usize, usize),
}

/// What distinguishes one kind of credential from another.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// Its beginning.
    Prefix(&'static str),
    /// Its end.
    Suffix(&'static str),
    /// So many hexadecimal digits.
    Hex(usize),
    /// Letters, digits, `-` and `_`, as many as these or between them.
    Token(usize, usize),
    /// Letters, digits, `+`, `/` and `=`, as many as these or between them.
    Base64(usize, usize),
    /// A prefix and 32 hexadecimal digits, as Twilio names things.
    Sid(&'static str),
    /// A UUID (RFC 9562).
    Uuid,
}

impl Form {
    pub(crate) fn fits(self, text: &str) -> bool {
        let is_hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
        let is_word =
            |others: &[u8]| text.bytes().all(|b| b.is_ascii_alphanumeric() || others.contains(&b));
        match self {
            Self::Prefix(prefix) => text.starts_with(prefix),
            Self::Suffix(suffix) => text.ends_with(suffix),
            Self::Hex(length) => text.len() == length && is_hex(text),
            Self::Token(fewest, most) => (fewest..=most).contains(&text.len()) && is_word(b"-_"),
            Self::Base64(fewest, most) => (fewest..=most).contains(&text.len()) && is_word(b"+/="),
            Self::Sid(prefix) => {
                text.strip_prefix(prefix).is_some_and(|rest| rest.len() == 32 && is_hex(rest))
            }
            Self::Uuid => {
                text.len() == 36
                    && text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
                    && text.split('-').all(is_hex)
            }
        }
    }
}

/// What a text may be made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// Anything but control characters.
    Printable,
    /// Anything: keys in PEM have lines.
    Any,
    /// ASCII without spaces and control characters: what fits an HTTP header.
    Token,
    /// Hexadecimal digits.
    Hex,
    /// What an S3 bucket name may have: lower-case letters, digits, `-` and `.`.
    BucketName,
}

impl Charset {
    pub(crate) fn allow(self, character: char) -> bool {
        match self {
            Self::Printable => !character.is_control(),
            Self::Any => true,
            Self::Token => character.is_ascii_graphic(),
            Self::Hex => character.is_ascii_hexdigit(),
            Self::BucketName => {
                matches!(character, 'a'..='z' | '0'..='9' | '-' | '.')
            }
        }
    }

    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::Printable => "text on one line",
            Self::Any => "text",
            Self::Token => "ASCII letters, digits and punctuation without spaces",
            Self::Hex => "hexadecimal digits",
            Self::BucketName => "lower-case letters, digits, hyphens and dots",
        }
    }
}

impl Field {
    const fn new(
        name: &'static str,
        label: &'static str,
        kind: FieldKind,
        characters: Charset,
    ) -> Self {
        let rule = Rule {
            prefixes: &[],
            confused_with: &[],
            hex_after_prefix: false,
            choices: &[],
            public_key: false,
            characters,
            length: (1, MAX_FIELD_BYTES),
        };
        Self {
            name,
            label,
            kind,
            required: false,
            placeholder: "",
            live_placeholder: "",
            hint: "",
            url: "",
            mode: None,
            rule,
        }
    }

    pub(crate) const fn secret(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, FieldKind::Secret, Charset::Token)
    }

    pub(crate) const fn text(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, FieldKind::Text, Charset::Printable)
    }

    pub(crate) const fn email(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, FieldKind::Email, Charset::Printable)
    }

    pub(crate) const fn currency(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, FieldKind::Currency, Charset::Token)
    }

    pub(crate) const fn boolean(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, FieldKind::Boolean, Charset::Token)
    }

    pub(crate) const fn choice(
        name: &'static str,
        label: &'static str,
        choices: &'static [Region],
    ) -> Self {
        let field = Self::new(name, label, FieldKind::Choice, Charset::Token);
        Self { rule: Rule { choices, ..field.rule }, ..field }
    }

    pub(crate) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub(crate) const fn example(self, placeholder: &'static str) -> Self {
        Self { placeholder: described(placeholder), ..self }
    }

    /// An example for each mode.
    pub(crate) const fn examples(self, test: &'static str, live: &'static str) -> Self {
        Self { placeholder: described(test), live_placeholder: described(live), ..self }
    }

    pub(crate) const fn hint(self, hint: &'static str) -> Self {
        Self { hint: described(hint), ..self }
    }

    /// The vendor's page that shows it.
    pub(crate) const fn at(self, url: &'static str) -> Self {
        Self { url: described(url), ..self }
    }

    pub(crate) const fn chooses(self, mode: ModeSwitch) -> Self {
        Self { mode: Some(mode), ..self }
    }

    /// Whether its text has lines, as keys in PEM do.
    pub fn is_multiline(&self) -> bool {
        self.rule.public_key
    }

    pub(crate) const fn prefixes(self, prefixes: &'static [&'static str]) -> Self {
        Self { rule: Rule { prefixes, ..self.rule }, ..self }
    }

    pub(crate) const fn confused_with(
        self,
        confused_with: &'static [(Form, &'static str)],
    ) -> Self {
        Self { rule: Rule { confused_with, ..self.rule }, ..self }
    }

    pub(crate) const fn public_key(self) -> Self {
        let characters = Charset::Any;
        Self { rule: Rule { public_key: true, characters, ..self.rule }, ..self }
    }

    pub(crate) const fn hex_after_prefix(self) -> Self {
        Self { rule: Rule { hex_after_prefix: true, ..self.rule }, ..self }
    }

    pub(crate) const fn of(self, characters: Charset) -> Self {
        Self { rule: Rule { characters, ..self.rule }, ..self }
    }

    pub(crate) const fn length(self, fewest: usize, most: usize) -> Self {
        Self { rule: Rule { length: (fewest, most), ..self.rule }, ..self }
    }
}
