//! Stripe's keys belong to live or to test mode, and only those of one mode work together.

use super::parse::{Assignment, PlainValue};
use super::plaintext::PlaintextCredential;
use crate::CredentialError;
use crate::catalog::{STRIPE, ServiceTable};

/// Whether a Stripe key is of live mode; `None` where it does not say.
pub(crate) fn is_live(key: &str) -> Option<bool> {
    let (_, rest) = key.split_once('_')?;
    match rest.split_once('_')?.0 {
        "live" => Some(true),
        "test" => Some(false),
        _ => None,
    }
}

/// Makes the mode that of the secret key, whatever `livemode` says, and takes away a stored
/// publishable key of the other mode; one that is given with it is refused. `credential` is the
/// credential as it would be after `assignments`.
pub(crate) fn reconcile_livemode(
    credential: &PlaintextCredential,
    assignments: &mut Vec<Assignment<PlainValue>>,
) -> Result<(), CredentialError> {
    if credential.service().table != ServiceTable::Stripe {
        return Ok(());
    }
    let mode_of = |name: &str| credential.get(name).and_then(|key| is_live(key.expose()));
    let Some(live) = mode_of("secretKey") else { return Ok(()) };
    if mode_of("publishableKey").is_some_and(|other| other != live) {
        set(assignments, "publishableKey", |given| match given {
            Some(_) => Err(other_mode(live)),
            None => Ok(PlainValue::Clear),
        })?;
    }
    set(assignments, "livemode", |_| Ok(PlainValue::Public(live.to_string())))
}

/// Sets a column to what is made of the value that it was given.
fn set(
    assignments: &mut Vec<Assignment<PlainValue>>,
    field: &str,
    value: impl FnOnce(Option<&PlainValue>) -> Result<PlainValue, CredentialError>,
) -> Result<(), CredentialError> {
    let Some(column) = STRIPE.input_column(field) else { return Ok(()) };
    match assignments.iter_mut().find(|assignment| assignment.column == column) {
        Some(assignment) => assignment.value = value(Some(&assignment.value))?,
        None => assignments.push(Assignment { column, value: value(None)? }),
    }
    Ok(())
}

fn other_mode(live: bool) -> CredentialError {
    let name = |live: bool| if live { "live" } else { "test" };
    CredentialError::field(
        "publishableKey",
        format!(
            "publishableKey is of {} mode and secretKey of {} mode: give both of one mode, or set publishableKey to null",
            name(!live),
            name(live),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Service;
    use crate::input::{FieldValue, parse_input};

    /// What a save would store, or why not.
    fn assignments(
        stored: &[(&str, &str)],
        given: Vec<(&str, FieldValue)>,
    ) -> Result<Vec<Assignment<PlainValue>>, String> {
        let service = Service::find("stripe").unwrap();
        let stored = stored.iter().map(|(name, value)| {
            (STRIPE.input_column(name).unwrap(), Some(value.to_string().into()))
        });
        let mut credential = PlaintextCredential::of(service, stored);
        let given = given.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let mut assignments = parse_input(service, given).unwrap().assignments;
        credential.assign(&assignments);
        reconcile_livemode(&credential, &mut assignments).map_err(|error| error.to_string())?;
        Ok(assignments)
    }

    /// Whether the mode is live, or why nothing is stored.
    fn check(stored: &[(&str, &str)], given: Vec<(&str, FieldValue)>) -> Result<bool, String> {
        let assignments = assignments(stored, given)?;
        let live = assignments.iter().rev().find(|assignment| assignment.column.name == "livemode");
        Ok(
            matches!(live, Some(Assignment { value: PlainValue::Public(text), .. }) if text == "true"),
        )
    }

    fn text(value: &str) -> FieldValue {
        FieldValue::Text(value.to_owned().into())
    }

    #[test]
    fn the_secret_key_decides_the_mode() {
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
        assert_eq!((flag(false), flag(true)), (Ok(false), Ok(false)));
        let cleared = ("livemode", FieldValue::Null);
        assert_eq!(check(&[], vec![("secretKey", text("sk_live_1")), cleared]), Ok(true));
    }

    #[test]
    fn a_new_key_takes_away_the_publishable_key_of_the_other_mode() {
        let stored = [("secretKey", "sk_test_1"), ("publishableKey", "pk_test_1")];
        let publishable = |input: Vec<(&str, FieldValue)>| {
            let assignments = assignments(&stored, input)?;
            let found = assignments.iter().find(|found| found.column.name == "publishable_key");
            Ok(found.map(|found| matches!(found.value, PlainValue::Clear)))
        };
        let live = || ("secretKey", text("sk_live_1"));
        assert_eq!(publishable(vec![live()]), Ok(Some(true)));
        assert_eq!(publishable(vec![("secretKey", text("sk_test_2"))]), Ok(None));
        let fitting = ("publishableKey", text("pk_live_1"));
        assert_eq!(publishable(vec![live(), fitting]), Ok(Some(false)));
        let other = || ("publishableKey", text("pk_live_1"));
        let refused: Result<_, String> = publishable(vec![other()]);
        assert!(refused.unwrap_err().contains("publishableKey is of live mode"));
    }
}
