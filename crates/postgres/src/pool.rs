use std::sync::Once;
use std::time::Duration;

use cgk_credentials::{Access, Database, DatabaseError, Statement};
use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Timeouts,
};
use tokio_postgres::NoTls;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::ConnectionSettings;
use crate::failure::{self, Failure};

/// Sizes and time limits of the pool.
#[derive(Debug, Clone, Copy)]
pub struct PoolOptions {
    /// Connections that this process opens at most.
    pub max_connections: usize,
    /// How long to wait for a connection, be it free or new.
    pub connect_timeout: Duration,
    /// How long one statement may take before it is cancelled.
    pub statement_timeout: Duration,
    /// How long an unused connection is kept. Firewalls and serverless databases drop idle
    /// connections without a word; younger ones are safe to use.
    pub idle_timeout: Duration,
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self {
            max_connections: 10,
            connect_timeout: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(15),
            idle_timeout: Duration::from_secs(30),
        }
    }
}

/// A pool of connections to one server. Connects when the first statement is run.
pub struct Postgres {
    pool: Pool,
    tls: Option<MakeRustlsConnect>,
    options: PoolOptions,
    reaper: Once,
}

impl Postgres {
    /// Makes the pool; [`DatabaseError::ConfigInvalid`] if the settings can not work.
    pub fn new(settings: &ConnectionSettings, options: PoolOptions) -> Result<Self, DatabaseError> {
        let tls = settings.tls.connector()?;
        let manager_config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match tls.clone() {
            Some(tls) => Manager::from_config(settings.config.clone(), tls, manager_config),
            None => Manager::from_config(settings.config.clone(), NoTls, manager_config),
        };
        let pool = Pool::builder(manager)
            .runtime(Runtime::Tokio1)
            .max_size(options.max_connections)
            .timeouts(Timeouts {
                wait: Some(options.connect_timeout),
                create: Some(options.connect_timeout),
                recycle: Some(options.connect_timeout),
            })
            .pre_recycle(Hook::sync_fn(move |_, metrics| {
                if metrics.last_used() < options.idle_timeout {
                    Ok(())
                } else {
                    Err(HookError::message("idle for too long"))
                }
            }))
            .build()
            .map_err(|_| DatabaseError::ConfigInvalid("The pool can not be made".to_owned()))?;
        Ok(Self { pool, tls, options, reaper: Once::new() })
    }

    /// Closes idle connections at once and the others when their statements end.
    pub fn close(&self) {
        self.pool.close();
    }

    async fn attempt(&self, statement: &Statement) -> Result<Vec<String>, Failure> {
        let client = self.pool.get().await.map_err(failure::of_checkout)?;
        let params: Vec<_> = statement
            .params()
            .iter()
            .map(|param| (param as &(dyn ToSql + Sync), Type::TEXT))
            .collect();
        let answer = client.query_typed(statement.sql(), &params);
        let Ok(rows) = tokio::time::timeout(self.options.statement_timeout, answer).await else {
            self.cancel(client).await;
            return Err(Failure::Final(DatabaseError::Timeout));
        };
        rows.map_err(|error| failure::of_statement(&error))?
            .iter()
            .map(|row| row.try_get(0).map_err(|error| failure::of_statement(&error)))
            .collect()
    }

    /// Asks the server to stop working on a statement, and gives its connection up.
    async fn cancel(&self, client: Object) {
        let token = client.cancel_token();
        drop(Object::take(client));
        let cancelled = async {
            match self.tls.clone() {
                Some(tls) => token.cancel_query(tls).await,
                None => token.cancel_query(NoTls).await,
            }
        };
        // Best effort: the caller has its time-out either way.
        let _ = tokio::time::timeout(self.options.connect_timeout, cancelled).await;
    }

    /// Closes connections that have been idle for too long, for as long as the pool lives.
    fn start_reaper(&self) {
        self.reaper.call_once(|| {
            let (pool, idle_timeout) = (self.pool.weak(), self.options.idle_timeout);
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(idle_timeout).await;
                    let Some(pool) = pool.upgrade() else { return };
                    pool.retain(|_, metrics| metrics.last_used() < idle_timeout);
                }
            });
        });
    }
}

impl Database for Postgres {
    /// One retry, of reads only, if the connection turns out to be lost: a write may have happened.
    async fn query(&self, statement: Statement) -> Result<Vec<String>, DatabaseError> {
        self.start_reaper();
        match self.attempt(&statement).await {
            Err(Failure::ConnectionLost) if statement.access() == Access::Read => {
                Ok(self.attempt(&statement).await?)
            }
            answer => Ok(answer?),
        }
    }
}
