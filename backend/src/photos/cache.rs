//! Thumbnails in memory, and for a moment who may see them: a gallery asks for many, and a list of tickets for more.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use api_types::{ImageId, Role};
use bytes::Bytes;
use quick_cache::{Weighter, sync};

/// So many bytes of thumbnails are held.
const THUMBNAIL_BYTES: u64 = 32 << 20;
/// So many thumbnails are expected to fill that.
const THUMBNAILS: usize = 4_096;
/// So many decisions on who may see a photo are held.
const DECISIONS: usize = 16_384;
/// What another process wrote is noticed after so long at most.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

/// A photo that somebody may see, as far as is known.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    /// Where its objects lie in the store.
    pub(crate) place: String,
    writes: u64,
    at: Instant,
}

#[derive(Debug, Clone)]
struct Weight;

impl Weighter<String, Bytes> for Weight {
    fn weight(&self, _: &String, thumbnail: &Bytes) -> u64 {
        thumbnail.len() as u64 + 256
    }
}

/// What one process remembers. Nothing of it is needed: it is read again.
pub(super) struct Cache {
    shown: sync::Cache<(ImageId, Role), Shown>,
    thumbnails: sync::Cache<String, Bytes, Weight>,
    /// Counts what was written through this process: any of it may have changed who sees what.
    writes: AtomicU64,
}

impl Cache {
    pub(super) fn new() -> Self {
        Self {
            shown: sync::Cache::new(DECISIONS),
            thumbnails: sync::Cache::with_weighter(THUMBNAILS, THUMBNAIL_BYTES, Weight),
            writes: AtomicU64::new(0),
        }
    }

    pub(super) fn note_commit(&self) {
        self.writes.fetch_add(1, Ordering::AcqRel);
    }

    /// How many writes there were. Ask before reading what is to be remembered.
    pub(super) fn writes(&self) -> u64 {
        self.writes.load(Ordering::Acquire)
    }

    pub(super) fn find_shown(&self, id: ImageId, role: Role) -> Option<Shown> {
        self.shown
            .get(&(id, role))
            .filter(|shown| shown.writes == self.writes() && shown.at.elapsed() < TRUSTED_FOR)
    }

    pub(super) fn remember_shown(
        &self,
        id: ImageId,
        role: Role,
        place: String,
        writes: u64,
    ) -> Shown {
        let shown = Shown { place, writes, at: Instant::now() };
        self.shown.insert((id, role), shown.clone());
        shown
    }

    /// A photo that only one caller may see.
    pub(super) fn shown_once(&self, place: String) -> Shown {
        Shown { place, writes: self.writes(), at: Instant::now() }
    }

    pub(super) fn find_thumbnail(&self, place: &str) -> Option<Bytes> {
        self.thumbnails.get(place)
    }

    pub(super) fn remember_thumbnail(&self, place: String, thumbnail: Bytes) {
        self.thumbnails.insert(place, thumbnail);
    }

    pub(super) fn forget(&self, place: &str) {
        self.thumbnails.remove(place);
    }
}
