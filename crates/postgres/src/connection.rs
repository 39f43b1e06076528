use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use cgk_credentials::DatabaseError;
use tokio_postgres::Config;
use tokio_postgres::config::{ChannelBinding, TargetSessionAttrs};

use crate::authentication::RequireAuth;
use crate::parameters::Parameters;
use crate::tls::Tls;
use crate::tls_parameters::read_tls;
use crate::url::{UrlParts, invalid};

const APPLICATION_NAME: &str = "cgk-integrations";
const DEFAULT_PORT: u16 = 5432;

/// Where the server is and how to speak to it, read from a connection string.
pub struct ConnectionSettings {
    /// Without a host: each of `hosts` is tried in turn.
    pub(crate) config: Config,
    pub(crate) hosts: Vec<Host>,
    /// What a session must be, in the order in which it is asked of all hosts.
    pub(crate) sessions: Vec<TargetSessionAttrs>,
    pub(crate) tls: Tls,
    pub(crate) require_auth: RequireAuth,
    /// What sessions are called, unless the connection string says it.
    pub(crate) names: Option<SessionNames>,
    /// Whether it says that it leads to a pooler. Others are recognised when they are connected to.
    pub(crate) is_pooled: bool,
}

/// What sessions are called on the server: `application_name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionNames {
    /// The name where the server itself is at the other end.
    pub own: String,
    /// The name where a pooler may be, whose sessions belong to one client after the other.
    pub shared: String,
}

/// One place where the server may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Host {
    pub(crate) place: Place,
    pub(crate) port: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// The name that its certificate is for; and its address, unless that is looked up.
    Network { name: String, address: Option<IpAddr> },
    /// The folder of its socket.
    Socket(PathBuf),
}

impl ConnectionSettings {
    /// Reads a `postgres://` or `postgresql://` URL. Its parameters mean what they mean to libpq,
    /// and those that libpq does not have what they mean to node-postgres:
    ///
    /// | `sslmode` | meaning |
    /// | --- | --- |
    /// | `disable` | no TLS |
    /// | `prefer` (default), `allow` | TLS if the server offers it, certificate not checked |
    /// | `require` | TLS; the certificate is checked as in `verify-ca` if `sslrootcert` is given |
    /// | `no-verify` | TLS, certificate not checked |
    /// | `verify-ca` | TLS, and the certificate chains to a trusted root |
    /// | `verify-full` | and it was issued for this host |
    ///
    /// `ssl=true` is `verify-full`. `sslrootcert` is a PEM file, or `system` for the roots of the
    /// operating system, which are also what `verify-ca` and `verify-full` use without it.
    ///
    /// Errors name the part that is wrong and never quote the connection string, which holds a
    /// password.
    pub fn parse(url: &str) -> Result<Self, DatabaseError> {
        let parts = UrlParts::read(url)?;
        let parameters = Parameters::read(&parts)?;
        let hosts = read_hosts(&parts, &parameters)?;
        let require_auth =
            parameters.get("require_auth").map_or(Ok(RequireAuth::Unset), RequireAuth::parse)?;
        let has_socket = hosts.iter().any(|host| matches!(host.place, Place::Socket(_)));
        if has_socket && require_auth != RequireAuth::Unset {
            return Err(invalid("require_auth cannot be checked over a Unix socket: leave it out"));
        }
        if !matches!(parameters.get("gssencmode"), None | Some("disable" | "prefer")) {
            return Err(invalid(
                "gssencmode must be disable or prefer: GSS encryption is not supported",
            ));
        }
        let is_named = given_name(&parameters).is_some();
        let default =
            || SessionNames { own: APPLICATION_NAME.into(), shared: APPLICATION_NAME.into() };
        Ok(Self {
            names: (!is_named).then(default),
            is_pooled: names_pooler(&hosts, &parameters),
            config: read_config(&parts, &parameters)?,
            hosts,
            sessions: read_sessions(&parameters)?,
            tls: read_tls(&parameters)?,
            require_auth,
        })
    }

    /// Calls sessions so, unless the connection string has a name for them.
    #[must_use]
    pub fn with_names(mut self, names: SessionNames) -> Self {
        self.names = self.names.map(|_| names);
        self
    }
}

/// As hosts of Neon and Supabase do, and what Prisma reads.
fn names_pooler(hosts: &[Host], parameters: &Parameters<'_>) -> bool {
    let is_pooler = |host: &Host| match &host.place {
        Place::Network { name, .. } => name.contains("pooler"),
        Place::Socket(_) => false,
    };
    parameters.get("pgbouncer") == Some("true") || hosts.iter().any(is_pooler)
}

/// The name that a connection string gives to sessions.
fn given_name<'url>(parameters: &'url Parameters<'_>) -> Option<&'url str> {
    let names = ["application_name", "fallback_application_name"];
    names.iter().find_map(|name| parameters.get(name))
}

fn read_config(parts: &UrlParts, parameters: &Parameters<'_>) -> Result<Config, DatabaseError> {
    let mut config = Config::new();
    if let Some(user) = parameters.get("user").or(parts.user.as_deref()) {
        config.user(user);
    }
    let password = parameters.get("password").map(str::as_bytes).or(parts.password.as_deref());
    if let Some(password) = password {
        config.password(password);
    }
    if let Some(database) = parameters.get("dbname").or(parts.database.as_deref()) {
        config.dbname(database);
    }
    if let Some(options) = parameters.get("options") {
        config.options(options);
    }
    if let Some(name) = given_name(parameters) {
        config.application_name(name);
    }
    let bindings = [
        ("disable", ChannelBinding::Disable),
        ("prefer", ChannelBinding::Prefer),
        ("require", ChannelBinding::Require),
    ];
    if let Some(binding) = parameters.choice("channel_binding", &bindings)? {
        config.channel_binding(binding);
    }
    if let Some(seconds) = parameters.number("connect_timeout")? {
        config.connect_timeout(Duration::from_secs(seconds));
    }
    if let Some(milliseconds) = parameters.number("tcp_user_timeout")? {
        config.tcp_user_timeout(Duration::from_millis(milliseconds));
    }
    if parameters.get("keepalives").is_some() {
        config.keepalives(parameters.number("keepalives")?.is_some());
    }
    if let Some(seconds) = parameters.number("keepalives_idle")? {
        config.keepalives_idle(Duration::from_secs(seconds));
    }
    if let Some(seconds) = parameters.number("keepalives_interval")? {
        config.keepalives_interval(Duration::from_secs(seconds));
    }
    for name in ["keepalives_count", "keepalives_retries"] {
        if let Some(count) = parameters.number(name)? {
            config.keepalives_retries(u32::try_from(count).unwrap_or(u32::MAX));
        }
    }
    Ok(config)
}

/// `primary` and `standby` are read as what the driver can ask a session: whether it takes writes.
fn read_sessions(parameters: &Parameters<'_>) -> Result<Vec<TargetSessionAttrs>, DatabaseError> {
    use TargetSessionAttrs::{Any, ReadOnly, ReadWrite};
    let sessions: [(&str, &[TargetSessionAttrs]); 6] = [
        ("any", &[Any]),
        ("read-write", &[ReadWrite]),
        ("read-only", &[ReadOnly]),
        ("primary", &[ReadWrite]),
        ("standby", &[ReadOnly]),
        ("prefer-standby", &[ReadOnly, Any]),
    ];
    let chosen = parameters.choice("target_session_attrs", &sessions)?;
    Ok(chosen.unwrap_or(&[Any]).to_vec())
}

/// The parameters `host`, `hostaddr` and `port` stand in the place of what comes before the `?`.
fn read_hosts(url: &UrlParts, parameters: &Parameters<'_>) -> Result<Vec<Host>, DatabaseError> {
    let list = |name: &str| -> Option<Vec<&str>> {
        parameters.get(name).map(|value| value.split(',').collect())
    };
    let written = || url.hosts.iter();
    let names = list("host").unwrap_or_else(|| written().map(|(name, _)| name.as_str()).collect());
    let ports = list("port").unwrap_or_else(|| {
        written().map(|(_, port)| port.as_deref().unwrap_or_default()).collect()
    });
    let addresses = list("hostaddr").unwrap_or_default();
    let count = names.len().max(addresses.len());
    for (part, found) in [("host", names.len()), ("hostaddr", addresses.len())] {
        if found > 0 && found != count {
            return Err(invalid(&format!("{part} must name as many servers as the others")));
        }
    }
    if ports.len() > 1 && ports.len() != count {
        return Err(invalid("port must name one port, or one for each host"));
    }
    let hosts: Vec<_> = (0..count)
        .map(|index| {
            let name = names.get(index).copied().unwrap_or_default();
            let address = addresses.get(index).copied().unwrap_or_default();
            let port = ports.get(index).or(ports.first()).copied().unwrap_or_default();
            Ok(Host { place: read_place(name, address)?, port: read_port(port)? })
        })
        .collect::<Result<_, DatabaseError>>()?;
    if hosts.is_empty() {
        return Err(invalid("it names no host"));
    }
    Ok(hosts)
}

fn read_place(name: &str, address: &str) -> Result<Place, DatabaseError> {
    if name.starts_with('/') {
        return if cfg!(unix) {
            Ok(Place::Socket(PathBuf::from(name)))
        } else {
            Err(invalid("its host is the folder of a Unix socket, which this system does not have"))
        };
    }
    let address = match address {
        "" => None,
        text => {
            Some(text.parse::<IpAddr>().map_err(|_| invalid("hostaddr must be an IP address"))?)
        }
    };
    let name = match (name, address) {
        ("", None) => return Err(invalid("it names no host")),
        ("", Some(address)) => address.to_string(),
        (name, _) => name.to_owned(),
    };
    if name.chars().any(|letter| {
        letter.is_whitespace() || letter.is_control() || "\"'`<>\\@/?#".contains(letter)
    }) {
        return Err(invalid("its host holds a character that no host name has"));
    }
    Ok(Place::Network { name, address })
}

fn read_port(text: &str) -> Result<u16, DatabaseError> {
    match text {
        "" => Ok(DEFAULT_PORT),
        text => text
            .parse()
            .ok()
            .filter(|port| *port > 0)
            .ok_or_else(|| invalid("its port must be a number from 1 to 65535")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::{Mode, Roots, Verification};

    fn url(parameters: &str) -> String {
        format!("postgres://user:p%40ss@db.example:6543/shop{parameters}")
    }

    fn parse(parameters: &str) -> ConnectionSettings {
        ConnectionSettings::parse(&url(parameters)).unwrap()
    }

    fn refused(url: &str) -> String {
        let Err(error) = ConnectionSettings::parse(url) else { panic!("{url} was accepted") };
        assert_eq!(error.code(), "CONFIG_INVALID");
        error.to_string()
    }

    fn network(name: &str, address: Option<&str>, port: u16) -> Host {
        let address = address.map(|address| address.parse().unwrap());
        Host { place: Place::Network { name: name.to_owned(), address }, port }
    }

    #[test]
    fn the_url_of_a_hosted_database_is_read() {
        let settings = parse("?sslmode=require&channel_binding=require&pgbouncer=true");
        assert_eq!(settings.hosts, [network("db.example", None, 6543)]);
        assert_eq!(settings.config.get_user(), Some("user"));
        assert_eq!(settings.config.get_password(), Some(&b"p@ss"[..]));
        assert_eq!(settings.config.get_dbname(), Some("shop"));
        assert_eq!(settings.tls.mode, Mode::Required);
        assert_eq!(settings.config.get_channel_binding(), ChannelBinding::Require);
    }

    #[test]
    fn a_name_in_the_url_stays_the_name_of_its_sessions() {
        let names = SessionNames { own: "own".to_owned(), shared: "shared".to_owned() };
        let name = |parameters: &str| {
            let settings = parse(parameters).with_names(names.clone());
            (settings.names, settings.config.get_application_name().map(str::to_owned))
        };
        assert_eq!(name(""), (Some(names.clone()), None));
        assert_eq!(name("?application_name="), (Some(names.clone()), None));
        for parameter in ["application_name", "fallback_application_name"] {
            assert_eq!(name(&format!("?{parameter}=shop")), (None, Some("shop".to_owned())));
        }
        assert_eq!(parse("").names.unwrap().own, "cgk-integrations");
    }

    #[test]
    fn a_pooler_that_the_url_names_is_known_before_it_is_connected_to() {
        let is_pooled = |url: &str| ConnectionSettings::parse(url).unwrap().is_pooled;
        assert!(is_pooled(&url("?pgbouncer=true")));
        assert!(is_pooled("postgres://u:p@ep-cool-name-pooler.eu.db.example/shop"));
        assert!(is_pooled("postgres://u:p@aws-0-eu.pooler.db.example:6543/shop"));
        for parameters in ["", "?pgbouncer=false", "?pgbouncer="] {
            assert!(!is_pooled(&url(parameters)), "{parameters}");
        }
    }

    #[test]
    fn tls_modes_mean_what_they_mean_elsewhere() {
        use Mode::{Preferred, Required};
        use Verification::{Chain, ChainAndHost};
        let file = || Roots::File("/etc/my ca.pem".to_owned());
        let cases = [
            ("", Preferred, Verification::None),
            ("?sslmode=prefer", Preferred, Verification::None),
            ("?sslmode=allow", Preferred, Verification::None),
            ("?sslmode=disable", Mode::Off, Verification::None),
            ("?sslmode=require", Required, Verification::None),
            ("?sslmode=no-verify", Required, Verification::None),
            ("?sslmode=no-verify&sslrootcert=/etc/my%20ca.pem", Required, Verification::None),
            ("?sslmode=verify-ca", Required, Chain(Roots::System)),
            ("?sslmode=verify-full", Required, ChainAndHost(Roots::System)),
            ("?sslmode=require&sslrootcert=/etc/my%20ca.pem", Required, Chain(file())),
            ("?sslmode=verify-full&sslrootcert=system", Required, ChainAndHost(Roots::System)),
            ("?sslrootcert=system", Required, ChainAndHost(Roots::System)),
            ("?ssl=true", Required, ChainAndHost(Roots::System)),
            ("?ssl=1&sslrootcert=/etc/my%20ca.pem", Required, ChainAndHost(file())),
            ("?ssl=0", Mode::Off, Verification::None),
            ("?ssl=false", Mode::Off, Verification::None),
            ("?ssl=true&sslmode=require", Required, Verification::None),
            ("?sslnegotiation=direct", Required, ChainAndHost(Roots::System)),
            ("?sslmode=require&sslaccept=strict", Required, ChainAndHost(Roots::System)),
            ("?sslmode=require&sslaccept=accept_invalid_certs", Required, Verification::None),
            // The last one of a name holds, however it is written.
            ("?sslmode=disable&sslmode=verify-full", Required, ChainAndHost(Roots::System)),
            ("?sslmode=disable&ssl%6Dode=require", Required, Verification::None),
        ];
        for (parameters, mode, verification) in cases {
            let tls = parse(parameters).tls;
            assert_eq!((tls.mode, tls.verification), (mode, verification), "{parameters}");
        }
    }

    #[test]
    fn only_certificates_of_known_authorities_are_trusted_with_a_password() {
        let cases = [
            ("?sslmode=require", false),
            ("?sslmode=no-verify", false),
            ("?sslmode=verify-ca", false),
            ("?sslmode=verify-ca&sslrootcert=/root.pem", true),
            ("?sslmode=require&sslrootcert=/root.pem", true),
            ("?sslmode=verify-full", true),
        ];
        for (parameters, expected) in cases {
            assert_eq!(parse(parameters).tls.is_trusted(), expected, "{parameters}");
        }
    }

    #[test]
    fn every_form_of_a_host_is_read() {
        let cases = [
            ("postgres://db.example", vec![network("db.example", None, 5432)]),
            ("POSTGRESQL://u@db.example:", vec![network("db.example", None, 5432)]),
            ("postgres://u:p@[::1]:6543/db", vec![network("::1", None, 6543)]),
            (
                "postgres://a:1,b,c:3/db",
                vec![network("a", None, 1), network("b", None, 5432), network("c", None, 3)],
            ),
            ("postgres:///db?host=a,b&port=7", vec![network("a", None, 7), network("b", None, 7)]),
            ("postgres://a:1/db?host=b&host=c&port=2", vec![network("c", None, 2)]),
            (
                "postgres://db.example/db?hostaddr=10.0.0.1",
                vec![network("db.example", Some("10.0.0.1"), 5432)],
            ),
            ("postgres:///db?hostaddr=10.0.0.1", vec![network("10.0.0.1", Some("10.0.0.1"), 5432)]),
        ];
        for (url, hosts) in cases {
            assert_eq!(ConnectionSettings::parse(url).unwrap().hosts, hosts, "{url}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_of_sockets_is_a_host() {
        let socket = [Host { place: Place::Socket(PathBuf::from("/run/postgres")), port: 5432 }];
        for url in ["postgres://u@%2Frun%2Fpostgres/db", "postgres:///db?host=/run/postgres"] {
            assert_eq!(ConnectionSettings::parse(url).unwrap().hosts, socket, "{url}");
        }
    }

    #[test]
    fn sessions_of_newer_servers_are_read() {
        use TargetSessionAttrs::{Any, ReadOnly, ReadWrite};
        let cases: [(&str, &[TargetSessionAttrs]); 5] = [
            ("", &[Any]),
            ("?target_session_attrs=read-write", &[ReadWrite]),
            ("?target_session_attrs=primary", &[ReadWrite]),
            ("?target_session_attrs=standby", &[ReadOnly]),
            ("?target_session_attrs=prefer-standby", &[ReadOnly, Any]),
        ];
        for (parameters, sessions) in cases {
            assert_eq!(parse(parameters).sessions, sessions, "{parameters}");
        }
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
            "postgres://user:hunter2@db example/shop",
            "postgres://user:%ff@db.example/shop?hunter2-ssl=%ff",
        ];
        for url in urls {
            let sentence = refused(url);
            assert!(!sentence.contains("hunter2"), "{sentence}");
        }
    }

    #[test]
    fn the_end_of_a_password_is_not_taken_for_the_name_of_a_parameter() {
        for password in ["1?mysslword=", "1/?mysslword=", "1@a?mysslword=", "1?myword=%ff"] {
            let sentence = refused(&format!("postgres://user:{password}@db.example/shop"));
            assert!(!sentence.contains("word"), "{sentence}");
        }
        let sentence = refused("postgres://user:p@db.example/shop?sslword=");
        assert!(sentence.contains("sslword"), "{sentence}");
    }

    #[test]
    fn a_sentence_names_the_part_that_is_wrong() {
        let cases = [
            ("mysql://u:p@db.example/shop", "postgres://"),
            ("postgres://u:p@db.example:port/shop", "port"),
            ("postgres://u:p@db.example:0/shop", "port"),
            ("postgres://u:p@::1/shop", "brackets"),
            ("postgres://u:p@[::1/shop", "brackets"),
            ("postgres://u:p@/shop", "host"),
            ("postgres://u:p@db.example/%ff", "database name"),
            ("postgres://%ff:p@db.example/shop", "user"),
            ("postgres://u:p@db.example/%00", "database name"),
            ("postgres://u:%00@db.example/shop", "password"),
            ("postgres://u%00:p@db.example/shop", "user"),
            ("postgres://u:p@a,b/shop?port=1,2,3", "port"),
            ("postgres://u:p@a,b/shop?hostaddr=10.0.0.1", "hostaddr"),
        ];
        for (url, part) in cases {
            let sentence = refused(url);
            assert!(sentence.contains(part), "{url}: {sentence}");
            assert!(!sentence.contains("percent-encode"), "{url}: {sentence}");
        }
        let parameters = [
            "connect_timeout=abc",
            "keepalives=on",
            "tcp_user_timeout=1s",
            "target_session_attrs=master",
            "hostaddr=db.example",
            "sslmode=",
            "sslmode=Require",
            "ssl=yes",
            "sslaccept=maybe",
            "sslnegotiation=later",
            "sslcert=/client.pem",
            "sslcertmode=require",
            "sslsni=yes",
            "ssl_min_protocol_version=SSLv3",
            "ssl_max_protocol_version=TLSv1",
            "channel_binding=maybe",
            "gssencmode=require",
            "require_auth=kerberos",
            "require_auth=gss",
            "require_auth=!md5,password",
            "sslcrl=/list.pem",
            "sslmod=require",
        ];
        for parameter in parameters {
            let name = parameter.split('=').next().unwrap();
            let sentence = refused(&url(&format!("?{parameter}")));
            assert!(sentence.contains(name), "{parameter}: {sentence}");
            assert!(!sentence.contains("percent-encode"), "{parameter}: {sentence}");
        }
        let weak = refused(&url("?sslmode=prefer&sslnegotiation=direct"));
        assert!(weak.contains("sslnegotiation"), "{weak}");
    }

    #[test]
    fn a_raw_character_in_the_password_is_named_as_the_cause() {
        for password in ["p#ss", "p@ss", "p/ss", "p?ss", "1/ss", "1?ss", "p@/ss", "p/s@s", "#", "@"]
        {
            for rest in ["", "?sslmode=require"] {
                let url = format!("postgres://user:{password}@db.example:5432/shop{rest}");
                let sentence = refused(&url);
                assert!(sentence.contains("password"), "{url}: {sentence}");
                assert!(sentence.contains("percent-encode"), "{url}: {sentence}");
            }
        }
    }

    #[test]
    fn a_password_may_hold_anything_that_is_percent_encoded() {
        for (written, password) in [
            ("%23%40%2F%3F%25", &b"#@/?%"[..]),
            ("a:b", b"a:b"),
            ("100%", b"100%"),
            ("%ff", b"\xff"),
            ("p+s", b"p+s"),
        ] {
            let url = format!("postgres://user:{written}@db.example/shop");
            let settings = ConnectionSettings::parse(&url).unwrap();
            assert_eq!(settings.config.get_password(), Some(password), "{written}");
        }
    }
}
