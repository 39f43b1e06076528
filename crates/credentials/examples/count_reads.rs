//! Repeated reads of a secret, all but the database, a number of times, for a profiler that counts
//! instructions: `npm run counts` does it.

use std::sync::Arc;

use cgk_credentials::{
    Argument, Database, DatabaseError, JsOutput, Keys, Layout, Statement, Store,
};
use cgk_crypto::{DEFAULT_CACHE_ENTRIES, InlineKdf, KeyRing, Purpose, Sealer, SecretString, Turn};
use futures_executor::block_on;
use serde_json::{from_value, json};

const SECRET: &str = "sk_test_51counted";

/// A row that is there already.
struct Row(String);

impl Database for Row {
    async fn attempt(
        &self,
        _: &Statement,
        _: Option<&DatabaseError>,
    ) -> Result<Vec<String>, DatabaseError> {
        Ok(vec![self.0.clone()])
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let times = std::env::args().nth(1).unwrap_or_default().parse::<usize>()?;
    let key = "k".repeat(32);
    let ring = KeyRing::parse(key.clone(), vec![], vec![]).map_err(|_| "not a key")?;
    let sealer = Arc::new(Sealer::new(InlineKdf, DEFAULT_CACHE_ENTRIES)?);
    // Its key is cached from here on.
    let token = block_on(sealer.seal(
        &ring,
        None,
        Turn::new("acme", Purpose::Save),
        &SecretString::from(SECRET.to_owned()),
    ))?;
    let keys = Keys::new(from_value(json!({ "current": key }))?);
    let layout = Layout::default();
    let store = Store::new(Row(json!([token.to_string()]).to_string()), sealer, keys, layout);
    for _ in 0..times {
        let names = ["acme", "stripe", "secretKey"];
        let arguments = names.map(|name| Argument::Text(SecretString::from(name.to_owned())));
        match block_on(store.call("secret", arguments.into(), 0))? {
            JsOutput::Secret(secret) if secret.expose() == SECRET => {}
            _ => return Err("not the secret".into()),
        }
    }
    Ok(())
}
