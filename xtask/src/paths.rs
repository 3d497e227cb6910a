//! Where things are: in the checkout, and outside it.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Cargo's output folder, which also holds our tools, logs and the built browser app.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Where Trunk writes the browser app. Named in Trunk.toml too, so it does not follow `CARGO_TARGET_DIR`.
pub(crate) fn dist() -> PathBuf {
    root().join("target/dist")
}

/// The tools that the set-up compiles, under one roof so that nothing is installed into the user's home.
pub(crate) fn tools() -> PathBuf {
    root().join("target/tools")
}

/// The folder of Lighthouse, which only the bench needs.
pub(crate) fn lighthouse() -> PathBuf {
    tools().join("lighthouse")
}

/// What commands and services print, one file each.
pub(crate) fn logs() -> PathBuf {
    root().join("target/logs")
}

/// A binary of the workspace.
pub(crate) fn binary(profile: crate::build::Profile, name: &str) -> PathBuf {
    target().join(profile.folder()).join(name)
}

/// A folder for throw-away data that another system user can enter too: PostgreSQL refuses to run as root, and may not
/// be able to enter a checkout in root's home.
pub(crate) fn scratch(purpose: &str) -> PathBuf {
    let shared = Path::new("/var/tmp");
    let parent = if shared.is_dir() { shared.to_path_buf() } else { env::temp_dir() };
    parent.join(format!("campusdesk-{purpose}-{}", std::process::id()))
}

/// `PATH` with our own tools in front.
pub(crate) fn tools_path() -> OsString {
    let mut folders = vec![tools().join("bin"), root().join("e2e/node_modules/.bin")];
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    env::join_paths(folders).unwrap_or_default()
}

/// The first program of that name on `PATH`.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| is_program(file))
}

/// Whether the file can be run by somebody.
pub(crate) fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}
