//! The certificates of the usual authorities: without them no program may speak to a vision service or a bucket, and the
//! desk's client for HTTP does not start.

use std::path::Path;

use anyhow::Result;

use crate::{
    setup::apt,
    step::{Done, Progress},
};

/// Where systems keep them, Debian first.
const BUNDLES: [&str; 3] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
];

pub(super) fn ensure(progress: &Progress) -> Result<Done> {
    let named = std::env::var_os("SSL_CERT_FILE").is_some_and(|file| Path::new(&file).exists());
    if named || BUNDLES.iter().any(|file| Path::new(file).exists()) {
        return Ok(Done::skipped("there"));
    }
    apt::install(progress, "ca-certificates", &["ca-certificates"])?;
    Ok(Done::Made)
}
