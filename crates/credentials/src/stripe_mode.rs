//! Stripe's keys belong to live or to test mode, and only those of one mode work together.

use crate::CredentialError;
use crate::input::{Assignment, NewValue};
use crate::service::ServiceTable;
use crate::table::STRIPE;
use crate::verification::Candidate;

/// Whether a Stripe key is of live mode; `None` where it does not tell.
pub(crate) fn is_live(key: &str) -> Option<bool> {
    let (_, rest) = key.split_once('_')?;
    match rest.split_once('_')?.0 {
        "live" => Some(true),
        "test" => Some(false),
        _ => None,
    }
}

/// Refuses keys of two modes and a `livemode` that is not theirs; sets `livemode` where it was left
/// out. `candidate` is the credential as it would be after `assignments`.
pub(crate) fn agree_on_mode(
    candidate: &Candidate,
    assignments: &mut Vec<Assignment<NewValue>>,
) -> Result<(), CredentialError> {
    if candidate.service().table != ServiceTable::Stripe {
        return Ok(());
    }
    let mode_of = |name: &str| candidate.get(name).and_then(|key| is_live(key.expose()));
    let Some(live) = mode_of("secretKey") else { return Ok(()) };
    let name = |live: bool| if live { "live" } else { "test" };
    if let Some(other) = mode_of("publishableKey")
        && other != live
    {
        return Err(CredentialError::field(
            "publishableKey",
            format!(
                "publishableKey is of {} mode and secretKey of {} mode: give both of one mode, or set publishableKey to null",
                name(other),
                name(live),
            ),
        ));
    }
    let Some(column) = STRIPE.input_column("livemode") else { return Ok(()) };
    match assignments.iter_mut().find(|assignment| assignment.column == column) {
        None => {
            assignments.push(Assignment { column, value: NewValue::Plain(live.to_string()) });
        }
        Some(Assignment { value: NewValue::Plain(given), .. }) if *given != live.to_string() => {
            return Err(CredentialError::field(
                "livemode",
                format!("livemode must be {live}: secretKey is of {} mode", name(live)),
            ));
        }
        Some(assignment) => assignment.value = NewValue::Plain(live.to_string()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{FieldValue, parse_input};
    use crate::service::Service;

    /// Whether the mode was set, or why not.
    fn check(stored: &[(&str, &str)], given: Vec<(&str, FieldValue)>) -> Result<bool, String> {
        let service = Service::find("stripe").unwrap();
        let stored = stored.iter().map(|(name, value)| {
            (STRIPE.input_column(name).unwrap(), Some(value.to_string().into()))
        });
        let mut candidate = Candidate::of(service, stored);
        let given = given.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let mut assignments = parse_input(service, given).unwrap().assignments;
        candidate.assign(&assignments);
        agree_on_mode(&candidate, &mut assignments).map_err(|error| error.to_string())?;
        let live = assignments.iter().rev().find(|assignment| assignment.column.name == "livemode");
        Ok(matches!(live, Some(Assignment { value: NewValue::Plain(text), .. }) if text == "true"))
    }

    fn text(value: &str) -> FieldValue {
        FieldValue::Text(value.to_owned().into())
    }

    #[test]
    fn the_secret_key_tells_the_mode() {
        for (key, live) in
            [("sk_live_1", true), ("rk_live_1", true), ("sk_test_1", false), ("sk_1", false)]
        {
            assert_eq!(check(&[], vec![("secretKey", text(key))]), Ok(live), "{key}");
        }
    }

    #[test]
    fn keys_of_two_modes_are_refused() {
        let pair = |secret, publishable| {
            check(&[], vec![("secretKey", text(secret)), ("publishableKey", text(publishable))])
        };
        assert_eq!(pair("sk_live_1", "pk_live_1"), Ok(true));
        assert!(pair("sk_live_1", "pk_test_1").unwrap_err().contains("publishableKey is of test"));
        let flag = |live| {
            check(
                &[],
                vec![("secretKey", text("sk_test_1")), ("livemode", FieldValue::Boolean(live))],
            )
        };
        assert_eq!(flag(false), Ok(false));
        let cleared = ("livemode", FieldValue::Null);
        assert_eq!(check(&[], vec![("secretKey", text("sk_live_1")), cleared]), Ok(true));
        assert_eq!(flag(true).unwrap_err(), "livemode must be false: secretKey is of test mode");
    }

    #[test]
    fn a_new_key_must_fit_the_publishable_key_that_stays() {
        let stored = [("publishableKey", "pk_test_1"), ("livemode", "false")];
        let live = || ("secretKey", text("sk_live_1"));
        assert!(check(&stored, vec![live()]).is_err());
        assert_eq!(check(&stored, vec![live(), ("publishableKey", FieldValue::Null)]), Ok(true));
    }
}
