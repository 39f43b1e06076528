use cgk_credentials::{Database, DatabaseError, Statement};
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

const NOT_CONFIGURED: DatabaseError = DatabaseError::NotConfigured(
    "No database driver is configured: call configureIntegrations({ driver }) with pgDriver, neonDriver, pgliteDriver or your own { query(sql, params) }",
);

const NEON_MISSING: DatabaseError = DatabaseError::NotConfigured(
    "The database is Neon's, and its driver is not installed: run \"npm install @neondatabase/serverless\"",
);

const BUSY: &str = "all maxConnections requests of the driver were under way: raise maxConnections";

/// The object `{ query(sql, params) }` that JavaScript handed in, if it did.
pub(crate) struct Driver(pub(crate) Option<JsValue>);

impl Database for Driver {
    async fn attempt(
        &self,
        statement: &Statement,
        _earlier: Option<&DatabaseError>,
    ) -> Result<Vec<String>, DatabaseError> {
        let driver = self.0.as_ref().ok_or(NOT_CONFIGURED)?;
        let query: Function = Reflect::get(driver, &"query".into())
            .and_then(JsCast::dyn_into)
            .map_err(|_| NOT_CONFIGURED)?;
        let params: Array = statement
            .params()
            .iter()
            .map(|param| param.as_deref().map_or(JsValue::NULL, JsValue::from_str))
            .collect();
        let answer = match query.call2(driver, &statement.sql().into(), &params) {
            Ok(answer) => JsFuture::from(Promise::resolve(&answer)).await,
            Err(error) => Err(error),
        };
        read_rows(answer.map_err(|error| read_error(&error))?)
    }
}

/// Rows of one text column, as an array or as `{ rows }`; a row may be an object or an array.
fn read_rows(answer: JsValue) -> Result<Vec<String>, DatabaseError> {
    let rows = if Array::is_array(&answer) {
        answer
    } else {
        Reflect::get(&answer, &"rows".into()).map_err(|_| DatabaseError::DriverAnswer)?
    };
    let rows: Array = rows.dyn_into().map_err(|_| DatabaseError::DriverAnswer)?;
    rows.iter().map(|row| read_row(&row)).collect()
}

fn read_row(row: &JsValue) -> Result<String, DatabaseError> {
    if !row.is_object() {
        return Err(DatabaseError::DriverAnswer);
    }
    let values = Object::values(row.unchecked_ref::<Object>());
    match serde_wasm_bindgen::from_value::<Vec<String>>(values.into()).as_deref() {
        Ok([text]) => Ok(text.clone()),
        _ => Err(DatabaseError::DriverAnswer),
    }
}

/// PostgreSQL drivers put the SQLSTATE into `code`, or what Node calls a failed connection. Their
/// texts are dropped: they may quote values.
fn read_error(error: &JsValue) -> DatabaseError {
    let code = Reflect::get(error, &"code".into()).ok().and_then(|code| code.as_string());
    match code.as_deref().unwrap_or_default() {
        "DRIVER_MISSING" => NEON_MISSING,
        "DRIVER_BUSY" => DatabaseError::Exhausted(BUSY.to_owned()),
        "DRIVER_TIMEOUT" => DatabaseError::Timeout,
        "ECONNREFUSED" | "ENOTFOUND" | "EAI_AGAIN" => {
            DatabaseError::Unavailable("the driver cannot connect".to_owned())
        }
        // Five letters, too.
        "EPIPE" => DatabaseError::ConnectionLost,
        state if state.len() == 5 && state.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            DatabaseError::from_sqlstate(state)
        }
        _ => DatabaseError::DriverFailed,
    }
}
