//! Reading JavaScript values without ever failing on their type: what is missing is judged in Rust.

use cgk_credentials::{Argument, FieldValue, Fields};
use cgk_crypto::SecretString;
use js_sys::{Array, JSON, JsString, Object};
use wasm_bindgen::{JsCast, JsValue};

/// Charset, as JavaScript counts them, that a string may have: more than any that is used.
const MAX_LENGTH: u32 = 16 * 1024 * 1024;

/// The string, or `None` for a value of another type and for a string that nobody would use, which
/// would fill the memory of the instance. A lone surrogate becomes U+FFFD.
pub(crate) fn text(value: &JsValue) -> Option<String> {
    let fits = value.is_string() && value.unchecked_ref::<JsString>().length() <= MAX_LENGTH;
    if fits { value.as_string() } else { None }
}

/// The string as a secret.
pub(crate) fn secret(value: &JsValue) -> Option<SecretString> {
    text(value).map(SecretString::from)
}

/// A tenant id or service id. A value of another type reads as an empty one, which names nothing.
pub(crate) fn name(value: &JsValue) -> String {
    text(value).unwrap_or_default()
}

/// An argument of a store's function.
pub(crate) fn argument(value: &JsValue) -> Argument {
    if value.is_null() || value.is_undefined() {
        Argument::Absent
    } else if let Some(value) = value.as_bool() {
        Argument::Boolean(value)
    } else if let Some(text) = secret(value) {
        Argument::Text(text)
    } else {
        fields(value).map_or(Argument::Other, Argument::Fields)
    }
}

/// The object's own enumerable properties without those that are `undefined`; `None` for anything
/// but an object. The npm package hands in plain data: what throws here ends the instance.
fn fields(value: &JsValue) -> Option<Fields> {
    if !value.is_object() || Array::is_array(value) {
        return None;
    }
    let fields = Object::entries(value.unchecked_ref::<Object>()).into_iter().filter_map(|entry| {
        let entry: Array = entry.unchecked_into();
        let value = entry.get(1);
        (!value.is_undefined()).then(|| (name(&entry.get(0)), field_value(&value)))
    });
    Some(fields.collect())
}

fn field_value(value: &JsValue) -> FieldValue {
    if value.is_null() {
        FieldValue::Null
    } else if let Some(value) = value.as_bool() {
        FieldValue::Boolean(value)
    } else if let Some(text) = secret(value) {
        FieldValue::Text(text)
    } else if value.is_object() {
        stringify(value).map_or(FieldValue::Other, FieldValue::Json)
    } else {
        FieldValue::Other
    }
}

/// `JSON.stringify`; `None` where it throws or has nothing to say.
fn stringify(value: &JsValue) -> Option<String> {
    JSON::stringify(value).ok().and_then(|json| json.as_string())
}
