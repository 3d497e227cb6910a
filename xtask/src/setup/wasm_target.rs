//! A Rust toolchain that compiles for the browser, three ways: the target is there; rustup brings it; or Debian's own
//! toolchain compiles the standard library for it. Naming the target in rust-toolchain.toml would make every cargo call
//! fetch it, so the set-up decides.

use std::{ffi::OsString, path::Path, time::Duration};

use anyhow::{Result, bail};

use crate::{
    job::Job,
    paths,
    setup::apt,
    step::{Done, Progress},
};

const TARGET: &str = "wasm32-unknown-unknown";
/// Where rustup's server cannot be reached, some networks let the request hang.
const RUSTUP_PATIENCE: Duration = Duration::from_secs(90);
const DEBIAN_PACKAGES: [&str; 5] =
    ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "rust-web-clippy"];

/// What the environment must say so that cargo compiles for the browser; empty for the toolchain in use.
#[derive(Default)]
pub(crate) struct Toolchain {
    /// Variables for cargo and Trunk.
    pub(crate) env: Vec<(String, OsString)>,
}

pub(super) fn ensure(progress: &Progress, toolchain: &mut Toolchain) -> Result<Done> {
    if target_is_there() {
        return Ok(Done::skipped("there"));
    }
    // Taken before rustup is asked: whoever has these needed them, and would wait for the time-out on every run.
    if debian_is_there() {
        toolchain.env = debian_env(progress)?;
        return Ok(Done::skipped("Debian's toolchain is there"));
    }
    if paths::find_program("rustup").is_some() {
        let added = Job::new("rustup").args(["target", "add", TARGET]).timeout(RUSTUP_PATIENCE);
        match added.run(progress) {
            Ok(()) if target_is_there() => return Ok(Done::Made),
            Ok(()) => {
                progress.note("rustup added the target to another toolchain than the one in use")
            }
            Err(error) => progress.note(&format!("{error:#}")),
        }
        crate::interrupt::go_on()?;
    }
    let what =
        format!("The Rust target {TARGET} (`rustup target add {TARGET}`, or Debian's toolchain)");
    apt::install(progress, &what, &DEBIAN_PACKAGES)?;
    if !debian_is_there() {
        bail!("{what} is missing, and Debian's packages did not bring it.");
    }
    toolchain.env = debian_env(progress)?;
    Ok(Done::Made)
}

fn target_is_there() -> bool {
    let libraries =
        Job::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).first_line();
    libraries.is_some_and(|folder| Path::new(&folder).is_dir())
}

/// The compiler, its linker for the browser and the source of the standard library.
fn debian_is_there() -> bool {
    let Some(sysroot) = debian_sysroot() else { return false };
    Path::new(&sysroot).join("lib/rustlib/src/rust/library/std").exists()
        && Job::new("dpkg").args(["-s"]).args(DEBIAN_PACKAGES).succeeds()
}

fn debian_sysroot() -> Option<String> {
    Job::new("/usr/bin/rustc").args(["--print", "sysroot"]).first_line()
}

fn debian_env(progress: &Progress) -> Result<Vec<(String, OsString)>> {
    let pair = |name: &str, value: &str| (name.to_owned(), OsString::from(value));
    // The nightly-only flag that compiles the standard library; the compiler itself is a stable one.
    let mut env = vec![
        pair("RUSTC_BOOTSTRAP", "1"),
        pair("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
        pair("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    ];
    if paths::find_program("rustup").is_some() {
        Job::new("rustup").args(["toolchain", "link", "debian-web", "/usr"]).run(progress)?;
        env.push(pair("RUSTUP_TOOLCHAIN", "debian-web"));
    }
    let path = std::env::split_paths(&paths::tools_path()).collect::<Vec<_>>();
    let first = std::iter::once("/usr/bin".into()).chain(path);
    env.push(("PATH".to_owned(), std::env::join_paths(first)?));
    Ok(env)
}
