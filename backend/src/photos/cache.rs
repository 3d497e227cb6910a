//! Thumbnails in memory, and for a moment who may see them: a gallery asks for many, and a list of tickets for more.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
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

/// That a role may see a photo, as far as is known.
#[derive(Debug, Clone)]
struct Shown {
    place: Arc<str>,
    writes: u64,
    at: Instant,
}

#[derive(Debug, Clone)]
struct Weight;

impl Weighter<Arc<str>, Bytes> for Weight {
    fn weight(&self, _: &Arc<str>, thumbnail: &Bytes) -> u64 {
        thumbnail.len() as u64 + 256
    }
}

/// What one process remembers. Nothing of it is needed: it is read again.
pub(crate) struct Cache {
    shown: sync::Cache<(ImageId, Role), Shown>,
    thumbnails: sync::Cache<Arc<str>, Bytes, Weight>,
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

    /// Who may see what may have changed.
    pub(crate) fn note_commit(&self) {
        self.writes.fetch_add(1, Ordering::AcqRel);
    }

    /// How many writes there were. Ask before reading what is to be remembered.
    pub(crate) fn writes(&self) -> u64 {
        self.writes.load(Ordering::Acquire)
    }

    /// Where a photo lies that this role was let see a moment ago.
    pub(crate) fn find_place(&self, id: ImageId, role: Role) -> Option<Arc<str>> {
        let known = self.shown.get(&(id, role))?;
        let is_trusted = known.writes == self.writes() && known.at.elapsed() < TRUSTED_FOR;
        is_trusted.then_some(known.place)
    }

    /// Remembers for a moment that a role may see a photo, as it was before so many writes.
    pub(crate) fn remember_place(&self, id: ImageId, role: Role, place: Arc<str>, writes: u64) {
        self.shown.insert((id, role), Shown { place, writes, at: Instant::now() });
    }

    pub(super) fn find_thumbnail(&self, place: &str) -> Option<Bytes> {
        self.thumbnails.get(place)
    }

    pub(super) fn remember_thumbnail(&self, place: Arc<str>, thumbnail: Bytes) {
        self.thumbnails.insert(place, thumbnail);
    }

    pub(super) fn forget(&self, place: &str) {
        self.thumbnails.remove(place);
    }
}
