//! Building: the browser app with Trunk, compressed ahead of time, and the two services with cargo.

mod bundle;
mod compress;
mod headings;
mod names;
mod photos;
mod stamp;

use std::{
    env,
    fs::{self, File},
    path::PathBuf,
};

use anyhow::{Context, Result};

use crate::{
    job::Job,
    paths,
    setup::Toolchain,
    step::{Done, Progress, Steps},
};

/// How cargo builds the services.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    /// Quick to build, for development and tests.
    Dev,
    /// Fast, with the browser app inside.
    Release,
}

impl Profile {
    /// The folder's name in cargo's output.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }

    fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Dev => &[],
            Self::Release => &["--release"],
        }
    }
}

/// The browser app in `target/dist`, each file with its `.br` and `.gz` beside it.
///
/// # Errors  When it does not compile.
pub(crate) fn build_app(steps: &mut Steps, toolchain: &Toolchain) -> Result<()> {
    steps.run("Browser app", |progress| {
        // Two builds at once, of `up` and `test` say, would take each other's files away.
        let lock = File::create(paths::root().join("target/dist.lock"))?;
        lock.lock().context(
            "the browser app is being built by another process that cannot be waited for",
        )?;
        if stamp::is_current() {
            return Ok(Done::skipped("unchanged"));
        }
        fetch_sources(progress, toolchain)?;
        // Offline, so that Trunk does not look for newer tools: the set-up brought those it needs.
        Job::new("trunk")
            .args(["build", "--release", "--offline", "--skip-version-check"])
            .envs(&toolchain.env)
            .env("CARGO_ENCODED_RUSTFLAGS", rustflags()?)
            .run(progress)?;
        bundle::bundle(&paths::dist())?;
        compress::compress_folder(&paths::dist())?;
        stamp::write()?;
        Ok(Done::Made)
    })
}

/// How the app is compiled: as .cargo/config.toml says, which these take the place of, and without the folders of this
/// machine, which would stand in every message of a panic.
fn rustflags() -> Result<String> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let mut flags = vec!["--cfg".to_owned(), "erase_components".to_owned()];
    let sources = home.map(|home| home.join("registry/src")).filter(|folder| folder.is_dir());
    for registry in sources.map(fs::read_dir).transpose()?.into_iter().flatten() {
        flags.push(format!("--remap-path-prefix={}/=", registry?.path().display()));
    }
    Ok(flags.join("\u{1f}"))
}

/// The backend and the analytics service.
///
/// # Errors  When they do not compile.
pub(crate) fn build_services(steps: &mut Steps, profile: Profile) -> Result<()> {
    steps.run("Services", |progress| {
        Job::new("cargo")
            .args(["build", "-p", "backend", "-p", "analytics"])
            .args(profile.flags())
            .run(progress)?;
        Ok(Done::Made)
    })
}

/// Every test, and with them both services as `cargo test` will want them: built apart, most of what they depend on would
/// be compiled twice, since tests ask it for more features.
///
/// # Errors  When something does not compile.
pub(crate) fn build_tests(steps: &mut Steps) -> Result<()> {
    steps.run("Services and tests", |progress| {
        Job::new("cargo").args(["test", "--workspace", "--no-run"]).run(progress)?;
        Ok(Done::Made)
    })
}

/// The smallest handler with the desk's statements, for the bench.
///
/// # Errors  When it does not compile.
pub(crate) fn build_reference(progress: &Progress) -> Result<()> {
    Job::new("cargo")
        .args([
            "build",
            "--release",
            "-p",
            "backend",
            "--example",
            "reference",
            "--example",
            "sample_photos",
        ])
        .run(progress)
}

/// Downloads what the browser app is made of, which Trunk's offline build cannot.
pub(crate) fn fetch_sources(progress: &Progress, toolchain: &Toolchain) -> Result<()> {
    let version = Job::new("rustc").args(["-vV"]).read()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("rustc does not say for which machine it compiles")?;
    let targets = ["--target", "wasm32-unknown-unknown", "--target", host];
    Job::new("cargo").args(["fetch"]).args(targets).envs(&toolchain.env).run(progress)
}
