//! AWS Signature Version 4 for a GET request to S3 without a body, region `auto` as Cloudflare R2
//! has it. Follows "Authenticating Requests: Using the Authorization Header" of the S3 API reference.

use cgk_crypto::SecretString;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// SHA-256 of nothing.
const EMPTY_BODY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

pub(crate) struct S3Request<'a> {
    /// Scheme, host and perhaps the beginning of the path.
    pub(crate) base: &'a str,
    /// Begins with `/`, encoded already.
    pub(crate) path: &'a str,
    /// Sorted and encoded already, without `?`.
    pub(crate) query: &'a str,
    pub(crate) access_key: &'a SecretString,
    pub(crate) secret_key: &'a SecretString,
    /// Milliseconds since 1970.
    pub(crate) now: i64,
}

/// The headers that sign the request. `host` is signed too; the sender sets it.
pub(crate) fn sign(request: &S3Request) -> [(&'static str, String); 3] {
    sign_in_region(request, "auto")
}

fn sign_in_region(request: &S3Request, region: &str) -> [(&'static str, String); 3] {
    let S3Request { base, path, query, access_key, secret_key, now } = request;
    let (host, prefix) = host_and_prefix(base);
    let time = timestamp(*now);
    let date = time.split('T').next().unwrap_or_default();
    let canonical = format!(
        "GET\n{prefix}{path}\n{query}\nhost:{host}\nx-amz-content-sha256:{EMPTY_BODY}\nx-amz-date:{time}\n\n\
         host;x-amz-content-sha256;x-amz-date\n{EMPTY_BODY}"
    );
    let scope = format!("{date}/{region}/s3/aws4_request");
    let digest = hex(&Sha256::digest(canonical.as_bytes()));
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{digest}");
    let secret = Zeroizing::new(format!("AWS4{}", secret_key.expose()));
    let mut key = Zeroizing::new(hmac(secret.as_bytes(), date));
    for part in [region, "s3", "aws4_request"] {
        key = Zeroizing::new(hmac(&*key, part));
    }
    let signature = hex(&hmac(&*key, &to_sign));
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={signature}",
        access_key.expose(),
    );
    [
        ("authorization", authorization),
        ("x-amz-content-sha256", EMPTY_BODY.to_owned()),
        ("x-amz-date", time),
    ]
}

fn host_and_prefix(base: &str) -> (&str, &str) {
    let rest = base.split_once("://").map_or(base, |(_, rest)| rest);
    rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash))
}

fn hmac(key: &[u8], message: &str) -> [u8; 32] {
    // A key of any length is good: `new_from_slice` does not fail for HMAC.
    Hmac::<Sha256>::new_from_slice(key)
        .map(|mac| mac.chain_update(message).finalize().into_bytes().into())
        .unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// `YYYYMMDDThhmmssZ`, UTC. Howard Hinnant's `civil_from_days`, for years after 1970.
fn timestamp(now: i64) -> String {
    let seconds = now.max(0) / 1000;
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example "GET Bucket Lifecycle" of the S3 API reference, with its published signature.
    #[test]
    fn signs_as_the_reference_does() {
        let [(_, authorization), ..] = sign_in_region(
            &S3Request {
                base: "https://examplebucket.s3.amazonaws.com",
                path: "/",
                query: "lifecycle=",
                access_key: &SecretString::from("AKIAIOSFODNN7EXAMPLE".to_owned()),
                secret_key: &SecretString::from(
                    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
                ),
                now: 1_369_353_600_000,
            },
            "us-east-1",
        );
        assert!(
            authorization.ends_with(
                "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
            ),
            "{authorization}"
        );
    }

    #[test]
    fn timestamps_on_both_sides_of_leap_days_and_years() {
        for (now, text) in [
            (0, "19700101T000000Z"),
            (951_782_400_000, "20000229T000000Z"),
            (951_868_799_999, "20000229T235959Z"),
            (951_868_800_000, "20000301T000000Z"),
            (1_735_689_599_000, "20241231T235959Z"),
            (1_735_689_600_000, "20250101T000000Z"),
            (4_107_542_400_000, "21000301T000000Z"),
        ] {
            assert_eq!(timestamp(now), text);
        }
    }

    #[test]
    fn an_endpoint_may_have_a_port_and_a_path() {
        assert_eq!(host_and_prefix("http://127.0.0.1:8080/r2"), ("127.0.0.1:8080", "/r2"));
        assert_eq!(host_and_prefix("https://x.example"), ("x.example", ""));
    }
}
