use std::fmt;
use std::sync::Arc;

use serde::Deserialize;

/// Longest slug: `tenant_` and 56 characters are the 63 bytes that PostgreSQL keeps of an
/// identifier; two longer slugs could end up in one schema (compatibility.md, section 8.5).
pub const MAX_SLUG_LENGTH: usize = 56;

const SCHEMA_PREFIX: &str = "tenant_";

/// The schema of the tables that tenants share, unless another one is configured.
const SHARED_SCHEMA: &str = "vault";

/// Where tenants have their tables, as a binding reads it; the npm package has checked the types.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LayoutOptions {
    /// `schema`, which is the default, or `shared`.
    layout: Option<String>,
    shared_schema: Option<String>,
}

/// Where tenants have their tables: each in a schema of its own, or all in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    is_shared: bool,
    shared_schema: Arc<str>,
}

impl Layout {
    /// Reads the options; a name that would need an escape, or that is some other schema's, is
    /// refused.
    pub fn new(
        LayoutOptions { layout, shared_schema }: LayoutOptions,
    ) -> Result<Self, InvalidLayout> {
        let name = shared_schema.as_deref().unwrap_or(SHARED_SCHEMA);
        if !is_shared_schema(name) {
            return Err(InvalidLayout);
        }
        let schemas = Self { is_shared: false, shared_schema: name.into() };
        schemas.named(layout.as_deref().unwrap_or("schema")).ok_or(InvalidLayout)
    }

    /// The layout of this name over the same database; `None` for a text that names none.
    pub(crate) fn named(&self, name: &str) -> Option<Self> {
        let is_shared = match name {
            "schema" => false,
            "shared" => true,
            _ => return None,
        };
        Some(Self { is_shared, shared_schema: self.shared_schema.clone() })
    }

    /// Whether all tenants are in one schema.
    pub(crate) fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// The quoted name of the schema that tenants share. Its characters need no escape.
    pub(crate) fn shared_schema(&self) -> String {
        format!("\"{}\"", self.shared_schema)
    }
}

impl Default for Layout {
    fn default() -> Self {
        Self { is_shared: false, shared_schema: SHARED_SCHEMA.into() }
    }
}

/// `^[a-z_][a-z0-9_]{0,62}$`, without the names that PostgreSQL, tenants and platforms have.
fn is_shared_schema(name: &str) -> bool {
    let well_formed = name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        && !name.starts_with(|first: char| first.is_ascii_digit());
    let is_taken = [SCHEMA_PREFIX, "pg_"].iter().any(|prefix| name.starts_with(prefix))
        || ["public", "information_schema"].contains(&name);
    well_formed && !is_taken && (1..=63).contains(&name.len())
}

/// What is no tenant slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTenant;

/// What is no layout, or no name of a schema that tenants can share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidLayout;

/// A validated tenant slug, and where its tables are. No statement can be made without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantId {
    slug: String,
    layout: Layout,
}

impl TenantId {
    /// Accepts `^[a-z0-9_]+$` of at most [`MAX_SLUG_LENGTH`] characters (compatibility.md,
    /// section 3).
    pub fn parse(slug: &str) -> Result<Self, InvalidTenant> {
        Self::parse_in(slug, &Layout::default())
    }

    /// The same of a tenant whose tables are in a layout.
    pub(crate) fn parse_in(slug: &str, layout: &Layout) -> Result<Self, InvalidTenant> {
        let well_formed = slug.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        if well_formed && (1..=MAX_SLUG_LENGTH).contains(&slug.len()) {
            Ok(Self { slug: slug.to_owned(), layout: layout.clone() })
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
        &self.slug
    }

    /// Where its tables are.
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The quoted name of the schema of its tables. Its characters need no escape.
    pub(crate) fn schema(&self) -> String {
        if self.layout.is_shared { self.layout.shared_schema() } else { self.own_schema() }
    }

    /// The quoted name of the schema that is its own.
    pub(crate) fn own_schema(&self) -> String {
        format!("\"{SCHEMA_PREFIX}{}\"", self.slug)
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.slug)
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
        assert_eq!(longest.schema().trim_matches('"').len(), 63);
    }

    #[test]
    fn public_is_a_tenant_of_its_own_and_not_the_public_schema() {
        assert_eq!(TenantId::parse("public").unwrap().schema(), "\"tenant_public\"");
    }

    #[test]
    fn a_shared_schema_is_never_another_ones() {
        let shared = |name: &str| {
            let options = LayoutOptions {
                layout: Some("shared".to_owned()),
                shared_schema: Some(name.to_owned()),
            };
            Layout::new(options).map(|layout| TenantId::parse_in("acme", &layout).unwrap().schema())
        };
        for name in ["vault", "_", "a1", &"x".repeat(63)] {
            assert_eq!(shared(name).unwrap(), format!("\"{name}\""));
        }
        for name in ["", "1a", "Vault", "a\"b", "tenant_acme", "pg_x", "public", &"x".repeat(64)] {
            assert!(shared(name).is_err(), "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_schema_name_never_needs_escaping(slug in "\\PC{0,80}") {
            if let Ok(tenant) = TenantId::parse(&slug) {
                prop_assert!(!tenant.slug().contains(['"', '\'', '\\', '\0', '.', ' ']));
                prop_assert_eq!(TenantId::from_schema(tenant.schema().trim_matches('"')), Some(tenant));
            }
        }
    }
}
