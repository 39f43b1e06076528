//! The functions of the store by name, so that a binding knows none of them: it reads arguments and
//! hands over what [`Store::call`] gives.

use std::vec::IntoIter;

use cgk_crypto::{KeyDerivation, SecretString};

use super::keys::TokenFormat;
use super::rotate::Rotation;
use super::verify::{prepare_input_verification, read_verification};
use super::{Result, Store};
use crate::database::Database;
use crate::error::CredentialError;
use crate::input::{Audit, Fields, Verification, take_service_name};
use crate::key::CredentialKey;
use crate::output::{IntoJs, JsOutput, to_json};
use crate::sql::EventOrder;
use crate::tenant::{Layout, TenantId};
use crate::verification::Endpoints;

/// A JavaScript value as a binding read it.
#[derive(Debug)]
pub enum Argument {
    /// `undefined` or `null`.
    Absent,
    /// A boolean.
    Boolean(bool),
    /// A string.
    Text(SecretString),
    /// An object.
    Fields(Fields),
    /// Anything else.
    Other,
}

/// Reads the arguments of a call one after the other; one that is left out is [`Argument::Absent`].
struct Arguments<'a> {
    layout: &'a Layout,
    values: IntoIter<Argument>,
    /// Whether they are of an operation for the services of `tenant_api_credentials` only.
    is_api: bool,
}

/// Names the functions that take the services of `tenant_api_credentials` only.
const API_PREFIX: &str = "api.";

impl<Db: Database, D: KeyDerivation> Store<Db, D> {
    /// Calls a function by its name. With `api.` before it, services with a table of their own are
    /// unknown, because they have functions of their own (compatibility.md, section 6).
    ///
    /// `now` is in milliseconds since 1970: WebAssembly has no clock.
    pub async fn call(
        &self,
        operation: &str,
        arguments: Vec<Argument>,
        now: i64,
    ) -> Result<JsOutput> {
        let (operation, is_api) = match operation.strip_prefix(API_PREFIX) {
            Some(operation) => (operation, true),
            None => (operation, false),
        };
        let mut args = Arguments { layout: &self.layout, values: arguments.into_iter(), is_api };
        match operation {
            "config" => self.config(&args.key()?).await,
            "apiCredentials" => self.all_api_credentials(&args.name()).await,
            "save" => {
                let (key, input) = args.key_and_input()?;
                self.save(&key, input, None, args.audit()?.as_ref()).await
            }
            "delete" => {
                let (key, audit) = (args.key()?, args.audit()?);
                self.delete(&key, audit.as_ref()).await?.into_js()
            }
            "secret" => {
                let (key, field, audit) = (args.key()?, args.name(), args.audit()?);
                self.secret(&key, &field, audit.as_ref()).await?.into_js()
            }
            "keyAndSecret" => {
                let (key, audit) = (args.key()?, args.audit()?);
                self.api_key_and_secret(&key, audit.as_ref()).await?.into_js()
            }
            "webhookSecret" => {
                let (key, audit) = (args.signing_key()?, args.audit()?);
                self.webhook_secret(&key, audit.as_ref()).await?.into_js()
            }
            "statuses" => self.statuses(&args.name()).await?.into_js(),
            "credential" => {
                let (key, audit) = (args.known_key()?, args.audit()?);
                self.credential(&key, audit.as_ref()).await?.into_js()
            }
            "revision" => self.revision(&args.key()?).await?.into_js(),
            "updateVerification" => {
                let (key, verification) = (args.key()?, args.verification()?);
                let audit = args.audit()?;
                self.update_verification(&key, verification, audit.as_ref()).await?.into_js()
            }
            "prepareVerification" => {
                let (key, input) = (args.known_key()?, args.optional_input()?);
                let (own, sandbox) = (args.text(), args.text());
                let endpoints = Endpoints { own: own.as_deref(), sandbox: sandbox.as_deref() };
                self.prepare_verification(&key, input, endpoints, now).await?.into_js()
            }
            "recordVerification" => {
                let (key, request, response) = (args.known_key()?, args.name(), args.name());
                let audit = args.audit()?;
                self.record_verification(&key, &request, &response, audit.as_ref()).await?.into_js()
            }
            "saveVerified" => {
                let (key, input) = (args.known_key()?, args.input()?);
                let (request, response) = (args.name(), args.name());
                let audit = args.audit()?;
                self.save_verified(&key, input, &request, &response, audit.as_ref()).await
            }
            "prepareInputVerification" => {
                let (service, input) = (args.name(), args.input()?);
                let (own, sandbox) = (args.text(), args.text());
                let endpoints = Endpoints { own: own.as_deref(), sandbox: sandbox.as_deref() };
                prepare_input_verification(&service, input, endpoints, now)?.into_js()
            }
            "readVerification" => {
                read_verification(&args.name(), &args.name(), &args.name())?.into_js()
            }
            "deriveTenantKey" => self.derive_tenant_key(&args.name())?.into_js(),
            "keySessions" => to_json(&self.key_sessions().await?),
            "keyUsage" => to_json(&self.key_usage(&args.name()).await?),
            "rotate" => {
                let (tenant, rotation) = (args.name(), args.rotation(self.keys.format())?);
                to_json(&self.rotate(&tenant, rotation, args.audit()?.as_ref()).await?)
            }
            "events" => {
                let (tenant, order) = (args.name(), args.event_order()?);
                let (cursor, limit, service) = (args.text(), args.name(), args.text());
                self.events(&tenant, order, cursor.as_deref(), &limit, service.as_deref()).await
            }
            "sealEvents" => to_json(&self.seal_events(&args.name()).await?),
            "verifyEvents" => to_json(&self.verify_events(&args.name()).await?),
            "schedule" => self.schedule(&args.name()).await,
            "swapState" => {
                let (tenant, name, version) = (args.name(), args.name(), args.name());
                let (state, audit) = (args.name(), args.audit()?);
                self.swap_state(&tenant, &name, &version, &state, audit.as_ref()).await?.into_js()
            }
            _ => self.call_of_tables(operation, args).await,
        }
    }

    /// Calls a function that is about tenants' tables.
    async fn call_of_tables(&self, operation: &str, mut args: Arguments<'_>) -> Result<JsOutput> {
        match operation {
            "createTenant" => self.create_tenant(&args.name()).await?.into_js(),
            "migrateTenant" => self.migrate_tenant(&args.name()).await?.into_js(),
            "diagnose" => to_json(&self.diagnose(&args.name()).await?),
            "unmigrated" => self.unmigrated(&args.name()).await?.into_js(),
            "tenants" => self.tenants().await?.into_js(),
            "moveTenant" => {
                let (tenant, to) = (args.name(), args.layout()?);
                self.move_tenant(&tenant, &to).await?.into_js()
            }
            "tenantsToMove" => self.tenants_to_move(&args.layout()?).await?.into_js(),
            "migrateShared" => self.migrate_shared().await?.into_js(),
            "tenantsToMigrate" => self.tenants_to_migrate().await?.into_js(),
            _ => Err(CredentialError::input("The store has no such operation")),
        }
    }
}

impl Arguments<'_> {
    fn next(&mut self) -> Argument {
        self.values.next().unwrap_or(Argument::Absent)
    }

    fn text(&mut self) -> Option<String> {
        match self.next() {
            Argument::Text(text) => Some(text.expose().to_owned()),
            _ => None,
        }
    }

    /// A name, such as a tenant's or a service's. A value of another type reads as an empty one,
    /// which names nothing.
    fn name(&mut self) -> String {
        self.text().unwrap_or_default()
    }

    fn tenant(&mut self) -> Result<TenantId> {
        Ok(TenantId::parse_in(&self.name(), self.layout)?)
    }

    /// The tenant and the service of a credential.
    fn key(&mut self) -> Result<CredentialKey> {
        let (tenant, service) = (self.tenant()?, self.name());
        self.parse_key(tenant, &service)
    }

    fn parse_key(&self, tenant: TenantId, service: &str) -> Result<CredentialKey> {
        if self.is_api {
            CredentialKey::parse_api(tenant, service)
        } else {
            CredentialKey::parse(tenant, service)
        }
    }

    /// The same for a service of the catalog.
    fn known_key(&mut self) -> Result<CredentialKey> {
        CredentialKey::parse_known(self.tenant()?, &self.name())
    }

    /// The same for a service that signs its webhooks.
    fn signing_key(&mut self) -> Result<CredentialKey> {
        CredentialKey::parse_signing(self.tenant()?, &self.name())
    }

    /// The tenant and the service of a credential, and an input. That of an API credential names
    /// the service itself where the argument does not.
    fn key_and_input(&mut self) -> Result<(CredentialKey, Fields)> {
        let (tenant, service) = (self.name(), self.next());
        let mut input = self.input()?;
        let service = match service {
            Argument::Text(service) => service,
            Argument::Absent if self.is_api => take_service_name(&mut input)?,
            _ => SecretString::from(String::new()),
        };
        let tenant = TenantId::parse_in(&tenant, self.layout)?;
        Ok((self.parse_key(tenant, service.expose())?, input))
    }

    fn input(&mut self) -> Result<Fields> {
        self.optional_input()?.ok_or_else(|| invalid("The input must be an object"))
    }

    fn optional_input(&mut self) -> Result<Option<Fields>> {
        self.optional_fields("The input must be an object")
    }

    fn optional_fields(&mut self, otherwise: &str) -> Result<Option<Fields>> {
        match self.next() {
            Argument::Absent => Ok(None),
            Argument::Fields(fields) => Ok(Some(fields)),
            _ => Err(invalid(otherwise)),
        }
    }

    /// A format, if not that of the configuration, whether to write nothing, and whether to rewrite
    /// what is disconnected, too.
    fn rotation(&mut self, configured: TokenFormat) -> Result<Rotation> {
        let format = match self.text() {
            Some(format) => {
                TokenFormat::parse(&format).ok_or_else(|| invalid("The format must be v1 or v2"))?
            }
            None => configured,
        };
        let (dry_run, include_disconnected) = (self.flag(), self.flag());
        Ok(Rotation { format, dry_run, include_disconnected })
    }

    /// Who makes the change; none where no events are written.
    fn audit(&mut self) -> Result<Option<Audit>> {
        Ok(self.optional_fields("The actor must be an object")?.map(Audit::of))
    }

    fn event_order(&mut self) -> Result<EventOrder> {
        EventOrder::parse(&self.name())
            .ok_or_else(|| invalid("The order must be newest, oldest or sealed"))
    }

    /// The layout of the configuration, or the one beside it.
    fn layout(&mut self) -> Result<Layout> {
        self.layout
            .named(&self.name())
            .ok_or_else(|| invalid("The layout must be schema or shared"))
    }

    fn flag(&mut self) -> bool {
        matches!(self.next(), Argument::Boolean(true))
    }

    /// The last three arguments of the `update…Verification` functions.
    fn verification(&mut self) -> Result<Verification> {
        let Argument::Boolean(verified) = self.next() else {
            return Err(invalid("verified must be true or false"));
        };
        let account = self.optional_fields("The account details must be an object")?;
        let error = match self.next() {
            Argument::Absent => None,
            Argument::Text(error) => Some(error.expose().to_owned()),
            _ => return Err(invalid("error must be a string")),
        };
        Ok(Verification { verified, account: account.unwrap_or_default(), error })
    }
}

fn invalid(message: &str) -> CredentialError {
    CredentialError::input(message)
}
