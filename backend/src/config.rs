//! Flags and environment, one struct per concern.

use std::{num::NonZeroUsize, path::PathBuf};

use clap::{Args, ValueEnum};

/// Which database.
#[derive(Debug, Clone, Args)]
pub struct DatabaseArgs {
    /// A PostgreSQL to use; without it a private one is run.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Where the private PostgreSQL keeps its data.
    #[arg(long, env = "CAMPUSDESK_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    /// How many connections at most, shared out evenly to the threads that answer requests; each may have four anyway.
    #[arg(long, env = "CAMPUSDESK_DB_CONNECTIONS", default_value_t = 32)]
    pub db_connections: usize,
}

/// Where to listen and whom to pass requests on to.
#[derive(Debug, Clone, Args)]
pub struct HttpArgs {
    /// The address to listen on.
    #[arg(long, env = "CAMPUSDESK_BIND", default_value = "127.0.0.1:8080")]
    pub bind: String,
    /// Where the analytics service answers; `/analytics/**` is passed on to it.
    #[arg(long, env = "CAMPUSDESK_ANALYTICS_URL", default_value = "http://127.0.0.1:8081")]
    pub analytics_url: String,
    /// A proxy in front sets `Desk-Role` for every request: a role in a query string counts for nothing then.
    #[arg(long, env = "CAMPUSDESK_TRUSTED_PROXY")]
    pub trusted_proxy: bool,
    /// How many threads answer requests; as many as there are cores unless given.
    #[arg(long, env = "CAMPUSDESK_WORKERS")]
    pub workers: Option<NonZeroUsize>,
}

/// How processes hear of each other.
#[derive(Debug, Clone, Args)]
pub struct LiveArgs {
    /// A direct connection for LISTEN where the database is reached through a pooler.
    #[arg(long, env = "CAMPUSDESK_LISTEN_URL", hide_env_values = true)]
    pub listen_url: Option<String>,
}

/// Who may change the service itself.
#[derive(Debug, Clone, Args)]
pub struct TriageArgs {
    /// The secret that publishing a model of the classifier needs; without one no model can be published.
    #[arg(long, env = "CAMPUSDESK_SERVICE_TOKEN", hide_env_values = true)]
    pub service_token: Option<String>,
}

/// Where photos are kept, and who says what is on them.
#[derive(Debug, Clone, Args)]
pub struct PhotoArgs {
    /// A folder, or `s3://bucket/folder` with the usual `AWS_…` variables; beside the private PostgreSQL's data unless given.
    #[arg(long, env = "CAMPUSDESK_PHOTOS_URL")]
    pub photos_url: Option<String>,
    /// Who says what is on a photo.
    #[arg(long, env = "CAMPUSDESK_VISION", value_enum, default_value = "learned")]
    pub vision: Vision,
    /// How long one photo may take.
    #[arg(long, env = "CAMPUSDESK_VISION_TIMEOUT_SECONDS", default_value = "10")]
    pub vision_timeout_seconds: std::num::NonZeroU32,
    /// The key for Google Cloud Vision.
    #[arg(long, env = "CAMPUSDESK_GOOGLE_VISION_KEY", hide_env_values = true)]
    pub google_vision_key: Option<String>,
    /// Where Google Cloud Vision answers.
    #[arg(
        long,
        env = "CAMPUSDESK_GOOGLE_VISION_URL",
        default_value = vision::google::DEFAULT_URL
    )]
    pub google_vision_url: String,
    /// Where Amazon Rekognition answers, if not where its region does. Region and keys are the usual `AWS_…` variables.
    #[arg(long, env = "CAMPUSDESK_REKOGNITION_URL")]
    pub rekognition_url: Option<String>,
    /// A model for images in a file of the ONNX format.
    #[arg(long, env = "CAMPUSDESK_ONNX_MODEL")]
    pub onnx_model: Option<PathBuf>,
    /// The names of what it tells apart, one a line.
    #[arg(long, env = "CAMPUSDESK_ONNX_LABELS")]
    pub onnx_labels: Option<PathBuf>,
}

/// Who says what is on a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Vision {
    /// What the desk has learned from the labels that staff confirmed.
    Learned,
    /// Google Cloud Vision.
    Google,
    /// Amazon Rekognition.
    Rekognition,
    /// A model in a file.
    Onnx,
    /// Nobody.
    Off,
}

/// How many requests one browser and one address may make.
#[derive(Debug, Clone, Args)]
pub struct RateLimitArgs {
    /// Whether creating requests and `/classify` are limited.
    #[arg(long, env = "CAMPUSDESK_RATE_LIMITS", value_enum, default_value = "on")]
    pub rate_limits: Switch,
    /// Requests a minute for one browser.
    #[arg(long, env = "CAMPUSDESK_RATE_PER_CLIENT", default_value = "120")]
    pub rate_per_client: std::num::NonZeroU32,
    /// Requests a minute for one address; generous, since a campus is often one address.
    #[arg(long, env = "CAMPUSDESK_RATE_PER_IP", default_value = "6000")]
    pub rate_per_ip: std::num::NonZeroU32,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// In force.
    On,
    /// Not in force.
    Off,
}

/// Everything `serve` needs.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Which database.
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// Where to listen.
    #[command(flatten)]
    pub http: HttpArgs,
    /// How processes hear of each other.
    #[command(flatten)]
    pub live: LiveArgs,
    /// How much is allowed.
    #[command(flatten)]
    pub rate: RateLimitArgs,
    /// Who may change the service itself.
    #[command(flatten)]
    pub triage: TriageArgs,
    /// Where photos are kept, and who says what is on them.
    #[command(flatten)]
    pub photos: PhotoArgs,
}
