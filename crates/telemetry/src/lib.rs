//! Tracing and metrics set-up shared by both services: a log line per failure, a histogram of every request, and the
//! id under which answer and log speak of the same request.

mod request;

use std::{io::IsTerminal as _, sync::OnceLock, thread, time::Duration};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

pub use request::{RequestId, record_request};

/// The histogram of request durations, in seconds, by method, path pattern and status.
const REQUEST_DURATION: &str = "http_request_duration_seconds";
/// Upper bounds of its buckets, in seconds.
const BUCKETS: [f64; 11] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Sends log lines to standard error; `RUST_LOG` chooses which, `info` and above unless set.
pub fn init_tracing() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // A second call in one process (tests) finds the first subscriber in place, and that is fine.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .try_init();
}

/// The metrics of this process in the text format of Prometheus. The first call starts recording.
#[must_use]
pub fn render_metrics() -> String {
    recorder().render()
}

/// The recorder of this process, installed by whoever comes first.
fn recorder() -> &'static PrometheusHandle {
    METRICS.get_or_init(install_recorder)
}

fn install_recorder() -> PrometheusHandle {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(REQUEST_DURATION.to_owned()), &BUCKETS)
        .expect("the buckets are a non-empty constant");
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    keep_up(handle.clone());
    // Fails only if the process has a recorder already; then this handle renders nothing and that one counts.
    let _ = metrics::set_global_recorder(recorder);
    handle
}

/// Histograms keep every sample until somebody reads them, and a process that nobody scrapes would grow for ever.
fn keep_up(handle: PrometheusHandle) {
    let fold = move || {
        loop {
            thread::park_timeout(Duration::from_secs(5));
            handle.run_upkeep();
        }
    };
    if let Err(error) = thread::Builder::new().name("metrics".to_owned()).spawn(fold) {
        tracing::error!("metrics are not folded: {error}");
    }
}
