//! The secret that changes of the service itself need: made once, shared by both services and by `train --publish`.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::PathBuf,
};

use anyhow::{Context, Result};

use crate::paths;

/// What both services call it.
const VARIABLE: &str = "CAMPUSDESK_SERVICE_TOKEN";

/// The variable with the token for a service; nothing where the environment has one already, which is passed on.
///
/// # Errors  When the token can be neither read nor made.
pub(crate) fn variable() -> Result<Option<(String, OsString)>> {
    if std::env::var_os(VARIABLE).is_some() {
        return Ok(None);
    }
    Ok(Some((VARIABLE.to_owned(), read_or_make()?.into())))
}

fn file() -> PathBuf {
    paths::root().join("target/service-token")
}

fn read_or_make() -> Result<String> {
    if let Ok(token) = fs::read_to_string(file()) {
        return Ok(token);
    }
    let mut random = [0; 32];
    File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut random))?;
    let token: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    // Nobody else on this machine may read it.
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file())
        .and_then(|mut file| file.write_all(token.as_bytes()))
        .with_context(|| format!("{} cannot be written", file().display()))?;
    Ok(token)
}
