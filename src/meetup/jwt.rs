//! A self-signed assertion (RS256), good for two minutes by Meetup's clock.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::RSA_PKCS1_SHA256;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::errors::AskError;

/// Who signs, for whom.
pub(crate) struct Signer {
    client_id: String,
    signing_key_id: String,
    member_id: String,
    key: KeyPair,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer")
            .field("signing_key_id", &self.signing_key_id)
            .finish_non_exhaustive()
    }
}

impl Signer {
    /// Reads the key, PKCS#8 or PKCS#1.
    pub(crate) fn new(
        client_id: &str,
        signing_key_id: &str,
        member_id: &str,
        pem: &SecretString,
    ) -> Result<Self, AskError> {
        let refuse = |why: &str| {
            AskError::Settings(format!(
                "meetup.jwt private key: {why}\nuse the RSA key that Meetup showed when the signing key was made"
            ))
        };
        let key = match PrivateKeyDer::from_pem_slice(pem.expose_secret().as_bytes()) {
            Ok(PrivateKeyDer::Pkcs8(der)) => KeyPair::from_pkcs8(der.secret_pkcs8_der()),
            Ok(PrivateKeyDer::Pkcs1(der)) => KeyPair::from_der(der.secret_pkcs1_der()),
            Ok(_) => return Err(refuse("not an RSA key")),
            Err(_) => return Err(refuse("no PEM private key in it")),
        };
        Ok(Self {
            client_id: client_id.to_owned(),
            signing_key_id: signing_key_id.to_owned(),
            member_id: member_id.to_owned(),
            key: key.map_err(|_| refuse("not an RSA key of 2048 bits or more"))?,
        })
    }

    /// The assertion, as of `now` by Meetup's clock.
    pub(crate) fn assertion(&self, now: DateTime<Utc>) -> Result<SecretString, AskError> {
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": self.signing_key_id});
        let claims = json!({
            "sub": self.member_id,
            "iss": self.client_id,
            "aud": "api.meetup.com",
            "exp": (now + TimeDelta::seconds(120)).timestamp(),
        });
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                signed.as_bytes(),
                &mut signature,
            )
            .map_err(|_| AskError::Settings("meetup.jwt private key: cannot sign".to_owned()))?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)).into())
    }
}
