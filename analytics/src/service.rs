//! The running service: the source and the HTTP server around one mirror.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use actix_web::{
    App as ActixApp, HttpServer,
    dev::{Server, ServerHandle},
    middleware::from_fn,
    web::Data,
};
use api_client::{Client, ClientError};
use api_types::Role;
use tokio::task::JoinHandle;

use crate::{
    clock::Clock, config::ServeArgs, error::name_request_in_problem, handlers::App, mirror::Mirror,
    outcomes::OutcomesMirror, routes, source::Source,
};

/// How long requests may take to end once the service was told to stop, in seconds.
const SHUTDOWN_SECONDS: u64 = 5;

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another process listens there.
    #[error(
        "{0} is already taken by another process: stop that one, or choose another port with --bind"
    )]
    AddressTaken(SocketAddr),
    /// The address cannot be listened on for another reason.
    #[error("cannot listen on {address}: {cause}")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        cause: io::Error,
    },
    /// There is no HTTP client.
    #[error("cannot set up the client of the ticket API: {0}")]
    Client(#[from] ClientError),
    /// The server does not start.
    #[error("cannot start the server: {0}")]
    Server(#[from] io::Error),
}

/// A service that has been started.
#[derive(Debug)]
pub struct Service {
    /// Where it listens; the port that was chosen where port 0 was asked for.
    pub address: SocketAddr,
    /// What it knows.
    pub mirror: Arc<Mirror>,
    /// What it knows of searches.
    pub outcomes: Arc<OutcomesMirror>,
    server: JoinHandle<io::Result<()>>,
    handle: ServerHandle,
    sources: [JoinHandle<()>; 2],
}

impl Service {
    /// Starts to follow the feed and to answer. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// Every [`StartError`].
    pub fn start(args: &ServeArgs, clock: Clock) -> Result<Self, StartError> {
        // The first call starts recording, so that nothing before the first scrape is missing.
        let _ = telemetry::render_metrics();
        let listener = listen(args.bind)?;
        let address = listener.local_addr()?;
        let client = Client::new(&args.api_url, Role::Staff, Some("analytics".to_owned()), None)?;
        let mirror = Arc::new(Mirror::default());
        let outcomes = Arc::new(OutcomesMirror::default());
        let server = build_server(
            listener,
            App {
                mirror: Arc::clone(&mirror),
                outcomes: Arc::clone(&outcomes),
                clock: clock.clone(),
                tz: args.tz,
            },
        )?;
        let handle = server.handle();
        let source = Source::new(client, Arc::clone(&mirror), clock, args.tz, args.poll());
        Ok(Self {
            address,
            mirror,
            outcomes: Arc::clone(&outcomes),
            server: tokio::spawn(server),
            handle,
            sources: [
                tokio::spawn(source.clone().follow_outcomes(Arc::clone(&outcomes))),
                tokio::spawn(source.follow()),
            ],
        })
    }

    /// Runs until the process is told to stop (SIGTERM, SIGINT), then lets running requests end.
    ///
    /// # Errors
    /// What the server failed with.
    pub async fn run(self) -> io::Result<()> {
        let ended = self.server.await;
        self.sources.iter().for_each(JoinHandle::abort);
        ended?
    }

    /// Stops at once.
    pub async fn stop(self) {
        self.sources.iter().for_each(JoinHandle::abort);
        self.handle.stop(false).await;
    }
}

fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).map_err(|cause| match cause.kind() {
        io::ErrorKind::AddrInUse => StartError::AddressTaken(address),
        _ => StartError::Bind { address, cause },
    })
}

fn build_server(listener: TcpListener, app: App) -> io::Result<Server> {
    let app = Data::new(app);
    Ok(HttpServer::new(move || {
        ActixApp::new()
            .app_data(app.clone())
            .wrap(from_fn(name_request_in_problem))
            .wrap(from_fn(telemetry::record_request))
            .configure(routes::configure)
    })
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .listen(listener)?
    .run())
}
