//! The codes of errors, for TypeScript and for the documentation.

use cgk_credentials::ErrorCode;
use serde_json::json;

/// The type of `IntegrationError.code`.
pub(crate) fn union() -> String {
    let codes = ErrorCode::ALL.iter().map(|code| {
        format!("  /** {}. {}. */\n  | '{}'\n", code.meaning(), code.remedy(), code.name())
    });
    let codes: String = codes.collect();
    format!(
        "/** The stable codes of errors: what each means, and what to do. */\nexport type IntegrationErrorCode =\n{};\n",
        codes.trim_end()
    )
}

/// `[{ code, meaning, remedy }]` as JSON.
pub(crate) fn list() -> String {
    let codes = ErrorCode::ALL.iter().map(
        |code| json!({ "code": code.name(), "meaning": code.meaning(), "remedy": code.remedy() }),
    );
    format!("{:#}\n", serde_json::Value::Array(codes.collect()))
}
