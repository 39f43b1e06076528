use std::fmt;

/// SQL text and its parameters.
///
/// Every parameter travels as text and is cast in the SQL; every answer is rows of one text column
/// that holds JSON. So the same statement runs on any driver and through any pooler.
#[derive(Clone, PartialEq, Eq)]
pub struct Statement {
    pub(crate) sql: String,
    pub(crate) params: Vec<Option<String>>,
    pub(crate) access: Access,
}

/// Whether a statement may be run again after a lost connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Changes nothing: may be repeated.
    Read,
    /// May have taken effect although no answer came: must not be repeated.
    Write,
}

impl Statement {
    /// The SQL text, with `$1`, `$2`, … for the parameters.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The parameters, all as text.
    pub fn params(&self) -> &[Option<String>] {
        &self.params
    }

    /// Whether the statement may be repeated.
    pub fn access(&self) -> Access {
        self.access
    }
}

/// Shows the SQL only: parameters carry ciphertext.
impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Statement").field("sql", &self.sql).finish_non_exhaustive()
    }
}

/// Runs statements. The only thing that stands between the vault and a database.
pub trait Database {
    /// Runs one statement in one round trip and gives the text of its single column, row by row.
    fn query(
        &self,
        statement: Statement,
    ) -> impl Future<Output = Result<Vec<String>, DatabaseError>>;
}

/// Why a statement was not carried out. Never carries the server's text, which may quote values.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DatabaseError {
    /// No database is configured; the sentence says what to set.
    NotConfigured(&'static str),
    /// The connection string or an option is wrong; the sentence says which.
    ConfigInvalid(String),
    /// The server can not be reached or ended the connection; the words say how.
    Unavailable(String),
    /// The server did not answer in time. A write may have taken effect.
    Timeout,
    /// The server does not accept the user or password.
    AuthenticationFailed,
    /// The schema or table does not exist.
    SchemaMissing,
    /// A table lacks a column, or has one of another type.
    ColumnMissing,
    /// The function of the tables' triggers belongs to a role that nobody here trusts.
    FunctionUntrusted,
    /// The database user lacks a privilege.
    PermissionDenied,
    /// The server is a read-only replica, or in recovery.
    ReadOnly,
    /// The driver answered with something other than rows of one text column.
    DriverAnswer,
    /// The server refused the statement for another reason, with this SQLSTATE.
    Refused(String),
}

impl DatabaseError {
    /// Reads a SQLSTATE (PostgreSQL, appendix A).
    pub fn from_sqlstate(state: &str) -> Self {
        match state {
            "3F000" | "42P01" => Self::SchemaMissing,
            "42703" | "42804" | "42883" => Self::ColumnMissing,
            "42501" => Self::PermissionDenied,
            "CGK01" => Self::FunctionUntrusted,
            "25006" => Self::ReadOnly,
            "28P01" | "28000" => Self::AuthenticationFailed,
            "57014" => Self::Timeout,
            "3D000" => Self::Unavailable("the database named in it does not exist".to_owned()),
            "53300" => Self::Unavailable("the server has no free connections".to_owned()),
            "57P01" | "57P02" | "57P03" => {
                Self::Unavailable("the server is shutting down or starting up".to_owned())
            }
            _ if state.starts_with("08") => Self::Unavailable("the connection was lost".to_owned()),
            _ if is_sqlstate(state) => Self::Refused(state.to_owned()),
            _ => Self::Refused("unknown reason".to_owned()),
        }
    }

    /// The stable code that JavaScript callers read from `error.code`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotConfigured(_) => "DATABASE_NOT_CONFIGURED",
            Self::ConfigInvalid(_) => "CONFIG_INVALID",
            Self::Unavailable(_) => "DATABASE_UNAVAILABLE",
            Self::Timeout => "DATABASE_TIMEOUT",
            Self::AuthenticationFailed => "DATABASE_AUTHENTICATION",
            Self::SchemaMissing => "TENANT_NOT_FOUND",
            Self::ColumnMissing => "SCHEMA_MISMATCH",
            Self::FunctionUntrusted => "FUNCTION_UNTRUSTED",
            Self::PermissionDenied => "PERMISSION_DENIED",
            Self::ReadOnly => "DATABASE_READ_ONLY",
            Self::DriverAnswer => "DRIVER_INVALID",
            Self::Refused(_) => "DATABASE_ERROR",
        }
    }
}

fn is_sqlstate(state: &str) -> bool {
    state.len() == 5 && state.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConfigured(advice) => f.write_str(advice),
            Self::ConfigInvalid(message) => f.write_str(message),
            Self::Unavailable(reason) => write!(
                f,
                "The database is not available: {reason}. Check POSTGRES_URL and that the server is running",
            ),
            Self::Timeout => f.write_str(
                "The database did not answer in time; a write may still have taken effect",
            ),
            Self::AuthenticationFailed => {
                f.write_str("The database does not accept the user or password in POSTGRES_URL")
            }
            Self::SchemaMissing => f.write_str("The schema or one of its tables does not exist"),
            Self::ColumnMissing => f.write_str(
                "A credential table lacks a column: run migrateTenant or `cgk-integrations migrate`",
            ),
            Self::FunctionUntrusted => f.write_str(
                "public.update_updated_at_column() belongs to a role that is neither this one nor the owner of the database: whoever owns it could change every credential. Give it another owner (alter function … owner to …)",
            ),
            Self::PermissionDenied => {
                f.write_str("The database user lacks a privilege on the tenant's schema or tables")
            }
            Self::ReadOnly => {
                f.write_str("The database is read-only: point POSTGRES_URL at the primary server")
            }
            Self::DriverAnswer => f.write_str(
                "The database driver must answer with rows (or { rows }) of one text column",
            ),
            Self::Refused(state) => write!(f, "The database refused the statement ({state})"),
        }
    }
}

impl std::error::Error for DatabaseError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlstates_become_codes() {
        let cases = [
            ("3F000", "TENANT_NOT_FOUND"),
            ("42P01", "TENANT_NOT_FOUND"),
            ("42703", "SCHEMA_MISMATCH"),
            ("42501", "PERMISSION_DENIED"),
            ("25006", "DATABASE_READ_ONLY"),
            ("28P01", "DATABASE_AUTHENTICATION"),
            ("57014", "DATABASE_TIMEOUT"),
            ("08006", "DATABASE_UNAVAILABLE"),
            ("57P01", "DATABASE_UNAVAILABLE"),
            ("23505", "DATABASE_ERROR"),
        ];
        for (state, code) in cases {
            assert_eq!(DatabaseError::from_sqlstate(state).code(), code, "{state}");
        }
    }

    #[test]
    fn an_unknown_sqlstate_can_not_smuggle_text_into_the_message() {
        let error = DatabaseError::from_sqlstate("sk_live_0123456789");
        assert_eq!(error, DatabaseError::Refused("unknown reason".to_owned()));
    }

    #[test]
    fn a_printed_statement_shows_no_parameters() {
        let statement = Statement {
            sql: "select $1".to_owned(),
            params: vec![Some("ciphertext".to_owned())],
            access: Access::Read,
        };
        assert!(!format!("{statement:?}").contains("ciphertext"));
    }
}
