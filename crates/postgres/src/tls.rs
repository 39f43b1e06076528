use std::fmt::Debug;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cgk_credentials::DatabaseError;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{
    CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature,
    verify_tls13_signature_with_raw_key,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, ServerName, SubjectPublicKeyInfoDer, UnixTime,
};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    SupportedProtocolVersion, version,
};
use tokio_postgres_rustls::MakeRustlsConnect;
use x509_cert::Certificate;
use x509_cert::certificate::Version;
use x509_cert::der::{Decode, Encode};

/// What PostgreSQL is called where TLS begins without its own negotiation.
const ALPN: &[u8] = b"postgresql";

/// Whether and how connections are encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tls {
    pub(crate) mode: Mode,
    pub(crate) verification: Verification,
    /// Whether TLS begins at once, without asking the server for it.
    pub(crate) is_direct: bool,
    /// PEM files of the client's certificate and its key.
    pub(crate) client: Option<(String, String)>,
    pub(crate) versions: Versions,
    /// Whether the server's name is sent, by which proxies choose a server.
    pub(crate) sends_name: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Off,
    /// Where the server offers it and it works.
    Preferred,
    Required,
}

/// How the server's certificate is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verification {
    /// Not at all: `prefer` and `require` protect from listeners, not from impostors.
    None,
    /// It chains to a trusted root.
    Chain(Roots),
    /// And it was issued for the host that was asked for.
    ChainAndHost(Roots),
}

/// The certificate authorities that are trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Roots {
    System,
    File(String),
}

/// The versions of TLS that may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Versions {
    Both,
    Only12,
    Only13,
}

impl Tls {
    /// Whether an encrypted connection can only lead to the right server. Authorities of the public
    /// give everybody a certificate, for some name.
    pub(crate) fn is_trusted(&self) -> bool {
        match &self.verification {
            Verification::None | Verification::Chain(Roots::System) => false,
            Verification::Chain(Roots::File(_)) | Verification::ChainAndHost(_) => true,
        }
    }

    /// What makes connections secure, or `None` where TLS is off.
    pub(crate) fn connector(&self) -> Result<Option<TlsConnector>, DatabaseError> {
        if self.mode == Mode::Off {
            return Ok(None);
        }
        let provider = Arc::new(ring::default_provider());
        let trusted = self.verification.trusted(&provider)?;
        let verifier = Arc::new(CertificateVerifier::new(provider.clone(), trusted));
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&self.versions.list())
            .map_err(|_| invalid("the TLS versions of this build do not fit together"))?
            .dangerous()
            .with_custom_certificate_verifier(verifier.clone());
        let mut config = match &self.client {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => {
                let chain = read_certificates(certificate, "sslcert")?;
                let key = PrivateKeyDer::from_pem_file(key).map_err(|_| {
                    invalid("sslkey names no readable PEM file with a key that is not encrypted")
                })?;
                builder.with_client_auth_cert(chain, key).map_err(|_| {
                    invalid("the key of sslkey is not that of the certificate of sslcert")
                })?
            }
        };
        config.enable_sni = self.sends_name;
        if self.is_direct {
            config.alpn_protocols.push(ALPN.to_vec());
        }
        Ok(Some(TlsConnector { config, verifier }))
    }
}

impl Versions {
    fn list(self) -> Vec<&'static SupportedProtocolVersion> {
        match self {
            Self::Both => vec![&version::TLS13, &version::TLS12],
            Self::Only12 => vec![&version::TLS12],
            Self::Only13 => vec![&version::TLS13],
        }
    }
}

/// Makes the TLS side of connections.
#[derive(Clone)]
pub(crate) struct TlsConnector {
    config: ClientConfig,
    verifier: Arc<CertificateVerifier>,
}

impl TlsConnector {
    /// For one connection; with it what knows, after the handshake, whether the server owns its
    /// certificate.
    pub(crate) fn one(&self) -> (MakeRustlsConnect, Arc<CertificateVerifier>) {
        let mut config = self.config.clone();
        if self.verifier.trusted.is_some() {
            return (MakeRustlsConnect::new(config), self.verifier.clone());
        }
        let verifier = Arc::new(CertificateVerifier::new(self.verifier.provider.clone(), None));
        config.dangerous().set_certificate_verifier(verifier.clone());
        // A resumed session does not show again that the server owns its certificate.
        config.resumption = Resumption::disabled();
        (MakeRustlsConnect::new(config), verifier)
    }
}

impl Verification {
    fn trusted(
        &self,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Option<TrustedCertificates>, DatabaseError> {
        match self {
            Self::None => Ok(None),
            Self::Chain(roots) => TrustedCertificates::new(roots, provider, false).map(Some),
            Self::ChainAndHost(roots) => TrustedCertificates::new(roots, provider, true).map(Some),
        }
    }
}

fn read_certificates(
    path: &str,
    parameter: &str,
) -> Result<Vec<CertificateDer<'static>>, DatabaseError> {
    CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|_| invalid(&format!("{parameter} names no readable PEM file")))
}

fn invalid(reason: &str) -> DatabaseError {
    DatabaseError::ConfigInvalid(format!("The database connection cannot use TLS: {reason}"))
}

/// Why a handshake failed, with what to do.
pub(crate) fn explain(error: &io::Error) -> String {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<Error>());
    match cause {
        Some(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => {
            "no trusted authority issued the server's certificate (UnknownIssuer): name its authority's PEM file with sslrootcert".to_owned()
        }
        Some(Error::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        )) => "the server's certificate has expired: renew it".to_owned(),
        _ => error.to_string(),
    }
}

/// Verifies the server's certificate, and that the server owns its key.
///
/// Without trusted certificates, as with `sslmode=require`, it accepts every one, of any version and
/// with any key, and only notes whether the server owns it. Anyone can show a certificate of their
/// own instead, so a connection is no safer for it; but without it, the certificate says nothing
/// that a log-in could be bound to.
#[derive(Debug)]
pub(crate) struct CertificateVerifier {
    provider: Arc<CryptoProvider>,
    trusted: Option<TrustedCertificates>,
    is_owned: AtomicBool,
}

impl CertificateVerifier {
    fn new(provider: Arc<CryptoProvider>, trusted: Option<TrustedCertificates>) -> Self {
        Self { provider, trusted, is_owned: AtomicBool::new(false) }
    }

    /// Whether the server has shown that it owns its certificate.
    pub(crate) fn is_owned(&self) -> bool {
        self.trusted.is_some() || self.is_owned.load(Ordering::Acquire)
    }

    fn conclude(
        &self,
        signature: Result<HandshakeSignatureValid, Error>,
    ) -> Result<HandshakeSignatureValid, Error> {
        if self.trusted.is_some() {
            return signature;
        }
        self.is_owned.store(signature.is_ok(), Ordering::Release);
        Ok(HandshakeSignatureValid::assertion())
    }
}

impl ServerCertVerifier for CertificateVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match &self.trusted {
            Some(trusted) => {
                trusted.verify(end_entity, intermediates, server_name, ocsp_response, now)
            }
            None => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        self.conclude(verify_tls12_signature(message, cert, dss, algorithms))
    }

    /// By the key alone: certificates of X.509 version 1 have one, too.
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        self.conclude(match public_key(cert) {
            Some(key) => verify_tls13_signature_with_raw_key(message, &key, dss, algorithms),
            None => verify_tls13_signature(message, cert, dss, algorithms),
        })
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let mut schemes = self.provider.signature_verification_algorithms.supported_schemes();
        if self.trusted.is_none() {
            schemes.extend([SignatureScheme::ECDSA_NISTP521_SHA512, SignatureScheme::ED448]);
        }
        schemes
    }
}

/// What is trusted: certificates of authorities, and servers' own.
#[derive(Debug)]
struct TrustedCertificates {
    chains: Arc<WebPkiServerVerifier>,
    /// The content of `sslrootcert`: often it is the server's certificate, signed by itself.
    own: Vec<CertificateDer<'static>>,
    checks_host: bool,
}

impl TrustedCertificates {
    fn new(
        roots: &Roots,
        provider: &Arc<CryptoProvider>,
        checks_host: bool,
    ) -> Result<Self, DatabaseError> {
        let (certificates, own) = match roots {
            Roots::System => (rustls_native_certs::load_native_certs().certs, Vec::new()),
            Roots::File(path) => {
                let certificates = read_certificates(path, "sslrootcert")?;
                (certificates.clone(), certificates)
            }
        };
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(certificates);
        let chains = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone())
            .build()
            .map_err(|_| match roots {
                Roots::System => invalid(
                    "the system has no trusted certificates: install the ca-certificates package or set sslrootcert",
                ),
                Roots::File(_) => invalid("the file of sslrootcert holds no usable certificate"),
            })?;
        Ok(Self { chains, own, checks_host })
    }

    fn verify(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let parsed = Certificate::from_der(end_entity).ok();
        if let Some(certificate) = &parsed
            && self.own.contains(end_entity)
        {
            check_dates(certificate, now)?;
            if self.checks_host {
                check_version(certificate)?;
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
            }
            return Ok(ServerCertVerified::assertion());
        }
        if let Some(certificate) = &parsed {
            check_version(certificate)?;
        }
        // The host is compared last, so a mismatch means that the chain was fine.
        match self.chains.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        ) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.checks_host => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }
}

fn public_key(cert: &CertificateDer<'_>) -> Option<SubjectPublicKeyInfoDer<'static>> {
    let certificate = Certificate::from_der(cert).ok()?;
    let key = certificate.tbs_certificate.subject_public_key_info.to_der().ok()?;
    Some(SubjectPublicKeyInfoDer::from(key))
}

fn check_dates(certificate: &Certificate, now: UnixTime) -> Result<(), Error> {
    let validity = &certificate.tbs_certificate.validity;
    if now.as_secs() < validity.not_before.to_unix_duration().as_secs() {
        Err(CertificateError::NotValidYet.into())
    } else if now.as_secs() > validity.not_after.to_unix_duration().as_secs() {
        Err(CertificateError::Expired.into())
    } else {
        Ok(())
    }
}

fn check_version(certificate: &Certificate) -> Result<(), Error> {
    if certificate.tbs_certificate.version == Version::V3 {
        return Ok(());
    }
    Err(Error::General(
        "the server's certificate is not of X.509 version 3, so that it cannot be verified: issue one with subjectAltName".to_owned(),
    ))
}
