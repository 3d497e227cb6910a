//! wasm-bindgen's command, which must be of the very version that the browser app links.

use std::fs;

use anyhow::{Context, Result};

use crate::{
    paths,
    setup::{Tool, install_tool},
    step::{Done, Progress},
};

pub(super) fn ensure(progress: &Progress) -> Result<Done> {
    let lock = fs::read_to_string(paths::root().join("Cargo.lock"))
        .context("Cargo.lock cannot be read")?;
    let version =
        find_version(&lock, "wasm-bindgen").context("Cargo.lock names no wasm-bindgen")?;
    // Its own lock file names a dependency that may not be had any more, so no --locked here.
    let package = "wasm-bindgen-cli";
    install_tool(progress, &Tool { package, program: "wasm-bindgen", version, flags: &[] })
}

fn find_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let (_, after) = lock.split_once(&format!("\nname = \"{package}\"\nversion = \""))?;
    after.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_found_beside_similar_names() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(find_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(find_version(lock, "trunk"), None);
    }
}
