use std::fmt;

use cgk_crypto::{CryptoError, KeyOptionNames, KeyRingError};

use crate::database::DatabaseError;
use crate::error_code::ErrorCode;
use crate::tenant::{InvalidLayout, InvalidTenant, MAX_SLUG_LENGTH, TenantId};

/// What is wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field, if it is about one.
    pub field: Option<&'static str>,
    /// The sentence that names the field and the rule. It repeats nothing of the input.
    pub message: String,
}

impl FieldError {
    pub(crate) fn of(field: &'static str, message: impl Into<String>) -> Self {
        Self { field: Some(field), message: message.into() }
    }
}

/// What a table of a tenant lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaMismatch {
    pub(crate) tenant: TenantId,
    pub(crate) table: &'static str,
    /// Names of columns; empty where one has another type.
    pub(crate) columns: Vec<String>,
    /// Whether migrating adds them.
    pub(crate) migration_helps: bool,
}

impl fmt::Display for SchemaMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tenant, table, columns, .. } = self;
        if columns.is_empty() {
            return write!(
                f,
                "A column of {table} of tenant {tenant} has another type than migration 038 gives it: change it back",
            );
        }
        let plural = if columns.len() == 1 { "column" } else { "columns" };
        let columns = columns.join(", ");
        write!(f, "{table} of tenant {tenant} lacks the {plural} {columns}: ")?;
        if self.migration_helps {
            write!(f, "run migrateTenant or `cgk-integrations migrate --tenant {tenant}`")
        } else {
            f.write_str("add what is missing as migration 038 has it")
        }
    }
}

/// Why a tenant is not moved to the other layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveRefusal {
    /// It has rows of another tenant, or columns that the other tables have no place for.
    WouldLose,
    /// It has rows in both layouts.
    InBoth,
    /// What was copied is not what was there.
    Differs,
    /// Something else depends on its tables.
    Depended,
}

impl MoveRefusal {
    fn reason(self) -> &'static str {
        match self {
            Self::WouldLose => {
                "its tables have rows of another tenant, or columns that the other layout has no place for: look for both"
            }
            Self::InBoth => {
                "it has credentials in both layouts: find out which are in use, and remove the others"
            }
            Self::Differs => {
                "the copy was not equal to what was copied: look for triggers on its tables"
            }
            Self::Depended => "views or foreign keys depend on its tables: drop these first",
        }
    }
}

/// Every way in which a storage operation can fail.
///
/// [`CredentialError::code`] is what JavaScript reads as `error.code`. Texts are made of names from
/// the catalog and validated slugs only: no input, secret or ciphertext ever stands in one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialError {
    /// No master key is configured, or it is too short.
    KeyMissing,
    /// A key of the ring is none; which keys are options.
    KeyRing(KeyRingError, KeyOptionNames),
    /// A tenant id that is not a slug of at most 56 characters.
    TenantInvalid,
    /// The tenant's schema or one of its tables does not exist.
    TenantNotFound(TenantId),
    /// The tenant's schema has no table of events, or none of states.
    EventsMissing(TenantId),
    /// The tenant has no schema that could be migrated.
    SchemaNotFound(TenantId),
    /// The tenant's tables are in the other layout.
    OtherLayout(TenantId),
    /// The tenant cannot be moved to the other layout as it is.
    MoveRefused(TenantId, MoveRefusal),
    /// A service id that is not in the catalog, or not one that this function serves; the ids that
    /// it serves.
    ServiceUnknown(String),
    /// A service id that is not even a name.
    ServiceNameInvalid,
    /// An input that breaks rules; at least one.
    InputInvalid(Vec<FieldError>),
    /// A credential without a part that its service needs.
    Incomplete(FieldError),
    /// A credential that its vendor refused before it was saved.
    Rejected(FieldError),
    /// A row that does not have the shape of its table.
    StoredDataInvalid,
    /// A key, a token or the decryption is at fault.
    Crypto(CryptoError),
    /// The same, of the stored secret of an input field.
    Secret(FieldError, CryptoError),
    /// A table that is not as the migrations make it.
    SchemaMismatch(SchemaMismatch),
    /// The database did not do what was asked.
    Database(DatabaseError),
}

impl CredentialError {
    /// The stable code that JavaScript callers read from `error.code`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::KeyMissing => ErrorCode::KeyMissing.name(),
            Self::KeyRing(error, _) => error.code(),
            Self::TenantInvalid => ErrorCode::TenantInvalid.name(),
            Self::TenantNotFound(_) | Self::SchemaNotFound(_) => ErrorCode::TenantNotFound.name(),
            Self::EventsMissing(_) => ErrorCode::EventsMissing.name(),
            Self::OtherLayout(_) => ErrorCode::TenantInOtherLayout.name(),
            Self::MoveRefused(..) => ErrorCode::MoveRefused.name(),
            Self::ServiceUnknown(_) | Self::ServiceNameInvalid => ErrorCode::ServiceUnknown.name(),
            Self::InputInvalid(_) => ErrorCode::InputInvalid.name(),
            Self::Incomplete(_) => ErrorCode::CredentialIncomplete.name(),
            Self::Rejected(_) => ErrorCode::CredentialInvalid.name(),
            Self::StoredDataInvalid => ErrorCode::StoredDataInvalid.name(),
            Self::Crypto(error) | Self::Secret(_, error) => error.code(),
            Self::SchemaMismatch(_) => ErrorCode::SchemaMismatch.name(),
            Self::Database(error) => error.code(),
        }
    }

    /// An input that is wrong as a whole.
    pub fn input(message: impl Into<String>) -> Self {
        Self::InputInvalid(vec![FieldError { field: None, message: message.into() }])
    }

    /// An input with one wrong field.
    pub(crate) fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self::InputInvalid(vec![FieldError::of(field, message)])
    }

    /// What is wrong with the input, field by field; JavaScript reads it as `error.fields`.
    pub fn field_errors(&self) -> &[FieldError] {
        match self {
            Self::InputInvalid(field_errors) => field_errors,
            Self::Incomplete(error) | Self::Rejected(error) | Self::Secret(error, _) => {
                std::slice::from_ref(error)
            }
            _ => &[],
        }
    }
}

impl fmt::Display for CredentialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyMissing => {
                f.write_str("INTEGRATION_ENCRYPTION_KEY must be set and at least 32 characters")
            }
            Self::KeyRing(error, options) => f.write_str(&error.message(*options)),
            Self::TenantInvalid => write!(
                f,
                "Invalid tenant id: use 1 to {MAX_SLUG_LENGTH} lower-case letters, digits and underscores",
            ),
            Self::TenantNotFound(tenant) | Self::SchemaNotFound(tenant)
                if tenant.layout().is_shared() =>
            {
                let schema = tenant.schema();
                write!(
                    f,
                    "Tenant {tenant} is not in the schema {schema} that tenants share: createTenant or `cgk-integrations create --tenant {tenant}` puts it there",
                )
            }
            Self::TenantNotFound(tenant) => write!(
                f,
                "No credential tables for tenant {tenant}: create them with migrateTenant or `cgk-integrations migrate --tenant {tenant}`",
            ),
            Self::EventsMissing(tenant) => write!(
                f,
                "Tenant {tenant} has no table of events, so nothing was changed: the migration credential_events makes it (migrateTenant or `cgk-integrations migrate --tenant {tenant}`)",
            ),
            Self::SchemaNotFound(tenant) => write!(
                f,
                "There is no schema tenant_{tenant}: the platform makes it with the tenant; for demos and tests createTenant or `cgk-integrations create --tenant {tenant}` does",
            ),
            Self::OtherLayout(tenant) => {
                let (here, there) = if tenant.layout().is_shared() {
                    ("shared", tenant.own_schema())
                } else {
                    ("schema", tenant.layout().shared_schema())
                };
                write!(
                    f,
                    "The credentials of tenant {tenant} are in the schema {there}, where the layout {here} does not look: set the other layout, or move them with `cgk-integrations move --to {here} --tenant {tenant}`",
                )
            }
            Self::MoveRefused(tenant, refusal) => write!(
                f,
                "Tenant {tenant} was not moved and nothing was changed, because {}",
                refusal.reason(),
            ),
            Self::ServiceUnknown(known) => write!(f, "Unknown service: use one of {known}"),
            Self::ServiceNameInvalid => f.write_str(
                "Invalid service name: use 1 to 64 lower-case letters, digits and underscores",
            ),
            Self::InputInvalid(_) | Self::Incomplete(_) | Self::Rejected(_) => {
                f.write_str(self.field_errors().first().map_or("", |error| &error.message))
            }
            Self::StoredDataInvalid => {
                f.write_str("The stored row does not have the expected shape: save it again")
            }
            Self::Crypto(error) | Self::Secret(_, error) => error.fmt(f),
            Self::SchemaMismatch(mismatch) => mismatch.fmt(f),
            Self::Database(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CredentialError {}

impl From<CryptoError> for CredentialError {
    fn from(error: CryptoError) -> Self {
        Self::Crypto(error)
    }
}

impl From<InvalidTenant> for CredentialError {
    fn from(_: InvalidTenant) -> Self {
        Self::TenantInvalid
    }
}

impl From<InvalidLayout> for CredentialError {
    fn from(_: InvalidLayout) -> Self {
        Self::input("The layout must be schema or shared, with a name that no other schema has")
    }
}
