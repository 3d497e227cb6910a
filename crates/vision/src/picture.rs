//! The pixels of a photo, for labellers that take no WebP.

use bytes::Bytes;
use image::{ImageFormat, RgbImage, codecs::jpeg::JpegEncoder};
use tokio::task;

use crate::Failure;

/// Good enough for labels; the file stays well below a megabyte at 1600 pixels a side.
const JPEG_QUALITY: u8 = 85;

/// Runs work that takes a processor's time where it holds up nothing else.
pub(crate) async fn run_aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    match task::spawn_blocking(work).await {
        Ok(done) => done,
        // The same work does well on other photos.
        Err(error) if error.is_panic() => {
            Err(Failure::Unreadable(format!("the work broke down: {error}")))
        }
        // The process is ending, which says nothing of the photo.
        Err(error) => Err(Failure::Away(format!("the work was broken off: {error}"))),
    }
}

/// The pixels of a WebP picture.
pub(crate) fn decode_webp(webp: &[u8]) -> Result<RgbImage, Failure> {
    match image::load_from_memory_with_format(webp, ImageFormat::WebP) {
        Ok(picture) => Ok(picture.into_rgb8()),
        Err(error) => Err(Failure::Refused(format!("it is no WebP picture: {error}"))),
    }
}

/// The same picture as JPEG.
pub(crate) fn encode_jpeg(webp: &[u8]) -> Result<Bytes, Failure> {
    let picture = decode_webp(webp)?;
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY)
        .encode_image(&picture)
        .map_err(|error| Failure::Refused(format!("it cannot be made a JPEG: {error}")))?;
    Ok(jpeg.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_panics_over_a_photo_is_the_photos_fault() {
        let done = run_aside::<()>(|| panic!("a row of no pixels")).await;
        assert!(
            matches!(&done, Err(Failure::Unreadable(why)) if why.contains("a row of no pixels")),
            "{done:?}"
        );
    }
}
