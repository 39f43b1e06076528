//! Texts as they are meant: what copying brings along is taken off here and nowhere else, and what is
//! left is checked against the rule of its field.

use super::currency::is_currency;
use super::rsa_public_key::to_spki_pem;
use crate::CredentialError;
use crate::catalog::{Charset, Field, FieldKind, MAX_FIELD_BYTES, Rule};

/// The text as it is meant, which fits its field or is empty.
pub(super) fn clean(field: &Field, text: &str) -> Result<String, CredentialError> {
    let mut text = trim_copy(field, text).to_owned();
    if field.kind == FieldKind::Currency {
        text.make_ascii_uppercase();
    }
    if text.is_empty() {
        return Ok(text);
    }
    if field.rule.public_key {
        return to_spki_pem(&text).ok_or_else(|| not_a_public_key(field.name));
    }
    check(field, &text)?;
    Ok(text)
}

fn not_a_public_key(name: &'static str) -> CredentialError {
    let rule = "must be a whole RSA public key of 2048 or more bits, as the vendor publishes it: -----BEGIN PUBLIC KEY-----";
    CredentialError::field(name, format!("{name} {rule}"))
}

/// The text as it is meant: without the white space that copying brings along, and without what
/// stands around a value in an env file, a shell or a header.
pub(super) fn trim_copy<'a>(field: &Field, text: &'a str) -> &'a str {
    let text = trim(text);
    match (field.kind, field.rule.characters) {
        // Quotes may belong to a name.
        (FieldKind::Text, Charset::Printable) => text,
        (FieldKind::Secret, Charset::Token) => {
            let value = without_name(text);
            let value = trim(without_quotes(value));
            value.strip_prefix("Bearer ").map_or(value, trim)
        }
        _ => trim(without_quotes(text)),
    }
}

/// Checks a cleaned text that is not empty. The sentence names the field and the rule, and
/// repeats nothing of the text.
pub(crate) fn check(field: &Field, text: &str) -> Result<(), CredentialError> {
    let Rule { prefixes, characters, length: (fewest, most), .. } = field.rule;
    let name = field.name;
    let confused = field.rule.confused_with.iter().find(|(form, _)| form.fits(text));
    if let Some((_, sentence)) = confused {
        return Err(CredentialError::field(name, format!("{name}: {sentence}")));
    }
    if field.kind == FieldKind::Secret && characters == Charset::Token {
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
        let range = if fewest == most { fewest.to_string() } else { format!("{fewest} to {most}") };
        return Err(CredentialError::field(name, format!("{name} must have {range} characters")));
    }
    let hex = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
    if field.rule.hex_after_prefix && !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        let message = format!("{name} must consist of hexadecimal digits after its prefix");
        return Err(CredentialError::field(name, message));
    }
    match field.kind {
        FieldKind::Choice if !field.rule.choices.iter().any(|choice| choice.value == text) => {
            let values: Vec<_> = field.rule.choices.iter().map(|choice| choice.value).collect();
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

pub(super) fn check_secret(name: &'static str, text: &str) -> Result<(), CredentialError> {
    check_text(name, text)?;
    if text.is_empty() {
        let advice = "must not be empty: leave it out to keep it";
        return Err(CredentialError::field(name, format!("{name} {advice}")));
    }
    Ok(())
}

pub(super) fn check_text(name: &'static str, text: &str) -> Result<(), CredentialError> {
    if text.len() > MAX_FIELD_BYTES {
        return Err(CredentialError::field(name, format!("{name} must not be longer than 64 KiB")));
    }
    if text.contains('\0') {
        return Err(contains_nul(name));
    }
    Ok(())
}

pub(super) fn contains_nul(name: &'static str) -> CredentialError {
    CredentialError::field(name, format!("{name} must not contain NUL characters"))
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
        "this is masked, as pages show a key that they no longer show in full: copy the key itself"
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
            assert_eq!(trim_copy(&field, pasted), "re_1", "{pasted:?}");
        }
        assert_eq!(trim_copy(&field, "\"re_1"), "\"re_1");
        assert_eq!(trim_copy(&field, "\""), "\"");
        let key = Field::text("publishableKey", "Publishable key").of(Charset::Token);
        assert_eq!(trim_copy(&key, "'pk_1'"), "pk_1");
        assert_eq!(trim_copy(&Field::text("name", "Name"), " \"Shop\" "), "\"Shop\"");
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
            assert!(check(&field, good).is_ok(), "{good}");
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
            assert!(check(&field, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn lengths_and_characters_have_their_boundaries() {
        let field = Field::text("id", "Id").of(Charset::Hex).length(4, 4);
        assert!(check(&field, "00fF").is_ok());
        for (bad, message) in [
            ("00f", "id must have 4 characters"),
            ("00fff", "id must have 4 characters"),
            ("00fg", "id must consist of hexadecimal digits"),
        ] {
            assert_eq!(check(&field, bad).unwrap_err().to_string(), message);
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
            let message = check(&secret, bad).unwrap_err().to_string();
            assert!(message.starts_with(start), "{message}");
        }
        // Nothing real: padding, and names that are none.
        for good in ["AB==", "A=b", "a_b=c", "AIza_B=="] {
            assert_eq!((trim_copy(&secret, good), check(&secret, good)), (good, Ok(())));
        }
    }
}
