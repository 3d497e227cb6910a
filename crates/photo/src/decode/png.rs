//! PNG: read row by row and shrunk on the way; an interlaced one whole, since its rows come in no order.

use std::io::Cursor;

use image::metadata::Orientation;
use png::{Decoder, Limits, Reader, Transformations};

use crate::decode::{Decoded, MAX_WHOLE_PIXELS, check_size, lay_over_white, read_orientation};
use crate::picture::Picture;
use crate::shrinker::Shrinker;
use crate::{MAX_PIXELS, Refusal};

/// What the decoder may allocate besides the pixels: rows, palettes, metadata.
const LIMITS: Limits = Limits { bytes: 32 << 20 };

/// Decodes a PNG file; of an animated one the picture that programs show which know no animation.
///
/// # Errors  [`Refusal::TooManyPixels`], [`Refusal::TooLong`] or [`Refusal::Damaged`].
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, Refusal> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), LIMITS);
    // Both may be compressed, and neither is kept.
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let header = decoder.read_header_info().map_err(Refusal::damaged)?;
    let (width, height, is_interlaced) = (header.width, header.height, header.interlaced);
    check_size(width, height, if is_interlaced { MAX_WHOLE_PIXELS } else { MAX_PIXELS })?;

    let mut reader = decoder.read_info().map_err(Refusal::damaged)?;
    let samples = reader.output_color_type().0.samples();
    let row_length = width as usize * samples;
    if reader.output_line_size(width) != Some(row_length) {
        return Err(Refusal::damaged("its colours are unknown"));
    }
    let mut rows = Rows { shrinker: Shrinker::new(width, height), row_length, samples };
    if is_interlaced {
        rows.take_whole(&mut reader)?;
    } else {
        rows.take_each(&mut reader, height)?;
    }
    // The rest is read for its metadata, and for whether it is there.
    reader.finish().map_err(Refusal::damaged)?;
    let exif = reader.info().exif_metadata.as_deref();
    let orientation = exif.map_or(Orientation::NoTransforms, read_orientation);
    Ok(Decoded { picture: rows.finish()?, orientation })
}

struct Rows {
    shrinker: Shrinker,
    row_length: usize,
    samples: usize,
}

impl Rows {
    fn take_each(
        &mut self,
        reader: &mut Reader<Cursor<&[u8]>>,
        height: u32,
    ) -> Result<(), Refusal> {
        for _ in 0..height {
            let row = reader.next_row().map_err(Refusal::damaged)?;
            let row = row.ok_or_else(|| Refusal::damaged("rows are missing"))?;
            self.take(row.data())?;
        }
        Ok(())
    }

    fn take_whole(&mut self, reader: &mut Reader<Cursor<&[u8]>>) -> Result<(), Refusal> {
        let size = reader.output_buffer_size().ok_or_else(|| Refusal::damaged("it has no size"))?;
        let mut pixels = vec![0; size];
        reader.next_frame(&mut pixels).map_err(Refusal::damaged)?;
        pixels.chunks(self.row_length).try_for_each(|row| self.take(row))
    }

    fn take(&mut self, row: &[u8]) -> Result<(), Refusal> {
        // An animation may claim a first frame of another size than the picture.
        if row.len() != self.row_length {
            return Err(Refusal::damaged("a row has another length"));
        }
        let shrinker = &mut self.shrinker;
        match self.samples {
            1 => shrinker.push_row(row.iter().map(|grey| [*grey; 3])),
            2 => {
                let pixels = row.as_chunks::<2>().0.iter();
                shrinker
                    .push_row(pixels.map(|[grey, opacity]| lay_over_white([*grey; 3], *opacity)));
            }
            3 => shrinker.push_row(row.as_chunks::<3>().0.iter().copied()),
            _ => {
                let pixels = row.as_chunks::<4>().0.iter();
                shrinker.push_row(
                    pixels.map(|[r, g, b, opacity]| lay_over_white([*r, *g, *b], *opacity)),
                );
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Picture, Refusal> {
        self.shrinker.finish()
    }
}
