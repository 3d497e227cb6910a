//! Whether the same photo is known again, and others are not taken for it.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod samples;

use image::imageops::{FilterType, resize};
use image::{DynamicImage, RgbImage};
use photo::{Fingerprint, NEARLY_SAME, bands, prepare, probes};

fn read_fingerprint(bytes: &[u8]) -> Fingerprint {
    prepare(bytes).unwrap().fingerprint
}

/// How many bits differ.
fn hamming(a: u64, b: u64) -> u32 {
    (a ^ b).count_ones()
}

fn hash_of(bytes: &[u8]) -> u64 {
    read_fingerprint(bytes).hash.unwrap()
}

#[test]
fn a_photo_written_anew_is_nearly_the_same() {
    for number in 0..12 {
        let scene = samples::draw_scene(number, 480, 360);
        let original = hash_of(&samples::write_jpeg(&scene, 92, &[]));
        let half = resize(&scene, 240, 180, FilterType::Triangle);
        let odd = resize(&scene, 333, 250, FilterType::CatmullRom);
        let again = [
            samples::write_jpeg(&scene, 30, &[]),
            samples::write_jpeg(&half, 60, &[]),
            samples::write_jpeg(&odd, 80, &[]),
            samples::write_png(&DynamicImage::from(half.clone()), &[]),
            webp::Encoder::from_rgb(&odd, 333, 250).encode(50.0).to_vec(),
        ];
        for (way, bytes) in again.iter().enumerate() {
            let hash = hash_of(bytes);
            let distance = hamming(original, hash);
            assert!(distance <= NEARLY_SAME, "scene {number}, way {way}: {distance}");
            assert!(bands(hash).iter().any(|band| probes(original).contains(band)));
        }
    }
}

#[test]
fn different_photos_are_farther_apart() {
    let hashes: Vec<u64> = (0..24)
        .map(|number| {
            hash_of(&samples::write_jpeg(&samples::draw_scene(number, 240, 180), 85, &[]))
        })
        .collect();
    for (index, hash) in hashes.iter().enumerate() {
        for other in &hashes[..index] {
            assert!(hamming(*hash, *other) > NEARLY_SAME, "{hash:016x} {other:016x}");
        }
    }
}

#[test]
fn a_photo_with_nothing_on_it_has_no_hash() {
    let even = RgbImage::from_pixel(200, 150, image::Rgb([180, 175, 160]));
    // A wall with a little noise.
    let wall =
        RgbImage::from_fn(200, 150, |x, y| image::Rgb([178 + ((x * 7 + y * 13) % 5) as u8; 3]));
    // Lighter towards the right everywhere, as many walls beside a window are.
    let shaded = RgbImage::from_fn(200, 150, |x, _| image::Rgb([40 + x as u8; 3]));
    for picture in [even, wall, shaded] {
        assert_eq!(read_fingerprint(&samples::write_jpeg(&picture, 85, &[])).hash, None);
    }
}

#[test]
fn a_photo_held_otherwise_is_the_same() {
    let scene = samples::draw_scene(5, 240, 180);
    let turned = image::imageops::rotate270(&scene);
    let upright = hash_of(&samples::write_jpeg(&scene, 90, &[]));
    // Stored on its side with the order to turn it by a quarter.
    let sideways = hash_of(&samples::write_jpeg(&turned, 90, &samples::write_exif(6)));
    assert!(hamming(upright, sideways) <= NEARLY_SAME);
}

#[test]
fn descriptions_of_one_scene_are_nearer_than_those_of_two() {
    let describe = |number, quality| {
        let scene = samples::draw_scene(number, 240, 180);
        read_fingerprint(&samples::write_jpeg(&scene, quality, &[])).descriptor
    };
    let distance =
        |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
    for number in 0..6 {
        let (fine, coarse) = (describe(number, 90), describe(number, 40));
        let other = describe(number + 1, 90);
        assert!(distance(&fine, &coarse) * 4.0 < distance(&fine, &other), "scene {number}");
    }
}

#[test]
fn every_sample_is_described() {
    for (name, bytes) in samples::all() {
        let descriptor = read_fingerprint(&bytes).descriptor;
        assert_eq!(descriptor.len(), photo::DESCRIPTOR_LENGTH, "{name}");
        assert!(descriptor.iter().all(|number| number.is_finite()), "{name}");
    }
}
