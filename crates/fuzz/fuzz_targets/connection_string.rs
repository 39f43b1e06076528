//! Connection strings: no text makes the parser panic, and no error repeats a part of a password.

#![no_main]

use cgk_postgres::ConnectionSettings;
use libfuzzer_sys::fuzz_target;

/// Stands in the seeds and the dictionary. It could be the name of a parameter, which errors name.
const PASSWORD: &str = "opensslsame";

fuzz_target!(|text: &str| {
    check(text);
    // The password, whatever it holds that ends it too early.
    let error = check(&format!("postgres://user:{text}@db.example/shop"));
    assert!(!error.contains(PASSWORD), "{error} <- {text}");
    // And whatever follows it.
    let rest = text.replace(PASSWORD, "");
    let error = check(&format!("postgres://user:{PASSWORD}{rest}"));
    assert!(!error.contains(PASSWORD), "{error} <- {rest}");
});

/// The sentence of the error, or nothing.
fn check(url: &str) -> String {
    let Err(error) = ConnectionSettings::parse(url) else { return String::new() };
    assert_eq!(error.code(), "CONFIG_INVALID");
    error.to_string()
}
