//! Why a file is not taken.

use serde::{Deserialize, Serialize};

use crate::{MAX_BYTES, MAX_PIXELS};

/// Why a file is not taken, in words for the person who sent it.
/// It also crosses from the process that decodes to the one that answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// There is nothing in it.
    #[error("The file is empty.")]
    Empty,
    /// It is longer than [`MAX_BYTES`].
    #[error("The file is larger than {} MB.", MAX_BYTES >> 20)]
    TooManyBytes,
    /// It is of the newer kinds that phones store and few programs read: HEIC, HEIF or AVIF.
    #[error("The photo is a HEIC or AVIF file. Save it as JPEG and send that.")]
    Heic,
    /// It is something else than JPEG, PNG or WebP.
    #[error("The file is not a JPEG, PNG or WebP photo.")]
    NotAPhoto,
    /// It has more pixels than its kind may have, or a side that no camera makes.
    #[error("The photo is too large, {width} × {height} pixels; most may have {} million.", MAX_PIXELS / 1_000_000)]
    TooManyPixels {
        /// In pixels, as the file says.
        width: u32,
        /// In pixels, as the file says.
        height: u32,
    },
    /// It cannot be read, or not to its end; the text says in what way.
    #[error("The photo is damaged: {0}.")]
    Damaged(String),
}

impl Refusal {
    pub(crate) fn damaged(what: impl ToString) -> Refusal {
        Refusal::Damaged(what.to_string())
    }
}
