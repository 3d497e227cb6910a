//! Ctrl-C, SIGTERM and a closed terminal: noticed here, obeyed wherever something is waited for.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

use anyhow::{Context, Result, bail};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

static ASKED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Starts noticing. The second signal ends this process at once; its children then get SIGTERM from the kernel.
///
/// # Errors  When the system refuses a handler.
pub(crate) fn listen() -> Result<()> {
    let asked = ASKED.get_or_init(Default::default);
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        // The order matters: the first handler sees the flag as it was before this signal.
        signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(asked))
            .and_then(|_| signal_hook::flag::register(signal, Arc::clone(asked)))
            .context("could not listen for signals")?;
    }
    Ok(())
}

/// Whether somebody asked this program to stop.
pub(crate) fn asked_to_stop() -> bool {
    ASKED.get().is_some_and(|asked| asked.load(Ordering::Relaxed))
}

/// # Errors  When somebody asked this program to stop.
pub(crate) fn go_on() -> Result<()> {
    if asked_to_stop() {
        bail!("Stopped.");
    }
    Ok(())
}
