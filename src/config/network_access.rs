//! `[network_access]`: how the world outside is reached. Proxies come from the environment.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::reading::Section;

/// How the world outside is reached.
#[derive(Debug, Clone, Default)]
pub struct NetworkAccess {
    own: Arc<Vec<CertificateDer<'static>>>,
}

impl NetworkAccess {
    /// Certificates of the company's own authority, trusted beside this machine's.
    pub fn certificates(&self) -> &[CertificateDer<'static>] {
        &self.own
    }
}

/// Longest file that is read: room for a system's whole bundle.
const LONGEST: u64 = 4 * 1024 * 1024;

pub(super) fn read(section: &Section<'_, '_>) -> NetworkAccess {
    let mut access = NetworkAccess::default();
    if let Some(written) = section.text("ca_file") {
        let path = section.reader.path(&written);
        match certificates(&path) {
            Ok(own) => access.own = Arc::new(own),
            Err(cause) => section.problem(
                "ca_file",
                format!("names {}, which {cause}", path.display()),
                "name a PEM file (-----BEGIN CERTIFICATE-----) that this account can read",
            ),
        }
    }
    section.finish();
    access
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let about = std::fs::metadata(path).map_err(|error| cause(&error))?;
    if !about.is_file() || about.len() > LONGEST {
        return Err("is no file of certificates".to_owned());
    }
    let text = std::fs::read(path).map_err(|error| cause(&error))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err("holds no certificate".to_owned()),
    }
}

fn cause(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "does not exist".to_owned(),
        std::io::ErrorKind::PermissionDenied => "may not be read by this account".to_owned(),
        kind => format!("cannot be read ({kind})"),
    }
}
