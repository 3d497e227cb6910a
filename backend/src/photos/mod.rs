//! Photos: received, made safe in a process of their own, kept in an object store, labelled in the background.
//!
//! An upload goes through here once: [`receive`] writes it to a nameless file while it comes in, [`decode`] has it read by
//! a child process with little memory and time, [`store`] keeps what came of it, and only then a row names it.

mod cache;
mod child;
mod decode;
mod keep;
mod labelling;
mod learning;
mod receive;
mod reconsider;
mod store;
mod sweep;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicUsize},
    time::Duration,
};

use anyhow::Context as _;
use api_types::LabelSource;
use tokio::sync::{Notify, Semaphore};
use vision::{
    Guarded, Labeller,
    google::GoogleVision,
    learned::Learned,
    onnx::OnnxModel,
    rekognition::{Rekognition, Settings},
};

pub use child::prepare_on_stdin;
pub(crate) use labelling::label_photos;
pub(crate) use learning::read_knowledge;
pub(crate) use receive::Received;
pub(crate) use reconsider::{reconsider_labelled, reconsider_ticket, reconsider_tickets};
pub(crate) use sweep::sweep_photos;

use crate::config::{PhotoArgs, Vision};

/// So many photos are decoded at once: a large one takes a hundred megabytes, for less than a second.
const DECODED_AT_ONCE: usize = 1;
/// This very program, also where its file was replaced by a newer one.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// What one process needs to keep and show photos.
pub struct Photos {
    store: store::PhotoStore,
    cache: cache::Cache,
    /// The program that decodes: this one, called with [`child::COMMAND`].
    program: PathBuf,
    decoders: Semaphore,
    /// How many uploads are being decoded or wait for it.
    queue: AtomicUsize,
    labeller: Option<Guarded>,
    /// What the desk learned, where that labels.
    learned: Option<Arc<Learned>>,
    /// Up to when it did.
    learned_until: Mutex<Option<learning::Learned>>,
    /// How long a labeller may take.
    patience: Duration,
    /// A photo was added that has to be labelled.
    news: Notify,
}

impl Photos {
    /// Opens the store, and whoever labels.
    ///
    /// # Errors
    /// One sentence with the way out if the folder cannot be written, or what the labeller needs is missing.
    pub fn open(args: &PhotoArgs, default_folder: &str) -> anyhow::Result<Self> {
        let store = store::PhotoStore::open(args.photos_url.as_deref().unwrap_or(default_folder))?;
        let patience = Duration::from_secs(args.vision_timeout_seconds.get().into());
        let learned = (args.vision == Vision::Learned).then(|| Arc::new(Learned::new()));
        let labeller = match &learned {
            Some(learned) => Some(Arc::clone(learned) as Arc<dyn Labeller>),
            None => open_labeller(args)?,
        };
        Ok(Self {
            store,
            cache: cache::Cache::new(),
            program: PathBuf::from(THIS_PROGRAM),
            decoders: Semaphore::new(DECODED_AT_ONCE),
            queue: AtomicUsize::new(0),
            labeller: labeller.map(|labeller| Guarded::new(labeller, patience)),
            learned,
            learned_until: Mutex::default(),
            patience,
            news: Notify::new(),
        })
    }

    /// The same with another program to decode with, for a server that runs inside another program.
    #[must_use]
    pub fn decoded_by(self, program: PathBuf) -> Self {
        Self { program, ..self }
    }

    /// Who labels new photos, if anyone does.
    pub(crate) fn source(&self) -> Option<LabelSource> {
        self.labeller.as_ref().map(Guarded::source)
    }

    fn learned_until(&self) -> Option<learning::Learned> {
        *self.learned_until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_learned(&self, learned: learning::Learned) {
        *self.learned_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(learned);
    }

    /// Who was let see which photo a moment ago.
    pub(crate) const fn cache(&self) -> &cache::Cache {
        &self.cache
    }

    /// A photo was added that has to be labelled.
    pub(crate) fn note_job(&self) {
        self.news.notify_one();
    }
}

/// Whoever labels, if it is not what the desk learned.
fn open_labeller(args: &PhotoArgs) -> anyhow::Result<Option<Arc<dyn Labeller>>> {
    Ok(match args.vision {
        Vision::Off | Vision::Learned => None,
        Vision::Google => {
            let key = args.google_vision_key.clone();
            let key = key.context("google needs a key: set CAMPUSDESK_GOOGLE_VISION_KEY")?;
            Some(Arc::new(GoogleVision::new(args.google_vision_url.clone(), key)?))
        }
        Vision::Rekognition => {
            let needed = |name: &str| {
                std::env::var(name).with_context(|| format!("rekognition needs {name} to be set"))
            };
            Some(Arc::new(Rekognition::new(Settings {
                endpoint: args.rekognition_url.clone(),
                region: needed("AWS_REGION")?,
                access_key_id: needed("AWS_ACCESS_KEY_ID")?,
                secret_access_key: needed("AWS_SECRET_ACCESS_KEY")?,
                session_token: std::env::var("AWS_SESSION_TOKEN").ok(),
            })?))
        }
        Vision::Onnx => {
            let (Some(model), Some(labels)) = (&args.onnx_model, &args.onnx_labels) else {
                anyhow::bail!("onnx needs --onnx-model and --onnx-labels");
            };
            Some(Arc::new(OnnxModel::load(model, labels)?))
        }
    })
}
