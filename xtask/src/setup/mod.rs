//! What the machine needs before anything can be built or run, each in its own module: found where it is there, brought
//! where it is not, and where that is impossible one sentence that names the missing thing and the fix.

mod apt;
mod bench;
mod browser;
mod certificates;
mod node;
mod postgres;
mod trunk;
mod wasm_bindgen;
mod wasm_target;

use std::{ffi::OsString, path::PathBuf};

use anyhow::Result;

use crate::{
    job::Job,
    paths,
    step::{Done, Progress, Steps},
};

pub(crate) use browser::find as find_browser;
pub(crate) use postgres::find as find_postgres;
pub(crate) use wasm_target::Toolchain;

/// The steps of [`for_app`].
pub(crate) const APP_STEPS: usize = 4;
/// The steps of [`for_desk`].
pub(crate) const DESK_STEPS: usize = 2;
/// The steps of [`for_browser_tests`].
pub(crate) const BROWSER_STEPS: usize = 2;
/// The steps of [`for_bench`].
pub(crate) const BENCH_STEPS: usize = 3 + BROWSER_STEPS;

/// What builds the browser app; the answer is the toolchain that knows wasm.
///
/// # Errors  Names what is missing and how to get it.
pub(crate) fn for_app(steps: &mut Steps) -> Result<Toolchain> {
    let toolchain = for_wasm(steps)?;
    steps.run("wasm-bindgen", wasm_bindgen::ensure)?;
    steps.run("Trunk", trunk::ensure)?;
    steps.run("wasm-opt", |progress| node::ensure(progress, node::Packages::Build))?;
    Ok(toolchain)
}

/// The toolchain that knows wasm, alone: for lints. One step.
///
/// # Errors  Names what is missing and how to get it.
pub(crate) fn for_wasm(steps: &mut Steps) -> Result<Toolchain> {
    let mut toolchain = Toolchain::default();
    steps.run("Wasm target", |progress| wasm_target::ensure(progress, &mut toolchain))?;
    Ok(toolchain)
}

/// What runs the desk.
///
/// # Errors  Names what is missing and how to get it.
pub(crate) fn for_desk(steps: &mut Steps) -> Result<()> {
    steps.run("Certificates", certificates::ensure)?;
    steps.run("PostgreSQL", postgres::ensure)
}

/// What the browser tests need beside the app and the desk.
///
/// # Errors  Names what is missing and how to get it.
pub(crate) fn for_browser_tests(steps: &mut Steps) -> Result<()> {
    steps.run("Chromium", browser::ensure)?;
    steps.run("Playwright", |progress| node::ensure(progress, node::Packages::All))
}

/// What the bench needs beside the app and the desk.
///
/// # Errors  Names what is missing and how to get it.
pub(crate) fn for_bench(steps: &mut Steps) -> Result<()> {
    steps.run("wrk", bench::ensure_wrk)?;
    steps.run("nginx", bench::ensure_nginx)?;
    for_browser_tests(steps)?;
    steps.run("Lighthouse", bench::ensure_lighthouse)
}

/// Compiles a tool into our own folder, unless the wanted version is on `PATH` or there already.
fn install_tool(progress: &Progress, tool: &Tool<'_>) -> Result<Done> {
    let wanted = format!("{} {}", tool.program, tool.version);
    if Job::new(tool.program).args(["--version"]).first_line().as_deref() == Some(&wanted) {
        return Ok(Done::skipped(format!("{} is there", tool.version)));
    }
    let build = paths::tools().join("build");
    // Compiled cheaply: such a tool runs for seconds, and its build would take minutes.
    Job::new("cargo")
        .args(["install", tool.package, "--version", tool.version, "--force", "--root"])
        .args([paths::tools()])
        .args(tool.flags)
        .envs(&cheap_build(&build))
        .run(progress)?;
    // Only the binaries are wanted; what they were made from is several hundred megabytes.
    let _ = std::fs::remove_dir_all(build);
    Ok(Done::Made)
}

struct Tool<'a> {
    package: &'a str,
    program: &'a str,
    version: &'a str,
    flags: &'a [&'a str],
}

fn cheap_build(folder: &std::path::Path) -> Vec<(String, OsString)> {
    let pair = |name: &str, value: &str| (name.to_owned(), OsString::from(value));
    vec![
        pair("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
        pair("CARGO_PROFILE_RELEASE_LTO", "false"),
        pair("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
        ("CARGO_TARGET_DIR".to_owned(), PathBuf::from(folder).into_os_string()),
    ]
}
