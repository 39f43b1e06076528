//! What a field of a service's input looks like, and the check that a value fits.

use crate::CredentialError;
use crate::currency::is_currency;
use crate::input::MAX_FIELD_BYTES;
use crate::verification::Region;

/// A field of a service's input, as forms show it and saves check it.
#[derive(Debug)]
pub struct Field {
    /// Name in the input object; `metadata.x` stands for the property `x` of `metadata`.
    pub name: &'static str,
    /// Name shown to people: the vendor's own word for it.
    pub label: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether the service can not be used without it.
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
    /// Text in clear.
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
    pub characters: Characters,
    /// Fewest and most characters.
    pub length: (usize, usize),
}

/// What tells one kind of credential from another.
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
    fn fits(self, text: &str) -> bool {
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
pub enum Characters {
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

impl Characters {
    fn allow(self, character: char) -> bool {
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

    fn description(self) -> &'static str {
        match self {
            Self::Printable => "text on one line",
            Self::Any => "text",
            Self::Token => "ASCII letters, digits and punctuation without spaces",
            Self::Hex => "hexadecimal digits",
            Self::BucketName => "lower-case letters, digits, hyphens and dots",
        }
    }
}

/// Only forms show it, which are made from the generated types: it is not in what runs.
const fn for_forms(text: &'static str) -> &'static str {
    if cfg!(any(feature = "typescript", test)) { text } else { "" }
}

impl Field {
    const fn new(
        name: &'static str,
        label: &'static str,
        kind: FieldKind,
        characters: Characters,
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
        Self::new(name, label, FieldKind::Secret, Characters::Token)
    }

    pub(crate) const fn text(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, FieldKind::Text, Characters::Printable)
    }

    pub(crate) const fn email(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, FieldKind::Email, Characters::Printable)
    }

    pub(crate) const fn currency(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, FieldKind::Currency, Characters::Token)
    }

    pub(crate) const fn boolean(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, FieldKind::Boolean, Characters::Token)
    }

    pub(crate) const fn choice(
        name: &'static str,
        label: &'static str,
        choices: &'static [Region],
    ) -> Self {
        let field = Self::new(name, label, FieldKind::Choice, Characters::Token);
        Self { rule: Rule { choices, ..field.rule }, ..field }
    }

    pub(crate) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub(crate) const fn example(self, placeholder: &'static str) -> Self {
        Self { placeholder: for_forms(placeholder), ..self }
    }

    /// An example for each mode.
    pub(crate) const fn examples(self, test: &'static str, live: &'static str) -> Self {
        Self { placeholder: for_forms(test), live_placeholder: for_forms(live), ..self }
    }

    pub(crate) const fn hint(self, hint: &'static str) -> Self {
        Self { hint: for_forms(hint), ..self }
    }

    /// The vendor's page that shows it.
    pub(crate) const fn at(self, url: &'static str) -> Self {
        Self { url: for_forms(url), ..self }
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
        let characters = Characters::Any;
        Self { rule: Rule { public_key: true, characters, ..self.rule }, ..self }
    }

    pub(crate) const fn hex_after_prefix(self) -> Self {
        Self { rule: Rule { hex_after_prefix: true, ..self.rule }, ..self }
    }

    pub(crate) const fn of(self, characters: Characters) -> Self {
        Self { rule: Rule { characters, ..self.rule }, ..self }
    }

    pub(crate) const fn length(self, fewest: usize, most: usize) -> Self {
        Self { rule: Rule { length: (fewest, most), ..self.rule }, ..self }
    }

    /// The text as it is meant: without the white space that copying brings along, and without what
    /// stands around a value in an env file, a shell or a header.
    pub(crate) fn clean<'a>(&self, text: &'a str) -> &'a str {
        let text = trim(text);
        match (self.kind, self.rule.characters) {
            // Quotes may belong to a name.
            (FieldKind::Text, Characters::Printable) => text,
            (FieldKind::Secret, Characters::Token) => {
                let value = without_name(text);
                let value = trim(without_quotes(value));
                value.strip_prefix("Bearer ").map_or(value, trim)
            }
            _ => trim(without_quotes(text)),
        }
    }

    /// Checks a cleaned text that is not empty. The sentence names the field and the rule, and
    /// repeats nothing of the text.
    pub(crate) fn check(&self, text: &str) -> Result<(), CredentialError> {
        let Rule { prefixes, characters, length: (fewest, most), .. } = self.rule;
        let name = self.name;
        let confused = self.rule.confused_with.iter().find(|(form, _)| form.fits(text));
        if let Some((_, sentence)) = confused {
            return Err(CredentialError::field(name, format!("{name}: {sentence}")));
        }
        if self.kind == FieldKind::Secret && characters == Characters::Token {
            check_copy(name, text)?;
        }
        if !prefixes.is_empty() && !prefixes.iter().any(|prefix| text.starts_with(prefix)) {
            let prefixes = prefixes.join(" or ");
            return Err(CredentialError::field(name, format!("{name} must start with {prefixes}")));
        }
        if !text.chars().all(|character| characters.allow(character)) {
            let what = characters.description();
            return Err(CredentialError::field(name, format!("{name} must consist of {what}")));
        }
        let length = text.chars().count();
        if length < fewest || length > most {
            let range =
                if fewest == most { fewest.to_string() } else { format!("{fewest} to {most}") };
            return Err(CredentialError::field(
                name,
                format!("{name} must have {range} characters"),
            ));
        }
        let hex = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
        if self.rule.hex_after_prefix && !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            let message = format!("{name} must consist of hexadecimal digits after its prefix");
            return Err(CredentialError::field(name, message));
        }
        match self.kind {
            FieldKind::Choice if !self.rule.choices.iter().any(|choice| choice.value == text) => {
                let values: Vec<_> = self.rule.choices.iter().map(|choice| choice.value).collect();
                let message = format!("{name} must be one of {}", values.join(", "));
                Err(CredentialError::field(name, message))
            }
            FieldKind::Email if !is_mailbox(text) => Err(CredentialError::field(
                name,
                format!(
                    "{name} must be an e-mail address such as name@example.com or Name <name@example.com>"
                ),
            )),
            FieldKind::Currency if !is_currency(text) => Err(CredentialError::field(
                name,
                format!("{name} must be an ISO 4217 currency code such as USD or EUR"),
            )),
            _ => Ok(()),
        }
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches(|character: char| character.is_whitespace() || is_invisible(character))
}

/// What shows nothing, and comes along from documents and chats: the default-ignorable characters of
/// Unicode's `DerivedCoreProperties.txt`, with the marks that turn the direction of writing.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Refuses what was not copied whole from where the vendor shows it.
fn check_copy(name: &'static str, text: &str) -> Result<(), CredentialError> {
    let is_masked = text.contains("***")
        || text.contains("...")
        || text.contains(['\u{2022}', '\u{2026}', '\u{25cf}', '\u{b7}']);
    let sentence = if is_masked {
        "this is masked, as pages show a key that they no longer tell: copy the key itself"
    } else if text.contains(is_invisible) {
        "an invisible character stands in it: copy it again, from where the vendor shows it"
    } else if text.contains(char::is_whitespace) && text.is_ascii() {
        "white space stands in it: copy the key alone"
    } else {
        return Ok(());
    };
    Err(CredentialError::field(name, format!("{name}: {sentence}")))
}

/// The value of `NAME=value`, perhaps after `export`.
fn without_name(text: &str) -> &str {
    let assignment = text.strip_prefix("export ").map_or(text, trim);
    match assignment.split_once('=') {
        Some((name, value)) if is_variable(name.trim_end()) => trim(value),
        _ => text,
    }
}

/// Whether environments have such names, and keys are none.
fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.contains('_')
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

fn without_quotes(text: &str) -> &str {
    const QUOTES: [(char, char); 5] =
        [('"', '"'), ('\'', '\''), ('`', '`'), ('\u{201c}', '\u{201d}'), ('\u{2018}', '\u{2019}')];
    QUOTES
        .iter()
        .find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close))
        .unwrap_or(text)
}

/// An address, or a name and an address in angle brackets (RFC 5322, section 3.4).
fn is_mailbox(text: &str) -> bool {
    match text.strip_suffix('>').and_then(|text| text.split_once('<')) {
        Some((name, address)) => !name.contains(['<', '>', '@']) && is_email(address),
        None => is_email(text),
    }
}

/// One address (RFC 5321, section 4.1.2) without quoted local parts, address literals and
/// single-label domains, none of which a mail service accepts.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_atom = |part: &str| {
        !part.is_empty()
            && part.chars().all(|character| {
                character.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(character)
            })
    };
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|character| character.is_ascii_alphanumeric() || character == '-')
    };
    local.len() <= 64
        && domain.len() <= 253
        && local.split('.').all(is_atom)
        && domain.contains('.')
        && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_white_space_and_quotes_are_trimmed() {
        let field = Field::secret("apiKey", "API key");
        for pasted in [
            "re_1",
            " re_1\n",
            "\"re_1\"",
            "'re_1'",
            " \" re_1 \" ",
            "`re_1`",
            "\u{feff}re_1\u{200b}",
            "\u{201c}re_1\u{201d}",
            "\u{2060}re_1\u{202e}",
            "RESEND_API_KEY=re_1",
            "RESEND_API_KEY = re_1",
            "export RESEND_API_KEY=\"re_1\"",
            "Bearer re_1",
        ] {
            assert_eq!(field.clean(pasted), "re_1", "{pasted:?}");
        }
        assert_eq!(field.clean("\"re_1"), "\"re_1");
        assert_eq!(field.clean("\""), "\"");
        let key = Field::text("publishableKey", "Publishable key").of(Characters::Token);
        assert_eq!(key.clean("'pk_1'"), "pk_1");
        assert_eq!(Field::text("name", "Name").clean(" \"Shop\" "), "\"Shop\"");
    }

    #[test]
    fn email_addresses() {
        let field = Field::email("replyTo", "Reply to");
        for good in [
            "a@b.co",
            "first.last+tag@mail.example.com",
            "o'neil@xn--bcher-kva.example",
            "Name <a@b.co>",
            "\"Shop, Inc.\" <a@b.co>",
            "Müller <a@b.co>",
            "<a@b.co>",
        ] {
            assert!(field.check(good).is_ok(), "{good}");
        }
        for bad in [
            "a",
            "a@b",
            "@b.co",
            "a@",
            "a@b..co",
            "a@-b.co",
            "a b@c.co",
            "Name <a@b.co",
            "Name a@b.co",
            "Name <a@b.co> <c@d.co>",
            "a@b.co <c@d.co>",
            "Name <a b@c.co>",
            "Name <a@b.co>\r\nBcc: x@y.co",
            "a@b.co,c@d.co",
            "a@b.co\r\nBcc: x@y.co",
            "a..b@c.co",
            "a@b_c.co",
        ] {
            assert!(field.check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn lengths_and_characters_have_their_boundaries() {
        let field = Field::text("id", "Id").of(Characters::Hex).length(4, 4);
        assert!(field.check("00fF").is_ok());
        for (bad, message) in [
            ("00f", "id must have 4 characters"),
            ("00fff", "id must have 4 characters"),
            ("00fg", "id must consist of hexadecimal digits"),
        ] {
            assert_eq!(field.check(bad).unwrap_err().to_string(), message);
        }
        let secret = Field::secret("apiKey", "API key");
        for (bad, start) in [
            ("a b", "apiKey: white space stands in it"),
            ("a\tb", "apiKey: white space stands in it"),
            ("a\r\nX-Header: 1", "apiKey: white space stands in it"),
            ("ä", "apiKey must consist of ASCII"),
            ("a\u{2060}b", "apiKey: an invisible character stands in it"),
            ("a\u{202e}b", "apiKey: an invisible character stands in it"),
            ("sk_test_****abcd", "apiKey: this is masked"),
            ("sk-...abcd", "apiKey: this is masked"),
            ("sk_live_\u{2022}\u{2022}\u{2022}\u{2022}", "apiKey: this is masked"),
        ] {
            let message = secret.check(bad).unwrap_err().to_string();
            assert!(message.starts_with(start), "{message}");
        }
        // Nothing real: padding, and names that are none.
        for good in ["AB==", "A=b", "a_b=c", "AIza_B=="] {
            assert_eq!((secret.clean(good), secret.check(good)), (good, Ok(())));
        }
    }
}
