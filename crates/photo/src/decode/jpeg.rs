//! JPEG: decoded straight to the smallest eighth, quarter or half that is still large enough.

use jpeg_decoder::{Decoder, PixelFormat};

use crate::decode::{Decoded, segments};
use crate::picture::Picture;
use crate::{DISPLAY_SIDE, Refusal};

/// Decodes a JPEG file.
///
/// # Errors  [`Refusal::TooManyPixels`] or [`Refusal::Damaged`].
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, Refusal> {
    let segments = segments::read_segments(bytes)?;
    let mut decoder = Decoder::new(segments.file.as_slice());
    let side = u16::try_from(DISPLAY_SIDE).unwrap_or(u16::MAX);
    // The decoder stops at the first side that is large enough; only the longer one counts.
    let (width, height) = if segments.width >= segments.height {
        decoder.scale(side, u16::MAX)
    } else {
        decoder.scale(u16::MAX, side)
    }
    .map_err(refuse)?;
    decoder.set_max_decoding_buffer_size(usize::from(width) * usize::from(height) * 4);
    let pixels = decoder.decode().map_err(refuse)?;
    let format = decoder.info().map(|info| info.pixel_format);
    let rgb = match format {
        Some(PixelFormat::RGB24) => pixels,
        Some(PixelFormat::L8) => pixels.iter().flat_map(|grey| [*grey; 3]).collect(),
        Some(PixelFormat::CMYK32) => {
            pixels.as_chunks::<4>().0.iter().flat_map(|inks| mix_inks(*inks)).collect()
        }
        Some(PixelFormat::L16) | None => return Err(Refusal::damaged("its colours are unknown")),
    };
    let picture = Picture::new(width.into(), height.into(), rgb)?;
    Ok(Decoded { picture, orientation: segments.orientation })
}

/// Light out of amounts of ink. Programs store them inverted, as Photoshop began to, and the decoder has undone that.
fn mix_inks([cyan, magenta, yellow, black]: [u8; 4]) -> [u8; 3] {
    let light = 255 - u32::from(black);
    [cyan, magenta, yellow]
        .map(|ink| u8::try_from(((255 - u32::from(ink)) * light + 127) / 255).unwrap_or(u8::MAX))
}

fn refuse(error: jpeg_decoder::Error) -> Refusal {
    match error {
        jpeg_decoder::Error::Format(what) => Refusal::Damaged(what),
        other => Refusal::damaged(other),
    }
}
