//! Files of every kind, made here: small scenes, encoded by the libraries or byte by byte.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ExtendedColorType, GrayImage, ImageEncoder, RgbImage, RgbaImage};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Written with Pillow, `save("….jpg", quality=40, progressive=True)`: waves and squares of 163 × 99 pixels.
const PROGRESSIVE: &[u8] = include_bytes!("progressive.jpg");
/// Written with Pillow, `save("….jpg", quality=60, restart_marker_blocks=2)`: the like in 70 × 50 pixels.
const RESTARTS: &[u8] = include_bytes!("restarts.jpg");
/// Written with Pillow from an image of mode CMYK, inverted and with Adobe's marker: 32 × 16 pixels, red beside blue.
const CMYK: &[u8] = include_bytes!("cmyk.jpg");

/// One file for each kind that is taken, small enough to be mutated thousands of times.
pub(crate) fn all() -> Vec<(&'static str, Vec<u8>)> {
    let scene = draw_scene(1, 64, 48);
    let exif = write_exif(6);
    vec![
        ("JPEG", write_jpeg(&scene, 80, &[])),
        ("grey JPEG", write_grey_jpeg(&image::imageops::grayscale(&scene))),
        ("JPEG with EXIF", write_jpeg(&scene, 80, &exif)),
        ("large JPEG", write_jpeg(&draw_scene(2, 200, 150), 30, &[])),
        ("progressive JPEG", PROGRESSIVE.to_vec()),
        ("JPEG with restarts", RESTARTS.to_vec()),
        ("CMYK JPEG", CMYK.to_vec()),
        ("flat JPEG", write_flat_jpeg(40, 24, 3)),
        ("PNG", write_png(&DynamicImage::from(scene.clone()), &[])),
        ("PNG with EXIF", write_png(&DynamicImage::from(scene.clone()), &exif)),
        ("PNG with opacity", write_png(&DynamicImage::from(fade(&scene)), &[])),
        ("16-bit PNG", write_png(&DynamicImage::from(scene.clone()).into_rgb16().into(), &[])),
        ("grey PNG", write_png(&DynamicImage::from(scene.clone()).into_luma_alpha8().into(), &[])),
        ("palette PNG", write_palette_png()),
        ("interlaced PNG", write_interlaced_png()),
        ("animated PNG", write_animated_png()),
        ("WebP", webp::Encoder::from_rgb(&scene, 64, 48).encode(70.0).to_vec()),
        ("lossless WebP", webp::Encoder::from_rgb(&scene, 64, 48).encode_lossless().to_vec()),
        (
            "WebP with opacity",
            webp::Encoder::from_rgba(&fade(&scene), 64, 48).encode(70.0).to_vec(),
        ),
        ("WebP with EXIF", write_webp(&scene, &exif)),
        ("animated WebP", write_animated_webp()),
    ]
}

/// The same scene for the same number, in any size: a ground that changes, and things on it.
pub(crate) fn draw_scene(number: u64, width: u32, height: u32) -> RgbImage {
    let mut random = ChaCha8Rng::seed_from_u64(number);
    let ground: [[f32; 3]; 3] = std::array::from_fn(|_| random.random::<[f32; 3]>());
    let things: [([f32; 4], [u8; 3], bool); 9] = std::array::from_fn(|_| {
        let [x, y, w, h] = random.random::<[f32; 4]>();
        ([x, y, 0.05 + w * 0.25, 0.05 + h * 0.25], random.random(), random.random())
    });
    RgbImage::from_fn(width, height, |column, row| {
        let (x, y) = (column as f32 / width as f32, row as f32 / height as f32);
        let inside = |[cx, cy, w, h]: [f32; 4], is_round: bool| {
            let (dx, dy) = ((x - cx) / w, (y - cy) / h);
            if is_round { dx * dx + dy * dy < 1.0 } else { dx.abs() < 1.0 && dy.abs() < 1.0 }
        };
        let thing = things.iter().rev().find(|(place, _, is_round)| inside(*place, *is_round));
        let colour = thing.map(|(_, colour, _)| *colour);
        image::Rgb(colour.unwrap_or_else(|| {
            let mix = |part| {
                ground[0][part] * (1.0 - x) + ground[1][part] * x * y + ground[2][part] * (1.0 - y)
            };
            std::array::from_fn(|part| (mix(part) * 127.0) as u8)
        }))
    })
}

/// The scene with an opacity that grows from left to right.
pub(crate) fn fade(scene: &RgbImage) -> RgbaImage {
    RgbaImage::from_fn(scene.width(), scene.height(), |x, y| {
        let [red, green, blue] = scene.get_pixel(x, y).0;
        image::Rgba([red, green, blue, (x * 255 / (scene.width() - 1).max(1)) as u8])
    })
}

/// A TIFF block with an orientation and a place on Earth.
pub(crate) fn write_exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"MM\0\x2A\0\0\0\x08\0\x02".to_vec();
    exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    exif.extend([0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0x26, 0, 0, 0, 0]);
    exif.extend(b"GPSLatitude 52.5200 GPSLongitude 13.4050");
    exif
}

pub(crate) fn write_jpeg(scene: &RgbImage, quality: u8, exif: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, quality);
    if !exif.is_empty() {
        encoder.set_exif_metadata(exif.to_vec()).unwrap();
    }
    encoder.encode_image(scene).unwrap();
    file
}

fn write_grey_jpeg(scene: &GrayImage) -> Vec<u8> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, 80).encode_image(scene).unwrap();
    file
}

/// An even grey JPEG of any size. Each block is two bits, both zero: no change of its mean, and nothing else.
pub(crate) fn write_flat_jpeg(width: u16, height: u16, components: u8) -> Vec<u8> {
    let [w1, w0] = width.to_be_bytes();
    let [h1, h0] = height.to_be_bytes();
    let mut file = b"\xFF\xD8\xFF\xDB\0\x43\0".to_vec();
    file.extend([16; 64]);
    file.extend([0xFF, 0xC0, 0, 8 + 3 * components, 8, h1, h0, w1, w0, components]);
    (1..=components).for_each(|number| file.extend([number, 0x11, 0]));
    // Two tables, of means and of the rest, each with one code of one bit for «nothing».
    for class in [0x00, 0x10] {
        file.extend([0xFF, 0xC4, 0, 20, class, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
    file.extend([0xFF, 0xDA, 0, 6 + 2 * components, components]);
    (1..=components).for_each(|number| file.extend([number, 0x00]));
    file.extend([0, 63, 0]);
    let blocks = usize::from(width).div_ceil(8) * usize::from(height).div_ceil(8);
    let bits = blocks * usize::from(components) * 2;
    file.extend(std::iter::repeat_n(0, bits.div_ceil(8)));
    file.extend([0xFF, 0xD9]);
    file
}

pub(crate) fn write_png(scene: &DynamicImage, exif: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = PngEncoder::new(&mut file);
    if !exif.is_empty() {
        encoder.set_exif_metadata(exif.to_vec()).unwrap();
    }
    let (width, height, colour) = (scene.width(), scene.height(), scene.color());
    encoder.write_image(scene.as_bytes(), width, height, ExtendedColorType::from(colour)).unwrap();
    file
}

fn write_palette_png() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(Cursor::new(&mut file), 16, 8);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Four);
    encoder.set_palette(vec![200, 0, 0, 0, 0, 200, 0, 200, 0]);
    encoder.set_trns(vec![255, 255, 0]);
    let rows = (0..8 * 8).map(|index| [0x00, 0x11, 0x22][index % 8 / 3]).collect::<Vec<u8>>();
    encoder.write_header().unwrap().write_image_data(&rows).unwrap();
    file
}

/// Eight by eight greys, each pixel sixteen times its column, in the order of Adam7.
fn write_interlaced_png() -> Vec<u8> {
    let passes = [
        (0, 8, 0, 8),
        (4, 8, 0, 8),
        (0, 4, 4, 8),
        (2, 4, 0, 4),
        (0, 2, 2, 4),
        (1, 2, 0, 2),
        (0, 1, 1, 2),
    ];
    let mut raw = Vec::new();
    for (left, step, top, down) in passes {
        for _row in (top..8).step_by(down) {
            raw.push(0);
            raw.extend((left..8_u8).step_by(step).map(|x| x * 16));
        }
    }
    build_png(8, 8, [8, 0, 0, 0, 1], &raw)
}

fn write_animated_png() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(Cursor::new(&mut file), 16, 16);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_animated(2, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[0, 200, 0].repeat(256)).unwrap();
    writer.write_image_data(&[200, 0, 0].repeat(256)).unwrap();
    writer.finish().unwrap();
    file
}

fn write_webp(scene: &RgbImage, exif: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut file);
    encoder.set_exif_metadata(exif.to_vec()).unwrap();
    encoder.write_image(scene, scene.width(), scene.height(), ExtendedColorType::Rgb8).unwrap();
    file
}

fn write_animated_webp() -> Vec<u8> {
    let config = webp::WebPConfig::new().unwrap();
    let mut encoder = webp::AnimEncoder::new(32, 32, &config);
    let (green, red) = ([0, 200, 0].repeat(1024), [200, 0, 0].repeat(1024));
    encoder.add_frame(webp::AnimFrame::from_rgb(&green, 32, 32, 0));
    encoder.add_frame(webp::AnimFrame::from_rgb(&red, 32, 32, 500));
    encoder.encode().to_vec()
}

/// A PNG file by hand: `kind` is depth, colour type, compression, filter, interlacing; the data is only stored.
pub(crate) fn build_png(width: u32, height: u32, kind: [u8; 5], raw: &[u8]) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &kind].concat();
    let length = (raw.len() as u16).to_le_bytes();
    let mut data = vec![0x78, 0x01, 0x01, length[0], length[1], !length[0], !length[1]];
    data.extend(raw);
    let (a, b) = raw.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65521;
        (a, (a + b) % 65521)
    });
    data.extend(((b << 16) | a).to_be_bytes());
    let mut file = b"\x89PNG\r\n\x1A\n".to_vec();
    for (name, content) in [(b"IHDR", header), (b"IDAT", data), (b"IEND", Vec::new())] {
        file.extend((content.len() as u32).to_be_bytes());
        file.extend(name);
        file.extend(content);
        file.extend([0; 4]);
    }
    mend_checksums(&mut file);
    file
}

/// Writes the right checksum behind each chunk of a PNG file, as far as its lengths make sense.
pub(crate) fn mend_checksums(file: &mut [u8]) {
    let mut at = 8;
    while let Some(length) = file.get(at..at + 4) {
        let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
        let Some(content) = file.get(at + 4..(at + 8).saturating_add(length)) else { return };
        let crc = content.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
        });
        let end = at + 8 + length;
        let Some(place) = file.get_mut(end..end + 4) else { return };
        place.copy_from_slice(&(!crc).to_be_bytes());
        at = end + 4;
    }
}
