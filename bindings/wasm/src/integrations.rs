use std::sync::Arc;

use cgk_credentials::{
    CredentialError, Endpoints, Fields, IntoAnswer, ServiceRef, Store, Verification,
    take_service_name,
};
use cgk_crypto::MasterKey;
use js_sys::Promise;
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::arguments;
use crate::driver::Driver;
use crate::kdf::{WebCryptoKdf, sealer};
use crate::response::{promise, settled, thrown};

type Outcome<T> = Result<T, CredentialError>;

#[wasm_bindgen(typescript_custom_section)]
const IMPORTS: &str = include_str!("../../imports.d.ts");

/// The storage functions over one driver and one master key.
#[wasm_bindgen]
pub struct Integrations {
    store: Arc<Store<Driver, WebCryptoKdf>>,
}

/// The options that this backend uses; the npm package has checked their types.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    encryption_key: Option<String>,
    #[serde(default, with = "serde_wasm_bindgen::preserve")]
    driver: JsValue,
}

#[wasm_bindgen]
impl Integrations {
    /// Asks for nothing yet: what is missing or wrong is told by the function that needs it.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "BackendOptions")] options: JsValue,
    ) -> Result<Self, JsValue> {
        let options: Options = serde_wasm_bindgen::from_value(options)
            .map_err(|_| thrown(CredentialError::input("The options have a wrong type")))?;
        let driver = Driver(options.driver.is_object().then_some(options.driver));
        let master = options.encryption_key.and_then(|key| MasterKey::parse(key).ok());
        let store = Store::new(driver, sealer().map_err(thrown)?, master.map(Arc::new));
        Ok(Self { store: Arc::new(store) })
    }

    /// Closes nothing: the driver's connections belong to whoever made it.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    #[expect(clippy::unused_self, reason = "the addon's namesake closes its pool")]
    pub fn close(&self) -> Promise {
        settled(Ok(()))
    }

    /// Never: the driver's connections are its own concern.
    #[wasm_bindgen(js_name = isServerUnverified)]
    #[expect(clippy::unused_self, reason = "the addon's namesake asks its pool")]
    pub fn is_server_unverified(&self) -> bool {
        false
    }

    // Stripe

    /// The tenant's Stripe configuration.
    #[wasm_bindgen(js_name = getTenantStripeConfig, unchecked_return_type = "Promise<Json<TenantStripeConfig> | null>")]
    pub fn get_tenant_stripe_config(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
    ) -> Promise {
        self.config(&tenant_id, ServiceRef::parse("stripe"))
    }

    /// Saves the tenant's Stripe configuration; fields left out keep their value.
    #[wasm_bindgen(js_name = saveTenantStripeConfig, unchecked_return_type = "Promise<Json<TenantStripeConfig>>")]
    pub fn save_tenant_stripe_config(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "TenantStripeConfigInput")] input: JsValue,
    ) -> Promise {
        let input = arguments::input(&input);
        self.save(&tenant_id, ServiceRef::parse("stripe"), input)
    }

    /// Disconnects Stripe; tells whether it was connected.
    #[wasm_bindgen(js_name = deleteTenantStripeConfig, unchecked_return_type = "Promise<boolean>")]
    pub fn delete_tenant_stripe_config(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
    ) -> Promise {
        self.delete(&tenant_id, ServiceRef::parse("stripe"))
    }

    /// The decrypted Stripe secret key.
    #[wasm_bindgen(js_name = getTenantStripeSecretKey, unchecked_return_type = "Promise<string | null>")]
    pub fn get_tenant_stripe_secret_key(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
    ) -> Promise {
        self.secret(&tenant_id, ServiceRef::parse("stripe"), "secretKey")
    }

    /// The decrypted Stripe webhook secret.
    #[wasm_bindgen(js_name = getTenantStripeWebhookSecret, unchecked_return_type = "Promise<string | null>")]
    pub fn get_tenant_stripe_webhook_secret(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
    ) -> Promise {
        self.secret(&tenant_id, ServiceRef::parse("stripe"), "webhookSecret")
    }

    /// Records what a verification of the Stripe credential found.
    #[wasm_bindgen(js_name = updateStripeConfigVerification, unchecked_return_type = "Promise<void>")]
    pub fn update_stripe_config_verification(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "boolean")] verified: JsValue,
        #[wasm_bindgen(js_name = accountInfo, unchecked_optional_param_type = "StripeAccountInfo | null")]
        account_info: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string | null")] error: JsValue,
    ) -> Promise {
        let verification = arguments::verification(&verified, &account_info, &error);
        self.update(&tenant_id, ServiceRef::parse("stripe"), verification)
    }

    // Resend

    /// The tenant's Resend configuration.
    #[wasm_bindgen(js_name = getTenantResendConfig, unchecked_return_type = "Promise<Json<TenantResendConfig> | null>")]
    pub fn get_tenant_resend_config(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
    ) -> Promise {
        self.config(&tenant_id, ServiceRef::parse("resend"))
    }

    /// Saves the tenant's Resend configuration; fields left out keep their value.
    #[wasm_bindgen(js_name = saveTenantResendConfig, unchecked_return_type = "Promise<Json<TenantResendConfig>>")]
    pub fn save_tenant_resend_config(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "TenantResendConfigInput")] input: JsValue,
    ) -> Promise {
        let input = arguments::input(&input);
        self.save(&tenant_id, ServiceRef::parse("resend"), input)
    }

    /// Disconnects Resend; tells whether it was connected.
    #[wasm_bindgen(js_name = deleteTenantResendConfig, unchecked_return_type = "Promise<boolean>")]
    pub fn delete_tenant_resend_config(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
    ) -> Promise {
        self.delete(&tenant_id, ServiceRef::parse("resend"))
    }

    /// The decrypted Resend API key.
    #[wasm_bindgen(js_name = getTenantResendApiKey, unchecked_return_type = "Promise<string | null>")]
    pub fn get_tenant_resend_api_key(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
    ) -> Promise {
        self.secret(&tenant_id, ServiceRef::parse("resend"), "apiKey")
    }

    /// Records what a verification of the Resend credential found.
    #[wasm_bindgen(js_name = updateResendConfigVerification, unchecked_return_type = "Promise<void>")]
    pub fn update_resend_config_verification(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "boolean")] verified: JsValue,
        #[wasm_bindgen(js_name = accountInfo, unchecked_optional_param_type = "ResendAccountInfo | null")]
        account_info: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string | null")] error: JsValue,
    ) -> Promise {
        let verification = arguments::verification(&verified, &account_info, &error);
        self.update(&tenant_id, ServiceRef::parse("resend"), verification)
    }

    // Wise

    /// The tenant's Wise configuration.
    #[wasm_bindgen(js_name = getTenantWiseConfig, unchecked_return_type = "Promise<Json<TenantWiseConfig> | null>")]
    pub fn get_tenant_wise_config(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
    ) -> Promise {
        self.config(&tenant_id, ServiceRef::parse("wise"))
    }

    /// Saves the tenant's Wise configuration; fields left out keep their value.
    #[wasm_bindgen(js_name = saveTenantWiseConfig, unchecked_return_type = "Promise<Json<TenantWiseConfig>>")]
    pub fn save_tenant_wise_config(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "TenantWiseConfigInput")] input: JsValue,
    ) -> Promise {
        let input = arguments::input(&input);
        self.save(&tenant_id, ServiceRef::parse("wise"), input)
    }

    /// Disconnects Wise; tells whether it was connected.
    #[wasm_bindgen(js_name = deleteTenantWiseConfig, unchecked_return_type = "Promise<boolean>")]
    pub fn delete_tenant_wise_config(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
    ) -> Promise {
        self.delete(&tenant_id, ServiceRef::parse("wise"))
    }

    /// The decrypted Wise API key.
    #[wasm_bindgen(js_name = getTenantWiseApiKey, unchecked_return_type = "Promise<string | null>")]
    pub fn get_tenant_wise_api_key(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
    ) -> Promise {
        self.secret(&tenant_id, ServiceRef::parse("wise"), "apiKey")
    }

    /// The decrypted Wise webhook secret.
    #[wasm_bindgen(js_name = getTenantWiseWebhookSecret, unchecked_return_type = "Promise<string | null>")]
    pub fn get_tenant_wise_webhook_secret(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
    ) -> Promise {
        self.secret(&tenant_id, ServiceRef::parse("wise"), "webhookSecret")
    }

    /// Records what a verification of the Wise credential found.
    #[wasm_bindgen(js_name = updateWiseConfigVerification, unchecked_return_type = "Promise<void>")]
    pub fn update_wise_config_verification(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "boolean")] verified: JsValue,
        #[wasm_bindgen(js_name = accountInfo, unchecked_optional_param_type = "WiseAccountInfo | null")]
        account_info: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string | null")] error: JsValue,
    ) -> Promise {
        let verification = arguments::verification(&verified, &account_info, &error);
        self.update(&tenant_id, ServiceRef::parse("wise"), verification)
    }

    // The services without a table of their own

    /// One API credential of the tenant.
    #[wasm_bindgen(js_name = getTenantApiCredential, unchecked_return_type = "Promise<Json<TenantApiCredential> | null>")]
    pub fn get_tenant_api_credential(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "TenantApiService")] service: JsValue,
    ) -> Promise {
        let service = ServiceRef::api(&arguments::name(&service));
        self.config(&tenant_id, service)
    }

    /// All API credentials of the tenant, ordered by service.
    #[wasm_bindgen(js_name = getAllTenantApiCredentials, unchecked_return_type = "Promise<Json<TenantApiCredential[]>>")]
    pub fn get_all_tenant_api_credentials(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
    ) -> Promise {
        let tenant = arguments::name(&tenant_id);
        self.run(move |store| async move { store.all_api_credentials(&tenant).await })
    }

    /// Saves an API credential; fields left out keep their value.
    #[wasm_bindgen(js_name = saveTenantApiCredential, unchecked_return_type = "Promise<Json<TenantApiCredential>>")]
    pub fn save_tenant_api_credential(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "TenantApiCredentialInput")] input: JsValue,
    ) -> Promise {
        let mut input = arguments::input(&input);
        let service = input
            .as_mut()
            .map_err(|error| error.clone())
            .and_then(|input| ServiceRef::api(take_service_name(input)?.expose()));
        self.save(&tenant_id, service, input)
    }

    /// Disconnects a service; tells whether it was connected.
    #[wasm_bindgen(js_name = deleteTenantApiCredential, unchecked_return_type = "Promise<boolean>")]
    pub fn delete_tenant_api_credential(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "TenantApiService")] service: JsValue,
    ) -> Promise {
        let service = ServiceRef::api(&arguments::name(&service));
        self.delete(&tenant_id, service)
    }

    /// The decrypted API key of a service.
    #[wasm_bindgen(js_name = getTenantApiKey, unchecked_return_type = "Promise<string | null>")]
    pub fn get_tenant_api_key(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "TenantApiService")] service: JsValue,
    ) -> Promise {
        let service = ServiceRef::api(&arguments::name(&service));
        self.secret(&tenant_id, service, "apiKey")
    }

    /// The decrypted API key of a service and its secret, where it has one.
    #[wasm_bindgen(js_name = getTenantApiKeyAndSecret, unchecked_return_type = "Promise<TenantApiKeyAndSecret | null>")]
    pub fn get_tenant_api_key_and_secret(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "TenantApiService")] service: JsValue,
    ) -> Promise {
        let tenant = arguments::name(&tenant_id);
        let service = arguments::name(&service);
        self.run(move |store| async move {
            store.api_key_and_secret(&tenant, &ServiceRef::api(&service)?).await
        })
    }

    /// The decrypted Mux webhook secret.
    #[wasm_bindgen(js_name = getTenantMuxWebhookSecret, unchecked_return_type = "Promise<string | null>")]
    pub fn get_tenant_mux_webhook_secret(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
    ) -> Promise {
        self.secret(&tenant_id, ServiceRef::parse("mux"), "webhookSecret")
    }

    /// The decrypted secret that a service signs its webhooks with.
    #[wasm_bindgen(js_name = getTenantWebhookSecret, unchecked_return_type = "Promise<string | null>")]
    pub fn get_tenant_webhook_secret(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] service: JsValue,
    ) -> Promise {
        let tenant = arguments::name(&tenant_id);
        let service = arguments::name(&service);
        self.run(move |store| async move { store.webhook_secret(&tenant, &service).await })
    }

    /// Records what a verification of an API credential found.
    #[wasm_bindgen(js_name = updateApiCredentialVerification, unchecked_return_type = "Promise<void>")]
    pub fn update_api_credential_verification(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "TenantApiService")] service: JsValue,
        #[wasm_bindgen(unchecked_param_type = "boolean")] verified: JsValue,
        #[wasm_bindgen(js_name = accountInfo, unchecked_optional_param_type = "ApiAccountInfo | null")]
        account_info: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string | null")] error: JsValue,
    ) -> Promise {
        let verification = arguments::verification(&verified, &account_info, &error);
        let service = ServiceRef::api(&arguments::name(&service));
        self.update(&tenant_id, service, verification)
    }

    // All services

    /// The status of every service, in the order of the catalog.
    #[wasm_bindgen(js_name = getTenantCredentialStatuses, unchecked_return_type = "Promise<Json<TenantIntegrationStatus[]>>")]
    pub fn get_tenant_credential_statuses(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
    ) -> Promise {
        let tenant = arguments::name(&tenant_id);
        self.run(move |store| async move { store.statuses(&tenant).await })
    }

    /// A credential whole and decrypted, as JSON text: what a client is made from.
    #[wasm_bindgen(js_name = getTenantCredential, unchecked_return_type = "Promise<Json<TenantCredential> | null>")]
    pub fn get_tenant_credential(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] service: JsValue,
    ) -> Promise {
        let tenant = arguments::name(&tenant_id);
        let service = arguments::name(&service);
        self.run(move |store| async move { store.credential(&tenant, &service).await })
    }

    /// The `revision` of a credential, which changes with it.
    #[wasm_bindgen(js_name = getTenantCredentialRevision, unchecked_return_type = "Promise<Json<string> | null>")]
    pub fn get_tenant_credential_revision(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] service: JsValue,
    ) -> Promise {
        let tenant = arguments::name(&tenant_id);
        let service = arguments::name(&service);
        self.run(move |store| async move { store.revision(&tenant, &service).await })
    }

    // Verification

    /// The question to the vendor about the stored credential; with an input, about the credential
    /// as a save would leave it.
    #[wasm_bindgen(js_name = prepareTenantVerification, unchecked_return_type = "Promise<Json<VendorQuestion> | null>")]
    pub fn prepare_tenant_verification(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] service: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "object | null")] input: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string | null")] endpoint: JsValue,
        #[wasm_bindgen(js_name = sandboxEndpoint, unchecked_optional_param_type = "string | null")]
        sandbox_endpoint: JsValue,
    ) -> Promise {
        let tenant = arguments::name(&tenant_id);
        let service = arguments::name(&service);
        let input = arguments::optional_input(&input);
        let (own, sandbox) = (arguments::text(&endpoint), arguments::text(&sandbox_endpoint));
        self.run(move |store| async move {
            let endpoints = Endpoints { own: own.as_deref(), sandbox: sandbox.as_deref() };
            let now = arguments::now();
            store.prepare_verification(&tenant, &service, input?, endpoints, now).await
        })
    }

    /// Judges the vendor's answer about the stored credential and records it on the row.
    #[wasm_bindgen(js_name = recordTenantVerification, unchecked_return_type = "Promise<Json<Verdict>>")]
    pub fn record_tenant_verification(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] service: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] question: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] answer: JsValue,
    ) -> Promise {
        let tenant = arguments::name(&tenant_id);
        let service = arguments::name(&service);
        let (question, answer) = (arguments::name(&question), arguments::name(&answer));
        self.run(move |store| async move {
            store.record_verification(&tenant, &service, &question, &answer).await
        })
    }

    /// Saves an input unless the vendor's answer refuses it.
    #[wasm_bindgen(js_name = saveTenantVerifiedCredential, unchecked_return_type = "Promise<Json<unknown>>")]
    pub fn save_tenant_verified_credential(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] service: JsValue,
        #[wasm_bindgen(unchecked_param_type = "object")] input: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] question: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] answer: JsValue,
    ) -> Promise {
        let tenant = arguments::name(&tenant_id);
        let service = arguments::name(&service);
        let input = arguments::input(&input);
        let (question, answer) = (arguments::name(&question), arguments::name(&answer));
        self.run(move |store| async move {
            store.save_verified(&tenant, &service, input?, &question, &answer).await
        })
    }

    // Tenants

    /// Makes the tenant's schema and tables, unless they exist.
    #[wasm_bindgen(js_name = createTenant, unchecked_return_type = "Promise<void>")]
    pub fn create_tenant(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
    ) -> Promise {
        let tenant = arguments::name(&tenant_id);
        self.run(move |store| async move { store.create_tenant(&tenant).await })
    }

    /// Makes the tables in the tenant's existing schema, unless that was done.
    #[wasm_bindgen(js_name = migrateTenant, unchecked_return_type = "Promise<void>")]
    pub fn migrate_tenant(
        &self,
        #[wasm_bindgen(js_name = tenantId, unchecked_param_type = "string")] tenant_id: JsValue,
    ) -> Promise {
        let tenant = arguments::name(&tenant_id);
        self.run(move |store| async move { store.migrate_tenant(&tenant).await })
    }

    /// The slugs of all tenants that have a schema.
    #[wasm_bindgen(js_name = listTenants, unchecked_return_type = "Promise<Json<string[]>>")]
    pub fn list_tenants(&self) -> Promise {
        self.run(move |store| async move { store.tenants().await })
    }

    // The steps that the above share

    fn config(&self, tenant_id: &JsValue, service: Outcome<ServiceRef>) -> Promise {
        let tenant = arguments::name(tenant_id);
        self.run(move |store| async move { store.config(&tenant, &service?).await })
    }

    fn save(
        &self,
        tenant_id: &JsValue,
        service: Outcome<ServiceRef>,
        input: Outcome<Fields>,
    ) -> Promise {
        let tenant = arguments::name(tenant_id);
        self.run(move |store| async move { store.save(&tenant, &service?, input?).await })
    }

    fn delete(&self, tenant_id: &JsValue, service: Outcome<ServiceRef>) -> Promise {
        let tenant = arguments::name(tenant_id);
        self.run(move |store| async move { store.delete(&tenant, &service?).await })
    }

    fn secret(
        &self,
        tenant_id: &JsValue,
        service: Outcome<ServiceRef>,
        field: &'static str,
    ) -> Promise {
        let tenant = arguments::name(tenant_id);
        self.run(move |store| async move { store.secret(&tenant, &service?, field).await })
    }

    fn update(
        &self,
        tenant_id: &JsValue,
        service: Outcome<ServiceRef>,
        verification: Outcome<Verification>,
    ) -> Promise {
        let tenant = arguments::name(tenant_id);
        self.run(move |store| async move {
            store.update_verification(&tenant, &service?, verification?).await
        })
    }

    fn run<T, F>(&self, call: impl FnOnce(Arc<Store<Driver, WebCryptoKdf>>) -> F) -> Promise
    where
        T: IntoAnswer,
        F: Future<Output = Result<T, CredentialError>> + 'static,
    {
        promise(call(self.store.clone()))
    }
}
