//! What a file is, by its first bytes. Names and declared types are not asked: both may be anything.

use crate::Refusal;

/// The kinds of files that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG: baseline or progressive, in colours, greys or CMYK.
    Jpeg,
    /// PNG of every colour type; of an animated one its first picture.
    Png,
    /// WebP, lossy or lossless; of an animated one its first picture.
    WebP,
}

/// Brands of the ISO file format that stand for still pictures in HEIF and AVIF.
const HEIF_BRANDS: [&[u8; 4]; 12] = [
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1",
    b"avif", b"avis",
];

/// How many compatible brands are looked at; files have three or four.
const MAX_BRANDS: usize = 16;

/// Tells what a file is from its first bytes; 64 are enough.
///
/// # Errors  [`Refusal::Empty`], [`Refusal::Heic`], or [`Refusal::NotAPhoto`] for everything else.
///
/// # Source  ISO/IEC 14496-12, section 4.3, for `ftyp`.
pub fn sniff(head: &[u8]) -> Result<Format, Refusal> {
    match head {
        [] => Err(Refusal::Empty),
        [0xFF, 0xD8, 0xFF, ..] => Ok(Format::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Ok(Format::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Format::WebP),
        _ if is_heif(head) => Err(Refusal::Heic),
        _ => Err(Refusal::NotAPhoto),
    }
}

/// Whether the file says of itself that it is HEIF or AVIF, first or among the kinds that it is compatible with.
fn is_heif(head: &[u8]) -> bool {
    if head.get(4..8) != Some(b"ftyp") {
        return false;
    }
    let size = match head {
        [a, b, c, d, ..] => u32::from_be_bytes([*a, *b, *c, *d]),
        _ => 0,
    };
    let end = usize::try_from(size).unwrap_or(usize::MAX).min(head.len());
    let brands = head.get(8..end).unwrap_or_default().chunks_exact(4).take(MAX_BRANDS);
    // The second word is a version, which no brand looks like.
    brands.into_iter().any(|brand| HEIF_BRANDS.iter().any(|known| known.as_slice() == brand))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_known_by_its_first_bytes() {
        assert_eq!(sniff(b"\xFF\xD8\xFF\xE0 and more"), Ok(Format::Jpeg));
        assert_eq!(sniff(b"\x89PNG\r\n\x1A\n and more"), Ok(Format::Png));
        assert_eq!(sniff(b"RIFF\x10\0\0\0WEBPVP8 "), Ok(Format::WebP));
    }

    #[test]
    fn what_phones_store_is_told_from_other_files() {
        assert_eq!(sniff(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), Err(Refusal::Heic));
        assert_eq!(sniff(b"\0\0\0\x1Cftypavif\0\0\0\0avifmif1miaf"), Err(Refusal::Heic));
        // A general brand first, the telling one among the compatible ones.
        assert_eq!(sniff(b"\0\0\0\x18ftypMiHE\0\0\0\0mif1heix"), Err(Refusal::Heic));
        assert_eq!(sniff(b"\0\0\0\x18ftypisom\0\0\0\0isommp41"), Err(Refusal::NotAPhoto));
        // Past the end of the box it is no brand.
        assert_eq!(sniff(b"\0\0\0\x10ftypisom\0\0\0\0heicheic"), Err(Refusal::NotAPhoto));
    }

    #[test]
    fn everything_else_is_not_a_photo() {
        let others: [&[u8]; 10] = [
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
            b"<!DOCTYPE html><html>",
            b"GIF89a\x01\0\x01\0",
            b"%PDF-1.7",
            b"PK\x03\x04",
            b"BM\x36\0\0\0",
            b"II*\0\x08\0\0\0",
            b"RIFF\x10\0\0\0WAVEfmt ",
            b"RIFF",
            b"\xFF\xD8",
        ];
        for other in others {
            assert_eq!(sniff(other), Err(Refusal::NotAPhoto), "{other:?}");
        }
        assert_eq!(sniff(b""), Err(Refusal::Empty));
    }
}
