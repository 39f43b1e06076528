use cgk_crypto::SecretString;
use serde_json::{Map, Value, json};

use super::parse::{Assignment, PlainValue};
use super::text::check;
use crate::catalog::{Column, ColumnKind, ColumnRole, FieldKind, Service};
use crate::json::wipe;
use crate::{CredentialError, FieldError};

/// A decrypted credential, stored or not: its values by the name of their input field. The strings
/// and booleans of `metadata` are under `metadata.name`.
#[derive(Debug)]
pub(crate) struct PlaintextCredential {
    service: &'static Service,
    values: Vec<(String, SecretString)>,
}

impl PlaintextCredential {
    pub(crate) fn new(service: &'static Service) -> Self {
        Self { service, values: Vec::new() }
    }

    pub(crate) fn service(&self) -> &'static Service {
        self.service
    }

    /// Puts the value of a column; `None` takes it away.
    pub(crate) fn put(&mut self, column: &Column, value: Option<SecretString>) {
        let ColumnRole::Input { field, .. } = column.role else { return };
        if column.kind == ColumnKind::JsonObject {
            return self.put_object(field, value.as_ref().map_or("{}", SecretString::expose));
        }
        self.values.retain(|(name, _)| name != field);
        self.values.extend(value.map(|value| (field.to_owned(), value)));
    }

    /// The values of columns.
    pub(crate) fn of(
        service: &'static Service,
        values: impl Iterator<Item = (&'static Column, Option<SecretString>)>,
    ) -> Self {
        let mut credential = Self::new(service);
        for (column, value) in values {
            credential.put(column, value);
        }
        credential
    }

    /// Puts what a save would store.
    pub(crate) fn assign(&mut self, assignments: &[Assignment<PlainValue>]) {
        for Assignment { column, value } in assignments {
            let value = match value {
                PlainValue::Clear => None,
                PlainValue::Secret(text) => Some(text.expose().to_owned()),
                PlainValue::Public(text) => Some(text.clone()),
            };
            self.put(column, value.map(SecretString::from));
        }
    }

    /// The key that distinguishes accounts.
    pub(crate) fn key(&self) -> Option<&SecretString> {
        self.get(self.service.table.table().key_field()?)
    }

    /// Checks that everything the service needs is there. Secrets may have any form: who wrote
    /// them may know of keys that the catalog does not.
    pub(crate) fn require_complete(&self) -> Result<(), CredentialError> {
        for field in self.service.fields.iter().filter(|field| field.required) {
            match (field.kind, self.get(field.name)) {
                (FieldKind::Secret, Some(_)) => {}
                _ => drop(self.require(field.name)?),
            }
        }
        Ok(())
    }

    /// `{ values, account, revision }` as JSON text.
    pub(crate) fn to_json(&self, account: &Map<String, Value>, revision: &str) -> SecretString {
        let mut values = Map::new();
        for (name, value) in &self.values {
            values.insert(name.clone(), value.expose().into());
        }
        let mut json = json!({ "values": values, "account": account, "revision": revision });
        let text = SecretString::from(json.to_string());
        wipe(&mut json);
        text
    }

    /// The value of a field, which is there and fits its rule: a row may have been written by
    /// others, and a value becomes part of a URL or header.
    pub(crate) fn require(&self, name: &str) -> Result<&SecretString, CredentialError> {
        let service = self.service.display_name;
        let field = self.service.field(name);
        let label = field.map_or(name, |field| field.label);
        let incomplete = |message| {
            let field = field.map(|field| field.name);
            CredentialError::Incomplete(FieldError { field, message })
        };
        let Some(value) = self.get(name) else {
            return Err(incomplete(format!(
                "{service} is connected without its {label}: save it as {name}"
            )));
        };
        if field.is_some_and(|field| check(field, value.expose()).is_err()) {
            return Err(incomplete(format!(
                "{service} is connected with a {label} of a wrong form: save {name} again"
            )));
        }
        Ok(value)
    }

    /// The value of a field that may be missing.
    pub(crate) fn get(&self, name: &str) -> Option<&SecretString> {
        self.values.iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.expose() == "true")
    }

    fn put_object(&mut self, name: &str, json: &str) {
        let prefix = format!("{name}.");
        self.values.retain(|(field, _)| !field.starts_with(&prefix));
        let Ok(Value::Object(object)) = serde_json::from_str(json) else { return };
        for (key, value) in object {
            let text = match value {
                Value::String(text) => text,
                Value::Bool(value) => value.to_string(),
                _ => continue,
            };
            self.values.push((format!("{prefix}{key}"), SecretString::from(text)));
        }
    }
}
