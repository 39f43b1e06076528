//! What a vendor's response says of the account, and what its readers share.

use serde_json::{Map, Value};

use crate::verification::{CredentialFacts, VendorResponse};

/// Longest text that is taken over, in characters.
pub(super) const MAX_TEXT: usize = 500;

/// Reads the account from the body of a response.
pub(crate) type ReadAccount = fn(&Value, &VendorResponse, &CredentialFacts) -> Account;

/// What a response says.
#[derive(Debug, Default)]
pub(crate) struct Account {
    /// For the row, by the names of account details.
    pub(crate) columns: Vec<(&'static str, Value)>,
    /// For the caller.
    pub(crate) details: Map<String, Value>,
}

impl Account {
    /// For the row and for the caller.
    pub(super) fn keep(&mut self, name: &'static str, value: Option<Value>) {
        if let Some(value) = value {
            self.columns.push((name, value.clone()));
            self.details.insert(name.to_owned(), value);
        }
    }

    pub(super) fn show(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.details.insert(name.to_owned(), value);
        }
    }

    pub(super) fn show_metadata(&mut self, body: &Value, places: &[(&str, &str)]) {
        let metadata = texts(body, places);
        if !metadata.is_empty() {
            self.show("metadata", Some(metadata.into()));
        }
    }
}

pub(super) fn none(_: &Value, _: &VendorResponse, _: &CredentialFacts) -> Account {
    Account::default()
}

pub(super) fn organization(response: &VendorResponse, header: &str) -> Account {
    let mut account = Account::default();
    account.keep("accountId", response.header(header).map(clip));
    account
}

/// The texts that are there, by name. Not collected: `Map` would sort them first, by code that
/// WebAssembly has no other use for.
pub(super) fn texts(value: &Value, places: &[(&str, &str)]) -> Map<String, Value> {
    let mut texts = Map::new();
    for (name, place) in places {
        if let Some(text) = text(value, place) {
            texts.insert((*name).to_owned(), text);
        }
    }
    texts
}

/// The text at a JSON pointer, unless it is empty.
pub(super) fn text(value: &Value, place: &str) -> Option<Value> {
    value.pointer(place)?.as_str().filter(|text| !text.is_empty()).map(clip)
}

pub(super) fn clip(text: &str) -> Value {
    text.chars()
        .filter(|character| !character.is_control())
        .take(MAX_TEXT)
        .collect::<String>()
        .into()
}

pub(super) fn entries<'a>(value: &'a Value, place: &str) -> &'a [Value] {
    value.pointer(place).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
