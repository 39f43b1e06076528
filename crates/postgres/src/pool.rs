use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

use cgk_credentials::{DatabaseError, Statement};
use futures_util::future::join;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit, watch};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};

use crate::failure;
use crate::server::{Server, Traffic};

/// Sizes and time limits of the pool.
#[derive(Debug, Clone, Copy)]
pub struct PoolOptions {
    /// Connections that this process opens at most.
    pub max_connections: usize,
    /// Those that one tenant uses at a time at most, so that others find one; three of ten without.
    pub max_connections_per_tenant: Option<usize>,
    /// How long to wait for a connection, be it free or new.
    pub connect_timeout: Duration,
    /// How long one statement may take before it is cancelled.
    pub statement_timeout: Duration,
    /// How long an unused connection is kept. Firewalls and serverless databases drop idle
    /// connections silently; younger ones are safe to use.
    pub idle_timeout: Duration,
    /// How long a connection is used at most, however busy it is: what the server remembers for a
    /// session grows with every table that the session touches. Each one ends up to a fifth earlier,
    /// so that not all are renewed at once.
    pub max_lifetime: Duration,
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self {
            max_connections: 10,
            max_connections_per_tenant: None,
            connect_timeout: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(15),
            idle_timeout: Duration::from_secs(30),
            max_lifetime: Duration::from_mins(10),
        }
    }
}

/// How often unused connections are looked through, and how long the server's limit of connections
/// is believed in, at most.
const REAPER_INTERVAL: Duration = Duration::from_secs(30);
/// Pauses between attempts to connect to a server that has no free connection: the first, and the
/// longest that it doubles to.
const RETRY_PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));
/// How long a connection may take to answer once its statement is cancelled.
const ANSWER_TO_CANCEL: Duration = Duration::from_secs(1);
/// Thousandths of its lifetime that a connection may end earlier, at most.
const JITTER_THOUSANDTHS: u64 = 200;

/// Connections to one server, opened when needed and used by one statement at a time.
pub(crate) struct Pool {
    server: Server,
    options: PoolOptions,
    /// One for each connection that may be open. Waiting callers are served in order.
    permits: Semaphore,
    /// One for each connection that a tenant may use, of the tenants that use or wait for any.
    shares: Mutex<HashMap<String, Arc<Semaphore>>>,
    state: Mutex<State>,
    /// Connections that are not closed yet.
    open: Arc<watch::Sender<usize>>,
    reaper: Once,
}

#[derive(Default)]
struct State {
    /// The one that was used last stands last, and is used next.
    idle: Vec<Connection>,
    /// Permits that are kept back because the server allows fewer connections.
    withheld: usize,
    /// How often connections turned out to be dead: those opened before are not trusted.
    losses: u64,
    is_closing: bool,
}

/// A connection to the server. Closes when it is dropped.
pub(crate) struct Connection {
    client: Client,
    traffic: AbortHandle,
    /// Losses of the pool when this was opened.
    losses: u64,
    retires_at: Instant,
    used_at: Instant,
}

/// A connection and the right to have it open.
pub(crate) struct Lease<'pool> {
    pub(crate) connection: Connection,
    permit: SemaphorePermit<'pool>,
    _share: Option<Share<'pool>>,
}

/// A tenant's right to use one more connection. Waiting calls of the tenant are served in order.
struct Share<'pool> {
    pool: &'pool Pool,
    tenant: String,
    permits: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Pool {
    pub(crate) fn new(server: Server, options: PoolOptions) -> Self {
        Self {
            server,
            options,
            permits: Semaphore::new(options.max_connections.min(Semaphore::MAX_PERMITS)),
            shares: Mutex::default(),
            state: Mutex::default(),
            open: Arc::new(watch::Sender::new(0)),
            reaper: Once::new(),
        }
    }

    pub(crate) fn server(&self) -> &Server {
        &self.server
    }

    /// A free connection or a new one, once the tenant's share allows one. Where the server allows no more, waits for one of our own or,
    /// without any, for the server.
    pub(crate) async fn lease(
        self: &Arc<Self>,
        tenant: Option<&str>,
        mut wants_new: bool,
    ) -> Result<Lease<'_>, DatabaseError> {
        self.start_reaper();
        let deadline = Instant::now() + self.options.connect_timeout;
        let share = match tenant {
            Some(tenant) => Some(self.share(tenant, deadline).await?),
            None => None,
        };
        let (mut pause, longest_pause) = RETRY_PAUSES;
        let mut held = None;
        let mut late = failure::connecting_took_too_long();
        loop {
            let permit = match held.take() {
                Some(permit) => permit,
                None => match timeout_at(deadline, self.permits.acquire()).await {
                    Ok(Ok(permit)) => permit,
                    _ => return Err(self.exhausted()),
                },
            };
            if !wants_new && let Some(connection) = self.take_idle() {
                return Ok(Lease { connection, permit, _share: share });
            }
            self.make_room();
            match timeout_at(deadline, self.server.connect()).await {
                Ok(Ok((client, traffic))) => {
                    let connection = self.start(client, traffic);
                    return Ok(Lease { connection, permit, _share: share });
                }
                Ok(Err(error)) if error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS) => {
                    wants_new = false;
                    held = self.withhold(permit);
                    if held.is_some() {
                        late = failure::of_connect(&error);
                        if Instant::now() + pause >= deadline {
                            return Err(late);
                        }
                        sleep(pause).await;
                        pause = (pause * 2).min(longest_pause);
                    }
                }
                Ok(Err(error)) => return Err(failure::of_connect(&error)),
                Err(_) => return Err(late),
            }
        }
    }

    /// Takes a connection back whose statement was answered.
    pub(crate) fn give_back(&self, lease: Lease<'_>) {
        let Lease { mut connection, permit, _share } = lease;
        connection.used_at = Instant::now();
        let mut state = self.state();
        if !state.is_closing && connection.losses == state.losses && self.is_usable(&connection) {
            state.idle.push(connection);
        }
        drop(state);
        drop(permit);
    }

    /// Gives a connection up that did not answer. What ended it may have ended all that are open,
    /// so none of them is used again.
    pub(crate) fn give_up(&self, lease: Lease<'_>) -> Connection {
        let mut state = self.state();
        if lease.connection.losses == state.losses {
            state.losses += 1;
            state.idle.clear();
        }
        lease.connection
    }

    /// Asks the server to stop working on a statement that takes too long, and closes its connection. One
    /// that does not answer then either leads nowhere, and is given up; if it does, the statement was
    /// slow, which says nothing of other connections.
    pub(crate) async fn cancel(&self, lease: Lease<'_>) {
        let token = lease.connection.client.cancel_token();
        let cancelled = timeout(self.options.connect_timeout, self.server.cancel(token));
        let answered = async move {
            let answer = lease.connection.client.check_connection();
            let answer = timeout(ANSWER_TO_CANCEL, answer).await;
            if matches!(answer, Ok(Ok(()))) { None } else { Some(self.give_up(lease)) }
        };
        let (_, lost) = join(cancelled, answered).await;
        if let Some(connection) = lost {
            // By itself it would wait for an answer that may never come.
            connection.traffic.abort();
        }
    }

    /// Keeps no connection from now on; done once all are closed.
    pub(crate) async fn close(&self) {
        let idle = {
            let mut state = self.state();
            state.is_closing = true;
            std::mem::take(&mut state.idle)
        };
        drop(idle);
        // Fails without a sender only.
        let _ = self.open.subscribe().wait_for(|open| *open == 0).await;
    }

    /// Waits until the tenant uses fewer connections than it may.
    async fn share(&self, tenant: &str, deadline: Instant) -> Result<Share<'_>, DatabaseError> {
        let most = self.options.most_per_tenant();
        let permits = {
            let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
            let share = shares.entry(tenant.to_owned());
            Arc::clone(share.or_insert_with(|| Arc::new(Semaphore::new(most))))
        };
        let mut share = Share { pool: self, tenant: tenant.to_owned(), permits, permit: None };
        let permit = timeout_at(deadline, Arc::clone(&share.permits).acquire_owned()).await;
        let Ok(Ok(permit)) = permit else {
            return Err(DatabaseError::Exhausted(format!(
                "all {most} connections that one tenant may use at a time were busy: raise maxConnectionsPerTenant"
            )));
        };
        share.permit = Some(permit);
        Ok(share)
    }

    fn take_idle(&self) -> Option<Connection> {
        let mut state = self.state();
        while let Some(connection) = state.idle.pop() {
            if self.is_usable(&connection) {
                return Some(connection);
            }
        }
        None
    }

    fn is_usable(&self, connection: &Connection) -> bool {
        !connection.client.is_closed()
            && connection.used_at.elapsed() < self.options.idle_timeout
            && Instant::now() < connection.retires_at
    }

    /// Closes idle connections that would be too many beside a new one.
    fn make_room(&self) {
        let mut state = self.state();
        let excess = state.idle.len().saturating_sub(self.permits.available_permits());
        state.idle.drain(..excess);
    }

    /// Keeps a permit back because the server allows no more connections, unless it is the only one
    /// that is used: then there is no connection of our own to wait for.
    fn withhold<'pool>(&self, permit: SemaphorePermit<'pool>) -> Option<SemaphorePermit<'pool>> {
        let mut state = self.state();
        let free = self.permits.available_permits() + state.withheld;
        let used_by_others = self.options.max_connections.saturating_sub(free + 1);
        if used_by_others == 0 && state.idle.is_empty() {
            return Some(permit);
        }
        state.withheld += 1;
        permit.forget();
        None
    }

    fn start(&self, client: Client, traffic: Traffic) -> Connection {
        let opened = Opened::count(&self.open);
        let traffic = tokio::spawn(async move {
            traffic.await;
            drop(opened);
        });
        let now = Instant::now();
        Connection {
            client,
            traffic: traffic.abort_handle(),
            losses: self.state().losses,
            retires_at: now + with_jitter(self.options.max_lifetime),
            used_at: now,
        }
    }

    /// Closes connections that are of no use any more, for as long as the pool lives.
    fn start_reaper(self: &Arc<Self>) {
        self.reaper.call_once(|| {
            let pool = Arc::downgrade(self);
            let interval = self.options.idle_timeout.min(REAPER_INTERVAL);
            tokio::spawn(async move {
                loop {
                    sleep(interval).await;
                    let Some(pool) = pool.upgrade() else { return };
                    pool.reap();
                }
            });
        });
    }

    fn reap(&self) {
        let mut state = self.state();
        state.idle.retain(|connection| self.is_usable(connection));
        self.permits.add_permits(std::mem::take(&mut state.withheld));
    }

    fn exhausted(&self) -> DatabaseError {
        let most = self.options.max_connections;
        DatabaseError::Exhausted(match self.state().withheld {
            0 => format!("all {most} connections of the pool were busy: raise maxConnections"),
            withheld => format!(
                "the server allows no more than {} connections, and all were busy: raise its limit or that of the role",
                most.saturating_sub(withheld),
            ),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PoolOptions {
    fn most_per_tenant(&self) -> usize {
        let most = self
            .max_connections_per_tenant
            .unwrap_or(self.max_connections / 10 * 3 + self.max_connections % 10 * 3 / 10);
        most.clamp(1, Semaphore::MAX_PERMITS)
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        // Before its tenant is looked at: it holds the semaphore, too.
        drop(self.permit.take());
        let mut shares = self.pool.shares.lock().unwrap_or_else(PoisonError::into_inner);
        // Of this one and of the map.
        if Arc::strong_count(&self.permits) <= 2 {
            shares.remove(&self.tenant);
        }
    }
}

impl Connection {
    /// Runs statements of a transaction until there is no other one. After an error the connection is ready for
    /// others, unless it is lost.
    pub(crate) async fn transact(
        &self,
        next: impl FnMut(Vec<String>) -> Option<Statement>,
    ) -> Result<(), DatabaseError> {
        // What one statement sees is what others have committed by then, whatever the server's default is.
        self.control("begin isolation level read committed").await?;
        match self.run_all(next).await {
            Ok(()) => self.control("commit").await,
            Err(error) => {
                self.control("rollback").await.map_err(|_| DatabaseError::ConnectionLost)?;
                Err(error)
            }
        }
    }

    async fn run_all(
        &self,
        mut next: impl FnMut(Vec<String>) -> Option<Statement>,
    ) -> Result<(), DatabaseError> {
        let mut answer = Vec::new();
        while let Some(statement) = next(answer) {
            answer = self.run(&statement).await?;
        }
        Ok(())
    }

    async fn control(&self, command: &str) -> Result<(), DatabaseError> {
        let answer = self.client.query_typed(command, &[]).await;
        answer.map(drop).map_err(|error| failure::of_statement(&error))
    }

    /// Runs a statement: unnamed, in one round trip.
    pub(crate) async fn run(&self, statement: &Statement) -> Result<Vec<String>, DatabaseError> {
        let params: Vec<_> = statement
            .params()
            .iter()
            .map(|param| (param as &(dyn ToSql + Sync), Type::TEXT))
            .collect();
        let rows = self.client.query_typed(statement.sql(), &params).await;
        rows.map_err(|error| failure::of_statement(&error))?
            .iter()
            .map(|row| row.try_get(0).map_err(|error| failure::of_statement(&error)))
            .collect()
    }
}

/// Counts a connection for as long as it is open.
struct Opened(Arc<watch::Sender<usize>>);

impl Opened {
    fn count(open: &Arc<watch::Sender<usize>>) -> Self {
        open.send_modify(|open| *open += 1);
        Self(Arc::clone(open))
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open -= 1);
    }
}

fn with_jitter(lifetime: Duration) -> Duration {
    let random = RandomState::new().hash_one(()) % (JITTER_THOUSANDTHS + 1);
    let thousandths = u32::try_from(1000 - random).unwrap_or(1000);
    lifetime / 1000 * thousandths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_may_use_three_of_ten_connections_and_at_least_one() {
        let most = |max_connections, max_connections_per_tenant| {
            PoolOptions { max_connections, max_connections_per_tenant, ..PoolOptions::default() }
                .most_per_tenant()
        };
        assert_eq!([most(10, None), most(1, None), most(100, None)], [3, 1, 30]);
        assert_eq!([most(10, Some(10)), most(2, Some(7))], [10, 7]);
    }

    #[test]
    fn lifetimes_differ_by_up_to_a_fifth() {
        let lifetime = Duration::from_mins(10);
        let lifetimes: Vec<_> = (0..100).map(|_| with_jitter(lifetime)).collect();
        assert!(lifetimes.iter().all(|&each| each <= lifetime && each >= lifetime / 5 * 4));
        assert!(lifetimes.iter().any(|each| Some(each) != lifetimes.first()));
    }
}
