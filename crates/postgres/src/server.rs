use std::error::Error as _;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cgk_credentials::DatabaseError;
use tokio_postgres::config::{SslMode, SslNegotiation, TargetSessionAttrs};
use tokio_postgres::error::SqlState;
use tokio_postgres::{CancelToken, Client, Config, Connection, Error, Socket};

use crate::ConnectionSettings;
use crate::authentication::{Refusal, RequireAuth};
use crate::connection::{Host, Place, SessionNames};
use crate::negotiation::{Negotiation, NegotiationError, Trust, Watched};
use crate::tls::{Mode, TlsConnector};

/// What goes on between a client and the server; ends when the connection does.
pub(crate) type Traffic = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The server that connections are opened to.
pub(crate) struct Server {
    /// Without a host.
    config: Config,
    hosts: Vec<Host>,
    sessions: Vec<TargetSessionAttrs>,
    require_auth: RequireAuth,
    tls: Option<Arc<TlsConnector>>,
    mode: Mode,
    is_direct: bool,
    is_tls_trusted: bool,
    names: Option<SessionNames>,
    /// Whether a pooler turned out to be at the other end.
    is_pooled: Arc<AtomicBool>,
    /// Whether a connection led over a public network to a server whose certificate is not verified.
    is_unverified: AtomicBool,
}

impl Server {
    pub(crate) fn new(settings: &ConnectionSettings) -> Result<Self, DatabaseError> {
        Ok(Self {
            config: settings.config.clone(),
            hosts: settings.hosts.clone(),
            sessions: settings.sessions.clone(),
            require_auth: settings.require_auth.clone(),
            tls: settings.tls.connector()?.map(Arc::new),
            mode: settings.tls.mode,
            is_direct: settings.tls.is_direct,
            is_tls_trusted: settings.tls.is_trusted(),
            names: settings.names.clone(),
            is_pooled: Arc::new(AtomicBool::new(settings.is_pooled)),
            is_unverified: AtomicBool::new(false),
        })
    }

    /// Opens a connection, which closes once its client is dropped.
    pub(crate) async fn connect(&self) -> Result<(Client, Traffic), Error> {
        let mut failure = None;
        for &session in &self.sessions {
            for host in &self.hosts {
                for address in host.addresses().await {
                    match self.connect_to(host, address, session).await {
                        Ok(connected) => return Ok(connected),
                        Err(error) if is_final(&error) => return Err(error),
                        Err(error) => failure = Some(error),
                    }
                }
            }
        }
        match failure {
            Some(error) => Err(error),
            // There is always a host; without one, the driver says so.
            None => self.open(&self.config, self.negotiation(None, false)).await,
        }
    }

    /// Asks the server to stop working on the statement of a connection.
    pub(crate) async fn cancel(&self, token: CancelToken) {
        // Best effort: the caller has its time-out either way.
        let cancelled = token.cancel_query(self.negotiation(self.tls.as_ref(), false)).await;
        if cancelled.is_err() && self.mode == Mode::Preferred {
            let _ = token.cancel_query(self.negotiation(None, false)).await;
        }
    }

    /// Whether a connection led over a public network to a server whose certificate is not verified.
    pub(crate) fn is_unverified(&self) -> bool {
        self.is_unverified.load(Ordering::Relaxed)
    }

    /// Where TLS is preferred but does not work, or is what the server refuses, connects without.
    async fn connect_to(
        &self,
        host: &Host,
        address: Option<IpAddr>,
        session: TargetSessionAttrs,
    ) -> Result<(Client, Traffic), Error> {
        let mut config = self.config.clone();
        config.port(host.port).target_session_attrs(session);
        let is_local = match &host.place {
            Place::Network { name, .. } => {
                config.host(name);
                if let Some(address) = address {
                    config.hostaddr(address);
                }
                // What begins at once is our own negotiation.
                config.ssl_mode(SslMode::Require).ssl_negotiation(SslNegotiation::Direct);
                address.is_some_and(is_private)
            }
            Place::Socket(folder) => {
                set_socket(&mut config, folder);
                config.ssl_mode(SslMode::Disable);
                true
            }
        };
        let negotiation = self.negotiation(self.tls.as_ref(), is_local);
        let connected = match self.open(&config, negotiation).await {
            Err(error) if self.mode == Mode::Preferred && is_about_tls(&error) => {
                match self.open(&config, self.negotiation(None, is_local)).await {
                    // Without TLS the server may only say that it wants TLS.
                    Err(second) if !says_more(&second) => Err(error),
                    connected => connected,
                }
            }
            connected => connected,
        }?;
        if !is_local && !self.is_tls_trusted {
            self.is_unverified.store(true, Ordering::Relaxed);
        }
        Ok(connected)
    }

    async fn open(
        &self,
        config: &Config,
        negotiation: Negotiation,
    ) -> Result<(Client, Traffic), Error> {
        let name = self.names.as_ref().map(|names| self.name(names, config));
        let (client, connection) = connect_as(config, name, negotiation.clone()).await?;
        // The first connection finds out that it leads to a pooler, and is made again.
        let name_now = self.names.as_ref().map(|names| self.name(names, config));
        let (client, connection) = if name == name_now {
            (client, connection)
        } else {
            connect_as(config, name_now, negotiation).await?
        };
        // A loss is the error of the statement that runs.
        Ok((client, Box::pin(async { connection.await.unwrap_or_default() })))
    }

    /// Over the socket of a folder nobody can see whether a pooler listens there.
    fn name<'names>(&self, names: &'names SessionNames, config: &Config) -> &'names str {
        let is_socket = config.get_ssl_mode() == SslMode::Disable;
        if is_socket || self.is_pooled.load(Ordering::Relaxed) { &names.shared } else { &names.own }
    }

    fn negotiation(&self, tls: Option<&Arc<TlsConnector>>, is_local: bool) -> Negotiation {
        Negotiation {
            tls: tls.cloned(),
            is_tls_required: self.mode == Mode::Required,
            is_direct: self.is_direct,
            require_auth: self.require_auth.clone(),
            trust: match (is_local, self.is_tls_trusted) {
                (true, _) => Trust::Everywhere,
                (false, true) => Trust::Encrypted,
                (false, false) => Trust::Nowhere,
            },
            is_pooled: self.is_pooled.clone(),
        }
    }
}

async fn connect_as(
    config: &Config,
    name: Option<&str>,
    negotiation: Negotiation,
) -> Result<(Client, Connection<Socket, Watched>), Error> {
    let mut config = config.clone();
    if let Some(name) = name {
        config.application_name(name);
    }
    config.connect(negotiation).await
}

impl Host {
    /// The addresses of a name, in order. `None` leaves the look-up to the driver: it says why there
    /// is no address.
    async fn addresses(&self) -> Vec<Option<IpAddr>> {
        let name = match &self.place {
            Place::Network { name, address: None } => name.as_str(),
            Place::Network { address, .. } => return vec![*address],
            Place::Socket(_) => return vec![None],
        };
        match tokio::net::lookup_host((name, self.port)).await.map(Iterator::collect::<Vec<_>>) {
            Ok(found) if !found.is_empty() => {
                found.iter().map(|address| Some(address.ip())).collect()
            }
            _ => vec![None],
        }
    }
}

/// Why a server did not get what it asked for, if that is what an error is about.
pub(crate) fn refusal(error: &Error) -> Option<Refusal> {
    let cause = error.source()?.downcast_ref::<io::Error>()?.get_ref()?;
    cause.downcast_ref::<Refusal>().copied()
}

/// Whether a server that is the right one does not let us in: another address is of no use.
fn is_final(error: &Error) -> bool {
    error.code().is_some_and(|state| {
        *state == SqlState::INVALID_PASSWORD
            || *state == SqlState::INVALID_AUTHORIZATION_SPECIFICATION
            || *state == SqlState::INVALID_CATALOG_NAME
    })
}

/// Whether TLS failed, or the server has no rule that lets us in with it.
fn is_about_tls(error: &Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<NegotiationError>());
    matches!(cause, Some(NegotiationError::Handshake(_) | NegotiationError::Refused))
        || error.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION)
}

/// Whether a failure without TLS is about something else than TLS.
fn says_more(error: &Error) -> bool {
    refusal(error).is_some()
        || error.code().is_some_and(|state| *state != SqlState::INVALID_AUTHORIZATION_SPECIFICATION)
}

/// Whether only this machine or its own network can be at an address (RFC 1918, 3927, 4193, 4291).
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            address.is_loopback() || address.is_private() || address.is_link_local()
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

#[cfg(unix)]
fn set_socket(config: &mut Config, folder: &std::path::Path) {
    config.host_path(folder);
}

#[cfg(not(unix))]
fn set_socket(_config: &mut Config, _folder: &std::path::Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_those_of_the_own_network() {
        let cases = [
            ("127.0.0.1", true),
            ("127.8.9.10", true),
            ("10.1.2.3", true),
            ("172.16.0.1", true),
            ("172.32.0.1", false),
            ("192.168.1.1", true),
            ("169.254.1.1", true),
            ("0.0.0.0", false),
            ("100.64.0.1", false),
            ("203.0.113.1", false),
            ("::1", true),
            ("::", false),
            ("fd00::1", true),
            ("fe80::1", true),
            ("2001:db8::1", false),
            ("::ffff:10.0.0.1", true),
            ("::ffff:203.0.113.1", false),
        ];
        for (address, expected) in cases {
            assert_eq!(is_private(address.parse().unwrap()), expected, "{address}");
        }
    }
}
