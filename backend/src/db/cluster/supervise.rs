//! Watching the postmaster while the desk runs.

use std::{path::Path, sync::Arc, time::Duration};

use tokio::time::sleep;

use super::{ClusterError, PrivateCluster};

/// How often the watcher looks; requests that come in between find a closed connection and say 503.
const WATCH: Duration = Duration::from_millis(100);
/// The pause after a start that failed, doubled each time up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

impl PrivateCluster {
    /// Watches the server and starts it again when it dies, or when its socket is gone (a login's
    /// runtime folder goes with the login). Returns after [`PrivateCluster::stop`].
    pub async fn supervise(self: Arc<Self>) {
        let mut stopping = self.stopping.subscribe();
        tokio::select! {
            // An error here means that the sender is gone, which it is not while `self` lives.
            _ = stopping.wait_for(|stopping| *stopping) => {}
            never = self.keep_running() => match never {},
        }
    }

    async fn keep_running(&self) -> std::convert::Infallible {
        let mut pause = FIRST_PAUSE;
        loop {
            sleep(WATCH).await;
            match self.restart_if_down().await {
                Ok(()) => pause = FIRST_PAUSE,
                Err(error) => {
                    tracing::error!(%error, retry_in_ms = pause.as_millis(), "the private PostgreSQL is down");
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    async fn restart_if_down(&self) -> Result<(), ClusterError> {
        let mut state = self.state.lock().await;
        let is_alive =
            state.postmaster.as_mut().is_some_and(super::postmaster::Postmaster::is_alive);
        if is_alive && self.is_up() && has_socket(&self.socket_folder) {
            return Ok(());
        }
        self.set_up(false);
        match &mut state.postmaster {
            Some(postmaster) if is_alive && !has_socket(&self.socket_folder) => {
                tracing::warn!(
                    pid = postmaster.pid,
                    "the private PostgreSQL lost its socket, starting it again"
                );
                postmaster.stop().await?;
            }
            Some(postmaster) if !is_alive => {
                tracing::warn!(
                    pid = postmaster.pid,
                    "the private PostgreSQL ended, starting it again"
                );
            }
            _ => {}
        }
        self.run(&mut state).await?;
        tracing::info!("the private PostgreSQL is up again");
        Ok(())
    }
}

fn has_socket(folder: &Path) -> bool {
    super::socket::socket_path(folder).exists()
}
