//! An uploaded photo made safe and small, and described in numbers.
//!
//! Bytes come in and bytes go out; this crate performs no IO. A file is *sniffed* ([`sniff`]: what is it, by its first
//! bytes), *decoded* into a picture (`decode`: one module for each kind of file), shrunk and turned upright
//! (`picture`), and written anew as WebP. Only pixels get across, so that whatever else the file carried (a place, a
//! camera, a script, a second file at its end) is gone. The *fingerprint* tells photos that look alike ([`bands`],
//! [`probes`], [`NEARLY_SAME`]) and describes one for a classifier ([`DESCRIPTOR_LENGTH`]).
//!
//! Dimensions are read and judged before anything is allocated for them. No picture is ever held in full if it can be
//! read in parts, and what must be held whole has a limit of its own (`decode`). Decoders are other people's code, and
//! what comes from outside may be made to break them: call [`prepare`] in a process that may die.

mod decode;
mod descriptor;
mod fingerprint;
mod format;
mod hash;
mod picture;
mod refusal;
mod shrinker;

pub use descriptor::DESCRIPTOR_LENGTH;
pub use fingerprint::Fingerprint;
pub use format::{Format, sniff};
pub use hash::{NEARLY_SAME, bands, probes};
pub use refusal::Refusal;

use api_types::limits;
use picture::Picture;

/// The largest file that is looked at, in bytes.
pub const MAX_BYTES: usize = limits::IMAGE_MAX_BYTES;

/// The most pixels a photo may have, as many as the cameras of phones make; some kinds of files may have fewer.
pub const MAX_PIXELS: u64 = limits::IMAGE_MAX_PIXELS as u64;

/// The longest side of the version to look at, in pixels.
pub const DISPLAY_SIDE: u32 = limits::IMAGE_SIDE;

/// The longest side of the version for lists, in pixels.
pub const THUMBNAIL_SIDE: u32 = limits::THUMBNAIL_SIDE;

const DISPLAY_QUALITY: f32 = 80.0;
const THUMBNAIL_QUALITY: f32 = 75.0;

/// What was uploaded, made safe and small.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// To look at.
    pub display: Version,
    /// For lists.
    pub thumbnail: Version,
    /// The same photo in numbers.
    pub fingerprint: Fingerprint,
}

/// A photo in one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The file: pixels alone, no metadata.
    pub webp: Vec<u8>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// Makes both versions and the fingerprint of an uploaded file.
///
/// # Errors  A [`Refusal`] for anything that is not an undamaged photo within the limits.
pub fn prepare(bytes: &[u8]) -> Result<Prepared, Refusal> {
    if bytes.len() > MAX_BYTES {
        return Err(Refusal::TooManyBytes);
    }
    let decoded = decode::decode(sniff(bytes)?, bytes)?;
    // Turned only now: the small picture takes less time and memory than the large one.
    let display = decoded.picture.fit(DISPLAY_SIDE)?.turn(decoded.orientation)?;
    let thumbnail = display.fit(THUMBNAIL_SIDE)?;
    Ok(Prepared {
        fingerprint: Fingerprint::of(&display)?,
        display: encode(&display, DISPLAY_QUALITY)?,
        thumbnail: encode(&thumbnail, THUMBNAIL_QUALITY)?,
    })
}

fn encode(picture: &Picture, quality: f32) -> Result<Version, Refusal> {
    let webp = picture.encode(quality)?;
    Ok(Version { webp, width: picture.width(), height: picture.height() })
}
