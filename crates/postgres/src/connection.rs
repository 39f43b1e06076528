use cgk_credentials::DatabaseError;
use percent_encoding::percent_decode_str;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

use crate::tls::{Roots, Tls, Verification};

const APPLICATION_NAME: &str = "cgk-integrations";

/// Parameters that go on to the driver; `sslmode` and `sslrootcert` are read here. Others are for
/// other drivers (`pgbouncer=true`, `connection_limit`, …) and mean nothing to this one.
const DRIVER_PARAMETERS: [&str; 16] = [
    "application_name",
    "channel_binding",
    "connect_timeout",
    "dbname",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "options",
    "password",
    "port",
    "sslnegotiation",
    "target_session_attrs",
    "user",
];

/// Where the server is and how to speak to it, read from a connection string.
pub struct ConnectionSettings {
    pub(crate) config: Config,
    pub(crate) tls: Tls,
}

impl ConnectionSettings {
    /// Reads a `postgres://` or `postgresql://` URL with the TLS parameters of libpq:
    ///
    /// | `sslmode` | meaning |
    /// | --- | --- |
    /// | `disable` | no TLS |
    /// | `prefer` (default) | TLS if the server offers it, certificate not checked |
    /// | `require` | TLS; the certificate is checked as in `verify-ca` if `sslrootcert` is given |
    /// | `verify-ca` | TLS, and the certificate chains to a trusted root |
    /// | `verify-full` | and it was issued for this host |
    ///
    /// `sslrootcert` is a PEM file, or `system` for the roots of the operating system, which are
    /// also what `verify-ca` and `verify-full` use without it. `channel_binding` may be `disable`,
    /// `prefer` or `require`.
    ///
    /// Errors never quote the connection string, which holds a password.
    pub fn parse(url: &str) -> Result<Self, DatabaseError> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(invalid("it must start with postgres:// or postgresql://"));
        }
        let (address, query) = url.split_once('?').unwrap_or((url, ""));
        let parameters: Vec<(&str, &str)> = query
            .split('&')
            .filter(|parameter| !parameter.is_empty())
            .map(|parameter| parameter.split_once('=').unwrap_or((parameter, "")))
            .collect();
        let value_of = |wanted: &str| {
            parameters.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value)
        };
        let tls = read_tls(value_of("sslmode"), value_of("sslrootcert"))?;

        let passed_on: Vec<_> = parameters
            .iter()
            .filter(|(name, _)| DRIVER_PARAMETERS.contains(name))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut config: Config = format!("{address}?{}", passed_on.join("&"))
            .parse()
            .map_err(|_| invalid("it can not be read; special characters in the password must be percent-encoded"))?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(invalid("it names no host"));
        }
        config.ssl_mode(tls.driver_mode());
        if config.get_application_name().is_none() {
            config.application_name(APPLICATION_NAME);
        }
        Ok(Self { config, tls })
    }
}

fn read_tls(mode: Option<&str>, root_file: Option<&str>) -> Result<Tls, DatabaseError> {
    let roots = match root_file {
        None | Some("" | "system") => Roots::System,
        Some(path) => Roots::File(percent_decode_str(path).decode_utf8_lossy().into_owned()),
    };
    Ok(match mode.unwrap_or("prefer") {
        "disable" => Tls::Off,
        "prefer" | "allow" => Tls::On { mode: SslMode::Prefer, verification: Verification::None },
        "require" => {
            let verification =
                if root_file.is_some() { Verification::Chain(roots) } else { Verification::None };
            Tls::On { mode: SslMode::Require, verification }
        }
        "verify-ca" => Tls::On { mode: SslMode::Require, verification: Verification::Chain(roots) },
        "verify-full" => {
            Tls::On { mode: SslMode::Require, verification: Verification::ChainAndHost(roots) }
        }
        _ => {
            return Err(invalid(
                "sslmode must be disable, prefer, require, verify-ca or verify-full",
            ));
        }
    })
}

fn invalid(reason: &str) -> DatabaseError {
    DatabaseError::ConfigInvalid(format!("The database URL is not valid: {reason}"))
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::{ChannelBinding, Host};

    use super::*;

    fn parse(parameters: &str) -> ConnectionSettings {
        let url = format!("postgres://user:p%40ss@db.example:6543/shop{parameters}");
        ConnectionSettings::parse(&url).unwrap()
    }

    #[test]
    fn the_url_of_a_hosted_database_is_read() {
        let settings = parse("?sslmode=require&channel_binding=require&pgbouncer=true");
        assert_eq!(settings.config.get_hosts(), [Host::Tcp("db.example".to_owned())]);
        assert_eq!(settings.config.get_ports(), [6543]);
        assert_eq!(settings.config.get_password(), Some(&b"p@ss"[..]));
        assert_eq!(settings.config.get_dbname(), Some("shop"));
        assert_eq!(settings.config.get_ssl_mode(), SslMode::Require);
        assert_eq!(settings.config.get_channel_binding(), ChannelBinding::Require);
        assert_eq!(settings.config.get_application_name(), Some("cgk-integrations"));
    }

    #[test]
    fn tls_modes_follow_libpq() {
        let cases = [
            ("", SslMode::Prefer, Verification::None),
            ("?sslmode=prefer", SslMode::Prefer, Verification::None),
            ("?sslmode=require", SslMode::Require, Verification::None),
            ("?sslmode=verify-ca", SslMode::Require, Verification::Chain(Roots::System)),
            ("?sslmode=verify-full", SslMode::Require, Verification::ChainAndHost(Roots::System)),
            (
                "?sslmode=require&sslrootcert=/etc/my%20ca.pem",
                SslMode::Require,
                Verification::Chain(Roots::File("/etc/my ca.pem".to_owned())),
            ),
            (
                "?sslmode=verify-full&sslrootcert=system",
                SslMode::Require,
                Verification::ChainAndHost(Roots::System),
            ),
        ];
        for (parameters, mode, verification) in cases {
            assert_eq!(parse(parameters).tls, Tls::On { mode, verification }, "{parameters}");
        }
        assert_eq!(parse("?sslmode=disable").tls, Tls::Off);
    }

    #[test]
    fn a_bad_url_is_refused_without_repeating_it() {
        let urls = [
            "",
            "mysql://user:hunter2@db.example/shop",
            "host=db.example password=hunter2",
            "postgres://user:hunter2@db.example:port/shop",
            "postgres://user:hunter2@db.example/shop?sslmode=hunter2",
            "postgres://user:hunter2@db.example/shop?channel_binding=hunter2",
            "postgres:///shop?password=hunter2",
        ];
        for url in urls {
            let Err(error) = ConnectionSettings::parse(url) else { panic!("{url} was accepted") };
            assert_eq!(error.code(), "CONFIG_INVALID");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
}
