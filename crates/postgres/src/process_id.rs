//! Whether the other end of a connection is the server itself or a pooler.
//!
//! Both give the client the id of the process that serves it, for cancelling. A pooler, which shares few
//! processes among many clients, makes one up: 32 random bits, more than any system gives a process.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, TlsStream};

/// The greatest id of a process on Linux, where it is greater than elsewhere.
const MAX_PROCESS_ID: u32 = 1 << 22;

/// Types of messages (PostgreSQL's protocol, "Message Formats").
const BACKEND_KEY_DATA: u8 = b'K';
const READY_FOR_QUERY: u8 = b'Z';
/// Type and length of a message.
const HEADER_BYTES: usize = 5;
/// And the id of a process.
const KEY_DATA_BYTES: usize = 9;

/// A connection that notes what serves it, and changes nothing of what is read.
pub(crate) struct ProcessIdWatch<T> {
    stream: T,
    /// Set once a pooler turns out to be at the other end.
    is_pooled: Arc<AtomicBool>,
    /// The start of a message.
    start: Vec<u8>,
    /// Bytes of the message that follow; they say nothing.
    rest: usize,
    /// Whether the server is ready, so that nothing is looked at any more.
    is_done: bool,
}

impl<T> ProcessIdWatch<T> {
    pub(crate) fn new(stream: T, is_pooled: Arc<AtomicBool>) -> Self {
        let start = Vec::with_capacity(KEY_DATA_BYTES);
        Self { stream, is_pooled, start, rest: 0, is_done: false }
    }

    fn look_at(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if self.is_done {
                return;
            }
            if self.rest > 0 {
                self.rest -= 1;
            } else {
                self.start.push(byte);
                self.evaluate();
            }
        }
    }

    /// Evaluates a message by its start, once enough of it is there.
    fn evaluate(&mut self) {
        match *self.start.as_slice() {
            [READY_FOR_QUERY, ..] => self.is_done = true,
            [BACKEND_KEY_DATA, _, _, _, _, a, b, c, d] => {
                if u32::from_be_bytes([a, b, c, d]) > MAX_PROCESS_ID {
                    self.is_pooled.store(true, Ordering::Relaxed);
                }
                self.is_done = true;
            }
            [BACKEND_KEY_DATA, ..] => {}
            [_, a, b, c, d] => {
                // The length counts itself but not the type.
                let rest = usize::try_from(u32::from_be_bytes([a, b, c, d]))
                    .ok()
                    .and_then(|length| (length + 1).checked_sub(HEADER_BYTES));
                match rest {
                    Some(rest) => self.rest = rest,
                    None => self.is_done = true,
                }
                self.start.clear();
            }
            _ => {}
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for ProcessIdWatch<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = out.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(cx, out))?;
        if !this.is_done {
            this.look_at(out.filled().get(before..).unwrap_or_default());
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for ProcessIdWatch<T> {
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

impl<T: TlsStream + Unpin> TlsStream for ProcessIdWatch<T> {
    fn channel_binding(&self) -> ChannelBinding {
        self.stream.channel_binding()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
        [&[kind][..], &length, body].concat()
    }

    fn key_data(process: u32) -> Vec<u8> {
        message(BACKEND_KEY_DATA, &[process.to_be_bytes(), [9; 4]].concat())
    }

    /// Whether messages, which arrive in pieces, come from a pooler.
    fn is_pooled(messages: &[Vec<u8>], size: usize) -> bool {
        let found = Arc::new(AtomicBool::new(false));
        let mut watch = ProcessIdWatch::new((), found.clone());
        messages.concat().chunks(size).for_each(|piece| watch.look_at(piece));
        found.load(Ordering::Relaxed)
    }

    #[test]
    fn an_id_that_no_process_has_is_a_poolers() {
        let before = [
            message(b'R', &[0; 4]),
            message(b'S', b"server_version\x0018\0"),
            // Looks like the message that follows, and is a text.
            message(b'N', &key_data(u32::MAX)),
        ];
        let ready = message(READY_FOR_QUERY, b"I");
        for size in [1, 3, 100] {
            for (process, expected) in [
                (1, false),
                (MAX_PROCESS_ID, false),
                (MAX_PROCESS_ID + 1, true),
                (0x8000_0001, true),
            ] {
                let messages = [&before[..], &[key_data(process), ready.clone()]].concat();
                assert_eq!(is_pooled(&messages, size), expected, "{process}");
            }
        }
    }

    #[test]
    fn what_follows_the_start_and_what_is_no_message_says_nothing() {
        let late = [message(READY_FOR_QUERY, b"I"), key_data(u32::MAX)];
        let second = [key_data(7), key_data(u32::MAX)];
        let odd = [b"N\0\0\0\x03".to_vec(), key_data(u32::MAX)];
        for messages in [late, second, odd] {
            assert!(!is_pooled(&messages, 2));
        }
    }
}
