//! What callers get: rows, statuses and values on their way to JavaScript.

mod row;
mod status;
mod value;

pub(crate) use row::render;
pub use status::IntegrationStatus;
pub(crate) use status::StatusRow;
pub(crate) use value::ApiKeyAndSecret;
pub(crate) use value::to_json;
pub use value::{IntoJs, JsOutput};
