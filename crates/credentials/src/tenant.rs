use std::fmt;

/// Longest slug: `tenant_` and 56 characters are the 63 bytes that PostgreSQL keeps of an
/// identifier; two longer slugs could end up in one schema (compatibility.md, section 8.5).
pub const MAX_SLUG_LENGTH: usize = 56;

const SCHEMA_PREFIX: &str = "tenant_";

/// What is no tenant slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTenant;

/// A validated tenant slug. No statement can be made without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantId(String);

impl TenantId {
    /// Accepts `^[a-z0-9_]+$` of at most [`MAX_SLUG_LENGTH`] characters (compatibility.md,
    /// section 3).
    pub fn parse(slug: &str) -> Result<Self, InvalidTenant> {
        let well_formed = slug.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        if well_formed && (1..=MAX_SLUG_LENGTH).contains(&slug.len()) {
            Ok(Self(slug.to_owned()))
        } else {
            Err(InvalidTenant)
        }
    }

    /// The slug of a schema name, if it is a tenant's.
    pub(crate) fn from_schema(schema: &str) -> Option<Self> {
        schema.strip_prefix(SCHEMA_PREFIX).and_then(|slug| Self::parse(slug).ok())
    }

    /// The slug, as it stands in the `tenant_id` columns.
    pub fn slug(&self) -> &str {
        &self.0
    }

    /// The name of the tenant's schema.
    pub(crate) fn schema(&self) -> String {
        format!("{SCHEMA_PREFIX}{}", self.0)
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn slugs_of_the_contract_are_accepted() {
        for slug in ["a", "rawdog", "acme_2", "_", "0", &"x".repeat(56)] {
            assert_eq!(TenantId::parse(slug).unwrap().slug(), slug);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let hostile = [
            "",
            " ",
            "Acme",
            "acme corp",
            "acme-corp",
            "acme\"",
            "acme'; drop schema public; --",
            "acme\0",
            "acmé",
            "ａcme",
            "public.",
            "../acme",
            "acme\n",
            "tenant_acme\".x",
        ];
        for slug in hostile {
            assert!(TenantId::parse(slug).is_err(), "{slug:?}");
        }
    }

    #[test]
    fn two_long_slugs_cannot_share_a_schema() {
        assert!(TenantId::parse(&"x".repeat(57)).is_err());
        let longest = TenantId::parse(&"x".repeat(56)).unwrap();
        assert_eq!(longest.schema().len(), 63);
    }

    #[test]
    fn public_is_a_tenant_of_its_own_and_not_the_public_schema() {
        assert_eq!(TenantId::parse("public").unwrap().schema(), "tenant_public");
    }

    proptest! {
        #[test]
        fn a_schema_name_never_needs_escaping(slug in "\\PC{0,80}") {
            if let Ok(tenant) = TenantId::parse(&slug) {
                prop_assert!(!tenant.slug().contains(['"', '\'', '\\', '\0', '.', ' ']));
                prop_assert_eq!(TenantId::from_schema(&tenant.schema()), Some(tenant));
            }
        }
    }
}
