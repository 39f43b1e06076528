//! Connection strings: no text makes the parser panic, and no error repeats a part of a password.

#![no_main]

use cgk_postgres::ConnectionSettings;
use libfuzzer_sys::fuzz_target;

/// Stands in the seeds and the dictionary. It could be the name of a parameter, which errors name.
const PASSWORD: &str = "opensslsame";

fuzz_target!(|text: &str| {
    // Where a password stands, with whatever around it that ends it too early, or anywhere else.
    let urls = [
        text.to_owned(),
        format!("postgres://user:{text}@db.example/shop"),
        format!("postgres://user:{PASSWORD}{text}"),
    ];
    for url in &urls {
        if let Err(error) = ConnectionSettings::parse(url) {
            assert_eq!(error.code(), "CONFIG_INVALID");
            assert!(!error.to_string().contains(PASSWORD), "{error} <- {url}");
        }
    }
});
