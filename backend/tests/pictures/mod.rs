//! Pictures for tests, drawn and written here: the same for the same number, and each unlike the others.

use std::io::Cursor;

use image::{
    DynamicImage, ExtendedColorType, ImageEncoder as _, ImageFormat, RgbImage,
    codecs::{jpeg::JpegEncoder, webp::WebPEncoder},
};
use rand::{Rng as _, RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// Red beside blue, 32 × 16 pixels, in four inks.
pub(crate) const CMYK: &[u8] = include_bytes!("../../../crates/photo/tests/samples/cmyk.jpg");

/// A ground that changes, and things on it.
pub(crate) fn draw_scene(number: u64, width: u32, height: u32) -> RgbImage {
    let mut random = ChaCha8Rng::seed_from_u64(number);
    let ground: [[f32; 3]; 3] = std::array::from_fn(|_| random.random());
    let things: [([f32; 4], [u8; 3], bool); 9] = std::array::from_fn(|_| {
        let [x, y, w, h]: [f32; 4] = random.random();
        ([x, y, 0.05 + w * 0.25, 0.05 + h * 0.25], random.random(), random.random())
    });
    RgbImage::from_fn(width, height, |column, row| {
        let (x, y) = (column as f32 / width as f32, row as f32 / height as f32);
        let is_inside = |[cx, cy, w, h]: [f32; 4], is_round: bool| {
            let (dx, dy) = ((x - cx) / w, (y - cy) / h);
            if is_round { dx * dx + dy * dy < 1.0 } else { dx.abs() < 1.0 && dy.abs() < 1.0 }
        };
        let thing = things.iter().rev().find(|(place, _, is_round)| is_inside(*place, *is_round));
        image::Rgb(thing.map(|(_, colour, _)| *colour).unwrap_or_else(|| {
            std::array::from_fn(|part| {
                let sum = ground[0][part] * (1.0 - x)
                    + ground[1][part] * x * y
                    + ground[2][part] * (1.0 - y);
                (sum * 127.0) as u8
            })
        }))
    })
}

/// A photo of scene `number`, as a camera writes it.
pub(crate) fn photo(number: u64) -> Vec<u8> {
    encode_jpeg(&draw_scene(number, 480, 360), 85)
}

/// A photo that is one colour.
pub(crate) fn even_photo(colour: [u8; 3]) -> Vec<u8> {
    encode_jpeg(&RgbImage::from_pixel(320, 240, image::Rgb(colour)), 85)
}

/// One of two clearly different kinds: upright red stripes, or lying blue ones, each a little different.
pub(crate) fn striped_photo(is_red: bool, number: u64) -> Vec<u8> {
    let mut random = ChaCha8Rng::seed_from_u64(number * 2 + u64::from(is_red));
    let (width, shift) = (random.random_range(12..28), random.random_range(0..20));
    let dark = random.random_range(0..40);
    let picture = RgbImage::from_fn(240, 180, |x, y| {
        let at = if is_red { x } else { y };
        let is_light = (at + shift) / width % 2 == 0;
        image::Rgb(match (is_red, is_light) {
            (true, true) => [230, 40 + dark, 40],
            (true, false) => [120, dark, 10],
            (false, true) => [60, 110 + dark, 235],
            (false, false) => [10, dark, 110],
        })
    });
    encode_jpeg(&picture, 85)
}

/// Nothing but noise, which no encoder makes small.
pub(crate) fn noisy_photo(width: u32, height: u32, quality: u8) -> Vec<u8> {
    let mut picture = RgbImage::new(width, height);
    ChaCha8Rng::seed_from_u64(1).fill_bytes(&mut picture);
    encode_jpeg(&picture, quality)
}

pub(crate) fn encode_jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, quality).encode_image(picture).unwrap();
    file
}

/// A JPEG that says how the camera was held, and where it was.
pub(crate) fn encode_jpeg_with_exif(picture: &RgbImage, orientation: u8) -> Vec<u8> {
    let mut exif = b"MM\0\x2A\0\0\0\x08\0\x02".to_vec();
    exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    exif.extend([0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0x26, 0, 0, 0, 0]);
    exif.extend(b"GPSLatitude 52.5200 GPSLongitude 13.4050");
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, 95);
    encoder.set_exif_metadata(exif).unwrap();
    encoder.encode_image(picture).unwrap();
    file
}

/// The same JPEG with a comment in it.
pub(crate) fn add_comment(jpeg: &[u8], comment: &[u8]) -> Vec<u8> {
    let length = u16::try_from(comment.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xFE], &length, comment, &jpeg[2..]].concat()
}

/// The same JPEG as large as asked, all of it comments.
pub(crate) fn fill_up(jpeg: &[u8], bytes: usize, word: &[u8]) -> Vec<u8> {
    const MOST: usize = 65_000;
    let mut file = jpeg.to_vec();
    while file.len() + MOST < bytes {
        let mut comment = vec![b'x'; MOST];
        comment[..word.len()].copy_from_slice(word);
        file = [&jpeg[..2], &add_comment(jpeg, &comment)[2..MOST + 6], &file[2..]].concat();
    }
    let missing = bytes.saturating_sub(file.len() + 4);
    add_comment(&file, &vec![b'x'; missing])
}

pub(crate) fn encode_png(picture: &DynamicImage) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

pub(crate) fn encode_webp(picture: &RgbImage) -> Vec<u8> {
    let mut file = Vec::new();
    let (width, height) = picture.dimensions();
    let encoder = WebPEncoder::new_lossless(&mut file);
    encoder.write_image(picture, width, height, ExtendedColorType::Rgb8).unwrap();
    file
}

/// An animation of 32 × 32 pixels: green first, then red.
pub(crate) fn animated_webp() -> Vec<u8> {
    let chunk = |name: &[u8; 4], content: &[u8]| {
        let mut chunk = name.to_vec();
        chunk.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        chunk.extend(content);
        chunk.extend(std::iter::repeat_n(0, content.len() % 2));
        chunk
    };
    let frame = |colour| {
        let still = encode_webp(&RgbImage::from_pixel(32, 32, image::Rgb(colour)));
        let head = [0, 0, 0, 0, 0, 0, 31, 0, 0, 31, 0, 0, 100, 0, 0, 0];
        chunk(b"ANMF", &[&head[..], &still[12..]].concat())
    };
    let body = [
        b"WEBP".to_vec(),
        chunk(b"VP8X", &[0x02, 0, 0, 0, 31, 0, 0, 31, 0, 0]),
        chunk(b"ANIM", &[0; 6]),
        frame([0, 200, 0]),
        frame([200, 0, 0]),
    ];
    let body = body.concat();
    [b"RIFF", &u32::try_from(body.len()).unwrap().to_le_bytes()[..], &body].concat()
}

/// A PNG whose head promises so many pixels.
pub(crate) fn promising_png(width: u32, height: u32) -> Vec<u8> {
    let mut file = encode_png(&DynamicImage::new_rgb8(8, 8));
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    // The checksum of the head, so that only its promise is wrong.
    let crc = file[12..29].iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    });
    file[29..33].copy_from_slice(&(!crc).to_be_bytes());
    file
}

/// A WebP that promises so many pixels.
pub(crate) fn promising_webp(width: u32, height: u32) -> Vec<u8> {
    let mut file = encode_webp(&RgbImage::new(8, 8));
    assert_eq!((&file[12..16], file[20]), (&b"VP8L"[..], 0x2F));
    let size = (width - 1) | ((height - 1) << 14);
    file[21..25].copy_from_slice(&size.to_le_bytes());
    file
}

/// A JPEG whose head is right, and nothing else.
pub(crate) fn random_bytes_with_a_head(number: u64) -> Vec<u8> {
    let mut bytes = vec![0; 20_000];
    ChaCha8Rng::seed_from_u64(number).fill_bytes(&mut bytes);
    let head = photo(number);
    bytes[..200].copy_from_slice(&head[..200]);
    bytes
}
