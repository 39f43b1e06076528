use std::sync::Arc;
use std::time::Duration;

use cgk_credentials::{
    CredentialError, Database, DatabaseError, Endpoints, Fields, IntoAnswer, ServiceRef, Statement,
    Store, Verification, take_service_name,
};
use cgk_crypto::MasterKey;
use cgk_postgres::{ConnectionSettings, PoolOptions, Postgres};
use napi::bindgen_prelude::{PromiseRaw, Unknown};
use napi::{Env, Result};
use napi_derive::napi;
use serde::Deserialize;

use crate::arguments;
use crate::kdf::{SEALER, ThreadKdf};
use crate::response::{promise, thrown};

type Outcome<T> = std::result::Result<T, CredentialError>;
type Promise<'env> = Result<PromiseRaw<'env, Unknown<'env>>>;

const NOT_CONFIGURED: DatabaseError = DatabaseError::NotConfigured(
    "No database is configured: set POSTGRES_URL or DATABASE_URL, or call configureIntegrations({ databaseUrl })",
);

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
    encryption_key: Option<String>,
    max_connections: Option<usize>,
    connect_timeout_ms: Option<u64>,
    statement_timeout_ms: Option<u64>,
    idle_timeout_ms: Option<u64>,
    max_lifetime_ms: Option<u64>,
}

/// The PostgreSQL server, or why there is none; told when it is first needed.
struct Server(std::result::Result<Postgres, DatabaseError>);

impl Database for Server {
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
}

#[napi]
impl Integrations {
    /// Connects nowhere yet: what is missing or wrong is told by the function that needs it.
    #[napi(constructor, catch_unwind, ts_args_type = "options: BackendOptions")]
    pub fn new(env: &Env, options: Unknown) -> Result<Self> {
        let options: Options = env
            .from_js_value(options)
            .map_err(|_| thrown(env, CredentialError::input("The options have a wrong type")))?;
        let sealer = SEALER.clone().map_err(|error| thrown(env, error))?;
        let master =
            options.encryption_key.as_ref().and_then(|key| MasterKey::parse(key.clone()).ok());
        let store = Store::new(Server(options.connect()), sealer, master.map(Arc::new));
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

    // Stripe

    /// The tenant's Stripe configuration.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string",
        ts_return_type = "Promise<Json<TenantStripeConfig> | null>"
    )]
    pub fn get_tenant_stripe_config<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
    ) -> Promise<'env> {
        self.config(env, &tenant_id, ServiceRef::parse("stripe"))
    }

    /// Saves the tenant's Stripe configuration; fields left out keep their value.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, input: TenantStripeConfigInput",
        ts_return_type = "Promise<Json<TenantStripeConfig>>"
    )]
    pub fn save_tenant_stripe_config<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        input: Unknown,
    ) -> Promise<'env> {
        let input = arguments::input(env, &input)?;
        self.save(env, &tenant_id, ServiceRef::parse("stripe"), input)
    }

    /// Disconnects Stripe; tells whether it was connected.
    #[napi(catch_unwind, ts_args_type = "tenantId: string", ts_return_type = "Promise<boolean>")]
    pub fn delete_tenant_stripe_config<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
    ) -> Promise<'env> {
        self.delete(env, &tenant_id, ServiceRef::parse("stripe"))
    }

    /// The decrypted Stripe secret key.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string",
        ts_return_type = "Promise<string | null>"
    )]
    pub fn get_tenant_stripe_secret_key<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
    ) -> Promise<'env> {
        self.secret(env, &tenant_id, ServiceRef::parse("stripe"), "secretKey")
    }

    /// The decrypted Stripe webhook secret.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string",
        ts_return_type = "Promise<string | null>"
    )]
    pub fn get_tenant_stripe_webhook_secret<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
    ) -> Promise<'env> {
        self.secret(env, &tenant_id, ServiceRef::parse("stripe"), "webhookSecret")
    }

    /// Records what a verification of the Stripe credential found.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, verified: boolean, accountInfo?: StripeAccountInfo | null, error?: string | null",
        ts_return_type = "Promise<void>"
    )]
    pub fn update_stripe_config_verification<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        verified: Unknown,
        account_info: Unknown,
        error: Unknown,
    ) -> Promise<'env> {
        let verification = arguments::verification(env, &verified, &account_info, &error)?;
        self.update(env, &tenant_id, ServiceRef::parse("stripe"), verification)
    }

    // Resend

    /// The tenant's Resend configuration.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string",
        ts_return_type = "Promise<Json<TenantResendConfig> | null>"
    )]
    pub fn get_tenant_resend_config<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
    ) -> Promise<'env> {
        self.config(env, &tenant_id, ServiceRef::parse("resend"))
    }

    /// Saves the tenant's Resend configuration; fields left out keep their value.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, input: TenantResendConfigInput",
        ts_return_type = "Promise<Json<TenantResendConfig>>"
    )]
    pub fn save_tenant_resend_config<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        input: Unknown,
    ) -> Promise<'env> {
        let input = arguments::input(env, &input)?;
        self.save(env, &tenant_id, ServiceRef::parse("resend"), input)
    }

    /// Disconnects Resend; tells whether it was connected.
    #[napi(catch_unwind, ts_args_type = "tenantId: string", ts_return_type = "Promise<boolean>")]
    pub fn delete_tenant_resend_config<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
    ) -> Promise<'env> {
        self.delete(env, &tenant_id, ServiceRef::parse("resend"))
    }

    /// The decrypted Resend API key.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string",
        ts_return_type = "Promise<string | null>"
    )]
    pub fn get_tenant_resend_api_key<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
    ) -> Promise<'env> {
        self.secret(env, &tenant_id, ServiceRef::parse("resend"), "apiKey")
    }

    /// Records what a verification of the Resend credential found.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, verified: boolean, accountInfo?: ResendAccountInfo | null, error?: string | null",
        ts_return_type = "Promise<void>"
    )]
    pub fn update_resend_config_verification<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        verified: Unknown,
        account_info: Unknown,
        error: Unknown,
    ) -> Promise<'env> {
        let verification = arguments::verification(env, &verified, &account_info, &error)?;
        self.update(env, &tenant_id, ServiceRef::parse("resend"), verification)
    }

    // Wise

    /// The tenant's Wise configuration.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string",
        ts_return_type = "Promise<Json<TenantWiseConfig> | null>"
    )]
    pub fn get_tenant_wise_config<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
    ) -> Promise<'env> {
        self.config(env, &tenant_id, ServiceRef::parse("wise"))
    }

    /// Saves the tenant's Wise configuration; fields left out keep their value.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, input: TenantWiseConfigInput",
        ts_return_type = "Promise<Json<TenantWiseConfig>>"
    )]
    pub fn save_tenant_wise_config<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        input: Unknown,
    ) -> Promise<'env> {
        let input = arguments::input(env, &input)?;
        self.save(env, &tenant_id, ServiceRef::parse("wise"), input)
    }

    /// Disconnects Wise; tells whether it was connected.
    #[napi(catch_unwind, ts_args_type = "tenantId: string", ts_return_type = "Promise<boolean>")]
    pub fn delete_tenant_wise_config<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
    ) -> Promise<'env> {
        self.delete(env, &tenant_id, ServiceRef::parse("wise"))
    }

    /// The decrypted Wise API key.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string",
        ts_return_type = "Promise<string | null>"
    )]
    pub fn get_tenant_wise_api_key<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
    ) -> Promise<'env> {
        self.secret(env, &tenant_id, ServiceRef::parse("wise"), "apiKey")
    }

    /// The decrypted Wise webhook secret.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string",
        ts_return_type = "Promise<string | null>"
    )]
    pub fn get_tenant_wise_webhook_secret<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
    ) -> Promise<'env> {
        self.secret(env, &tenant_id, ServiceRef::parse("wise"), "webhookSecret")
    }

    /// Records what a verification of the Wise credential found.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, verified: boolean, accountInfo?: WiseAccountInfo | null, error?: string | null",
        ts_return_type = "Promise<void>"
    )]
    pub fn update_wise_config_verification<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        verified: Unknown,
        account_info: Unknown,
        error: Unknown,
    ) -> Promise<'env> {
        let verification = arguments::verification(env, &verified, &account_info, &error)?;
        self.update(env, &tenant_id, ServiceRef::parse("wise"), verification)
    }

    // The services without a table of their own

    /// One API credential of the tenant.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, service: TenantApiService",
        ts_return_type = "Promise<Json<TenantApiCredential> | null>"
    )]
    pub fn get_tenant_api_credential<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        service: Unknown,
    ) -> Promise<'env> {
        let service = ServiceRef::api(&arguments::name(&service)?);
        self.config(env, &tenant_id, service)
    }

    /// All API credentials of the tenant, ordered by service.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string",
        ts_return_type = "Promise<Json<TenantApiCredential[]>>"
    )]
    pub fn get_all_tenant_api_credentials<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
    ) -> Promise<'env> {
        let tenant = arguments::name(&tenant_id)?;
        self.run(env, move |store| async move { store.all_api_credentials(&tenant).await })
    }

    /// Saves an API credential; fields left out keep their value.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, input: TenantApiCredentialInput",
        ts_return_type = "Promise<Json<TenantApiCredential>>"
    )]
    pub fn save_tenant_api_credential<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        input: Unknown,
    ) -> Promise<'env> {
        let mut input = arguments::input(env, &input)?;
        let service = input
            .as_mut()
            .map_err(|error| error.clone())
            .and_then(|input| ServiceRef::api(take_service_name(input)?.expose()));
        self.save(env, &tenant_id, service, input)
    }

    /// Disconnects a service; tells whether it was connected.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, service: TenantApiService",
        ts_return_type = "Promise<boolean>"
    )]
    pub fn delete_tenant_api_credential<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        service: Unknown,
    ) -> Promise<'env> {
        let service = ServiceRef::api(&arguments::name(&service)?);
        self.delete(env, &tenant_id, service)
    }

    /// The decrypted API key of a service.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, service: TenantApiService",
        ts_return_type = "Promise<string | null>"
    )]
    pub fn get_tenant_api_key<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        service: Unknown,
    ) -> Promise<'env> {
        let service = ServiceRef::api(&arguments::name(&service)?);
        self.secret(env, &tenant_id, service, "apiKey")
    }

    /// The decrypted API key of a service and its secret, where it has one.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, service: TenantApiService",
        ts_return_type = "Promise<TenantApiKeyAndSecret | null>"
    )]
    pub fn get_tenant_api_key_and_secret<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        service: Unknown,
    ) -> Promise<'env> {
        let tenant = arguments::name(&tenant_id)?;
        let service = arguments::name(&service)?;
        self.run(env, move |store| async move {
            store.api_key_and_secret(&tenant, &ServiceRef::api(&service)?).await
        })
    }

    /// The decrypted Mux webhook secret.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string",
        ts_return_type = "Promise<string | null>"
    )]
    pub fn get_tenant_mux_webhook_secret<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
    ) -> Promise<'env> {
        self.secret(env, &tenant_id, ServiceRef::parse("mux"), "webhookSecret")
    }

    /// The decrypted secret that a service signs its webhooks with.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, service: string",
        ts_return_type = "Promise<string | null>"
    )]
    pub fn get_tenant_webhook_secret<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        service: Unknown,
    ) -> Promise<'env> {
        let tenant = arguments::name(&tenant_id)?;
        let service = arguments::name(&service)?;
        self.run(env, move |store| async move { store.webhook_secret(&tenant, &service).await })
    }

    /// Records what a verification of an API credential found.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, service: TenantApiService, verified: boolean, accountInfo?: ApiAccountInfo | null, error?: string | null",
        ts_return_type = "Promise<void>"
    )]
    pub fn update_api_credential_verification<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        service: Unknown,
        verified: Unknown,
        account_info: Unknown,
        error: Unknown,
    ) -> Promise<'env> {
        let verification = arguments::verification(env, &verified, &account_info, &error)?;
        let service = ServiceRef::api(&arguments::name(&service)?);
        self.update(env, &tenant_id, service, verification)
    }

    // All services

    /// The status of every service, in the order of the catalog.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string",
        ts_return_type = "Promise<Json<TenantIntegrationStatus[]>>"
    )]
    pub fn get_tenant_credential_statuses<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
    ) -> Promise<'env> {
        let tenant = arguments::name(&tenant_id)?;
        self.run(env, move |store| async move { store.statuses(&tenant).await })
    }

    /// A credential whole and decrypted, as JSON text: what a client is made from.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, service: string",
        ts_return_type = "Promise<Json<TenantCredential> | null>"
    )]
    pub fn get_tenant_credential<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        service: Unknown,
    ) -> Promise<'env> {
        let tenant = arguments::name(&tenant_id)?;
        let service = arguments::name(&service)?;
        self.run(env, move |store| async move { store.credential(&tenant, &service).await })
    }

    /// The `revision` of a credential, which changes with it.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, service: string",
        ts_return_type = "Promise<Json<string> | null>"
    )]
    pub fn get_tenant_credential_revision<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        service: Unknown,
    ) -> Promise<'env> {
        let tenant = arguments::name(&tenant_id)?;
        let service = arguments::name(&service)?;
        self.run(env, move |store| async move { store.revision(&tenant, &service).await })
    }

    // Verification

    /// The question to the vendor about the stored credential; with an input, about the credential
    /// as a save would leave it.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, service: string, input?: object | null, endpoint?: string | null, sandboxEndpoint?: string | null",
        ts_return_type = "Promise<Json<VendorQuestion> | null>"
    )]
    pub fn prepare_tenant_verification<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        service: Unknown,
        input: Unknown,
        endpoint: Unknown,
        sandbox_endpoint: Unknown,
    ) -> Promise<'env> {
        let tenant = arguments::name(&tenant_id)?;
        let service = arguments::name(&service)?;
        let input = arguments::optional_input(env, &input)?;
        let (own, sandbox) = (arguments::text(&endpoint)?, arguments::text(&sandbox_endpoint)?);
        self.run(env, move |store| async move {
            let endpoints = Endpoints { own: own.as_deref(), sandbox: sandbox.as_deref() };
            let (input, now) = (input.transpose()?, arguments::now());
            store.prepare_verification(&tenant, &service, input, endpoints, now).await
        })
    }

    /// Judges the vendor's answer about the stored credential and records it on the row.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, service: string, question: string, answer: string",
        ts_return_type = "Promise<Json<Verdict>>"
    )]
    pub fn record_tenant_verification<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        service: Unknown,
        question: Unknown,
        answer: Unknown,
    ) -> Promise<'env> {
        let tenant = arguments::name(&tenant_id)?;
        let service = arguments::name(&service)?;
        let (question, answer) = (arguments::name(&question)?, arguments::name(&answer)?);
        self.run(env, move |store| async move {
            store.record_verification(&tenant, &service, &question, &answer).await
        })
    }

    /// Saves an input unless the vendor's answer refuses it.
    #[napi(
        catch_unwind,
        ts_args_type = "tenantId: string, service: string, input: object, question: string, answer: string",
        ts_return_type = "Promise<Json<unknown>>"
    )]
    pub fn save_tenant_verified_credential<'env>(
        &self,
        env: &'env Env,
        tenant_id: Unknown,
        service: Unknown,
        input: Unknown,
        question: Unknown,
        answer: Unknown,
    ) -> Promise<'env> {
        let tenant = arguments::name(&tenant_id)?;
        let service = arguments::name(&service)?;
        let input = arguments::input(env, &input)?;
        let (question, answer) = (arguments::name(&question)?, arguments::name(&answer)?);
        self.run(env, move |store| async move {
            store.save_verified(&tenant, &service, input?, &question, &answer).await
        })
    }

    // Tenants

    /// Makes the tenant's schema and tables, unless they exist.
    #[napi(catch_unwind, ts_args_type = "tenantId: string", ts_return_type = "Promise<void>")]
    pub fn create_tenant<'env>(&self, env: &'env Env, tenant_id: Unknown) -> Promise<'env> {
        let tenant = arguments::name(&tenant_id)?;
        self.run(env, move |store| async move { store.create_tenant(&tenant).await })
    }

    /// Makes the tables in the tenant's existing schema, unless that was done.
    #[napi(catch_unwind, ts_args_type = "tenantId: string", ts_return_type = "Promise<void>")]
    pub fn migrate_tenant<'env>(&self, env: &'env Env, tenant_id: Unknown) -> Promise<'env> {
        let tenant = arguments::name(&tenant_id)?;
        self.run(env, move |store| async move { store.migrate_tenant(&tenant).await })
    }

    /// The slugs of all tenants that have a schema.
    #[napi(catch_unwind, ts_return_type = "Promise<Json<string[]>>")]
    pub fn list_tenants<'env>(&self, env: &'env Env) -> Promise<'env> {
        self.run(env, move |store| async move { store.tenants().await })
    }

    // The steps that the above share

    fn config<'env>(
        &self,
        env: &'env Env,
        tenant_id: &Unknown,
        service: Outcome<ServiceRef>,
    ) -> Promise<'env> {
        let tenant = arguments::name(tenant_id)?;
        self.run(env, move |store| async move { store.config(&tenant, &service?).await })
    }

    fn save<'env>(
        &self,
        env: &'env Env,
        tenant_id: &Unknown,
        service: Outcome<ServiceRef>,
        input: Outcome<Fields>,
    ) -> Promise<'env> {
        let tenant = arguments::name(tenant_id)?;
        self.run(env, move |store| async move { store.save(&tenant, &service?, input?).await })
    }

    fn delete<'env>(
        &self,
        env: &'env Env,
        tenant_id: &Unknown,
        service: Outcome<ServiceRef>,
    ) -> Promise<'env> {
        let tenant = arguments::name(tenant_id)?;
        self.run(env, move |store| async move { store.delete(&tenant, &service?).await })
    }

    fn secret<'env>(
        &self,
        env: &'env Env,
        tenant_id: &Unknown,
        service: Outcome<ServiceRef>,
        field: &'static str,
    ) -> Promise<'env> {
        let tenant = arguments::name(tenant_id)?;
        self.run(env, move |store| async move { store.secret(&tenant, &service?, field).await })
    }

    fn update<'env>(
        &self,
        env: &'env Env,
        tenant_id: &Unknown,
        service: Outcome<ServiceRef>,
        verification: Outcome<Verification>,
    ) -> Promise<'env> {
        let tenant = arguments::name(tenant_id)?;
        self.run(env, move |store| async move {
            store.update_verification(&tenant, &service?, verification?).await
        })
    }

    fn run<'env, T, F>(
        &self,
        env: &'env Env,
        call: impl FnOnce(Arc<Store<Server, ThreadKdf>>) -> F,
    ) -> Promise<'env>
    where
        T: IntoAnswer,
        F: Future<Output = std::result::Result<T, CredentialError>> + Send + 'static,
    {
        promise(env, call(self.store.clone()))
    }
}

impl Options {
    fn connect(&self) -> std::result::Result<Postgres, DatabaseError> {
        let url = self.database_url.as_deref().ok_or(NOT_CONFIGURED)?;
        Postgres::new(&ConnectionSettings::parse(url)?, self.pool())
    }

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
            max_lifetime: duration(self.max_lifetime_ms, default.max_lifetime),
        }
    }
}
