use cgk_credentials::{Database, DatabaseError, Statement};
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

const NOT_CONFIGURED: DatabaseError = DatabaseError::NotConfigured(
    "No database driver is configured: call configureIntegrations({ driver }) with pgDriver, neonDriver, pgliteDriver or your own { query(sql, params) }",
);

const NEON_MISSING: DatabaseError = DatabaseError::NotConfigured(
    "The database is Neon's, and its driver is not installed: run \"npm install @neondatabase/serverless\"",
);

const SHARE_BUSY: &str = "all statements that one tenant may run at a time were under way: raise maxConnectionsPerTenant";

const BUSY: &str = "all maxConnections requests of the driver were under way: raise maxConnections";

/// The object `{ query(sql, params, tenant) }` that JavaScript handed in, if it did. The npm package stands
/// between it and the host's driver: answers are arrays of texts, errors have a `code` and no more.
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
        let tenant = statement.tenant().map_or(JsValue::NULL, JsValue::from_str);
        let answer = match query.call3(driver, &statement.sql().into(), &params, &tenant) {
            Ok(answer) => JsFuture::from(Promise::resolve(&answer)).await,
            Err(error) => Err(error),
        };
        let rows = answer.map_err(|error| read_error(&error))?;
        serde_wasm_bindgen::from_value(rows).map_err(|_| DatabaseError::DriverAnswer)
    }
}

/// The `code` is a SQLSTATE, what Node calls a failed connection, or a name of the npm package's own.
fn read_error(error: &JsValue) -> DatabaseError {
    let code = Reflect::get(error, &"code".into()).ok().and_then(|code| code.as_string());
    match code.as_deref().unwrap_or_default() {
        "DRIVER_MISSING" => NEON_MISSING,
        "DRIVER_ANSWER" => DatabaseError::DriverAnswer,
        "DRIVER_BUSY" => DatabaseError::Exhausted(BUSY.to_owned()),
        "DRIVER_SHARE" => DatabaseError::Exhausted(SHARE_BUSY.to_owned()),
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
