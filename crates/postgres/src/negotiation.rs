//! The start of a connection: whether it is encrypted, and what the server may ask for.
//!
//! The driver's own negotiation gives no sight of what the server asks for where it turns out not to
//! offer TLS. So the driver is configured to begin TLS at once, and what it begins is this.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio_postgres::Socket;
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::authentication::{AuthenticationGuard, RequireAuth};
use crate::process_id::ProcessIdWatch;
use crate::tls::{self, TlsConnector};

/// `SSLRequest` (PostgreSQL's protocol, "Message Formats"): its length and its code.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// What is agreed with a server before the driver speaks to it.
#[derive(Clone)]
pub(crate) struct Negotiation {
    /// `None` where the connection stays as it is.
    pub(crate) tls: Option<Arc<TlsConnector>>,
    pub(crate) is_tls_required: bool,
    pub(crate) is_direct: bool,
    pub(crate) require_auth: RequireAuth,
    pub(crate) trust: Trust,
    /// Set once a pooler turns out to be at the other end.
    pub(crate) is_pooled: Arc<AtomicBool>,
}

/// A connection as the driver gets it.
pub(crate) type Watched = ProcessIdWatch<AuthenticationGuard<Channel>>;

/// Where no one else can be the server or listen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    Nowhere,
    /// Where TLS came about.
    Encrypted,
    /// The server is on this machine or in its own network.
    Everywhere,
}

/// Why TLS did not come about.
#[derive(Debug)]
pub(crate) enum NegotiationError {
    Io(io::Error),
    NotOffered,
    /// The server answered with an error, or something else than its protocol has.
    Refused,
    Handshake(io::Error),
}

impl fmt::Display for NegotiationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::NotOffered => {
                f.write_str("the server does not offer TLS, which the URL requires")
            }
            Self::Refused => f.write_str("the server refuses to negotiate TLS"),
            Self::Handshake(error) => f.write_str(&tls::explain(error)),
        }
    }
}

impl std::error::Error for NegotiationError {}

impl MakeTlsConnect<Socket> for Negotiation {
    type Stream = Watched;
    type TlsConnect = HostNegotiation;
    type Error = Infallible;

    fn make_tls_connect(&mut self, host: &str) -> Result<Self::TlsConnect, Self::Error> {
        Ok(HostNegotiation { negotiation: self.clone(), host: host.to_owned() })
    }
}

/// The negotiation with one host.
pub(crate) struct HostNegotiation {
    negotiation: Negotiation,
    host: String,
}

impl TlsConnect<Socket> for HostNegotiation {
    type Stream = Watched;
    type Error = NegotiationError;
    type Future = Pin<Box<dyn Future<Output = Result<Watched, NegotiationError>> + Send>>;

    fn connect(self, socket: Socket) -> Self::Future {
        Box::pin(async move {
            let Self { negotiation, host } = self;
            let channel = match &negotiation.tls {
                None => Channel::Plain(socket),
                Some(tls) => negotiation.secure(tls, socket, &host).await?,
            };
            let is_trusted = match negotiation.trust {
                Trust::Nowhere => false,
                Trust::Encrypted => matches!(channel, Channel::Encrypted { .. }),
                Trust::Everywhere => true,
            };
            let guarded = AuthenticationGuard::new(channel, negotiation.require_auth, is_trusted);
            Ok(ProcessIdWatch::new(guarded, negotiation.is_pooled))
        })
    }
}

impl Negotiation {
    async fn secure(
        &self,
        tls: &TlsConnector,
        mut socket: Socket,
        host: &str,
    ) -> Result<Channel, NegotiationError> {
        if !self.is_direct {
            socket.write_all(&SSL_REQUEST).await.map_err(NegotiationError::Io)?;
            // No byte more: what follows is TLS, or what the driver reads.
            match socket.read_u8().await.map_err(NegotiationError::Io)? {
                b'S' => {}
                b'N' if self.is_tls_required => return Err(NegotiationError::NotOffered),
                b'N' => return Ok(Channel::Plain(socket)),
                _ => return Err(NegotiationError::Refused),
            }
        }
        let (mut connector, verifier) = tls.one();
        let Ok(handshake) = MakeTlsConnect::<Socket>::make_tls_connect(&mut connector, host);
        let stream = handshake.connect(socket).await.map_err(NegotiationError::Handshake)?;
        Ok(Channel::Encrypted { stream: Box::new(stream), is_bindable: verifier.is_owned() })
    }
}

type EncryptedSocket = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;

/// A connection to the server, as it was agreed.
pub(crate) enum Channel {
    Plain(Socket),
    Encrypted {
        stream: Box<EncryptedSocket>,
        /// Whether a log-in may be bound to the server's certificate.
        is_bindable: bool,
    },
}

impl AsyncRead for Channel {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, out),
            Self::Encrypted { stream, .. } => Pin::new(stream).poll_read(cx, out),
        }
    }
}

impl AsyncWrite for Channel {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Encrypted { stream, .. } => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Encrypted { stream, .. } => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Encrypted { stream, .. } => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

impl TlsStream for Channel {
    fn channel_binding(&self) -> ChannelBinding {
        match self {
            Self::Encrypted { stream, is_bindable: true } => stream.channel_binding(),
            Self::Encrypted { .. } | Self::Plain(_) => ChannelBinding::none(),
        }
    }
}
