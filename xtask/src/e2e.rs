//! The browser tests: a desk of its own, on free ports and with a throw-away database, and Playwright against it.

use std::{
    ffi::OsString,
    fs,
    net::{SocketAddr, TcpStream},
    path::Path,
};

use anyhow::{Context, Result};

use crate::{
    build::Profile,
    job::Job,
    paths,
    service::{Plan, Services, free_address, words},
    setup,
    step::Steps,
    up::{Addresses, Desk},
};

/// The steps of [`run_steps`], beside building the app: the services, the desk's three and the tests themselves.
pub(crate) const STEPS: usize = 4;

/// How many invented tickets the desk has: enough for a second page and for charts that are not empty.
const TICKETS: u32 = 600;

/// Starts the desk, runs the tests, and removes all of it again.
///
/// # Errors  When a test fails.
pub(crate) fn run_steps(steps: &mut Steps) -> Result<()> {
    let scratch = paths::scratch("e2e");
    let result = run_in(&scratch, steps);
    // The backend may not even have begun to make it.
    let _ = fs::remove_dir_all(&scratch);
    result
}

fn run_in(scratch: &Path, steps: &mut Steps) -> Result<()> {
    let addresses = Addresses { bind: free_address()?, analytics_bind: free_address()? };
    let vision = free_address()?;
    let desk =
        Desk { profile: Profile::Dev, addresses, env: variables(scratch, vision), shown: false };
    let mut services = Services::default();
    start_vision(&mut services, vision)?;
    desk.start(&mut services, steps, Some(TICKETS))?;
    println!("Browser tests …");
    let browser = setup::find_browser().context("Chromium is gone")?;
    Job::new("node")
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .dir(paths::root().join("e2e"))
        .env("BASE_URL", format!("http://{}", addresses.bind))
        .env("CHROMIUM", browser)
        .run_shown()?;
    services.all_run()
}

fn variables(scratch: &Path, vision: SocketAddr) -> Vec<(String, OsString)> {
    let variables: [(&str, OsString); 6] = [
        ("CAMPUSDESK_DATA_DIR", scratch.into()),
        ("CAMPUSDESK_PHOTOS_URL", scratch.join("photos").into()),
        // Every test is the same client; the limits have tests of their own.
        ("CAMPUSDESK_RATE_LIMITS", "off".into()),
        ("CAMPUSDESK_VISION", "google".into()),
        ("CAMPUSDESK_GOOGLE_VISION_URL", format!("http://{vision}").into()),
        ("CAMPUSDESK_GOOGLE_VISION_KEY", "e2e".into()),
    ];
    variables.map(|(name, value)| (name.to_owned(), value)).into()
}

/// What stands in for Google Cloud Vision: the tests need to know what is said of a photo.
fn start_vision(services: &mut Services, address: SocketAddr) -> Result<()> {
    services.start(Plan {
        name: "vision",
        program: Path::new("node"),
        args: words(&["e2e/vision.mjs", &address.port().to_string()]),
        env: Vec::new(),
        shown: false,
    })?;
    services.wait_for("vision", || TcpStream::connect(address).is_ok())
}
