use crate::CredentialError;
use crate::catalog::ColumnKind;

/// A value of a type that its column cannot hold.
pub(super) fn wrong_type(kind: ColumnKind, name: &'static str) -> CredentialError {
    let expected = match kind {
        ColumnKind::Secret
        | ColumnKind::MetadataSecret
        | ColumnKind::Text
        | ColumnKind::OneOf(_) => "a string",
        ColumnKind::Boolean => "true or false",
        ColumnKind::JsonObject => "an object",
        ColumnKind::JsonStrings => "an array of strings",
    };
    CredentialError::field(name, format!("{name} must be {expected}"))
}
