//! The responses that vendors publish, or are known to give, and what each says of a credential. They
//! are in `tests/published-answers`, each with its source.

use std::collections::HashSet;
use std::path::Path;

use serde_json::Value;

use super::response::{CredentialFacts, ResponseBody, VendorResponse};
use super::result::VerificationResult;
use crate::catalog::{SERVICES, Service};

fn cases(service: &Service) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/published-answers");
    let text = std::fs::read_to_string(folder.join(format!("{}.json", service.id))).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// What the host would hand in. Strings are bodies that are no JSON.
fn response(case: &Value) -> VendorResponse {
    let body = match &case["body"] {
        Value::String(text) => text.clone(),
        body => body.to_string(),
    };
    let headers = case.get("headers").cloned().unwrap_or_else(|| serde_json::json!({}));
    let response =
        serde_json::json!({ "status": case["status"], "headers": headers, "body": body });
    VendorResponse::parse(&response.to_string()).unwrap()
}

#[test]
fn every_published_answer_is_read_right() {
    let mut wrong = Vec::new();
    for service in SERVICES {
        for case in cases(service) {
            let expected = case["expected"]["status"].as_str().unwrap();
            let result = VerificationResult::evaluate(
                service,
                &CredentialFacts::default(),
                &response(&case),
            );
            let result = serde_json::to_value(result).unwrap();
            // What the vendor is not asked about is for the tests of inputs.
            if expected != "unchecked" && result["status"] != expected {
                wrong.push(format!(
                    "{}: {}: {} instead of {expected}",
                    service.id, case["name"], result["status"]
                ));
            }
            if result["revoked"] != case["expected"]["revoked"] {
                wrong.push(format!("{}: {}: revoked", service.id, case["name"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_rule_has_an_answer_that_it_is_for() {
    for service in SERVICES {
        let mut used = HashSet::new();
        for case in cases(service) {
            let response = response(&case);
            let body = ResponseBody::read(service.check.body, &response.body);
            let rules = service.check.rules.iter();
            used.extend(
                rules.enumerate().find(|(_, rule)| rule.fits(&response, &body)).map(|(n, _)| n),
            );
        }
        let unused: Vec<_> =
            service.check.rules.iter().enumerate().filter(|(n, _)| !used.contains(n)).collect();
        assert!(unused.is_empty(), "{}: {unused:?}", service.id);
    }
}
