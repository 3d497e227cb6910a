//! `serve`: the database made ready, the routes mounted, everything stopped in order.

use std::{net::TcpListener, num::NonZeroUsize, sync::Arc, thread, time::Duration};

use actix_web::{App as ActixApp, HttpServer, web};
use anyhow::{Context as _, bail};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};
use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::{
    app::App,
    config::{DatabaseArgs, HttpArgs, ServeArgs},
    db::{
        Pool,
        cluster::{ClusterError, DATABASE, PrivateCluster, default_data_dir},
        migrate,
    },
    live,
    photos::{self, Photos},
    routes,
};

/// How long requests under way may take to finish once the process is asked to stop.
const STOP_TIMEOUT_SECONDS: u64 = 10;
/// Threads that answer requests where the system does not say how many cores it has.
const FEWEST_WORKERS: usize = 2;
/// Of these a thread has at least so many: a page of the feed holds one for as long as its reader takes.
const FEWEST_CONNECTIONS: usize = 4;

/// A database to work with: somebody's server, or the private one with its watcher.
pub struct Database {
    /// How to reach it.
    pub url: String,
    cluster: Option<Arc<PrivateCluster>>,
}

impl Database {
    /// The database that the flags name; a private one is started and migrated.
    ///
    /// # Errors
    /// One sentence with the way out if PostgreSQL cannot be started or reached.
    pub async fn open(args: &DatabaseArgs) -> anyhow::Result<Self> {
        if let Some(url) = &args.database_url {
            return Ok(Self { url: url.clone(), cluster: None });
        }
        let folder = args.data_dir.clone().unwrap_or_else(default_data_dir);
        let cluster = Arc::new(PrivateCluster::start(&folder).await?);
        let url = cluster.url(DATABASE);
        let database = Self { url, cluster: Some(cluster) };
        if let Err(error) = migrate::run(&database.url).await {
            database.close().await?;
            return Err(error);
        }
        Ok(database)
    }

    /// As [`Database::open`], for a command beside a desk that may be running: its private PostgreSQL is used then.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub async fn open_beside(args: &DatabaseArgs) -> anyhow::Result<Self> {
        let error = match Self::open(args).await {
            Err(error) => error,
            opened => return opened,
        };
        if !matches!(error.downcast_ref(), Some(ClusterError::InUse { .. })) {
            return Err(error);
        }
        let folder = args.data_dir.clone().unwrap_or_else(default_data_dir);
        match PrivateCluster::find_running_url(&folder, DATABASE)? {
            Some(url) => Ok(Self { url, cluster: None }),
            None => Err(error),
        }
    }

    /// Stops a private PostgreSQL; leaves any other alone.
    ///
    /// # Errors
    /// If it does not stop.
    pub async fn close(self) -> anyhow::Result<()> {
        if let Some(cluster) = self.cluster {
            cluster.stop().await?;
        }
        Ok(())
    }

    /// Refuses a database that this program would misread.
    async fn check(&self) -> anyhow::Result<()> {
        if migrate::is_pending(&self.url).await? {
            bail!(
                "the database is not at the newest schema: run `campusdesk-backend migrate` first"
            );
        }
        let mut conn = AsyncPgConnection::establish(&self.url).await?;
        let future = migrate::count_future_rows(&mut conn).await?;
        if future > 0 {
            bail!(
                "{future} tickets carry transaction ids that this PostgreSQL has not reached (the data was \
                 restored from another one): run `campusdesk-backend migrate`, which stamps them anew"
            );
        }
        Ok(())
    }
}

/// Runs the API until SIGTERM or SIGINT.
///
/// # Errors
/// One sentence with the way out if the port is taken or the database is not to be had.
pub async fn run(args: ServeArgs) -> anyhow::Result<()> {
    allow_many_files();
    // The port first: a second start must not touch the first one's database.
    let listener = bind(&args.http)?;
    let database = Database::open(&args.database).await?;
    let served = serve_on(listener, &database, &args).await;
    let closed = database.close().await;
    served.and(closed)
}

/// Each open stream of live events is an open file. The usual limit of 1,024 would be half a campus; where it may not be
/// raised it holds, and whoever comes last waits for a place.
fn allow_many_files() {
    let Ok((_, most)) = getrlimit(Resource::RLIMIT_NOFILE) else { return };
    if let Err(error) = setrlimit(Resource::RLIMIT_NOFILE, most, most) {
        tracing::warn!("the limit of open files stays as it is: {error}");
    }
}

async fn serve_on(
    listener: TcpListener,
    database: &Database,
    args: &ServeArgs,
) -> anyhow::Result<()> {
    database.check().await?;
    let watcher = database.cluster.clone().map(|cluster| tokio::spawn(cluster.supervise()));
    let _ = telemetry::render_metrics();
    let workers = args.http.workers.or_else(|| thread::available_parallelism().ok());
    let workers = workers.map_or(FEWEST_WORKERS, NonZeroUsize::get);
    let connections = (args.database.db_connections / workers).max(FEWEST_CONNECTIONS);
    let pool = Pool::new(database.url.clone(), connections);
    let address = listener.local_addr()?;
    let photos = Photos::open(&args.photos, &default_photos_folder(&args.database))?;
    let app = App::new(pool, &args.http, &args.rate)
        .with_service_token(args.triage.service_token.clone())
        .with_photos(photos);
    let listen_url = args.live.listen_url.as_ref().unwrap_or(&database.url);
    let server = start(listener, app, listen_url, workers)?;
    tracing::info!("Campus Desk answers on http://{address}");
    let ended = server.await;
    if let Some(watcher) = watcher {
        watcher.abort();
    }
    Ok(ended?)
}

/// Mounts the routes on a listener and follows the feed for live events. Await the server to run it.
///
/// # Errors
/// If the listener cannot be used.
pub fn start(
    listener: TcpListener,
    app: App,
    listen_url: &str,
    workers: usize,
) -> std::io::Result<actix_web::dev::Server> {
    let app = web::Data::new(app);
    tokio::spawn(live::follow(app.clone(), listen_url.to_owned()));
    tokio::spawn(photos::label_photos(app.clone()));
    tokio::spawn(photos::sweep_photos(app.clone()));
    let factory = move || {
        let app = app.clone();
        ActixApp::new().configure(move |config| routes::configure(config, app))
    };
    let server = HttpServer::new(factory)
        .workers(workers)
        .shutdown_timeout(STOP_TIMEOUT_SECONDS)
        .client_request_timeout(Duration::from_secs(10));
    Ok(server.listen(listener)?.run())
}

/// Beside the private database, or where that would be.
fn default_photos_folder(database: &DatabaseArgs) -> String {
    let folder = database.data_dir.clone().unwrap_or_else(default_data_dir);
    folder.join("photos").display().to_string()
}

fn bind(http: &HttpArgs) -> anyhow::Result<TcpListener> {
    TcpListener::bind(&http.bind).with_context(|| {
        format!(
            "cannot listen on {}: stop what uses it, or choose another address with --bind",
            http.bind
        )
    })
}
