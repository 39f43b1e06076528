/// A text that only generated files have: types, forms, documentation. It is not in what runs.
pub(crate) const fn described(text: &'static str) -> &'static str {
    if cfg!(any(feature = "descriptions", test)) { text } else { "" }
}
