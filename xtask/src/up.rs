//! `up`: from a bare machine to a running desk, and back to nothing on Ctrl-C.

use std::{ffi::OsString, net::SocketAddr};

use anyhow::{Result, bail};

use crate::{
    build::{self, Profile},
    http::{self, reachable},
    job::Job,
    paths,
    service::{Plan, Services, port_is_free, words},
    setup,
    step::{Done, Steps},
    token,
};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Fills an empty desk with invented tickets.
    #[arg(long)]
    pub(crate) demo: bool,
    /// How many tickets --demo makes.
    #[arg(long, default_value_t = 2000, value_name = "N")]
    pub(crate) tickets: u32,
    #[command(flatten)]
    pub(crate) addresses: Addresses,
}

/// Where the two services listen.
#[derive(clap::Args, Clone, Copy)]
pub(crate) struct Addresses {
    /// The address of the API and the browser app.
    #[arg(long, env = "CAMPUSDESK_BIND", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub(crate) bind: SocketAddr,
    /// The address of the analytics service.
    #[arg(
        long,
        env = "CAMPUSDESK_ANALYTICS_BIND",
        default_value = "127.0.0.1:8081",
        value_name = "ADDRESS"
    )]
    pub(crate) analytics_bind: SocketAddr,
}

impl Addresses {
    /// # Errors  When another program listens on one of them.
    pub(crate) fn are_free(&self) -> Result<()> {
        port_is_free(self.bind)?;
        port_is_free(self.analytics_bind)
    }
}

impl Default for Addresses {
    fn default() -> Self {
        let here = |port| SocketAddr::from(([127, 0, 0, 1], port));
        Self { bind: here(8080), analytics_bind: here(8081) }
    }
}

/// Sets up, builds, and runs until Ctrl-C.
///
/// # Errors  One sentence on what is missing, does not compile, or ended by itself.
pub(crate) fn run(options: &Options) -> Result<()> {
    // Asked first: nobody should wait for a build to hear it.
    options.addresses.are_free()?;
    let demo_steps = usize::from(options.demo);
    let mut steps = Steps::new(setup::APP_STEPS + setup::DESK_STEPS + 4 + demo_steps);
    let toolchain = setup::for_app(&mut steps)?;
    setup::for_desk(&mut steps)?;
    build::build_app(&mut steps, &toolchain)?;
    build::build_services(&mut steps, Profile::Release)?;

    let desk = Desk {
        profile: Profile::Release,
        addresses: options.addresses,
        env: Vec::new(),
        shown: false,
    };
    let mut services = Services::default();
    desk.start(&mut services, &mut steps, options.demo.then_some(options.tickets))?;
    println!(
        "Ready after {}. Ctrl-C stops it; the logs are in {}.",
        steps.elapsed(),
        paths::logs().display()
    );
    println!("\n  Campus Desk: http://{}\n", reachable(options.addresses.bind));
    services.watch()?;
    println!("Stopping …");
    drop(services);
    println!("Stopped.");
    Ok(())
}

/// The pair of services and how they are run.
pub(crate) struct Desk {
    pub(crate) profile: Profile,
    pub(crate) addresses: Addresses,
    /// Further variables for both, and for the commands beside them.
    pub(crate) env: Vec<(String, OsString)>,
    /// Whether they print to the terminal.
    pub(crate) shown: bool,
}

impl Desk {
    /// Starts both, two steps, and one more between them when an empty desk is to be filled.
    ///
    /// # Errors  When one of them does not become ready.
    pub(crate) fn start(
        &self,
        services: &mut Services,
        steps: &mut Steps,
        demo_tickets: Option<u32>,
    ) -> Result<()> {
        steps.run("Ticket API", |_| {
            self.start_backend(services)?;
            Ok(Done::Made)
        })?;
        if let Some(tickets) = demo_tickets {
            steps.run("Demo desk", |progress| {
                if !self.is_empty()? {
                    return Ok(Done::skipped("the desk has tickets already"));
                }
                // It works beside the backend that has just been started, on the same private PostgreSQL.
                self.backend_job(&["demo", "--tickets", &tickets.to_string()]).run(progress)?;
                Ok(Done::Made)
            })?;
        }
        steps.run("Analytics", |_| {
            self.start_analytics(services)?;
            Ok(Done::Made)
        })
    }

    /// Starts the ticket API and waits until it is ready.
    ///
    /// # Errors  When it does not become ready.
    pub(crate) fn start_backend(&self, services: &mut Services) -> Result<()> {
        let analytics = format!("http://{}", reachable(self.addresses.analytics_bind));
        let mut env = self.env.clone();
        env.push(("CAMPUSDESK_ANALYTICS_URL".to_owned(), analytics.into()));
        env.extend(token::variable()?);
        services.start(Plan {
            name: "backend",
            program: &paths::binary(self.profile, "campusdesk-backend"),
            args: words(&["serve", "--bind", &self.addresses.bind.to_string()]),
            env,
            shown: self.shown,
        })?;
        services.wait_until_ready("backend", reachable(self.addresses.bind))
    }

    /// Starts the analytics service and waits until it is ready.
    ///
    /// # Errors  When it does not become ready.
    pub(crate) fn start_analytics(&self, services: &mut Services) -> Result<()> {
        let api = format!("http://{}", reachable(self.addresses.bind));
        let mut env = self.env.clone();
        env.push(("CAMPUSDESK_API_URL".to_owned(), api.into()));
        services.start(Plan {
            name: "analytics",
            program: &paths::binary(self.profile, "campusdesk-analytics"),
            args: words(&["serve", "--bind", &self.addresses.analytics_bind.to_string()]),
            env,
            shown: self.shown,
        })?;
        services.wait_until_ready("analytics", reachable(self.addresses.analytics_bind))
    }

    /// A command of the backend on the same database.
    pub(crate) fn backend_job(&self, args: &[&str]) -> Job {
        Job::new(paths::binary(self.profile, "campusdesk-backend")).args(args).envs(&self.env)
    }

    fn is_empty(&self) -> Result<bool> {
        let address = reachable(self.addresses.bind);
        let answer = http::get(address, "/api/v1/tickets?limit=1", &["Desk-Role: staff"])?;
        if answer.status != 200 {
            bail!("The list of tickets answers {}: {}", answer.status, answer.body);
        }
        let page: serde_json::Value = serde_json::from_str(&answer.body)?;
        Ok(page["items"].as_array().is_some_and(Vec::is_empty))
    }
}
