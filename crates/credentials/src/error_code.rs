//! The codes of errors: what JavaScript reads as `error.code`, and all that is generated from them.

macro_rules! error_codes {
    ($($variant:ident $name:literal: $meaning:literal, $remedy:literal;)+) => {
        /// A stable code of an error. A new one is one line here and the place that raises it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $(#[doc = $meaning] $variant,)+
        }

        impl ErrorCode {
            /// All codes, those that belong together beside each other.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// What JavaScript callers read from `error.code`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What it says, in a line.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }

            /// What to do about it, in a line.
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$variant => $remedy,)+ }
            }
        }
    };
}

error_codes! {
    KeyMissing "KEY_MISSING": "No usable master key is configured", "Set INTEGRATION_ENCRYPTION_KEY to 32 or more characters";
    KeyInvalid "KEY_INVALID": "A key of an argument, option or variable is none, or not one for this", "Pass an encryption key of 32 or more characters, or 64 hexadecimal characters for Shopify";
    KeyUnknown "KEY_UNKNOWN": "No configured key has the id that a token names", "Add the key that it was sealed under to INTEGRATION_ENCRYPTION_KEY_PREVIOUS";
    KeyUnavailable "KEY_UNAVAILABLE": "The function that gives the encryption key failed", "Look at what it asks, such as a KMS; the next call asks it again";
    TokenFormat "TOKEN_FORMAT": "A stored or given token is not one", "Save the credential again";
    DecryptionFailed "DECRYPTION_FAILED": "The token was sealed under another key, or was changed", "Configure the key that it was sealed under, or save the credential again";
    Busy "BUSY": "Too many calls wait for their key to be derived; nothing was changed", "Call again later, or ask for less at once";
    RandomUnavailable "RANDOM_UNAVAILABLE": "The runtime provides no secure random numbers", "Run on Node 20 or later, or on a runtime with WebCrypto";

    TenantInvalid "TENANT_INVALID": "A tenant id is not a slug", "Use 1 to 56 lower-case letters, digits and underscores";
    TenantNotFound "TENANT_NOT_FOUND": "The tenant has no schema or no credential tables", "Run migrateTenant, or cgk-integrations migrate";
    TenantInOtherLayout "TENANT_IN_OTHER_LAYOUT": "The tenant's tables are in the other layout; nothing was changed", "Set the layout that has them, or run cgk-integrations move";
    MoveRefused "MOVE_REFUSED": "A tenant cannot be moved to the other layout as it is; nothing was changed", "Do what the message says, then move it again";
    EventsMissing "EVENTS_MISSING": "Events are on, and the tenant's schema has no table for them; nothing was changed", "Run migrateTenant, or cgk-integrations migrate";
    ServiceUnknown "SERVICE_UNKNOWN": "A service id is not in the catalog, or the function does not serve it", "Use one of the ids that the message names";
    InputInvalid "INPUT_INVALID": "An input breaks rules; fields has a sentence for each wrong field", "Correct the fields that the message names";
    ConfigInvalid "CONFIG_INVALID": "An option or a connection string is wrong", "Correct the option that the message names";

    NotConfigured "NOT_CONFIGURED": "The tenant has no credential of the service", "Connect the service first";
    CredentialIncomplete "CREDENTIAL_INCOMPLETE": "A credential lacks a part that its service needs, or has it in a wrong form", "Save the field that the message names";
    CredentialInvalid "CREDENTIAL_INVALID": "The vendor does not accept the credential", "Copy it again from where the vendor shows it";
    CredentialRestricted "CREDENTIAL_RESTRICTED": "The vendor accepts the credential, but something else stands in its way", "Do what the message says: an address, a region, a quota, a payment or the account";
    PermissionMissing "PERMISSION_MISSING": "The credential is not allowed the call", "Give it the permission at its vendor";

    VendorRateLimited "VENDOR_RATE_LIMITED": "The vendor limits the number of requests", "Call again later, after retryAfterSeconds where it is set";
    VendorTimeout "VENDOR_TIMEOUT": "The vendor did not answer in time", "Call again later, or raise vendorTimeoutMs";
    VendorUnreachable "VENDOR_UNREACHABLE": "No connection to the vendor", "Check the network, then call again";
    VendorError "VENDOR_ERROR": "The vendor returned a server error", "Call again later";
    VendorAnswerUnexpected "VENDOR_ANSWER_UNEXPECTED": "The vendor returned an unexpected response", "Call again later, and check what stands between: proxies, firewalls";
    VendorRequestRefused "VENDOR_REQUEST_REFUSED": "The vendor refuses the request, not the credential", "Correct the arguments as status and errors say";
    WiseRequestRefused "WISE_REQUEST_REFUSED": "Wise refuses the request, not the credential", "Correct the arguments as status and errors say";
    WiseScaRequired "WISE_SCA_REQUIRED": "Wise demands strong customer authentication", "Approve the request with the approvalToken";
    WiseFundingRejected "WISE_FUNDING_REJECTED": "Wise did not fund the transfer", "See errors: mostly the balance does not suffice";

    SdkMissing "SDK_MISSING": "The package of the vendor's SDK is not installed", "Install the package that the message names";
    SdkUnsupported "SDK_UNSUPPORTED": "The vendor's SDK does not run here", "Call it on Node, or use another version";
    ClientFailed "CLIENT_FAILED": "The vendor's SDK refused to make a client", "Verify the credential, and check the version of the SDK";

    SignatureMissing "SIGNATURE_MISSING": "A webhook has no usable signature", "Answer 400: it does not come from the vendor";
    SignatureInvalid "SIGNATURE_INVALID": "A webhook's signature does not fit its body and the secret", "Pass the body as it came, and compare the secret with the vendor's";
    TimestampOutsideTolerance "TIMESTAMP_OUTSIDE_TOLERANCE": "A webhook was signed too long ago, or in the future", "Check the clock, or raise the tolerance";
    PayloadInvalid "PAYLOAD_INVALID": "A webhook's body is not what its vendor sends", "Pass the raw body, as a string or as bytes";
    BodyTooLarge "BODY_TOO_LARGE": "A webhook's body is larger than maxBodyBytes", "Raise maxBodyBytes if the vendor sends such";
    Replayed "REPLAYED": "A webhook was delivered before", "Answer 200: its event is known";
    ProfileMismatch "PROFILE_MISMATCH": "A webhook of Wise is about another profile than the tenant's", "Answer 200 and leave it to the tenant that it is for";
    WebhookKeyInvalid "WEBHOOK_KEY_INVALID": "The stored webhook secret has a wrong form", "Save it again";

    DatabaseNotConfigured "DATABASE_NOT_CONFIGURED": "No database is configured", "Set POSTGRES_URL, or pass databaseUrl or driver";
    PlacementFailed "PLACEMENT_FAILED": "The function that gives the URL of a tenant's database failed", "Look at what it asks; the next call asks it again";
    DatabaseUnavailable "DATABASE_UNAVAILABLE": "The database cannot be reached, or has no free connection; nothing was changed", "Check the server and POSTGRES_URL, then call again";
    DatabaseAuthentication "DATABASE_AUTHENTICATION": "The database does not accept the user or password", "Correct the connection string or the server's rules";
    DatabaseTimeout "DATABASE_TIMEOUT": "The database did not answer in time; nothing was changed", "Look for locks, or raise statementTimeoutMs";
    DatabaseOutcomeUnknown "DATABASE_OUTCOME_UNKNOWN": "A write was sent and its answer is lost or late: it may have happened", "Read what is stored before you repeat it";
    DatabaseBusy "DATABASE_BUSY": "A deadlock, a lock, a conflict or a lack of memory; nothing was changed", "Repeat the call";
    DatabaseFull "DATABASE_FULL": "The server has no room on its disk; nothing was changed", "Make room, then repeat the call";
    DatabaseReadOnly "DATABASE_READ_ONLY": "The database is a replica or in recovery", "Point POSTGRES_URL at the primary server";
    DatabaseError "DATABASE_ERROR": "The server refused the statement for another reason; nothing was changed", "Look up the SQLSTATE in the message";
    PermissionDenied "PERMISSION_DENIED": "The database user lacks a privilege", "Grant it on the tenant's schema and tables";
    SchemaMismatch "SCHEMA_MISMATCH": "A credential table is not as the migrations make it", "Run migrateTenant, or cgk-integrations migrate";
    FunctionUntrusted "FUNCTION_UNTRUSTED": "The function of the tables' triggers belongs to another role", "Give the function a trusted owner";
    SchemaDistributed "SCHEMA_DISTRIBUTED": "Citus distributes the tenant's schema, and does not see what a driver makes there; nothing was changed", "Run cgk-integrations migrate, which connects by itself";
    StoredDataInvalid "STORED_DATA_INVALID": "A stored row does not have the expected shape", "Save the credential again";
    DriverInvalid "DRIVER_INVALID": "The driver answers with something other than rows of one text column", "Correct the driver: see the guide to drivers";

    AddonUnavailable "ADDON_UNAVAILABLE": "The native addon cannot be loaded", "Install the package of the platform, or use the WebAssembly module";
    WasmUnavailable "WASM_UNAVAILABLE": "The WebAssembly module cannot be loaded", "Deploy vault.wasm with the package";
    RuntimeUnsupported "RUNTIME_UNSUPPORTED": "The package was loaded in a browser", "Call it on the server: credentials stay there";
    TestingRefused "TESTING_REFUSED": "The testing helpers do not run in production", "Use them in tests only";
    TestingRunning "TESTING_RUNNING": "The testing helpers are set up already", "Close the former ones first";
    PgliteMissing "PGLITE_MISSING": "The testing database is not installed", "Install @electric-sql/pglite";
    Internal "INTERNAL": "Something failed that should not", "Report it, with the version and the backend";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn names_are_unique_and_in_one_form() {
        let names: HashSet<_> = ErrorCode::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), ErrorCode::ALL.len());
        for code in ErrorCode::ALL {
            let is_name = code.name().bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
            let has_text = !code.meaning().is_empty() && !code.remedy().is_empty();
            assert!(is_name && has_text, "{code:?}");
        }
    }

    /// Below this crate, codes are texts.
    #[test]
    fn codes_of_the_crypto_crate_are_in_the_table() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crypto/src/error.rs");
        let text = std::fs::read_to_string(file).unwrap();
        let is_code = |text: &&str| {
            text.len() > 3 && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
        };
        let codes: Vec<_> = text.split('"').filter(is_code).collect();
        assert!(codes.contains(&"TOKEN_FORMAT"));
        for name in codes {
            assert!(ErrorCode::ALL.iter().any(|code| code.name() == name), "{name}");
        }
    }
}
