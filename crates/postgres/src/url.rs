//! The parts of a connection string. Sentences name the part that is wrong and never quote it: what
//! is taken for the host may be the end of a password.

use cgk_credentials::DatabaseError;
use percent_encoding::percent_decode_str;

const SCHEMES: [&str; 2] = ["postgres", "postgresql"];

/// What to do about a character that ends a part of a URL and stands in the middle of one.
const PERCENT_ENCODE: &str = "percent-encode the password (# is %23, / is %2F, ? is %3F, @ is %40), and other parts likewise";

/// A connection string, taken apart and decoded.
#[derive(Default)]
pub(crate) struct UrlParts {
    pub(crate) user: Option<String>,
    pub(crate) password: Option<Vec<u8>>,
    /// Names, addresses or folders of sockets, with their ports, as they were written.
    pub(crate) hosts: Vec<(String, Option<String>)>,
    pub(crate) database: Option<String>,
    /// What follows the `?`. Of parameters of one name the last one holds.
    pub(crate) parameters: Vec<(String, String)>,
    /// Whether what follows the `?` may be the end of a password that holds one, since a `@`
    /// follows. Then no name of a parameter is shown.
    pub(crate) hides_names: bool,
}

impl UrlParts {
    pub(crate) fn read(url: &str) -> Result<Self, DatabaseError> {
        let (address, query) = split_off(after_scheme(url)?, '?');
        let (authority, database) = split_off(address, '/');
        let (credentials, hosts) = match authority.split_once('@') {
            Some((credentials, hosts)) => (Some(credentials), hosts),
            None => (None, authority),
        };
        check_reserved(url, hosts, database, query, credentials.is_some())?;

        let hides_names = query.is_some_and(|text| text.contains('@'));
        let mut parts = Self { hosts: read_hosts(hosts)?, hides_names, ..Self::default() };
        if let Some(credentials) = credentials {
            let (user, password) = split_off(credentials, ':');
            parts.user = decode(user, "user")?;
            let password: Option<Vec<u8>> = password.map(|text| percent_decode_str(text).collect());
            check_nul(password.as_deref().unwrap_or_default(), "password")?;
            parts.password = password;
        }
        parts.database = decode(database.unwrap_or_default(), "database name")?;
        for parameter in query.unwrap_or_default().split('&').filter(|text| !text.is_empty()) {
            let (name, value) = split_off(parameter, '=');
            let name = decode(name, "name of a parameter")?.unwrap_or_default();
            let part = shown(&name, hides_names);
            let value = decode(value.unwrap_or_default(), part)?.unwrap_or_default();
            parts.parameters.retain(|(earlier, _)| *earlier != name);
            parts.parameters.push((name, value));
        }
        Ok(parts)
    }
}

/// A sentence for a URL that cannot be used.
pub(crate) fn invalid(reason: &str) -> DatabaseError {
    DatabaseError::ConfigInvalid(format!("The database URL is not valid: {reason}"))
}

fn after_scheme(url: &str) -> Result<&str, DatabaseError> {
    match url.split_once("://") {
        Some((scheme, rest)) if SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme)) => {
            Ok(rest)
        }
        _ => Err(invalid("it must start with postgres:// or postgresql://")),
    }
}

/// Refuses characters that show that a part ended too early, most often the password.
fn check_reserved(
    url: &str,
    hosts: &str,
    database: Option<&str>,
    query: Option<&str>,
    has_credentials: bool,
) -> Result<(), DatabaseError> {
    if url.contains('#') {
        return Err(invalid(&format!("it holds a #: {PERCENT_ENCODE}")));
    }
    // The name of the first parameter, or what is taken for it.
    let first_name = query.map_or("", |query| split_off(split_off(query, '&').0, '=').0);
    let ended_early = hosts.contains('@')
        || database.is_some_and(|database| database.contains('@'))
        || first_name.contains('@')
        || (!has_credentials && has_odd_port(hosts) && url.contains('@'));
    if ended_early {
        return Err(invalid(&format!(
            "the password holds a /, ? or @ that ends it too early: {PERCENT_ENCODE}"
        )));
    }
    Ok(())
}

/// Whether a port is none, as where a password was cut at a `/` or `?`.
fn has_odd_port(hosts: &str) -> bool {
    split_off(hosts, ':').1.is_some_and(|port| port.parse::<u16>().is_err())
}

fn read_hosts(text: &str) -> Result<Vec<(String, Option<String>)>, DatabaseError> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    text.split(',')
        .map(|entry| {
            let (host, port) = match entry.strip_prefix('[') {
                Some(rest) => {
                    let (host, rest) = rest.split_once(']').ok_or_else(unclosed)?;
                    let port = match (rest, rest.strip_prefix(':')) {
                        ("", _) => None,
                        (_, Some(port)) => Some(port),
                        (_, None) => return Err(unclosed()),
                    };
                    (host, port)
                }
                None => split_off(entry, ':'),
            };
            if port.is_some_and(|port| port.contains(':')) {
                return Err(unclosed());
            }
            Ok((decode(host, "host")?.unwrap_or_default(), port.map(str::to_owned)))
        })
        .collect()
}

fn unclosed() -> DatabaseError {
    invalid("an IPv6 address stands in brackets, as in [::1]:5432")
}

/// What stands before and behind a character; nothing stands behind one that is missing.
fn split_off(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, behind)| (before, Some(behind)))
}

fn decode(text: &str, part: &str) -> Result<Option<String>, DatabaseError> {
    if text.is_empty() {
        return Ok(None);
    }
    let decoded = percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| invalid(&format!("its {part} is not UTF-8")))?;
    check_nul(decoded.as_bytes(), part)?;
    Ok(Some(decoded.into_owned()))
}

/// The protocol ends a text where a NUL stands.
fn check_nul(decoded: &[u8], part: &str) -> Result<(), DatabaseError> {
    if decoded.contains(&0) {
        return Err(invalid(&format!("its {part} must not contain NUL characters (%00)")));
    }
    Ok(())
}

/// A parameter's name, if it can only be one: anything else may be the end of a password.
pub(crate) fn shown(name: &str, is_hidden: bool) -> &str {
    let is_plain = name.len() <= 32 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if is_plain && !is_hidden { name } else { "parameter" }
}
