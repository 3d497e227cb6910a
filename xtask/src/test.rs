//! `test`: every check and every test, each with the set-up it needs.

use anyhow::Result;
use clap::ValueEnum;

use crate::{
    build::{self, Profile},
    check, e2e,
    job::Job,
    setup::{self, Toolchain},
    step::{Elapsed, Steps},
};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Runs only this part; may be given several times.
    #[arg(long, value_enum, value_name = "PART")]
    only: Vec<Part>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Part {
    /// Format, lints, licences, import rules.
    Check,
    /// Unit, API and analytics tests.
    Rust,
    /// The whole story in a real browser.
    Browser,
}

/// Runs the parts and ends at the first that fails. The Rust tests come last: what cargo says of them is the summary.
///
/// # Errors  Names the part and what failed.
pub(crate) fn run(options: &Options) -> Result<()> {
    let wanted = |part| options.only.is_empty() || options.only.contains(&part);
    let (check, rust, browser) = (wanted(Part::Check), wanted(Part::Rust), wanted(Part::Browser));
    let browser_steps = setup::APP_STEPS + setup::BROWSER_STEPS + 1 + e2e::STEPS;
    let mut total = setup::DESK_STEPS * usize::from(rust || browser);
    total += check::STEPS * usize::from(check) + browser_steps * usize::from(browser);
    total += usize::from(check && !browser);
    let mut steps = Steps::new(total);

    // All set-up first: what is missing shows before anything long begins.
    let mut toolchain = Toolchain::default();
    if browser {
        toolchain = setup::for_app(&mut steps)?;
        setup::for_browser_tests(&mut steps)?;
    } else if check {
        toolchain = setup::for_wasm(&mut steps)?;
    }
    if rust || browser {
        setup::for_desk(&mut steps)?;
    }
    if check {
        check::run_steps(&mut steps, &toolchain)?;
    }
    if browser {
        build::build_app(&mut steps, &toolchain)?;
        if rust {
            build::build_tests(&mut steps)?;
        } else {
            build::build_services(&mut steps, Profile::Dev)?;
        }
        e2e::run_steps(&mut steps)?;
    }
    if rust {
        println!("Rust tests …");
        let began = std::time::Instant::now();
        Job::new("cargo").args(["test", "--workspace"]).run_shown()?;
        println!("Rust tests … {}", Elapsed(began.elapsed()));
    }
    println!("Everything passed in {}.", steps.elapsed());
    Ok(())
}
