use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::key::TENANT_KEY_PREFIX;
use crate::likely_keys::LikelyKeys;
use crate::v2::root_key::RootKey;
use crate::v2::seal;
use crate::v2::{self, Context, EventMac, TenantKey};
use crate::{CryptoError, KeyId, MasterKey, SecretString};

/// Keys of a ring, at most.
pub const MAX_RING_KEYS: usize = 8;

/// The keys of one configuration: one that writes, and others that only read.
///
/// Keys of v2 are derived once and wiped with the ring.
pub struct KeyRing {
    /// The current one comes first; no key is there twice.
    keys: Vec<RingKey>,
    /// Which of them opened v1 tokens.
    pub(crate) likely: LikelyKeys,
}

/// What is accepted as an encryption key.
enum RingKey {
    Master {
        master: Arc<MasterKey>,
        /// Derived when it is first needed; a key that was not generated has none.
        root: OnceLock<Result<RootKey, CryptoError>>,
    },
    Tenant(Arc<TenantKey>),
}

/// The list that a key stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyList {
    /// The key that writes.
    Current,
    /// Keys that only read, because other processes write with them already.
    Next,
    /// Keys that only read, because values are still under them.
    Previous,
}

/// Which lists a program gave as options; the others are environment variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KeyOptionNames {
    /// `encryptionKey`.
    pub current: bool,
    /// `nextEncryptionKeys`.
    pub next: bool,
    /// `previousEncryptionKeys`.
    pub previous: bool,
}

/// Why a ring cannot be used. Names the place of a key, never the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyRingError {
    /// What stands at a position of a list, counted from one, is no key.
    Key(KeyList, usize, CryptoError),
    /// There are more than eight keys.
    TooMany,
}

impl KeyRing {
    /// The current key, those that come next and previous ones.
    pub fn parse(
        current: String,
        next: Vec<String>,
        previous: Vec<String>,
    ) -> Result<Self, KeyRingError> {
        if 1 + next.len() + previous.len() > MAX_RING_KEYS {
            return Err(KeyRingError::TooMany);
        }
        let mut ring = Self::from(Vec::new());
        let lists = [
            (KeyList::Current, vec![current]),
            (KeyList::Next, next),
            (KeyList::Previous, previous),
        ];
        for (list, keys) in lists {
            for (index, key) in keys.into_iter().enumerate() {
                let key = RingKey::parse(key)
                    .map_err(|error| KeyRingError::Key(list, index + 1, error))?;
                ring.add(key);
            }
        }
        ring.likely = LikelyKeys::new(ring.keys.len());
        Ok(ring)
    }

    /// A ring of one key.
    pub fn of(key: String) -> Result<Self, CryptoError> {
        Ok(Self::from(vec![RingKey::parse(key)?]))
    }

    /// The key that writes v1 tokens.
    pub fn current_master(&self) -> Result<Arc<MasterKey>, CryptoError> {
        match self.keys.first() {
            Some(RingKey::Master { master, .. }) => Ok(master.clone()),
            _ => Err(CryptoError::MasterKeyNeeded),
        }
    }

    /// The keys that read v1 tokens and their positions, the current one first.
    pub(crate) fn masters(&self) -> impl Iterator<Item = (usize, Arc<MasterKey>)> {
        (0..self.len()).filter_map(|position| Some((position, self.master(position)?)))
    }

    /// How many keys there are.
    #[expect(clippy::len_without_is_empty, reason = "it has a key always")]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// The id of the key at a position, the current one being at 0; `None` for a key that was not
    /// generated.
    pub fn id(&self, position: usize) -> Option<KeyId> {
        self.keys.get(position).and_then(RingKey::id)
    }

    /// The key at a position, if it reads v1 tokens.
    pub(crate) fn master(&self, position: usize) -> Option<Arc<MasterKey>> {
        match self.keys.get(position) {
            Some(RingKey::Master { master, .. }) => Some(master.clone()),
            _ => None,
        }
    }

    /// The id of the current key, if it can write v2 tokens.
    pub fn current_id(&self) -> Option<KeyId> {
        self.keys.first().and_then(RingKey::id)
    }

    /// Encrypts a value into a v2 token under the current key.
    pub fn seal(
        &self,
        context: &Context,
        plaintext: &SecretString,
    ) -> Result<v2::SealedText, CryptoError> {
        let current = self.keys.first().ok_or(CryptoError::MasterKeyNeeded)?;
        seal::seal(&*current.tenant_key(context.tenant())?, context, plaintext)
    }

    /// Decrypts a v2 token under the key that it names.
    pub fn open(
        &self,
        context: &Context,
        text: &v2::SealedText,
    ) -> Result<SecretString, CryptoError> {
        self.open_and_locate(context, text).map(|(_, secret)| secret)
    }

    /// The same, and the position of the key.
    pub(crate) fn open_and_locate(
        &self,
        context: &Context,
        text: &v2::SealedText,
    ) -> Result<(usize, SecretString), CryptoError> {
        let id = text.key_id();
        let mut failure = CryptoError::KeyUnknown(id);
        let keys = self.keys.iter().enumerate();
        for (position, key) in keys.filter(|(_, key)| key.id() == Some(id)) {
            let opened = key
                .tenant_key(context.tenant())
                .and_then(|key| seal::open(&key, context, text.clone()));
            match opened {
                Ok(secret) => return Ok((position, secret)),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    /// The key of one tenant, from the current key, as [`TenantKey::parse`] reads it.
    pub fn derive_tenant_key(&self, tenant: &str) -> Result<SecretString, CryptoError> {
        match self.keys.first() {
            Some(RingKey::Master { master, root }) => {
                Ok(root_key(master, root)?.tenant_key(tenant)?.to_text())
            }
            _ => Err(CryptoError::MasterKeyNeeded),
        }
    }

    /// The MAC of an event of a tenant under the current key, and the id of that key.
    pub fn sign_event(&self, tenant: &str, event: &str) -> Result<(KeyId, String), CryptoError> {
        let current = self.keys.first().ok_or(CryptoError::MasterKeyNeeded)?;
        let id = current.id().ok_or(CryptoError::KeyNotGenerated)?;
        let mac = EventMac::new(&*current.tenant_key(tenant)?)?.sign(event)?;
        Ok((id, mac))
    }

    /// Whether the MAC of an event is right under the key of an id; `None` where the ring has no such
    /// key.
    pub fn verify_event(
        &self,
        tenant: &str,
        event: &str,
        id: &str,
        mac: &str,
    ) -> Result<Option<bool>, CryptoError> {
        let is_it = |key: &&RingKey| key.id().is_some_and(|other| other.to_string() == id);
        let Some(key) = self.keys.iter().find(is_it) else { return Ok(None) };
        EventMac::new(&*key.tenant_key(tenant)?)?.verify(event, mac).map(Some)
    }

    fn add(&mut self, key: RingKey) {
        if !self.keys.iter().any(|other| other.is_same(&key)) {
            self.keys.push(key);
        }
    }
}

impl From<Arc<MasterKey>> for KeyRing {
    fn from(master: Arc<MasterKey>) -> Self {
        Self::from(vec![RingKey::from(master)])
    }
}

impl From<Vec<RingKey>> for KeyRing {
    fn from(keys: Vec<RingKey>) -> Self {
        Self { likely: LikelyKeys::new(keys.len()), keys }
    }
}

impl From<Arc<MasterKey>> for RingKey {
    fn from(master: Arc<MasterKey>) -> Self {
        Self::Master { master, root: OnceLock::new() }
    }
}

impl RingKey {
    fn parse(key: String) -> Result<Self, CryptoError> {
        if key.starts_with(TENANT_KEY_PREFIX) {
            return TenantKey::parse(&SecretString::from(key))
                .map(|key| Self::Tenant(Arc::new(key)));
        }
        Ok(Self::from(Arc::new(MasterKey::parse(key)?)))
    }

    fn id(&self) -> Option<KeyId> {
        match self {
            Self::Master { master, root } => root_key(master, root).ok().map(RootKey::id),
            Self::Tenant(key) => Some(key.id()),
        }
    }

    fn tenant_key(&self, tenant: &str) -> Result<Arc<TenantKey>, CryptoError> {
        match self {
            Self::Master { master, root } => root_key(master, root)?.tenant_key(tenant),
            Self::Tenant(key) if key.tenant() == tenant => Ok(key.clone()),
            Self::Tenant(_) => Err(CryptoError::OtherTenant),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Master { master, .. }, Self::Master { master: other, .. }) => {
                master.password() == other.password()
            }
            _ => false,
        }
    }
}

fn root_key<'ring>(
    master: &MasterKey,
    root: &'ring OnceLock<Result<RootKey, CryptoError>>,
) -> Result<&'ring RootKey, CryptoError> {
    root.get_or_init(|| RootKey::derive(master)).as_ref().map_err(|error| *error)
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl KeyList {
    /// What the list was given as.
    fn name(self, options: KeyOptionNames) -> &'static str {
        match self {
            Self::Current if options.current => "encryptionKey",
            Self::Current => "INTEGRATION_ENCRYPTION_KEY",
            Self::Next if options.next => "nextEncryptionKeys",
            Self::Next => "INTEGRATION_ENCRYPTION_KEY_NEXT",
            Self::Previous if options.previous => "previousEncryptionKeys",
            Self::Previous => "INTEGRATION_ENCRYPTION_KEY_PREVIOUS",
        }
    }
}

impl KeyRingError {
    /// The stable code that JavaScript callers read from `error.code`.
    pub fn code(self) -> &'static str {
        "KEY_INVALID"
    }

    /// The sentence, which names the list as it was given.
    pub fn message(self, options: KeyOptionNames) -> String {
        match self {
            Self::Key(KeyList::Current, _, error) => {
                format!("{}: {error}", KeyList::Current.name(options))
            }
            Self::Key(list, position, error) => {
                format!("{}, key {position}: {error}", list.name(options))
            }
            Self::TooMany => {
                let lists = [KeyList::Current, KeyList::Next, KeyList::Previous];
                let [current, next, previous] = lists.map(|list| list.name(options));
                format!(
                    "{current}, {next} and {previous} hold more than {MAX_RING_KEYS} keys: remove those that no value is under",
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACME: [&str; 3] = ["acme", "stripe", "secretKey"];

    /// A generated key of one letter.
    fn key(letter: &str) -> String {
        letter.repeat(64)
    }

    fn ring(current: &str, next: &[&str], previous: &[&str]) -> Result<KeyRing, KeyRingError> {
        let owned = |keys: &[&str]| keys.iter().map(|&key| key.to_owned()).collect();
        KeyRing::parse(current.to_owned(), owned(next), owned(previous))
    }

    fn of(key: &str) -> KeyRing {
        KeyRing::of(key.to_owned()).unwrap()
    }

    fn place([tenant, service, field]: [&str; 3]) -> Context {
        Context::new(tenant, service, field).unwrap()
    }

    fn seal(ring: &KeyRing, place: &Context) -> v2::SealedText {
        ring.seal(place, &SecretString::from("value".to_owned())).unwrap()
    }

    fn open(ring: &KeyRing, place: &Context, text: &v2::SealedText) -> Result<(), CryptoError> {
        ring.open(place, text).map(|secret| assert_eq!(secret.expose(), "value"))
    }

    #[test]
    fn the_current_key_writes_and_every_key_reads() {
        let (a, b, c) = (key("a"), key("b"), key("c"));
        let all = ring(&a, &[&b], &[&c]).unwrap();
        let place = place(ACME);
        assert_eq!(seal(&all, &place).key_id(), of(&a).current_id().unwrap());
        for key in [&a, &b, &c] {
            open(&all, &place, &seal(&of(key), &place)).unwrap();
        }
        let unknown = seal(&of(&key("d")), &place);
        let error = open(&all, &place, &unknown).unwrap_err();
        assert_eq!(error, CryptoError::KeyUnknown(unknown.key_id()));
        assert_eq!(error.code(), "KEY_UNKNOWN");
        assert!(error.to_string().contains(&unknown.key_id().to_string()));
    }

    #[test]
    fn a_key_that_was_not_generated_takes_part_in_v1_only() {
        let passphrase = "correct horse battery staple correct horse";
        let mixed = ring(passphrase, &[], &[&key("a")]).unwrap();
        let place = place(ACME);
        open(&mixed, &place, &seal(&of(&key("a")), &place)).unwrap();
        assert_eq!(mixed.current_id(), None);
        let value = SecretString::from("value".to_owned());
        for error in
            [mixed.seal(&place, &value).unwrap_err(), mixed.derive_tenant_key("acme").unwrap_err()]
        {
            assert_eq!((error, error.code()), (CryptoError::KeyNotGenerated, "KEY_INVALID"));
            assert!(error.to_string().contains("generate-encryption-keys.sh"));
        }
        assert_eq!(mixed.masters().count(), 2);
        assert_eq!(mixed.current_master().unwrap().password(), passphrase.as_bytes());
    }

    #[test]
    fn a_tenant_key_reads_and_writes_for_its_tenant_and_nothing_else() {
        let master = of(&key("a"));
        let text = master.derive_tenant_key("acme").unwrap();
        assert!(
            text.expose().starts_with(&format!("cgkt1.{}.acme.", master.current_id().unwrap()))
        );
        let worker = of(text.expose());
        let (acme, rawdog) = (place(ACME), place(["rawdog", "stripe", "secretKey"]));
        open(&worker, &acme, &seal(&master, &acme)).unwrap();
        open(&master, &acme, &seal(&worker, &acme)).unwrap();
        for other in [rawdog, Context::none()] {
            let refused = open(&worker, &other, &seal(&master, &other)).unwrap_err();
            assert_eq!((refused, refused.code()), (CryptoError::OtherTenant, "KEY_INVALID"));
        }
        let other_key = seal(&of(&key("b")), &acme);
        assert_eq!(
            open(&worker, &acme, &other_key),
            Err(CryptoError::KeyUnknown(other_key.key_id()))
        );
        assert_eq!(worker.current_master().unwrap_err(), CryptoError::MasterKeyNeeded);
        assert_eq!(worker.derive_tenant_key("acme").unwrap_err(), CryptoError::MasterKeyNeeded);
        assert_eq!(worker.masters().count(), 0);
    }

    #[test]
    fn an_error_names_the_variable_and_the_position_and_never_the_key() {
        let (a, short) = (key("a"), "hunter2");
        let bad_tenant_key = "cgkt1.hunter2";
        let cases = [
            (ring(short, &[], &[]), "INTEGRATION_ENCRYPTION_KEY: "),
            (ring(&a, &[short], &[]), "INTEGRATION_ENCRYPTION_KEY_NEXT, key 1: "),
            (ring(&a, &[&a], &[&a, short]), "INTEGRATION_ENCRYPTION_KEY_PREVIOUS, key 2: "),
            (ring(&a, &[], &[bad_tenant_key]), "INTEGRATION_ENCRYPTION_KEY_PREVIOUS, key 1: "),
        ];
        for (refused, start) in cases {
            let error = refused.unwrap_err();
            assert_eq!(error.code(), "KEY_INVALID");
            let message = error.message(KeyOptionNames::default());
            assert!(message.starts_with(start), "{message}");
            assert!(!format!("{message} {error:?}").contains(short), "{message}");
        }
    }

    #[test]
    fn an_error_names_the_option_where_one_was_given() {
        let given = KeyOptionNames { current: true, next: true, previous: true };
        let named = |list| KeyRingError::Key(list, 2, CryptoError::KeyTooShort);
        let cases = [
            (
                named(KeyList::Current),
                KeyOptionNames { current: true, ..Default::default() },
                "encryptionKey: ",
            ),
            (
                named(KeyList::Next),
                KeyOptionNames { next: true, ..Default::default() },
                "nextEncryptionKeys, key 2: ",
            ),
            (named(KeyList::Previous), given, "previousEncryptionKeys, key 2: "),
            (
                named(KeyList::Previous),
                KeyOptionNames { previous: false, ..given },
                "INTEGRATION_ENCRYPTION_KEY_PREVIOUS, key 2: ",
            ),
            (
                KeyRingError::TooMany,
                KeyOptionNames { next: false, ..given },
                "encryptionKey, INTEGRATION_ENCRYPTION_KEY_NEXT and previousEncryptionKeys hold",
            ),
        ];
        for (error, options, start) in cases {
            let message = error.message(options);
            assert!(message.starts_with(start), "{message}");
        }
    }

    #[test]
    fn a_ring_holds_eight_keys_and_each_of_them_once() {
        let keys: Vec<String> =
            "abcdef012".chars().map(|letter| key(&letter.to_string())).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        assert_eq!(ring(keys[0], &keys[1..4], &keys[4..8]).unwrap().keys.len(), MAX_RING_KEYS);
        let error = ring(keys[0], &keys[1..4], &keys[4..]).unwrap_err();
        assert_eq!((error, error.code()), (KeyRingError::TooMany, "KEY_INVALID"));
        let twice = ring(keys[0], &[keys[0], keys[1]], &[keys[1], keys[0]]).unwrap();
        assert_eq!(twice.keys.len(), 2);
    }

    #[test]
    fn the_mac_of_an_event_is_of_one_tenant_one_text_and_one_key() {
        let both = ring(&key("a"), &[], &[&key("b")]).unwrap();
        let (id, mac) = ring(&key("b"), &[], &[]).unwrap().sign_event("acme", "saved").unwrap();
        let verify =
            |tenant, event, id: &str, mac: &str| both.verify_event(tenant, event, id, mac).unwrap();
        let id = id.to_string();
        assert_eq!(verify("acme", "saved", &id, &mac), Some(true));
        assert_eq!(verify("rawdog", "saved", &id, &mac), Some(false));
        assert_eq!(verify("acme", "read", &id, &mac), Some(false));
        assert_eq!(verify("acme", "saved", &both.id(0).unwrap().to_string(), &mac), Some(false));
        assert_eq!(verify("acme", "saved", &id, ""), Some(false));
        assert_eq!(verify("acme", "saved", "00000000", &mac), None);
        let passphrase = ring(&"k".repeat(32), &[], &[]).unwrap();
        let refused = passphrase.sign_event("acme", "saved");
        assert_eq!(refused.unwrap_err(), CryptoError::KeyNotGenerated);
    }

    #[test]
    fn keys_are_wiped_with_the_ring_and_never_printed() {
        let ring = ring(&key("a"), &[], &[&key("b")]).unwrap();
        assert_eq!(format!("{ring:?}"), "[redacted]");
        let keys = [
            Arc::downgrade(&ring.keys[0].tenant_key(place(ACME).tenant()).unwrap()),
            Arc::downgrade(&ring.keys[1].tenant_key(Context::none().tenant()).unwrap()),
        ];
        assert!(keys.iter().all(|key| key.upgrade().is_some()));
        drop(ring);
        assert!(keys.iter().all(|key| key.upgrade().is_none()));
    }
}
