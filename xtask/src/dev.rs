//! `dev`: the desk from unoptimised builds, and the browser app on a port of its own, reloading on every edit.

use std::net::SocketAddr;

use anyhow::Result;

use crate::{
    build::{self, Profile},
    service::{Plan, Services, port_is_free, words},
    setup,
    step::{Done, Steps},
    up::{Addresses, Desk},
};

/// Where Trunk serves the app; Trunk.toml says so too.
const APP: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8090);

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Fills an empty desk with invented tickets.
    #[arg(long)]
    demo: bool,
    /// How many tickets --demo makes.
    #[arg(long, default_value_t = 2000, value_name = "N")]
    tickets: u32,
}

/// Sets up, builds, and runs until Ctrl-C. What the services and Trunk print is shown.
///
/// # Errors  One sentence on what is missing, does not compile, or ended by itself.
pub(crate) fn run(options: &Options) -> Result<()> {
    // Trunk.toml passes requests on to the default address, so there is nothing to choose.
    let addresses = Addresses::default();
    addresses.are_free()?;
    port_is_free(APP)?;
    let demo_steps = usize::from(options.demo);
    let mut steps = Steps::new(setup::APP_STEPS + setup::DESK_STEPS + 4 + demo_steps);
    let toolchain = setup::for_app(&mut steps)?;
    setup::for_desk(&mut steps)?;
    build::build_services(&mut steps, Profile::Dev)?;
    steps.run("Sources of the browser app", |progress| {
        build::fetch_sources(progress, &toolchain)?;
        Ok(Done::Made)
    })?;

    let desk = Desk { profile: Profile::Dev, addresses, env: Vec::new(), shown: true };
    let mut services = Services::default();
    desk.start(&mut services, &mut steps, options.demo.then_some(options.tickets))?;
    services.start(Plan {
        name: "trunk",
        program: std::path::Path::new("trunk"),
        args: words(&["serve", "--offline", "--skip-version-check"]),
        env: toolchain.env,
        shown: true,
    })?;
    println!("\nThe browser app compiles and is then at http://{APP}; Ctrl-C stops everything.\n");
    services.watch()?;
    drop(services);
    println!("Stopped.");
    Ok(())
}
