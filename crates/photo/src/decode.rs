//! A file becomes a picture no larger than needed, and what its metadata says of how it was held.
//!
//! [`jpeg`] decodes straight to a fraction of the size, [`png`] row by row, [`webp`] whole. The first and the last read
//! the structure of the file themselves and give the decoder a new file with only what it needs: nothing that a decoder
//! never sees can break it, and what stands behind the end is nobody's business.

mod jpeg;
mod png;
mod segments;
mod webp;

use image::metadata::Orientation;

use crate::picture::Picture;
use crate::{Format, Refusal};

/// The longest side: as long as JPEG allows. A single row of a PNG could else be as large as a whole picture.
const MAX_SIDE: u32 = 65_535;

/// The most pixels where a picture has to be in memory as a whole, four bytes for each: WebP and interlaced PNG.
const MAX_WHOLE_PIXELS: u64 = 25_000_000;

/// Pixels, and how to turn them.
pub(crate) struct Decoded {
    pub(crate) picture: Picture,
    pub(crate) orientation: Orientation,
}

/// Decodes a file of this kind.
///
/// # Errors
/// [`Refusal::TooManyPixels`] and [`Refusal::TooLong`] before anything is allocated for them, [`Refusal::Damaged`] for
/// what is wrong.
pub(crate) fn decode(format: Format, bytes: &[u8]) -> Result<Decoded, Refusal> {
    match format {
        Format::Jpeg => jpeg::decode(bytes),
        Format::Png => png::decode(bytes),
        Format::WebP => webp::decode(bytes),
    }
}

fn check_size(width: u32, height: u32, most: u64) -> Result<(), Refusal> {
    if width == 0 || height == 0 {
        return Err(Refusal::damaged("it has no pixels"));
    }
    let pixels = u64::from(width) * u64::from(height);
    if pixels > most {
        return Err(Refusal::TooManyPixels { width, height, most });
    }
    if width.max(height) > MAX_SIDE {
        return Err(Refusal::TooLong { width, height, most: MAX_SIDE });
    }
    Ok(())
}

/// How the camera was held, out of an EXIF block; some programs write JPEG's prefix in front of it everywhere.
fn read_orientation(exif: &[u8]) -> Orientation {
    let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    Orientation::from_exif_chunk(tiff).unwrap_or(Orientation::NoTransforms)
}

/// A pixel with an opacity, laid over white.
fn lay_over_white(colour: [u8; 3], opacity: u8) -> [u8; 3] {
    let (opacity, white) = (u32::from(opacity), 255 * (255 - u32::from(opacity)));
    colour.map(|part| u8::try_from((u32::from(part) * opacity + white + 127) / 255).unwrap_or(255))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MAX_PIXELS;

    #[test]
    fn what_cannot_be_seen_is_white() {
        assert_eq!(lay_over_white([10, 20, 30], 0), [255; 3]);
        assert_eq!(lay_over_white([10, 20, 30], 255), [10, 20, 30]);
        assert_eq!(lay_over_white([0, 0, 0], 128), [127; 3]);
    }

    #[test]
    fn sizes_are_refused_by_pixels_and_by_sides() {
        assert!(check_size(10_000, 5_000, MAX_PIXELS).is_ok());
        assert!(check_size(65_535, 1, MAX_PIXELS).is_ok());
        let most = MAX_PIXELS;
        for (width, height) in [(10_000, 5_001), (100_000, 100_000), (u32::MAX, u32::MAX)] {
            let refusal = Refusal::TooManyPixels { width, height, most };
            assert_eq!(check_size(width, height, most), Err(refusal));
        }
        let refusal = Refusal::TooLong { width: 1, height: 65_536, most: 65_535 };
        assert_eq!(check_size(1, 65_536, most), Err(refusal));
        assert!(matches!(check_size(0, 1, MAX_PIXELS), Err(Refusal::Damaged(_))));
    }
}
