use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use cgk_credentials::{
    CredentialError, Database, DatabaseError, IntoJs, KeyOptions, Keys, Layout, LayoutOptions,
    Statement, Store, TenantId,
};
use cgk_postgres::{ConnectionSettings, PoolOptions, Postgres, SessionNames};
use napi::bindgen_prelude::{PromiseRaw, Unknown};
use napi::{Env, Result};
use napi_derive::napi;
use serde::Deserialize;

use crate::arguments::argument;
use crate::kdf::{ThreadKdf, make_sealer};
use crate::response::{promise, thrown};

type Promise<'env> = Result<PromiseRaw<'env, Unknown<'env>>>;

const NOT_CONFIGURED: DatabaseError = DatabaseError::NotConfigured(
    "No database is configured: set POSTGRES_URL or DATABASE_URL, or call configureIntegrations({ databaseUrl })",
);

/// That of the package, too.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The storage functions over one database and one master key.
#[napi]
pub struct Integrations {
    store: Arc<Store<Server, ThreadKdf>>,
}

/// The options that this backend uses; the npm package has checked their types.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    database_url: Option<String>,
    keys: KeyOptions,
    tables: LayoutOptions,
    max_connections: Option<usize>,
    connect_timeout_ms: Option<u64>,
    statement_timeout_ms: Option<u64>,
    idle_timeout_ms: Option<u64>,
    max_lifetime_ms: Option<u64>,
    max_connections_per_tenant: Option<usize>,
    max_derived_keys: Option<NonZeroUsize>,
}

/// The PostgreSQL server, or why there is none; told when it is first needed.
struct Server(std::result::Result<Postgres, DatabaseError>);

impl Database for Server {
    const HAS_TRANSACTIONS: bool = Postgres::HAS_TRANSACTIONS;

    async fn attempt(
        &self,
        statement: &Statement,
        earlier: Option<&DatabaseError>,
    ) -> std::result::Result<Vec<String>, DatabaseError> {
        match &self.0 {
            Ok(postgres) => postgres.attempt(statement, earlier).await,
            Err(error) => Err(error.clone()),
        }
    }

    async fn transact(
        &self,
        tenant: &TenantId,
        next: impl FnMut(Vec<String>) -> Option<Statement> + Send,
    ) -> std::result::Result<(), DatabaseError> {
        match &self.0 {
            Ok(postgres) => postgres.transact(tenant, next).await,
            Err(error) => Err(error.clone()),
        }
    }
}

#[napi]
impl Integrations {
    /// Connects nowhere yet: what is missing or wrong is told by the function that needs it.
    #[napi(constructor, catch_unwind, ts_args_type = "options: object")]
    pub fn new(env: &Env, options: Unknown) -> Result<Self> {
        let options: Options = env
            .from_js_value(options)
            .map_err(|_| thrown(env, CredentialError::input("The options have a wrong type")))?;
        let sealer = make_sealer(options.max_derived_keys).map_err(|error| thrown(env, error))?;
        let pool = options.pool();
        let layout = Layout::new(options.tables).map_err(|error| thrown(env, error))?;
        let keys = Keys::new(options.keys);
        let server = Server(connect(options.database_url.as_deref(), &keys, pool));
        let store = Store::new(server, sealer, keys, layout);
        Ok(Self { store: Arc::new(store) })
    }

    /// Closes the connections, those of calls that are under way after these; done once all are
    /// closed.
    #[napi(catch_unwind, ts_return_type = "Promise<void>")]
    pub fn close<'env>(&self, env: &'env Env) -> Promise<'env> {
        self.run(env, |store| async move {
            if let Ok(postgres) = &store.database().0 {
                postgres.close().await;
            }
            Ok(())
        })
    }

    /// Whether a connection led over a public network to a server whose certificate is not verified.
    #[napi(catch_unwind)]
    pub fn is_server_unverified(&self) -> bool {
        self.store.database().0.as_ref().is_ok_and(Postgres::is_server_unverified)
    }

    /// Calls a function of the store by its name.
    #[napi(
        catch_unwind,
        ts_args_type = "operation: string, args: readonly unknown[]",
        ts_return_type = "Promise<unknown>"
    )]
    pub fn call<'env>(
        &self,
        env: &'env Env,
        operation: String,
        args: Vec<Unknown>,
    ) -> Promise<'env> {
        let args = args.iter().map(|value| argument(env, value)).collect::<Result<Vec<_>>>()?;
        self.run(env, move |store| async move { store.call(&operation, args, now()).await })
    }

    fn run<'env, T, F>(
        &self,
        env: &'env Env,
        call: impl FnOnce(Arc<Store<Server, ThreadKdf>>) -> F,
    ) -> Promise<'env>
    where
        T: IntoJs,
        F: Future<Output = std::result::Result<T, CredentialError>> + Send + 'static,
    {
        promise(env, call(self.store.clone()))
    }
}

/// Milliseconds since 1970.
fn now() -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}

fn connect(
    url: Option<&str>,
    keys: &Keys,
    pool: PoolOptions,
) -> std::result::Result<Postgres, DatabaseError> {
    let settings = ConnectionSettings::parse(url.ok_or(NOT_CONFIGURED)?)?;
    let names = SessionNames {
        own: keys.session_name(VERSION),
        shared: Keys::anonymous_session_name(VERSION),
    };
    Postgres::new(&settings.with_names(names), pool)
}

impl Options {
    fn pool(&self) -> PoolOptions {
        let default = PoolOptions::default();
        let duration = |milliseconds: Option<u64>, default| {
            milliseconds.map_or(default, Duration::from_millis)
        };
        PoolOptions {
            max_connections: self.max_connections.unwrap_or(default.max_connections),
            connect_timeout: duration(self.connect_timeout_ms, default.connect_timeout),
            statement_timeout: duration(self.statement_timeout_ms, default.statement_timeout),
            idle_timeout: duration(self.idle_timeout_ms, default.idle_timeout),
            max_connections_per_tenant: self.max_connections_per_tenant,
            max_lifetime: duration(self.max_lifetime_ms, default.max_lifetime),
        }
    }
}
