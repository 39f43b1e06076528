//! What sessions are called in the database, so that anybody who may look at it sees which keys the
//! processes know: `cgk-integrations/<version> <id>,<id>`, the key that writes first.

use cgk_crypto::{KeyId, KeyRing};
use serde::{Deserialize, Serialize};

const PACKAGE: &str = "cgk-integrations/";
/// Bytes of a name that PostgreSQL keeps.
const MAX_NAME_BYTES: usize = 63;
/// Stands for a key that was not generated: it has no id.
const WITHOUT_ID: &str = "-";
/// Stands for further keys, whose ids have no room.
const MORE: &str = "+";

/// Sessions of the database that have the same name.
#[derive(Debug, Deserialize)]
pub(crate) struct NamedSessions {
    name: Option<String>,
    connections: u32,
}

/// Sessions, and whether they know the key that writes here.
#[derive(Debug, Serialize)]
pub(crate) struct KeySessions {
    name: String,
    connections: u32,
    keys: SessionKeys,
}

/// What the name of a session says of its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum SessionKeys {
    /// It writes with the key that writes here.
    Current,
    /// It reads with that key, and writes with another one.
    Reads,
    /// It knows other keys only.
    Lacks,
    /// Nothing for certain.
    Unknown,
}

/// The name of a session of which nobody can say whose it is.
pub(crate) fn anonymous_name(version: &str) -> String {
    format!("{PACKAGE}{version}")
}

/// The name of a session whose process has these keys.
pub(crate) fn name_with_keys(version: &str, ring: &KeyRing) -> String {
    let mut name = anonymous_name(version);
    for position in 0..ring.len() {
        let separator = if position == 0 { ' ' } else { ',' };
        let id = ring.id(position).map_or_else(|| WITHOUT_ID.to_owned(), |id| id.to_string());
        let is_last = position + 1 == ring.len();
        let reserved = if is_last { 0 } else { 1 + MORE.len() };
        if name.len() + 1 + id.len() + reserved > MAX_NAME_BYTES {
            name.push(separator);
            name.push_str(MORE);
            break;
        }
        name.push(separator);
        name.push_str(&id);
    }
    name
}

impl KeySessions {
    /// Judges sessions by the key that writes here; one without an id tells itself from no other.
    pub(crate) fn new(NamedSessions { name, connections }: NamedSessions, ring: &KeyRing) -> Self {
        let name = name.unwrap_or_default();
        let keys = match ring.current_id() {
            Some(current) => judge(&name, current),
            None => SessionKeys::Unknown,
        };
        Self { name, connections, keys }
    }
}

fn judge(name: &str, current: KeyId) -> SessionKeys {
    let ids = name.strip_prefix(PACKAGE).and_then(|rest| rest.split_once(' '));
    let Some((_, ids)) = ids else { return SessionKeys::Unknown };
    let (current, ids) = (current.to_string(), ids.split(',').collect::<Vec<_>>());
    let position = ids.iter().position(|id| *id == current);
    match position {
        Some(0) => SessionKeys::Current,
        Some(_) => SessionKeys::Reads,
        None if ids.iter().all(|id| *id == WITHOUT_ID || is_id(id)) => SessionKeys::Lacks,
        None => SessionKeys::Unknown,
    }
}

fn is_id(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSPHRASE: &str = "correct horse battery staple correct horse";

    fn key(letter: char) -> String {
        letter.to_string().repeat(64)
    }

    fn ring(current: &str, previous: &[String]) -> KeyRing {
        KeyRing::parse(current.to_owned(), Vec::new(), previous.to_vec()).unwrap()
    }

    fn judged(name: &str, ring: &KeyRing) -> SessionKeys {
        let sessions = NamedSessions { name: Some(name.to_owned()), connections: 1 };
        KeySessions::new(sessions, ring).keys
    }

    #[test]
    fn a_name_says_which_keys_its_process_has_and_nothing_else_of_them() {
        let [a, b] = ['a', 'b'].map(key);
        let (old, new) = (ring(&a, &[]), ring(&b, &[]));
        let cases = [
            (ring(&b, &[]), SessionKeys::Current),
            (ring(&b, std::slice::from_ref(&a)), SessionKeys::Current),
            (ring(&a, std::slice::from_ref(&b)), SessionKeys::Reads),
            (ring(PASSPHRASE, std::slice::from_ref(&b)), SessionKeys::Reads),
            (ring(&a, &[]), SessionKeys::Lacks),
            (ring(PASSPHRASE, &[]), SessionKeys::Lacks),
        ];
        for (other, expected) in cases {
            let name = name_with_keys("1.2.3", &other);
            assert_eq!(judged(&name, &new), expected, "{name}");
            assert!(!name.contains("aaaaaaaaa") && !name.contains("correct"), "{name}");
        }
        let both = name_with_keys("1.2.3", &ring(&a, std::slice::from_ref(&b)));
        let [a, b] = [&old, &new].map(|ring| ring.current_id().unwrap().to_string());
        assert_eq!(both, format!("cgk-integrations/1.2.3 {a},{b}"));
    }

    #[test]
    fn nothing_is_said_for_certain_by_a_name_that_is_not_ours_or_has_no_keys() {
        let ring = ring(&key('b'), &[]);
        let id = ring.current_id().unwrap();
        for name in [
            String::new(),
            "psql".to_owned(),
            "cgk-integrations".to_owned(),
            anonymous_name("1.2.3"),
            format!("other/1.2.3 {id}"),
            "cgk-integrations/1.2.3 ".to_owned(),
            "cgk-integrations/1.2.3 0123ABCD".to_owned(),
            "cgk-integrations/1.2.3 0123abcd,+".to_owned(),
        ] {
            assert_eq!(judged(&name, &ring), SessionKeys::Unknown, "{name}");
        }
    }

    #[test]
    fn with_a_key_that_has_no_id_no_session_is_known() {
        let ring = ring(PASSPHRASE, &[]);
        assert_eq!(judged(&name_with_keys("1.2.3", &ring), &ring), SessionKeys::Unknown);
    }

    #[test]
    fn a_name_is_never_longer_than_what_the_server_keeps() {
        let keys: Vec<_> = "abcdef01".chars().map(key).collect();
        for count in 1..=keys.len() {
            let ring = ring(&keys[0], &keys[1..count]);
            for version in ["1.2.3", "10.20.30-alpha.14"] {
                let name = name_with_keys(version, &ring);
                assert!(name.len() <= MAX_NAME_BYTES, "{name}");
                let ids = name.split_once(' ').unwrap().1.split(',');
                assert_eq!(ids.clone().count() < count || name.ends_with('+'), name.ends_with('+'));
                assert_eq!(judged(&name, &ring), SessionKeys::Current, "{name}");
            }
        }
        let all = name_with_keys("1.2.3", &ring(&keys[0], &keys[1..]));
        assert!(all.ends_with(",+"), "{all}");
        assert_eq!(judged(&all, &ring(&keys[7], &[])), SessionKeys::Unknown);
    }
}
