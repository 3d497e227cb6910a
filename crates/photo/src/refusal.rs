//! Why a file is not taken.

use serde::{Deserialize, Serialize};

/// Why a file is not taken. It crosses from the process that decodes to the one that answers, which has the words for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// There is nothing in it.
    Empty,
    /// It is longer than [`MAX_BYTES`](crate::MAX_BYTES).
    TooManyBytes,
    /// It is HEIC, HEIF or AVIF: what phones store now and not every program shows.
    Heic,
    /// It is something else than JPEG, PNG or WebP.
    NotAPhoto,
    /// It has more pixels than a file of its kind may have.
    TooManyPixels {
        /// In pixels, as the file says.
        width: u32,
        /// In pixels, as the file says.
        height: u32,
        /// So many pixels are taken of such a file: [`MAX_PIXELS`](crate::MAX_PIXELS), or fewer where it has to be in
        /// memory as a whole. Always less than width × height.
        most: u64,
    },
    /// A side is longer than any camera makes, though the pixels are not too many.
    TooLong {
        /// In pixels, as the file says.
        width: u32,
        /// In pixels, as the file says.
        height: u32,
        /// The longest side that is taken, in pixels.
        most: u32,
    },
    /// It cannot be read, or not to its end; the text says in what way.
    Damaged(String),
}

impl Refusal {
    pub(crate) fn damaged(what: impl ToString) -> Refusal {
        Refusal::Damaged(what.to_string())
    }

    pub(crate) fn cut_off() -> Refusal {
        Refusal::damaged("its end is missing")
    }
}
