//! The parameters about TLS, and what they mean together.

use cgk_credentials::DatabaseError;

use crate::parameters::Parameters;
use crate::tls::{Mode, Roots, Tls, Verification, Versions};
use crate::url::invalid;

/// What `sslmode` chooses. `Require` depends on whether `sslrootcert` is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Disable,
    Prefer,
    Require,
    NoVerify,
    VerifyCa,
    VerifyFull,
}

pub(crate) fn read_tls(parameters: &Parameters<'_>) -> Result<Tls, DatabaseError> {
    let root_file = parameters.get("sslrootcert");
    let roots = match root_file {
        None | Some("system") => Roots::System,
        Some(path) => Roots::File(path.to_owned()),
    };
    let is_direct = read_negotiation(parameters)?;
    let (mode, verification) = match read_level(parameters)? {
        Level::Disable => (Mode::Off, Verification::None),
        Level::Prefer => (Mode::Preferred, Verification::None),
        Level::Require if root_file.is_none() => (Mode::Required, Verification::None),
        Level::NoVerify => (Mode::Required, Verification::None),
        Level::Require | Level::VerifyCa => (Mode::Required, Verification::Chain(roots)),
        Level::VerifyFull => (Mode::Required, Verification::ChainAndHost(roots)),
    };
    if is_direct && mode != Mode::Required {
        return Err(invalid("sslnegotiation=direct needs sslmode=require or a stronger one"));
    }
    Ok(Tls {
        mode,
        verification,
        is_direct,
        client: read_client(parameters)?,
        versions: read_versions(parameters)?,
        sends_name: parameters.choice("sslsni", &[("1", true), ("0", false)])?.unwrap_or(true),
    })
}

fn read_level(parameters: &Parameters<'_>) -> Result<Level, DatabaseError> {
    let modes = [
        ("disable", Level::Disable),
        ("allow", Level::Prefer),
        ("prefer", Level::Prefer),
        ("require", Level::Require),
        ("verify-ca", Level::VerifyCa),
        ("verify-full", Level::VerifyFull),
        ("no-verify", Level::NoVerify),
    ];
    let switches = [
        ("true", Level::VerifyFull),
        ("1", Level::VerifyFull),
        ("false", Level::Disable),
        ("0", Level::Disable),
    ];
    // Prisma's.
    let accepted = [("strict", true), ("accept_invalid_certs", false)];
    let mode = parameters.choice("sslmode", &modes)?;
    let switch = parameters.choice("ssl", &switches)?;
    let is_strict = parameters.choice("sslaccept", &accepted)?.unwrap_or(false);
    let implied = match (parameters.get("sslrootcert"), parameters.get("sslnegotiation")) {
        (Some("system"), _) | (_, Some("direct")) => Level::VerifyFull,
        _ => Level::Prefer,
    };
    match mode.or(switch).unwrap_or(implied) {
        Level::Disable => Ok(Level::Disable),
        _ if is_strict => Ok(Level::VerifyFull),
        level => Ok(level),
    }
}

fn read_negotiation(parameters: &Parameters<'_>) -> Result<bool, DatabaseError> {
    let negotiations = [("postgres", false), ("direct", true)];
    Ok(parameters.choice("sslnegotiation", &negotiations)?.unwrap_or(false))
}

fn read_client(parameters: &Parameters<'_>) -> Result<Option<(String, String)>, DatabaseError> {
    let sends = parameters.choice("sslcertmode", &[("allow", true), ("disable", false)])?;
    match (parameters.get("sslcert"), parameters.get("sslkey")) {
        _ if sends == Some(false) => Ok(None),
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) => Ok(Some((certificate.to_owned(), key.to_owned()))),
        _ => Err(invalid("sslcert and sslkey belong together: give both or neither")),
    }
}

/// Versions before 1.2 are never used.
fn read_versions(parameters: &Parameters<'_>) -> Result<Versions, DatabaseError> {
    let least = [("TLSv1", 12), ("TLSv1.1", 12), ("TLSv1.2", 12), ("TLSv1.3", 13)];
    let most = [("TLSv1.2", 12), ("TLSv1.3", 13)];
    let least = parameters.choice("ssl_min_protocol_version", &least)?.unwrap_or(12);
    let most = parameters.choice("ssl_max_protocol_version", &most)?.unwrap_or(13);
    match (least, most) {
        (12, 13) => Ok(Versions::Both),
        (12, 12) => Ok(Versions::Only12),
        (13, 13) => Ok(Versions::Only13),
        _ => Err(invalid("ssl_min_protocol_version is above ssl_max_protocol_version")),
    }
}
