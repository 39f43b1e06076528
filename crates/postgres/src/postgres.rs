use std::sync::Arc;

use cgk_credentials::{Database, DatabaseError, Statement, TenantId};
use tokio::time::error::Elapsed;
use tokio::time::timeout;

use crate::pool::{Lease, Pool, PoolOptions};
use crate::{ConnectionSettings, server::Server};

/// A server that statements are run on. Connects when the first one is.
pub struct Postgres {
    pool: Arc<Pool>,
    options: PoolOptions,
}

impl Postgres {
    /// Connects nowhere yet; [`DatabaseError::ConfigInvalid`] if the settings cannot work.
    pub fn new(settings: &ConnectionSettings, options: PoolOptions) -> Result<Self, DatabaseError> {
        let pool = Pool::new(Server::new(settings)?, options);
        Ok(Self { pool: Arc::new(pool), options })
    }

    /// Whether a connection led over a public network to a server whose certificate is not verified.
    pub fn is_server_unverified(&self) -> bool {
        self.pool.server().is_unverified()
    }

    /// Closes idle connections at once and the others when their statements end; done once all are
    /// closed. Statements of calls that are under way run all the same.
    pub async fn close(&self) {
        let longest = self.options.connect_timeout.saturating_add(self.options.statement_timeout);
        // Whatever is open after that belongs to a server that no longer answers.
        let _ = timeout(longest, self.pool.close()).await;
    }
}

impl Database for Postgres {
    const HAS_TRANSACTIONS: bool = true;

    /// After a lost connection, a statement gets a new one.
    async fn attempt(
        &self,
        statement: &Statement,
        earlier: Option<&DatabaseError>,
    ) -> Result<Vec<String>, DatabaseError> {
        let wants_new = earlier == Some(&DatabaseError::ConnectionLost);
        let lease = self.pool.lease(statement.tenant(), wants_new).await?;
        let answer = timeout(self.options.statement_timeout, lease.connection.run(statement)).await;
        self.settle(lease, answer).await
    }

    /// All of it has the time of one statement.
    async fn transact(
        &self,
        tenant: &TenantId,
        next: impl FnMut(Vec<String>) -> Option<Statement> + Send,
    ) -> Result<(), DatabaseError> {
        let lease = self.pool.lease(Some(tenant.slug()), false).await?;
        let answer = timeout(self.options.statement_timeout, lease.connection.transact(next)).await;
        self.settle(lease, answer).await
    }
}

impl Postgres {
    /// Takes a connection back, or gives it up, by what came of its work.
    async fn settle<T>(
        &self,
        lease: Lease<'_>,
        answer: Result<Result<T, DatabaseError>, Elapsed>,
    ) -> Result<T, DatabaseError> {
        match answer {
            Ok(Err(DatabaseError::ConnectionLost)) => {
                self.pool.give_up(lease);
                Err(DatabaseError::ConnectionLost)
            }
            Ok(answer) => {
                self.pool.give_back(lease);
                answer
            }
            Err(_) => {
                self.pool.cancel(lease).await;
                Err(DatabaseError::Timeout)
            }
        }
    }
}
