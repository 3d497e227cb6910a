//! What the service can be told on its command line or through its environment.

use std::{net::SocketAddr, time::Duration};

use chrono_tz::Tz;

/// How to serve.
#[derive(Debug, Clone, clap::Args)]
pub struct ServeArgs {
    /// The address and port to listen on
    #[arg(long, env = "CAMPUSDESK_ANALYTICS_BIND", default_value = "127.0.0.1:8081")]
    pub bind: SocketAddr,
    /// Where the ticket API answers
    #[arg(long, env = "CAMPUSDESK_API_URL", default_value = "http://127.0.0.1:8080")]
    pub api_url: String,
    /// The time zone that decides hours, days and months (an IANA name)
    #[arg(long, env = "CAMPUSDESK_TZ", default_value = "UTC")]
    pub tz: Tz,
    /// How long to wait, in milliseconds, before asking the change feed again once it has been read to its end
    #[arg(long, default_value_t = 250, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub poll_ms: u64,
}

impl ServeArgs {
    /// The wait between two questions to the change feed.
    #[must_use]
    pub const fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms)
    }
}
