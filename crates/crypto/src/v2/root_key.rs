use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::context::length;
use super::hkdf;
use super::tenant_key::TenantKey;
use crate::{CryptoError, DerivedKey, KeyId, MasterKey};

/// Tenants' keys that are cached for one root key; the least recently used one is wiped first.
const TENANT_KEY_ENTRIES: usize = 256;

/// What all keys of v2 under one master key come from, and the tenants' keys that were asked for.
pub(crate) struct RootKey {
    key: DerivedKey,
    id: KeyId,
    /// The one that was used last comes last.
    tenants: Mutex<Vec<Arc<TenantKey>>>,
}

impl RootKey {
    /// Of a generated key; [`CryptoError::KeyNotGenerated`] for any other, because it would need
    /// stretching.
    pub(crate) fn derive(master: &MasterKey) -> Result<Self, CryptoError> {
        if !master.is_generated() {
            return Err(CryptoError::KeyNotGenerated);
        }
        let ikm = master.password();
        let key = DerivedKey::fill_with(|key| hkdf::derive(ikm, hkdf::ROOT, &[hkdf::ROOT], key))?;
        let mut id = [0; 4];
        hkdf::derive(key.bytes(), b"", &[hkdf::KEY_ID], &mut id)?;
        Ok(Self { key, id: KeyId(id), tenants: Mutex::default() })
    }

    pub(crate) fn id(&self) -> KeyId {
        self.id
    }

    /// The key of a tenant; that of the empty name is for tokens without a context.
    pub(crate) fn tenant_key(&self, tenant: &str) -> Result<Arc<TenantKey>, CryptoError> {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        let key = match tenants.iter().position(|key| key.tenant == tenant) {
            Some(at) => tenants.remove(at),
            None => Arc::new(self.derive_tenant_key(tenant)?),
        };
        if tenants.len() == TENANT_KEY_ENTRIES {
            tenants.remove(0);
        }
        tenants.push(key.clone());
        Ok(key)
    }

    fn derive_tenant_key(&self, tenant: &str) -> Result<TenantKey, CryptoError> {
        let info = [hkdf::TENANT, &length(tenant)?, tenant.as_bytes()];
        let key = DerivedKey::fill_with(|key| hkdf::derive(self.key.bytes(), b"", &info, key))?;
        Ok(TenantKey { id: self.id, tenant: tenant.to_owned(), key })
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(key: &str) -> RootKey {
        RootKey::derive(&MasterKey::parse(key.to_owned()).unwrap()).unwrap()
    }

    #[test]
    fn ids_differ_by_key_and_the_key_string_is_not_decoded() {
        let (lower, upper) = ("ab".repeat(32), "AB".repeat(32));
        assert_eq!(root(&lower).id(), root(&lower).id());
        assert_ne!(root(&lower).id(), root(&upper).id());
    }

    #[test]
    fn a_tenant_key_is_derived_once_and_wiped_with_the_root_key() {
        let root = root(&"ab".repeat(32));
        let key = root.tenant_key("acme").unwrap();
        assert!(Arc::ptr_eq(&key, &root.tenant_key("acme").unwrap()));
        assert!(root.tenant_key("rawdog").unwrap().key != key.key);
        let cached = Arc::downgrade(&key);
        drop(key);
        assert!(cached.upgrade().is_some());
        drop(root);
        assert!(cached.upgrade().is_none());
    }

    #[test]
    fn cached_tenant_keys_are_bounded() {
        let root = root(&"ab".repeat(32));
        let oldest = Arc::downgrade(&root.tenant_key("acme").unwrap());
        for tenant in 0..TENANT_KEY_ENTRIES {
            root.tenant_key(&format!("t{tenant}")).unwrap();
        }
        assert!(oldest.upgrade().is_none());
    }

    #[test]
    fn only_generated_keys_have_a_root_key() {
        for key in ["k".repeat(32), "g".repeat(64), "0".repeat(63), "0".repeat(65), "A".repeat(44)]
        {
            let refused = RootKey::derive(&MasterKey::parse(key).unwrap());
            assert_eq!(refused.unwrap_err(), CryptoError::KeyNotGenerated);
        }
    }

    #[test]
    fn nothing_of_a_key_is_printed() {
        let root = root(&"ab".repeat(32));
        assert_eq!(format!("{root:?} {:?}", root.tenant_key("acme")), "[redacted] Ok([redacted])");
    }
}
