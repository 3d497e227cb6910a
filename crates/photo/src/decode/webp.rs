//! WebP: the first picture is taken out of the container and decoded as a file of its own.
//!
//! A container can promise one size and hold another, be animated, or carry metadata; the decoder sees nothing of it.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{ColorType, ImageDecoder};

use crate::Refusal;
use crate::decode::{Decoded, MAX_WHOLE_PIXELS, check_size, lay_over_white, read_orientation};
use crate::picture::Picture;
use crate::shrinker::Shrinker;

/// Decodes a WebP file; of an animated one the first frame.
///
/// # Errors  [`Refusal::TooManyPixels`], [`Refusal::TooLong`] or [`Refusal::Damaged`].
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, Refusal> {
    let container = read_container(bytes)?;
    let (width, height) = container.still.size()?;
    check_size(width, height, MAX_WHOLE_PIXELS)?;
    if container.promised.is_some_and(|promised| promised != (width, height)) {
        return Err(Refusal::damaged("it has another size than it says"));
    }
    let picture = decode_still(&container.still.write_file(width, height), width, height)?;
    let orientation = container.exif.map_or(Orientation::NoTransforms, read_orientation);
    Ok(Decoded { picture, orientation })
}

fn decode_still(file: &[u8], width: u32, height: u32) -> Result<Picture, Refusal> {
    let decoder =
        image::codecs::webp::WebPDecoder::new(Cursor::new(file)).map_err(Refusal::damaged)?;
    let samples = match decoder.color_type() {
        ColorType::Rgb8 => 3,
        ColorType::Rgba8 => 4,
        _ => return Err(Refusal::damaged("its colours are unknown")),
    };
    let mut pixels = vec![0; width as usize * height as usize * samples];
    if decoder.dimensions() != (width, height) || decoder.total_bytes() != pixels.len() as u64 {
        return Err(Refusal::damaged("it has another size than it says"));
    }
    decoder.read_image(&mut pixels).map_err(Refusal::damaged)?;
    let mut shrinker = Shrinker::new(width, height);
    for row in pixels.chunks(width as usize * samples) {
        if samples == 3 {
            shrinker.push_row(row.as_chunks::<3>().0.iter().copied());
        } else {
            let pixels = row.as_chunks::<4>().0.iter();
            shrinker
                .push_row(pixels.map(|[r, g, b, opacity]| lay_over_white([*r, *g, *b], *opacity)));
        }
    }
    shrinker.finish()
}

/// What matters of a WebP file.
struct Container<'a> {
    still: Still<'a>,
    /// The size in the header, where there is one and it speaks of this picture.
    promised: Option<(u32, u32)>,
    exif: Option<&'a [u8]>,
}

/// One picture: what is compressed, and its opacity where that stands apart.
#[derive(Default, Clone, Copy)]
struct Still<'a> {
    lossy: Option<&'a [u8]>,
    lossless: Option<&'a [u8]>,
    opacity: Option<&'a [u8]>,
}

/// Reads the chunks of the file.
///
/// # Errors  [`Refusal::Damaged`] if the file is shorter than it says, or has no picture.
///
/// # Source  RFC 9649, section 2.
fn read_container(bytes: &[u8]) -> Result<Container<'_>, Refusal> {
    let end = read_u32(bytes, 4).and_then(|size| size.checked_add(8)).unwrap_or(usize::MAX);
    // What follows the container is not a part of it.
    let body = bytes.get(12..end).ok_or_else(Refusal::cut_off)?;
    let (mut still, mut exif, mut promised, mut frame) = (Still::default(), None, None, None);
    for chunk in Chunks(body) {
        let (name, content) = chunk?;
        match name {
            b"VP8X" => {
                let size = read_u24(content, 4).zip(read_u24(content, 7));
                let (width, height) = size.ok_or_else(Refusal::cut_off)?;
                check_size(width + 1, height + 1, MAX_WHOLE_PIXELS)?;
                promised = Some((width + 1, height + 1));
            }
            b"EXIF" => exif = exif.or(Some(content)),
            b"ANMF" => frame = frame.or(Some(content)),
            _ => still.take(name, content),
        }
    }
    if let Some(frame) = frame {
        let size = read_u24(frame, 6).zip(read_u24(frame, 9));
        promised = size.map(|(width, height)| (width + 1, height + 1));
        still = Still::default();
        for chunk in Chunks(frame.get(16..).ok_or_else(Refusal::cut_off)?) {
            let (name, content) = chunk?;
            still.take(name, content);
        }
    }
    Ok(Container { still, promised, exif })
}

impl<'a> Still<'a> {
    fn take(&mut self, name: &[u8; 4], content: &'a [u8]) {
        match name {
            b"VP8 " => self.lossy = self.lossy.or(Some(content)),
            b"VP8L" => self.lossless = self.lossless.or(Some(content)),
            b"ALPH" => self.opacity = self.opacity.or(Some(content)),
            _ => {}
        }
    }

    /// The size that the compressed picture itself says.
    fn size(&self) -> Result<(u32, u32), Refusal> {
        match (self.lossy, self.lossless) {
            (Some([_, _, _, 0x9D, 0x01, 0x2A, w0, w1, h0, h1, ..]), None) => {
                let width = u16::from_le_bytes([*w0, *w1]) & 0x3FFF;
                let height = u16::from_le_bytes([*h0, *h1]) & 0x3FFF;
                Ok((width.into(), height.into()))
            }
            (None, Some([0x2F, a, b, c, d, ..])) => {
                let header = u32::from_le_bytes([*a, *b, *c, *d]);
                Ok(((header & 0x3FFF) + 1, ((header >> 14) & 0x3FFF) + 1))
            }
            _ => Err(Refusal::damaged("it has no picture")),
        }
    }

    fn write_file(&self, width: u32, height: u32) -> Vec<u8> {
        let mut chunks = Vec::new();
        if let (Some(_), Some(opacity)) = (self.lossy, self.opacity) {
            let has_opacity = 0x10;
            let [w0, w1, w2, _] = (width - 1).to_le_bytes();
            let [h0, h1, h2, _] = (height - 1).to_le_bytes();
            push_chunk(&mut chunks, b"VP8X", &[has_opacity, 0, 0, 0, w0, w1, w2, h0, h1, h2]);
            push_chunk(&mut chunks, b"ALPH", opacity);
        }
        let lossy = self.lossy.map(|content| (b"VP8 ", content));
        let lossless = self.lossless.map(|content| (b"VP8L", content));
        if let Some((name, content)) = lossy.or(lossless) {
            push_chunk(&mut chunks, name, content);
        }
        let mut file = b"RIFF".to_vec();
        file.extend(length_of(chunks.len() + 4));
        file.extend(b"WEBP");
        file.extend(chunks);
        file
    }
}

/// The chunks of a container, one after the other; a missing end is an error, and then there are no more.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = Result<(&'a [u8; 4], &'a [u8]), Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = std::mem::take(&mut self.0);
        let (name, after) = rest.split_first_chunk::<4>()?;
        let content = read_u32(after, 0).and_then(|size| after.get(4..size.checked_add(4)?));
        let Some(content) = content else { return Some(Err(Refusal::cut_off())) };
        // Each begins at an even place; the last may do without the byte that would lead to the next.
        self.0 = after.get(4 + content.len().next_multiple_of(2)..).unwrap_or_default();
        Some(Ok((name, content)))
    }
}

fn push_chunk(chunks: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    chunks.extend(name);
    chunks.extend(length_of(content.len()));
    chunks.extend(content);
    chunks.extend(std::iter::repeat_n(0, content.len() % 2));
}

fn length_of(length: usize) -> [u8; 4] {
    // Never more than the uploaded file, whose own lengths have four bytes.
    u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes()
}

fn read_u32(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*bytes)).ok()
}

fn read_u24(bytes: &[u8], at: usize) -> Option<u32> {
    let [a, b, c] = bytes.get(at..)?.first_chunk::<3>()?;
    Some(u32::from_le_bytes([*a, *b, *c, 0]))
}
