//! Encrypting and decrypting the value of an input field.

use cgk_crypto::v2::Context;
use cgk_crypto::{CryptoError, KeyDerivation, Purpose, SealedText, SecretString, Turn};

use super::keys::TokenFormat;
use super::{Result, Store};
use crate::database::Database;
use crate::error::{CredentialError, FieldError};
use crate::key::CredentialKey;

impl<Db: Database, D: KeyDerivation> Store<Db, D> {
    /// Decrypts the stored token of an input field; an empty one is none.
    pub(super) async fn decrypt(
        &self,
        key: &CredentialKey,
        field: &'static str,
        token: Option<String>,
    ) -> Result<Option<SecretString>> {
        let Some(token) = token.filter(|token| !token.is_empty()) else { return Ok(None) };
        let ring = self.keys.ring()?;
        let opened = async {
            let text = SealedText::parse(&token)?;
            if self.keys.format() == TokenFormat::V2Only && matches!(text, SealedText::V1(_)) {
                return Err(CryptoError::FormatRefused);
            }
            self.sealer.open(ring, &place(key, field)?, &text).await
        };
        match opened.await {
            Ok(secret) => Ok(Some(secret)),
            Err(error) => {
                Err(CredentialError::Secret(FieldError::of(field, error.to_string()), error))
            }
        }
    }

    /// Encrypts the value of an input field, in a format; where a key is derived for it, in the turn of
    /// what it is for.
    pub(super) async fn encrypt(
        &self,
        key: &CredentialKey,
        field: &str,
        plaintext: &SecretString,
        format: TokenFormat,
        purpose: Purpose,
    ) -> Result<String> {
        let ring = self.keys.ring()?;
        let place = match format {
            TokenFormat::V1 => None,
            TokenFormat::V2 | TokenFormat::V2Only => Some(place(key, field)?),
        };
        let turn = Turn::new(key.tenant().slug(), purpose);
        Ok(self.sealer.seal(ring, place.as_ref(), turn, plaintext).await?.to_string())
    }
}

/// Where a value is: what a v2 token is bound to.
pub(super) fn place(key: &CredentialKey, field: &str) -> std::result::Result<Context, CryptoError> {
    Context::new(key.tenant().slug(), key.service().id(), field)
}
