//! Parameters of a connection string that have no meaning here.

use cgk_credentials::DatabaseError;

use crate::url::{invalid, shown};

/// Parameters of poolers, other drivers and ORMs, and those of libpq that change nothing here.
const IGNORED: [&str; 45] = [
    "binary_parameters",
    "client_encoding",
    "connection_limit",
    "connection_timeout",
    "encoding",
    "gssdelegation",
    "gsslib",
    "idle_in_transaction_session_timeout",
    "idle_timeout",
    "krbsrvname",
    "load_balance_hosts",
    "lock_timeout",
    "max",
    "max_protocol_version",
    "maxUses",
    "min",
    "min_protocol_version",
    "pgbouncer",
    "pool",
    "pool_max_conns",
    "pool_mode",
    "pool_size",
    "pool_timeout",
    "poolSize",
    "prepare",
    "prepareThreshold",
    "prepared_statement_cache_size",
    "prepared_statement_name_func",
    "prepared_statements",
    "preparedStatements",
    "query_timeout",
    "reWriteBatchedInserts",
    "replication",
    "schema",
    "search_path",
    "serverVersion",
    "simple_protocol",
    "single_use_connections",
    "socket_timeout",
    "sslcompression",
    "statement_cache_size",
    "statement_timeout",
    "supa",
    "uselibpqcompat",
    "workaround",
];

/// What the names of parameters about TLS and authentication have in common.
const SECURITY_WORDS: [&str; 14] = [
    "auth", "bind", "cert", "crl", "crypt", "gss", "krb", "oauth", "pass", "peer", "scram",
    "secur", "ssl", "tls",
];

/// Names that others are misspellings of, without their underscores.
const SECURITY_NAMES: [&str; 6] =
    ["channelbinding", "requireauth", "sslmode", "sslnegotiation", "sslrootcert", "verifyfull"];

/// Letters that are wrong in a misspelling, at most.
const MAX_WRONG_LETTERS: usize = 2;

/// Refuses an unknown parameter that may be about security, because ignoring it would weaken a
/// connection silently. Any other is meant for another driver.
pub(crate) fn check_unknown(name: &str, is_hidden: bool) -> Result<(), DatabaseError> {
    if IGNORED.contains(&name) || !concerns_security(name) {
        return Ok(());
    }
    let advice = "what is known about TLS and authentication is sslmode, sslrootcert, sslcert, sslkey, sslnegotiation, ssl_min_protocol_version, ssl_max_protocol_version, channel_binding and require_auth";
    Err(invalid(&format!("its parameter {} is not known; {advice}", shown(name, is_hidden))))
}

fn concerns_security(name: &str) -> bool {
    let letters: Vec<char> = name
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    let text: String = letters.iter().collect();
    SECURITY_WORDS.iter().any(|word| text.contains(word))
        || SECURITY_NAMES.iter().any(|known| distance(&letters, known) <= MAX_WRONG_LETTERS)
}

/// How many letters are missing, wrong or too many.
fn distance(letters: &[char], known: &str) -> usize {
    let mut row: Vec<usize> = (0..=letters.len()).collect();
    for (line, expected) in known.chars().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        let mut next = vec![left];
        for (letter, above) in letters.iter().zip(row.iter().skip(1)) {
            let replaced = diagonal + usize::from(*letter != expected);
            left = replaced.min(left + 1).min(above + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_parameter_about_tls_is_refused() {
        let names = [
            "sslmod",
            "slmode",
            "ssmode",
            "ssl_mode",
            "SSLMODE",
            "sslMode",
            "sslmdoe",
            "tls",
            "tlsmode",
            "requireauth",
            "require_auht",
            "requier_auth",
            "chanel_binding",
            "sslcrl",
            "passfile",
            "sslpassword",
            "requirepeer",
            "scram_client_key",
            "oauth_issuer",
            "requiressl",
        ];
        for name in names {
            let error = check_unknown(name, false).expect_err(name);
            assert_eq!(error.code(), "CONFIG_INVALID");
        }
    }

    #[test]
    fn parameters_of_others_are_ignored() {
        for name in IGNORED.iter().chain(&["endpoint", "role", "mode", "tcp_nodelay", "x"]) {
            assert_eq!(check_unknown(name, false), Ok(()), "{name}");
        }
    }

    #[test]
    fn a_password_that_is_taken_for_a_parameter_is_not_shown() {
        let error = check_unknown("ssl-hunter2!", false).expect_err("it was accepted");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
