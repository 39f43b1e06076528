use std::pin::Pin;

use cgk_credentials::DatabaseError;
use tokio_postgres::{CancelToken, Client, Config, Error, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::ConnectionSettings;

/// What goes on between a client and the server; ends when the connection does.
pub(crate) type Traffic = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The server that connections are opened to.
pub(crate) struct Server {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Server {
    pub(crate) fn new(settings: &ConnectionSettings) -> Result<Self, DatabaseError> {
        Ok(Self { config: settings.config.clone(), tls: settings.tls.connector()? })
    }

    /// Opens a connection, which closes once its client is dropped.
    pub(crate) async fn connect(&self) -> Result<(Client, Traffic), Error> {
        if let Some(tls) = self.tls.clone() {
            let (client, connection) = self.config.connect(tls).await?;
            Ok((client, ending_silently(connection)))
        } else {
            let (client, connection) = self.config.connect(NoTls).await?;
            Ok((client, ending_silently(connection)))
        }
    }

    /// Asks the server to stop working on the statement of a connection.
    pub(crate) async fn cancel(&self, token: CancelToken) {
        // Best effort: the caller has its time-out either way.
        let _ = match self.tls.clone() {
            Some(tls) => token.cancel_query(tls).await,
            None => token.cancel_query(NoTls).await,
        };
    }
}

/// Whoever runs a statement is told of a loss by it.
fn ending_silently(
    connection: impl Future<Output = Result<(), Error>> + Send + 'static,
) -> Traffic {
    Box::pin(async { connection.await.unwrap_or_default() })
}
