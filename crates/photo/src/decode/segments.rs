//! The structure of a JPEG file: its segments, and a new file from those that matter.
//!
//! The decoder fills what is missing without a word: a file whose data ends early comes out with a grey or striped
//! rest. So the end of the file has to be there, and behind the data of each scan the new file gets ones ([`GUARD`]).
//! No code of a Huffman table is all ones, so a decoder that runs out of data fails on them, and one that is done skips
//! them on its way to the next marker.

use image::metadata::Orientation;

use crate::decode::{check_size, read_orientation};
use crate::{MAX_PIXELS, Refusal};

/// Ones as they stand in the data of a scan, more than a decoder reads ahead (8 bytes) and a code needs (4).
const GUARD: [u8; 64] = {
    let mut guard = [0xFF; 64];
    let mut index = 1;
    while index < guard.len() {
        guard[index] = 0x00;
        index += 2;
    }
    guard
};

/// The most scans of a progressive file. Programs write 10 or so; each takes the time of a whole picture.
const MAX_SCANS: usize = 64;

/// The most coefficients that a progressive file makes a decoder keep, two bytes each: 50 million pixels with colours
/// at half the resolution, as every camera and program writes them, or 33 million at the full one.
const MAX_COEFFICIENTS: u64 = 100_000_000;

/// What matters of a JPEG file.
#[derive(Debug)]
pub(super) struct Segments {
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) orientation: Orientation,
    /// A file of those segments alone that the decoder needs.
    pub(super) file: Vec<u8>,
}

/// Reads the structure up to the end of the image.
///
/// # Errors  [`Refusal::TooManyPixels`] or [`Refusal::Damaged`].
///
/// # Source  ITU-T T.81, annex B.
pub(super) fn read_segments(bytes: &[u8]) -> Result<Segments, Refusal> {
    let mut reading =
        Reading { bytes, position: 2, frame: None, exif: None, scans: 0, file: vec![0xFF, 0xD8] };
    loop {
        let marker = reading.read_marker()?;
        if marker == 0xD9 {
            break;
        }
        reading.take_segment(marker)?;
    }
    let Some(Frame { width, height }) = reading.frame else {
        return Err(Refusal::damaged("it has no picture"));
    };
    if reading.scans == 0 {
        return Err(Refusal::damaged("it has no pixels"));
    }
    let mut file = reading.file;
    file.extend([0xFF, 0xD9]);
    let orientation = reading.exif.map_or(Orientation::NoTransforms, read_orientation);
    Ok(Segments { width, height, orientation, file })
}

#[derive(Clone, Copy)]
struct Frame {
    width: u16,
    height: u16,
}

struct Reading<'a> {
    bytes: &'a [u8],
    position: usize,
    frame: Option<Frame>,
    exif: Option<&'a [u8]>,
    scans: usize,
    file: Vec<u8>,
}

impl<'a> Reading<'a> {
    /// The next marker. Bytes before it are skipped, as every decoder does.
    fn read_marker(&mut self) -> Result<u8, Refusal> {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let found =
            rest.windows(2).position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xFF));
        let at = self.position + found.ok_or_else(Refusal::cut_off)?;
        self.position = at + 2;
        self.bytes.get(at + 1).copied().ok_or_else(Refusal::cut_off)
    }

    fn take_segment(&mut self, marker: u8) -> Result<(), Refusal> {
        match marker {
            // Restarts after the data of a scan, and a marker without meaning: both stand alone.
            0x01 | 0xD0..=0xD7 => return Ok(()),
            0xD8 => return Err(Refusal::damaged("one photo begins inside another")),
            _ => {}
        }
        let body = self.read_body()?;
        match marker {
            0xC0..=0xC2 => self.take_frame(marker, body),
            // Tables, the restart interval, and the two application segments that say what the colours mean.
            0xC4 | 0xDB | 0xDD | 0xE0 | 0xEE => {
                self.copy_segment(marker, body);
                Ok(())
            }
            0xC3..=0xCF | 0xDE | 0xDF => {
                Err(Refusal::damaged("it is a kind of JPEG that browsers do not show"))
            }
            0xDA => self.take_scan(body),
            0xE1 => {
                if self.exif.is_none() && body.starts_with(b"Exif\0\0") {
                    self.exif = Some(body);
                }
                Ok(())
            }
            // Comments, colour profiles, previews, and whatever else programs leave.
            _ => Ok(()),
        }
    }

    /// What follows a marker, without its length.
    fn read_body(&mut self) -> Result<&'a [u8], Refusal> {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let [high, low, ..] = rest else { return Err(Refusal::cut_off()) };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let body = rest.get(2..length).ok_or_else(Refusal::cut_off)?;
        self.position += length;
        Ok(body)
    }

    fn copy_segment(&mut self, marker: u8, body: &[u8]) {
        let [.., high, low] = (body.len() + 2).to_be_bytes();
        self.file.extend([0xFF, marker, high, low]);
        self.file.extend(body);
    }

    fn take_frame(&mut self, marker: u8, body: &[u8]) -> Result<(), Refusal> {
        let [_precision, y1, y0, x1, x0, _count, components @ ..] = body else {
            return Err(Refusal::damaged("its header is too short"));
        };
        let (width, height) = (u16::from_be_bytes([*x1, *x0]), u16::from_be_bytes([*y1, *y0]));
        if self.frame.is_some() {
            return Err(Refusal::damaged("it says its size twice"));
        }
        check_size(u32::from(width), u32::from(height), MAX_PIXELS)?;
        if marker == 0xC2 {
            check_coefficients(width, height, components)?;
        }
        self.frame = Some(Frame { width, height });
        self.copy_segment(marker, body);
        Ok(())
    }

    fn take_scan(&mut self, header: &[u8]) -> Result<(), Refusal> {
        self.scans += 1;
        if self.frame.is_none() || self.scans > MAX_SCANS {
            return Err(Refusal::damaged("its pixels are in no order"));
        }
        self.copy_segment(0xDA, header);
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        // Restarts are a part of the data, and so are zeros after a byte of ones.
        let end = rest
            .windows(2)
            .position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xD0..=0xD7 | 0xFF))
            .ok_or_else(Refusal::cut_off)?;
        self.file.extend(rest.get(..end).unwrap_or_default());
        self.file.extend(GUARD);
        self.position += end;
        Ok(())
    }
}

/// Whether a decoder can keep all of a progressive file; the limit in pixels depends on how it stores its colours.
fn check_coefficients(width: u16, height: u16, components: &[u8]) -> Result<(), Refusal> {
    let coefficients = count_coefficients(width, height, components);
    if coefficients <= MAX_COEFFICIENTS {
        return Ok(());
    }
    let (width, height) = (u32::from(width), u32::from(height));
    let most = u64::from(width) * u64::from(height) * MAX_COEFFICIENTS / coefficients;
    Err(Refusal::TooManyPixels { width, height, most })
}

/// How many numbers the decoder keeps: 64 for each block of each component, in whole units of the sampling.
fn count_coefficients(width: u16, height: u16, components: &[u8]) -> u64 {
    let factors = components
        .chunks_exact(3)
        .map(|component| (u64::from(component[1] >> 4), u64::from(component[1] & 0x0F)));
    let across = factors.clone().map(|(across, _)| across).max().unwrap_or(1).max(1);
    let down = factors.clone().map(|(_, down)| down).max().unwrap_or(1).max(1);
    let units = u64::from(width).div_ceil(across * 8) * u64::from(height).div_ceil(down * 8);
    factors.map(|(across, down)| units * across * down * 64).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coefficients_are_counted_in_whole_units() {
        let halved = [1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0];
        assert_eq!(count_coefficients(16, 16, &halved), 6 * 64);
        assert_eq!(count_coefficients(17, 16, &halved), 12 * 64);
        let full = [1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0];
        assert_eq!(count_coefficients(16, 16, &full), 12 * 64);
    }

    #[test]
    fn only_what_the_decoder_needs_is_kept() {
        let frame = b"\xFF\xC0\0\x0B\x08\0\x01\0\x01\x01\x01\x11\0";
        let comment = b"\xFF\xFE\0\x0A<script>";
        let scan = b"\xFF\xDA\0\x08\x01\x01\0\0\x3F\0\x2A\xFF\0\x2B";
        let bytes =
            [b"\xFF\xD8".as_slice(), comment, frame, scan, b"\xFF\xD9", b"PK\x03\x04"].concat();
        let segments = read_segments(&bytes).unwrap();
        let kept = [b"\xFF\xD8".as_slice(), frame, scan, GUARD.as_slice(), b"\xFF\xD9"].concat();
        assert_eq!(segments.file, kept);
        assert_eq!((segments.width, segments.height), (1, 1));
    }

    #[test]
    fn a_file_that_ends_anywhere_is_damaged() {
        let frame = b"\xFF\xC0\0\x0B\x08\0\x01\0\x01\x01\x01\x11\0";
        let scan = b"\xFF\xDA\0\x08\x01\x01\0\0\x3F\0\x2A\xFF\0\x2B";
        let bytes = [b"\xFF\xD8".as_slice(), frame, scan, b"\xFF\xD9"].concat();
        for length in 2..bytes.len() {
            let refusal = read_segments(&bytes[..length]).unwrap_err();
            assert_eq!(refusal, Refusal::cut_off(), "{length}");
        }
    }
}
