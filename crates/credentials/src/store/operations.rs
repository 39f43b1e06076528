//! The functions of the store by name, so that a binding knows none of them: it reads arguments and
//! hands over what [`Store::call`] gives.

use std::vec::IntoIter;

use cgk_crypto::{KeyDerivation, SecretString};

use super::verify::{prepare_input_verification, read_verification};
use super::{Result, Store};
use crate::CredentialError;
use crate::catalog::ServiceRef;
use crate::database::Database;
use crate::input::{Fields, Verification, take_service_name};
use crate::output::{Answer, IntoAnswer};
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
struct Arguments {
    values: IntoIter<Argument>,
    parse_service: fn(&str) -> Result<ServiceRef>,
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
    ) -> Result<Answer> {
        let (operation, parse_service) = match operation.strip_prefix(API_PREFIX) {
            Some(operation) => (operation, ServiceRef::api as fn(&str) -> Result<ServiceRef>),
            None => (operation, ServiceRef::parse as fn(&str) -> Result<ServiceRef>),
        };
        let mut args = Arguments { values: arguments.into_iter(), parse_service };
        match operation {
            "config" => {
                let (tenant, service) = args.key()?;
                self.config(&tenant, &service).await
            }
            "apiCredentials" => self.all_api_credentials(&args.name()).await,
            "save" => {
                let tenant = args.name();
                let (service, input) = args.service_and_input()?;
                self.save(&tenant, &service, input).await
            }
            "delete" => {
                let (tenant, service) = args.key()?;
                self.delete(&tenant, &service).await?.into_answer()
            }
            "secret" => {
                let (tenant, service) = args.key()?;
                self.secret(&tenant, &service, &args.name()).await?.into_answer()
            }
            "keyAndSecret" => {
                let (tenant, service) = args.key()?;
                self.api_key_and_secret(&tenant, &service).await?.into_answer()
            }
            "webhookSecret" => self.webhook_secret(&args.name(), &args.name()).await?.into_answer(),
            "statuses" => self.statuses(&args.name()).await?.into_answer(),
            "credential" => self.credential(&args.name(), &args.name()).await?.into_answer(),
            "revision" => self.revision(&args.name(), &args.name()).await?.into_answer(),
            "updateVerification" => {
                let (tenant, service) = args.key()?;
                self.update_verification(&tenant, &service, args.verification()?)
                    .await?
                    .into_answer()
            }
            "prepareVerification" => {
                let (tenant, service) = (args.name(), args.name());
                let input = args.optional_input()?;
                let (own, sandbox) = (args.text(), args.text());
                let endpoints = Endpoints { own: own.as_deref(), sandbox: sandbox.as_deref() };
                self.prepare_verification(&tenant, &service, input, endpoints, now)
                    .await?
                    .into_answer()
            }
            "recordVerification" => {
                let (tenant, service) = (args.name(), args.name());
                let (question, answer) = (args.name(), args.name());
                self.record_verification(&tenant, &service, &question, &answer).await?.into_answer()
            }
            "saveVerified" => {
                let (tenant, service, input) = (args.name(), args.name(), args.input()?);
                let (question, answer) = (args.name(), args.name());
                self.save_verified(&tenant, &service, input, &question, &answer).await
            }
            "prepareInputVerification" => {
                let (service, input) = (args.name(), args.input()?);
                let (own, sandbox) = (args.text(), args.text());
                let endpoints = Endpoints { own: own.as_deref(), sandbox: sandbox.as_deref() };
                prepare_input_verification(&service, input, endpoints, now)?.into_answer()
            }
            "readVerification" => {
                read_verification(&args.name(), &args.name(), &args.name())?.into_answer()
            }
            "createTenant" => self.create_tenant(&args.name()).await?.into_answer(),
            "migrateTenant" => self.migrate_tenant(&args.name()).await?.into_answer(),
            "tenants" => self.tenants().await?.into_answer(),
            _ => Err(CredentialError::input("The store has no such operation")),
        }
    }
}

impl Arguments {
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

    /// The tenant and the service of a credential.
    fn key(&mut self) -> Result<(String, ServiceRef)> {
        let tenant = self.name();
        Ok((tenant, (self.parse_service)(&self.name())?))
    }

    /// A service and an input, which names the service where the argument does not.
    fn service_and_input(&mut self) -> Result<(ServiceRef, Fields)> {
        let service = self.text();
        let mut input = self.input()?;
        let service = match service {
            Some(service) => (self.parse_service)(&service),
            None => (self.parse_service)(take_service_name(&mut input)?.expose()),
        };
        Ok((service?, input))
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
