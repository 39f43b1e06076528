//! Reading JavaScript values without ever failing on their type: what is missing is judged in Rust.

use cgk_credentials::{Argument, FieldValue, Fields};
use cgk_crypto::SecretString;
use napi::bindgen_prelude::{FnArgs, Function, JsObjectValue, Object, Unknown};
use napi::{Env, JsValue, KeyCollectionMode, KeyConversion, KeyFilter, Result, ValueType};

/// Charset, as JavaScript counts them, that a string may have: more than any that is used.
const MAX_LENGTH: usize = 16 * 1024 * 1024;

/// The string, or `None` for a value of another type and for a string that nobody would use. A lone
/// surrogate becomes U+FFFD.
pub(crate) fn text(value: &Unknown) -> Result<Option<String>> {
    if value.get_type()? != ValueType::String {
        return Ok(None);
    }
    let text = value.coerce_to_string()?;
    if text.utf16_len()? > MAX_LENGTH {
        return Ok(None);
    }
    text.into_utf8()?.into_owned().map(Some)
}

/// The string as a secret.
pub(crate) fn secret(value: &Unknown) -> Result<Option<SecretString>> {
    Ok(text(value)?.map(SecretString::from))
}

/// A tenant id or service id. A value of another type reads as an empty one, which names nothing.
pub(crate) fn name(value: &Unknown) -> Result<String> {
    Ok(text(value)?.unwrap_or_default())
}

/// An argument of a store's function.
pub(crate) fn argument(env: &Env, value: &Unknown) -> Result<Argument> {
    Ok(match value.get_type()? {
        ValueType::Undefined | ValueType::Null => Argument::Absent,
        ValueType::Boolean => Argument::Boolean(value.coerce_to_bool()?),
        ValueType::String => secret(value)?.map_or(Argument::Other, Argument::Text),
        ValueType::Object => fields(env, value)?.map_or(Argument::Other, Argument::Fields),
        _ => Argument::Other,
    })
}

/// The object's own enumerable properties without those that are `undefined`; `None` for an array.
fn fields(env: &Env, value: &Unknown) -> Result<Option<Fields>> {
    let object = value.coerce_to_object()?;
    if object.is_array()? {
        return Ok(None);
    }
    let names = object.get_all_property_names(
        KeyCollectionMode::OwnOnly,
        KeyFilter::Enumerable,
        KeyConversion::NumbersToStrings,
    )?;
    let mut fields = Fields::new();
    for index in 0..names.get_array_length()? {
        // Asked for by the name as JavaScript has it: as a C string it would end at a NUL.
        let key: Unknown = names.get_element(index)?;
        let value: Unknown = object.get_property_unchecked(key)?;
        if let Some(name) = text(&key)?
            && value.get_type()? != ValueType::Undefined
        {
            fields.push((name, field_value(env, &value)?));
        }
    }
    Ok(Some(fields))
}

fn field_value(env: &Env, value: &Unknown) -> Result<FieldValue> {
    Ok(match value.get_type()? {
        ValueType::Null => FieldValue::Null,
        ValueType::Boolean => FieldValue::Boolean(value.coerce_to_bool()?),
        ValueType::String => secret(value)?.map_or(FieldValue::Other, FieldValue::Text),
        ValueType::Object => stringify(env, value)?.map_or(FieldValue::Other, FieldValue::Json),
        _ => FieldValue::Other,
    })
}

/// `JSON.stringify`; `None` where it throws or has nothing to say.
fn stringify(env: &Env, value: &Unknown) -> Result<Option<String>> {
    let json: Object = env.get_global()?.get_named_property("JSON")?;
    let stringify: Function<FnArgs<(Unknown,)>, Unknown> = json.get_named_property("stringify")?;
    match stringify.call(FnArgs::from((*value,))) {
        Ok(json) => text(&json),
        Err(_) => Ok(None),
    }
}
