//! The functions of tokens that stand in no database, over arguments as a binding reads them.

use cgk_crypto::v2::Context;
use cgk_crypto::{
    CryptoError, KeyDerivation, KeyRing, Purpose, SealedText, Sealer, SecretString, Turn,
};

use crate::input::FieldValue;
use crate::store::Argument;
use crate::{CredentialError, TenantId};

type Result<T> = std::result::Result<T, CredentialError>;

/// A text and how it is to be encrypted: into a v1 token; with `format: 'v2'` among the options into
/// one of v2, bound to the place that they name, if they do.
#[derive(Debug)]
pub struct TextToSeal {
    ring: KeyRing,
    /// `None` for v1.
    place: Option<Context>,
    plaintext: SecretString,
}

impl TextToSeal {
    /// Checks the key first, then the options, then the text.
    pub fn parse(plaintext: Argument, key: Argument, options: Argument) -> Result<Self> {
        let ring = KeyRing::of(string(key))?;
        let place = v2_place(options)?;
        let Argument::Text(plaintext) = plaintext else {
            return Err(CredentialError::input("plaintext must be a string"));
        };
        Ok(Self { ring, place, plaintext })
    }

    /// Encrypts at once into v2; `None` for v1, whose key [`TextToSeal::seal`] derives by PBKDF2.
    pub fn seal_at_once(&self) -> Option<Result<SecretString>> {
        let sealed = self.ring.seal(self.place.as_ref()?, &self.plaintext);
        Some(sealed.map(|token| SecretString::from(token.to_string())).map_err(Into::into))
    }

    /// Encrypts, deriving the key.
    pub async fn seal<D: KeyDerivation>(&self, sealer: &Sealer<D>) -> Result<SecretString> {
        let turn = Turn::new("", Purpose::Save);
        let token = sealer.seal(&self.ring, self.place.as_ref(), turn, &self.plaintext).await?;
        Ok(SecretString::from(token.to_string()))
    }
}

/// A token and what opens it.
#[derive(Debug)]
pub struct TokenToOpen {
    ring: KeyRing,
    place: Context,
    text: SealedText,
}

impl TokenToOpen {
    /// Checks the key first, then the token. Without a context only v1 is read; an empty one is that
    /// of v2 tokens which are bound to no place.
    pub fn parse(token: Argument, key: Argument, context: Argument) -> Result<Self> {
        let ring = KeyRing::of(string(key))?;
        let place = match context {
            Argument::Absent => None,
            context => {
                let options = TokenOptions::parse(context, "The context must be an object")?;
                Some(options.place()?.unwrap_or_else(Context::none))
            }
        };
        let text = SealedText::parse(&string(token))?;
        match (place, &text) {
            (None, SealedText::V2(_)) => Err(CryptoError::TokenFormat.into()),
            (place, _) => Ok(Self { ring, place: place.unwrap_or_else(Context::none), text }),
        }
    }

    /// Decrypts at once if no key has to be derived by PBKDF2; otherwise that is for
    /// [`TokenToOpen::open`].
    pub fn open_cached<D: KeyDerivation>(
        &self,
        sealer: &Sealer<D>,
    ) -> Option<Result<SecretString>> {
        let opened = sealer.open_cached(&self.ring, &self.place, &self.text)?;
        Some(opened.map_err(CredentialError::from))
    }

    /// Decrypts, deriving the key.
    pub async fn open<D: KeyDerivation>(&self, sealer: &Sealer<D>) -> Result<SecretString> {
        Ok(sealer.open(&self.ring, &self.place, &self.text).await?)
    }
}

/// Where a v2 token is to be bound to; `None` for one of v1.
fn v2_place(options: Argument) -> Result<Option<Context>> {
    if matches!(options, Argument::Absent) {
        return Ok(None);
    }
    let options = TokenOptions::parse(options, "The options must be an object")?;
    let place = options.place()?;
    match (options.format.as_ref().map(SecretString::expose), place) {
        (None | Some("v1"), None) => Ok(None),
        (None | Some("v1"), Some(_)) => Err(CredentialError::field(
            "format",
            "Tokens of format v1 are bound to no place: set format to v2",
        )),
        (Some("v2"), place) => Ok(Some(place.unwrap_or_else(Context::none))),
        _ => Err(CredentialError::field("format", "format must be v1 or v2")),
    }
}

#[derive(Default)]
struct TokenOptions {
    format: Option<SecretString>,
    tenant: Option<SecretString>,
    service: Option<SecretString>,
    field: Option<SecretString>,
}

impl TokenOptions {
    fn parse(argument: Argument, otherwise: &str) -> Result<Self> {
        let Argument::Fields(fields) = argument else {
            return Err(CredentialError::input(otherwise));
        };
        let mut options = Self::default();
        for (name, value) in fields {
            let (name, option) = match name.as_str() {
                "format" => ("format", &mut options.format),
                "tenantId" => ("tenantId", &mut options.tenant),
                "service" => ("service", &mut options.service),
                "field" => ("field", &mut options.field),
                // The name is not repeated: a secret may stand there by mistake.
                _ => {
                    return Err(CredentialError::input(
                        "A token's options are format, tenantId, service and field",
                    ));
                }
            };
            let FieldValue::Text(text) = value else {
                return Err(CredentialError::field(name, format!("{name} must be a string")));
            };
            *option = Some(text);
        }
        Ok(options)
    }

    /// The place that a token is bound to, if one is named.
    fn place(&self) -> Result<Option<Context>> {
        match (&self.tenant, &self.service, &self.field) {
            (None, None, None) => Ok(None),
            (Some(tenant), Some(service), Some(field)) => {
                let tenant = TenantId::parse(tenant.expose())?;
                Ok(Some(Context::new(tenant.slug(), service.expose(), field.expose())?))
            }
            _ => Err(CredentialError::input(
                "tenantId, service and field belong together: give all of them or none",
            )),
        }
    }
}

/// A value of another type is as good as none.
fn string(argument: Argument) -> String {
    match argument {
        Argument::Text(text) => text.expose().to_owned(),
        _ => String::new(),
    }
}
