//! Which proofs of the password a server may ask for.
//!
//! Drivers answer whatever the server asks, and one that asks for the password in clear text gets
//! it. So the server's messages are read before the driver reads them, up to the end of its log-in.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use cgk_credentials::DatabaseError;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, TlsStream};

use crate::url::invalid;

/// How a client proves who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// Not at all.
    None,
    /// By the password itself.
    Password,
    /// By a hash of the password, which is as good as the password to anyone who sees it.
    Md5,
    /// By a proof that is of no use to anyone else, given to a server that knows the password, too.
    ScramSha256,
}

impl Method {
    fn reveals_password(self) -> bool {
        matches!(self, Self::Password | Self::Md5)
    }

    /// As `require_auth` calls it.
    fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Password => "password",
            Self::Md5 => "md5",
            Self::ScramSha256 => "scram-sha-256",
        }
    }
}

/// `require_auth` of a connection string.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum RequireAuth {
    /// It is not given.
    #[default]
    Unset,
    Only(Vec<Method>),
    Not(Vec<Method>),
}

impl RequireAuth {
    /// Methods, separated by commas; all or none of them with a `!` that excludes them.
    pub(crate) fn parse(text: &str) -> Result<Self, DatabaseError> {
        let names: Vec<_> =
            text.split(',').map(|name| name.trim().strip_prefix('!').ok_or(name.trim())).collect();
        let mut methods = Vec::new();
        for name in &names {
            match name.unwrap_or_else(|name| name) {
                "none" => methods.push(Method::None),
                "password" => methods.push(Method::Password),
                "md5" => methods.push(Method::Md5),
                "scram-sha-256" => methods.push(Method::ScramSha256),
                // Methods that this client never takes part in.
                "gss" | "sspi" | "oauth" => {}
                _ => {
                    return Err(invalid(
                        "require_auth takes none, password, md5 and scram-sha-256, separated by commas, or each with a ! before it",
                    ));
                }
            }
        }
        match (names.iter().all(Result::is_ok), names.iter().all(Result::is_err)) {
            (true, _) => Ok(Self::Not(methods)),
            (_, true) if methods.is_empty() => Err(invalid(
                "require_auth names no method that this client can use; scram-sha-256 is one",
            )),
            (_, true) => Ok(Self::Only(methods)),
            _ => Err(invalid("require_auth names methods either all with or all without a !")),
        }
    }

    /// Whether the server may have this proof. `is_trusted` says that nobody else can be the server
    /// or listen to it.
    fn check(&self, method: Method, is_trusted: bool) -> Result<(), Refusal> {
        let allowed = match self {
            Self::Unset => true,
            Self::Only(methods) => methods.contains(&method),
            Self::Not(methods) => !methods.contains(&method),
        };
        let is_named = matches!(self, Self::Only(_));
        if !allowed {
            Err(Refusal::Excluded(method))
        } else if method.reveals_password() && !is_trusted && !is_named {
            Err(Refusal::Withheld(method))
        } else {
            Ok(())
        }
    }
}

/// Why a server did not get the proof that it asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// `require_auth` does not allow it.
    Excluded(Method),
    /// It would reveal the password to a host that may not be the server.
    Withheld(Method),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Excluded(method) => write!(
                f,
                "The database was not used: it asks for the authentication method {}, which require_auth in POSTGRES_URL excludes",
                method.name(),
            ),
            Self::Withheld(method) => write!(
                f,
                "The password was not sent: the database asks for it {} over a connection that is not verified. Set sslmode=verify-full in POSTGRES_URL (with sslrootcert for a private authority), let the server use scram-sha-256, or add require_auth={} if nobody else can reach the network",
                if *method == Method::Md5 { "as an MD5 hash" } else { "in clear text" },
                method.name(),
            ),
        }
    }
}

impl std::error::Error for Refusal {}

/// A connection whose server gets no proof that `require_auth` or an unverified network forbids.
pub(crate) struct AuthenticationGuard<T> {
    stream: T,
    require_auth: RequireAuth,
    is_trusted: bool,
    progress: Progress,
}

/// How far a server's log-in has been read.
struct Progress {
    /// The start of a message that is not checked yet.
    start: Vec<u8>,
    /// Checked, and for the driver to read.
    checked: Vec<u8>,
    /// Bytes of the message that follow; they decide nothing.
    rest: usize,
    /// Whether the server asked for a proof.
    has_asked: bool,
    /// Whether the server let us in; nothing is read any more.
    is_done: bool,
}

const AUTHENTICATION: u8 = b'R';
/// Type and length of a message.
const HEADER_BYTES: usize = 5;
/// And the code of an authentication request.
const REQUEST_BYTES: usize = 9;

impl<T> AuthenticationGuard<T> {
    pub(crate) fn new(stream: T, require_auth: RequireAuth, is_trusted: bool) -> Self {
        let progress = Progress {
            start: Vec::with_capacity(REQUEST_BYTES),
            checked: Vec::new(),
            rest: 0,
            has_asked: false,
            is_done: false,
        };
        Self { stream, require_auth, is_trusted, progress }
    }

    /// Evaluates a message by its start, once enough of it is there.
    fn evaluate(&mut self) -> io::Result<()> {
        let Progress { start, checked, rest, has_asked, is_done } = &mut self.progress;
        let length = match start.as_slice() {
            [AUTHENTICATION, length @ ..] => {
                let Ok([a, b, c, d, code @ ..]) = <[u8; 8]>::try_from(length) else {
                    return Ok(());
                };
                let method = match u32::from_be_bytes(code) {
                    0 => (!*has_asked).then_some(Method::None),
                    3 => Some(Method::Password),
                    5 => Some(Method::Md5),
                    10 => Some(Method::ScramSha256),
                    // Steps of SCRAM, and methods that the driver refuses.
                    _ => None,
                };
                if let Some(method) = method {
                    self.require_auth.check(method, self.is_trusted).map_err(io::Error::other)?;
                }
                *has_asked = true;
                *is_done = code == [0; 4];
                u32::from_be_bytes([a, b, c, d])
            }
            [_, a, b, c, d] => u32::from_be_bytes([*a, *b, *c, *d]),
            _ => return Ok(()),
        };
        // The length counts itself but not the type.
        *rest = usize::try_from(length)
            .ok()
            .and_then(|length| (length + 1).checked_sub(start.len()))
            .ok_or(io::ErrorKind::InvalidData)?;
        checked.append(start);
        Ok(())
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for AuthenticationGuard<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            let progress = &mut this.progress;
            if !progress.checked.is_empty() {
                let count = progress.checked.len().min(out.remaining());
                out.put_slice(&progress.checked.drain(..count).collect::<Vec<_>>());
                return Poll::Ready(Ok(()));
            }
            if progress.is_done {
                return Pin::new(&mut this.stream).poll_read(cx, out);
            }
            if progress.rest > 0 {
                let most = progress.rest.min(out.remaining());
                let mut limited = ReadBuf::new(out.initialize_unfilled_to(most));
                ready!(Pin::new(&mut this.stream).poll_read(cx, &mut limited))?;
                let count = limited.filled().len();
                progress.rest -= count;
                out.advance(count);
                return Poll::Ready(Ok(()));
            }
            let needed = match progress.start.first() {
                Some(&AUTHENTICATION) => REQUEST_BYTES,
                _ => HEADER_BYTES,
            };
            let mut bytes = vec![0; needed.saturating_sub(progress.start.len())];
            let mut buffer = ReadBuf::new(&mut bytes);
            ready!(Pin::new(&mut this.stream).poll_read(cx, &mut buffer))?;
            if buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            progress.start.extend_from_slice(buffer.filled());
            this.evaluate()?;
        }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for AuthenticationGuard<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl<T: TlsStream + Unpin> TlsStream for AuthenticationGuard<T> {
    fn channel_binding(&self) -> ChannelBinding {
        self.stream.channel_binding()
    }
}

#[cfg(test)]
mod tests {
    use std::slice;
    use std::task::Waker;

    use super::*;

    /// A server's messages, which arrive in pieces.
    struct Pieces {
        bytes: Vec<u8>,
        size: usize,
    }

    impl AsyncRead for Pieces {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            out: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            let count = self.size.min(out.remaining()).min(self.bytes.len());
            out.put_slice(&self.bytes.drain(..count).collect::<Vec<_>>());
            Poll::Ready(Ok(()))
        }
    }

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
        [&[kind][..], &length, body].concat()
    }

    fn request(code: u32, rest: &[u8]) -> Vec<u8> {
        message(AUTHENTICATION, &[&code.to_be_bytes(), rest].concat())
    }

    /// What the driver gets to read, and why it gets no more.
    fn read(
        messages: &[Vec<u8>],
        require_auth: &str,
        is_trusted: bool,
        size: usize,
    ) -> (Vec<u8>, Option<String>) {
        let require_auth = match require_auth {
            "" => RequireAuth::Unset,
            text => RequireAuth::parse(text).unwrap(),
        };
        let pieces = Pieces { bytes: messages.concat(), size };
        let mut guarded = AuthenticationGuard::new(pieces, require_auth, is_trusted);
        let mut context = Context::from_waker(Waker::noop());
        let mut all = Vec::new();
        loop {
            let mut bytes = [0; 64];
            let mut out = ReadBuf::new(&mut bytes);
            match Pin::new(&mut guarded).poll_read(&mut context, &mut out) {
                Poll::Ready(Ok(())) if out.filled().is_empty() => return (all, None),
                Poll::Ready(Ok(())) => all.extend_from_slice(out.filled()),
                Poll::Ready(Err(error)) => return (all, Some(error.to_string())),
                Poll::Pending => panic!("it waits for nothing"),
            }
        }
    }

    #[test]
    fn a_server_that_may_be_another_one_does_not_get_the_password() {
        let cases = [
            (request(3, &[]), "", false, Some("in clear text")),
            (request(5, b"salt"), "", false, Some("as an MD5 hash")),
            (request(10, b"SCRAM-SHA-256\0\0"), "", false, None),
            (request(0, &[]), "", false, None),
            (request(3, &[]), "", true, None),
            (request(5, b"salt"), "", true, None),
            (request(3, &[]), "password", false, None),
            (request(5, b"salt"), "password,md5", false, None),
            (request(5, b"salt"), "password", true, Some("require_auth")),
            (request(3, &[]), "scram-sha-256", true, Some("require_auth")),
            (request(3, &[]), "!md5", false, Some("in clear text")),
            (request(3, &[]), "!password", true, Some("require_auth")),
            (request(0, &[]), "scram-sha-256", true, Some("require_auth")),
            (request(0, &[]), "!none", true, Some("require_auth")),
            (request(0, &[]), "none,scram-sha-256", false, None),
        ];
        for (asked, require_auth, is_trusted, expected) in cases {
            for size in [1, 2, 5, 7, 100] {
                let (seen, refusal) = read(slice::from_ref(&asked), require_auth, is_trusted, size);
                match expected {
                    None => assert_eq!((seen, refusal), (asked.clone(), None)),
                    Some(words) => {
                        assert_eq!(seen, b"", "{require_auth}");
                        let refusal = refusal.unwrap();
                        assert!(refusal.contains(words), "{refusal}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_request_behind_other_messages_is_found() {
        let notice = message(b'N', b"SNOTICE\0\0");
        let empty = message(b'N', b"");
        let messages = [notice.clone(), empty.clone(), request(10, b"SCRAM\0\0"), request(3, &[])];
        for size in [1, 3, 100] {
            let (seen, refusal) = read(&messages, "", false, size);
            assert_eq!(seen, messages[..3].concat());
            assert!(refusal.unwrap().contains("in clear text"));
        }
    }

    #[test]
    fn once_the_server_let_us_in_nothing_is_read() {
        let messages = [
            request(10, b"SCRAM-SHA-256\0\0"),
            request(11, b"r=1"),
            request(12, b"v=1"),
            request(0, &[]),
            b"Rnot a message".to_vec(),
        ];
        for size in [1, 4, 100] {
            let (seen, refusal) = read(&messages, "scram-sha-256", false, size);
            assert_eq!((seen, refusal), (messages.concat(), None));
        }
    }

    #[test]
    fn an_impossible_length_is_an_error() {
        for bytes in [b"N\0\0\0\x03".to_vec(), b"R\0\0\0\x07\0\0\0\x0a".to_vec()] {
            let (seen, error) = read(&[bytes], "", false, 100);
            assert_eq!(seen, b"");
            assert!(error.is_some());
        }
    }
}
