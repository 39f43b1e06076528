//! Parameters of a connection string, by name.

use cgk_credentials::DatabaseError;

use crate::unknown_parameters::check_unknown;
use crate::url::{UrlParts, invalid};

/// The parameters that have a meaning here.
const KNOWN: [&str; 31] = [
    "application_name",
    "channel_binding",
    "connect_timeout",
    "dbname",
    "fallback_application_name",
    "gssencmode",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "options",
    "password",
    "port",
    "require_auth",
    "ssl",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslaccept",
    "sslcert",
    "sslcertmode",
    "sslkey",
    "sslmode",
    "sslnegotiation",
    "sslrootcert",
    "sslsni",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
];

/// Parameters by name. An empty one counts as left out, unless it chooses between values.
pub(crate) struct Parameters<'url>(&'url [(String, String)]);

impl<'url> Parameters<'url> {
    /// Refuses parameters that are not known and may be about security.
    pub(crate) fn read(url: &'url UrlParts) -> Result<Self, DatabaseError> {
        for (name, _) in &url.parameters {
            if !KNOWN.contains(&name.as_str()) {
                check_unknown(name, url.hides_names)?;
            }
        }
        Ok(Self(&url.parameters))
    }

    fn given(&self, wanted: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }

    pub(crate) fn get(&self, wanted: &str) -> Option<&str> {
        self.given(wanted).filter(|value| !value.is_empty())
    }

    /// A whole number, which is `None` where it is zero or less: then there is no limit.
    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, DatabaseError> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let number: i64 =
            text.parse().map_err(|_| invalid(&format!("{name} must be a whole number")))?;
        Ok(u64::try_from(number).ok().filter(|number| *number > 0))
    }

    /// One of the values that a parameter may have, by what it means.
    pub(crate) fn choice<T: Copy>(
        &self,
        name: &str,
        choices: &[(&str, T)],
    ) -> Result<Option<T>, DatabaseError> {
        let Some(value) = self.given(name) else { return Ok(None) };
        if let Some((_, meaning)) = choices.iter().find(|(text, _)| *text == value) {
            return Ok(Some(*meaning));
        }
        let texts: Vec<_> = choices.iter().map(|(text, _)| *text).collect();
        Err(invalid(&format!("{name} must be one of {}", texts.join(", "))))
    }
}
