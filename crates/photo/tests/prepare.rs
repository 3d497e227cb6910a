//! What becomes of a file: which are taken, what is left of them, and which are refused for what.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod samples;

use std::time::{Duration, Instant};

use image::{DynamicImage, RgbImage};
use photo::{MAX_BYTES, MAX_PIXELS, Prepared, Refusal, Version, prepare};

/// Microseconds are enough to read a header; the rest is for a busy machine.
const PATIENCE: Duration = Duration::from_millis(500);

/// The bytes of a sample.
fn sample(name: &str) -> Vec<u8> {
    samples::all().into_iter().find(|(kind, _)| *kind == name).unwrap().1
}

fn show(version: &Version) -> RgbImage {
    let picture = image::load_from_memory(&version.webp).unwrap().into_rgb8();
    assert_eq!(picture.dimensions(), (version.width, version.height));
    picture
}

fn is_near(picture: &RgbImage, x: u32, y: u32, colour: [u8; 3]) -> bool {
    let pixel = picture.get_pixel(x, y).0;
    let is_near = pixel.iter().zip(colour).all(|(part, wanted)| part.abs_diff(wanted) < 24);
    if !is_near {
        println!("{pixel:?} at {x}, {y} instead of {colour:?}");
    }
    is_near
}

/// The names of the chunks of a WebP file.
fn list_chunks(webp: &[u8]) -> Vec<String> {
    let mut rest = &webp[12..];
    let mut names = Vec::new();
    while rest.len() >= 8 {
        names.push(String::from_utf8_lossy(&rest[..4]).into_owned());
        let length = u32::from_le_bytes(rest[4..8].try_into().unwrap()) as usize;
        rest = rest.get(8 + length.next_multiple_of(2)..).unwrap_or_default();
    }
    names
}

fn is_damaged(answer: &Result<Prepared, Refusal>) -> bool {
    matches!(answer, Err(Refusal::Damaged(_)))
}

#[test]
fn every_kind_of_photo_is_taken() {
    for (name, bytes) in samples::all() {
        let prepared = prepare(&bytes).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
        for version in [&prepared.display, &prepared.thumbnail] {
            show(version);
            assert_eq!(list_chunks(&version.webp), ["VP8 "], "{name}");
        }
        let descriptor = prepared.fingerprint.descriptor;
        assert_eq!(descriptor.len(), photo::DESCRIPTOR_LENGTH, "{name}");
        assert!(descriptor.iter().all(|number| (0.0..=1.0).contains(number)), "{name}");
    }
}

#[test]
fn the_same_scene_looks_the_same_in_every_kind() {
    let scene = samples::draw_scene(1, 64, 48);
    let names = ["JPEG", "PNG", "16-bit PNG", "WebP", "lossless WebP"];
    for name in names {
        let picture = show(&prepare(&sample(name)).unwrap().display);
        let differences = picture.iter().zip(scene.iter()).map(|(a, b)| f64::from(a.abs_diff(*b)));
        let mean = differences.sum::<f64>() / scene.len() as f64;
        assert!(mean < 8.0, "{name}: {mean}");
    }
}

#[test]
fn other_files_are_refused_whatever_their_name() {
    assert_eq!(prepare(b""), Err(Refusal::Empty));
    assert_eq!(prepare(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), Err(Refusal::Heic));
    let others: [&[u8]; 4] = [
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"%PDF-1.7",
    ];
    for other in others {
        assert_eq!(prepare(other), Err(Refusal::NotAPhoto));
    }
    assert_eq!(prepare(&vec![0xFF; MAX_BYTES + 1]), Err(Refusal::TooManyBytes));
}

#[test]
fn bombs_are_refused_at_once() {
    let side = 100_000;
    let png = samples::build_png(side, side, [8, 2, 0, 0, 0], &[0; 100]);
    let jpeg = samples::write_flat_jpeg(16, 16, 3);
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    let mut jpeg = jpeg;
    jpeg[frame + 5..frame + 9].fill(0xFF);
    let mut webp = sample("WebP with opacity");
    webp[24..30].fill(0xFF);
    let mut interlaced = sample("interlaced PNG");
    interlaced[16..24].copy_from_slice(&[0, 0, 0x17, 0x70, 0, 0, 0x17, 0x70]);
    samples::mend_checksums(&mut interlaced);
    // A progressive file with all of its colours: three numbers a pixel, of which 100 million are the most.
    let mut progressive = sample("progressive JPEG");
    let frame = progressive.windows(2).position(|pair| pair == [0xFF, 0xC2]).unwrap();
    progressive[frame + 5..frame + 9].copy_from_slice(&[0x17, 0x70, 0x17, 0x70]);
    for component in [11, 14, 17] {
        progressive[frame + component] = 0x11;
    }
    for (bytes, side, most) in [
        (png, side, MAX_PIXELS),
        (jpeg, 65_535, MAX_PIXELS),
        (webp, 1 << 24, 25_000_000),
        (interlaced, 6000, 25_000_000),
        (progressive, 6000, 33_333_333),
    ] {
        let begin = Instant::now();
        let refusal = Refusal::TooManyPixels { width: side, height: side, most };
        assert_eq!(prepare(&bytes), Err(refusal));
        assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());
    }
}

#[test]
fn a_file_without_its_end_is_damaged() {
    for (name, bytes) in samples::all() {
        let step = (bytes.len() / 20).max(1);
        let lengths = (16..bytes.len()).step_by(step).chain([bytes.len() / 2, bytes.len() - 2]);
        for length in lengths {
            let answer = prepare(&bytes[..length]);
            assert!(is_damaged(&answer), "{name}, {length} of {}: {answer:?}", bytes.len());
        }
    }
}

#[test]
fn a_jpeg_with_fewer_pixels_than_its_header_says_is_damaged() {
    let jpegs = ["JPEG", "grey JPEG", "large JPEG", "progressive JPEG", "CMYK JPEG", "flat JPEG"];
    for name in jpegs {
        let mut bytes = sample(name);
        let frame = bytes.windows(2).position(|pair| matches!(pair, [0xFF, 0xC0 | 0xC2])).unwrap();
        let height = u16::from_be_bytes([bytes[frame + 5], bytes[frame + 6]]) + 16;
        bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
        let answer = prepare(&bytes);
        assert!(is_damaged(&answer), "{name}: {answer:?}");
    }
}

#[test]
fn a_jpeg_cut_in_its_pixels_and_closed_again_is_damaged() {
    for name in ["JPEG", "grey JPEG", "large JPEG", "JPEG with restarts"] {
        let bytes = sample(name);
        let closed = [&bytes[..bytes.len() - bytes.len() / 5], &[0xFF, 0xD9]].concat();
        let answer = prepare(&closed);
        assert!(is_damaged(&answer), "{name}: {answer:?}");
    }
}

#[test]
fn a_png_or_webp_whose_header_lies_is_damaged() {
    let mut png = sample("PNG");
    png[20..24].copy_from_slice(&100_u32.to_be_bytes());
    samples::mend_checksums(&mut png);
    let mut webp = sample("WebP with opacity");
    webp[24] += 1;
    for answer in [prepare(&png), prepare(&webp)] {
        assert!(is_damaged(&answer), "{answer:?}");
    }
}

#[test]
fn of_two_files_in_one_only_the_pixels_of_the_first_remain() {
    let tails: [&[u8]; 3] =
        [b"PK\x03\x04archive", b"<script>alert(1)</script>", b"<?php system($_GET[0]);"];
    for name in ["JPEG", "PNG", "WebP"] {
        let alone = prepare(&sample(name)).unwrap();
        for tail in tails {
            assert_eq!(prepare(&[&sample(name), tail].concat()).as_ref(), Ok(&alone), "{name}");
        }
    }
    let jpeg = sample("JPEG");
    let comment = [&jpeg[..2], b"\xFF\xFE\0\x1B<script>alert(1)</script>", &jpeg[2..]].concat();
    assert_eq!(prepare(&comment), prepare(&jpeg));
}

#[test]
fn metadata_vanishes() {
    let exif = samples::write_exif(1);
    let scene = samples::draw_scene(3, 80, 60);
    let jpeg = samples::write_jpeg(&scene, 90, &exif);
    let profile = [b"\xFF\xE2\0\x1AICC_PROFILE\0\x01\x01".as_slice(), &[7; 10]].concat();
    let xmp = b"\xFF\xE1\0\x27http://ns.adobe.com/xap/1.0/\0<x:xmp/>";
    let jpeg = [&jpeg[..2], xmp, &profile, &jpeg[2..]].concat();
    let png = samples::write_png(&scene.into(), &exif);
    for bytes in [jpeg, png, sample("WebP with EXIF")] {
        assert!(bytes.windows(3).any(|word| word == b"GPS"));
        let Prepared { display, thumbnail, .. } = prepare(&bytes).unwrap();
        for version in [display, thumbnail] {
            assert_eq!(list_chunks(&version.webp), ["VP8 "]);
            for word in [&b"GPS"[..], b"Exif", b"EXIF", b"ICC", b"xap/1.0", b"MM\0\x2A", b"XMP "] {
                assert!(!version.webp.windows(word.len()).any(|part| part == word));
            }
        }
    }
}

#[test]
fn a_photo_is_turned_as_it_was_held() {
    const RED: [u8; 3] = [220, 20, 20];
    const GREEN: [u8; 3] = [20, 200, 20];
    const BLUE: [u8; 3] = [20, 20, 220];
    const WHITE: [u8; 3] = [240, 240, 240];
    // Top left, top right, bottom left, bottom right; the orientations are the EXIF standard's 1 to 8.
    let corners = [
        [RED, GREEN, BLUE, WHITE],
        [GREEN, RED, WHITE, BLUE],
        [WHITE, BLUE, GREEN, RED],
        [BLUE, WHITE, RED, GREEN],
        [RED, BLUE, GREEN, WHITE],
        [BLUE, RED, WHITE, GREEN],
        [WHITE, GREEN, BLUE, RED],
        [GREEN, WHITE, RED, BLUE],
    ];
    let upright =
        RgbImage::from_fn(64, 32, |x, y| image::Rgb(corners[0][(x / 32 + y / 16 * 2) as usize]));
    for (orientation, wanted) in (1..=8).zip(corners) {
        let exif = samples::write_exif(orientation);
        let mut webp = sample("WebP with EXIF");
        let place = webp.windows(4).position(|word| word == b"\x01\x12\0\x03").unwrap();
        webp[place + 9] = orientation;
        let size = if orientation < 5 { (64, 48) } else { (48, 64) };
        assert_eq!(show(&prepare(&webp).unwrap().display).dimensions(), size);

        let jpeg = samples::write_jpeg(&upright, 95, &exif);
        let png = samples::write_png(&DynamicImage::from(upright.clone()), &exif);
        for bytes in [jpeg, png] {
            let picture = show(&prepare(&bytes).unwrap().display);
            let (width, height) = if orientation < 5 { (64, 32) } else { (32, 64) };
            assert_eq!(picture.dimensions(), (width, height));
            let places = [(4, 4), (width - 5, 4), (4, height - 5), (width - 5, height - 5)];
            for ((x, y), colour) in places.into_iter().zip(wanted) {
                assert!(is_near(&picture, x, y, colour), "orientation {orientation}");
            }
        }
    }
}

#[test]
fn cmyk_becomes_the_colours_it_was_made_from() {
    let picture = show(&prepare(&sample("CMYK JPEG")).unwrap().display);
    assert!(is_near(&picture, 6, 8, [220, 30, 30]));
    assert!(is_near(&picture, 26, 8, [30, 60, 200]));
}

#[test]
fn transparency_is_laid_over_white() {
    for name in ["PNG with opacity", "WebP with opacity"] {
        let picture = show(&prepare(&sample(name)).unwrap().display);
        assert!(is_near(&picture, 0, 24, [255; 3]), "{name}");
    }
    let palette = show(&prepare(&sample("palette PNG")).unwrap().display);
    assert!(is_near(&palette, 15, 4, [255; 3]));
    assert!(is_near(&palette, 1, 4, [200, 0, 0]));
}

#[test]
fn an_animation_is_its_first_frame() {
    for name in ["animated PNG", "animated WebP"] {
        let picture = show(&prepare(&sample(name)).unwrap().display);
        assert!(is_near(&picture, 8, 8, [0, 200, 0]), "{name}");
    }
}

#[test]
fn an_interlaced_png_keeps_its_order() {
    let picture = show(&prepare(&sample("interlaced PNG")).unwrap().display);
    assert!(is_near(&picture, 0, 3, [0; 3]) && is_near(&picture, 7, 3, [112; 3]));
}

#[test]
fn photos_are_shrunk_to_both_sizes_and_never_enlarged() {
    let size = |version: &Version| (version.width, version.height);
    let large = prepare(&samples::write_flat_jpeg(4000, 3000, 1)).unwrap();
    assert_eq!((size(&large.display), size(&large.thumbnail)), ((1600, 1200), (320, 240)));
    let tall = prepare(&samples::write_flat_jpeg(300, 3000, 3)).unwrap();
    assert_eq!((size(&tall.display), size(&tall.thumbnail)), ((160, 1600), (32, 320)));
    let thin = prepare(&samples::write_flat_jpeg(60_000, 1, 3)).unwrap();
    assert_eq!((size(&thin.display), size(&thin.thumbnail)), ((1600, 1), (320, 1)));
    let scene = DynamicImage::from(samples::draw_scene(4, 4000, 40));
    let png = prepare(&samples::write_png(&scene, &[])).unwrap();
    assert_eq!((size(&png.display), size(&png.thumbnail)), ((1600, 16), (320, 3)));
    let small = prepare(&sample("JPEG")).unwrap();
    assert_eq!((size(&small.display), size(&small.thumbnail)), ((64, 48), (64, 48)));
}

#[test]
fn fifty_million_pixels_are_taken_and_no_more() {
    let taken = prepare(&samples::write_flat_jpeg(8_165, 6_123, 3)).unwrap();
    assert_eq!((taken.display.width, taken.display.height), (1600, 1200));
    let refused = prepare(&samples::write_flat_jpeg(8_165, 6_124, 3));
    let refusal = Refusal::TooManyPixels { width: 8_165, height: 6_124, most: MAX_PIXELS };
    assert_eq!(refused, Err(refusal));
}

#[test]
fn a_side_may_be_too_long_with_few_pixels() {
    let ribbon = samples::build_png(65_536, 1, [8, 2, 0, 0, 0], &[0; 100]);
    let refusal = Refusal::TooLong { width: 65_536, height: 1, most: 65_535 };
    assert_eq!(prepare(&ribbon), Err(refusal));
}
