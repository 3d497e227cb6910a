//! Broken files of every kind: each is answered in time, and none brings the program down.
//!
//! `CAMPUSDESK_FUZZ_SECONDS` says how long to go on (10), `CAMPUSDESK_FUZZ_SEED` repeats a run.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod samples;

use std::panic;
use std::time::{Duration, Instant};

use photo::{Refusal, prepare};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Within this a file must be answered, however slow the machine and the build.
const PATIENCE: Duration = Duration::from_secs(2);

const DEFAULT_SECONDS: u64 = 10;
const DEFAULT_SEED: u64 = 20_260_101;

#[derive(Debug, Default)]
struct Counts {
    accepted: usize,
    damaged: usize,
    too_large: usize,
    others: usize,
    slowest: Duration,
}

#[test]
fn no_broken_file_brings_the_program_down_or_holds_it_up() {
    let seconds = read_number("CAMPUSDESK_FUZZ_SECONDS").unwrap_or(DEFAULT_SECONDS);
    let seed = read_number("CAMPUSDESK_FUZZ_SEED").unwrap_or(DEFAULT_SEED);
    println!("CAMPUSDESK_FUZZ_SEED={seed}, {seconds} s");
    let samples: Vec<Vec<u8>> = samples::all().into_iter().map(|(_, bytes)| bytes).collect();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut counts = Counts::default();
    let end = Instant::now() + Duration::from_secs(seconds);
    while Instant::now() < end {
        let input = mutate(&mut random, &samples);
        count(&mut counts, &input);
    }
    println!("{counts:?}");
    assert!(counts.accepted > 0 && counts.damaged > 0, "the mutations are of no use");
}

fn count(counts: &mut Counts, input: &[u8]) {
    let begin = Instant::now();
    let answer = panic::catch_unwind(|| prepare(input));
    let taken = begin.elapsed();
    let fine = answer.is_ok() && taken < PATIENCE;
    if !fine {
        let path = std::env::temp_dir().join("campusdesk-fuzz.bin");
        std::fs::write(&path, input).unwrap();
        panic!("{} bytes in {} took {taken:?} or panicked", input.len(), path.display());
    }
    counts.slowest = counts.slowest.max(taken);
    match answer.unwrap() {
        Ok(prepared) => {
            assert!(prepared.display.width.max(prepared.display.height) <= photo::DISPLAY_SIDE);
            assert!(prepared.fingerprint.descriptor.iter().all(|number| number.is_finite()));
            counts.accepted += 1;
        }
        Err(Refusal::Damaged(_)) => counts.damaged += 1,
        Err(Refusal::TooManyPixels { width, height, most }) => {
            assert!(u64::from(width) * u64::from(height) > most, "{width} × {height}, {most}");
            counts.too_large += 1;
        }
        Err(Refusal::TooLong { .. }) => counts.too_large += 1,
        Err(_) => counts.others += 1,
    }
}

fn mutate(random: &mut ChaCha8Rng, samples: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = samples.choose(random).unwrap().clone();
    for _ in 0..random.random_range(1..=4) {
        change(random, &mut bytes, samples);
        if bytes.is_empty() {
            return bytes;
        }
    }
    // Without this, hardly any change of a PNG would get beyond its checksums.
    if bytes.starts_with(b"\x89PNG") && random.random_bool(0.8) {
        samples::mend_checksums(&mut bytes);
    }
    bytes
}

fn change(random: &mut ChaCha8Rng, bytes: &mut Vec<u8>, samples: &[Vec<u8>]) {
    let at = random.random_range(0..bytes.len());
    // Headers stand in front, and are where lies do most.
    let early = random.random_range(0..bytes.len().min(700));
    match random.random_range(0..9) {
        0 => bytes[at] ^= 1 << random.random_range(0..8),
        1 => bytes[early] = random.random(),
        2 => bytes[early] = *[0x00, 0x01, 0x7F, 0x80, 0xFF].choose(random).unwrap(),
        3 => bytes.truncate(at),
        4 => {
            let end = (at + random.random_range(1..40)).min(bytes.len());
            bytes.drain(at..end);
        }
        5 => {
            let other = samples.choose(random).unwrap();
            let from = random.random_range(0..other.len());
            let to = (from + random.random_range(1..200)).min(other.len());
            bytes.splice(at..at, other[from..to].iter().copied());
        }
        6 => lie_about_length(random, bytes),
        7 => lie_about_segment(random, bytes),
        _ => {
            let noise: [u8; 8] = random.random();
            bytes.iter_mut().skip(at).zip(noise).for_each(|(byte, noise)| *byte = noise);
        }
    }
}

/// Another length in front of, or behind, the name of a chunk: PNG and WebP.
fn lie_about_length(random: &mut ChaCha8Rng, bytes: &mut [u8]) {
    let names = bytes.windows(4).enumerate();
    let places: Vec<usize> = names
        .filter(|(_, name)| name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b' '))
        .map(|(index, _)| index)
        .collect();
    let Some(name) = places.choose(random) else { return };
    let at = if bytes.starts_with(b"RIFF") { name + 4 } else { name.saturating_sub(4) };
    let length = random.random::<u32>() >> random.random_range(0..32);
    bytes.iter_mut().skip(at).zip(length.to_le_bytes()).for_each(|(byte, new)| *byte = new);
}

/// Another byte soon after a marker of JPEG: its kind, its length, or the fields of its header.
fn lie_about_segment(random: &mut ChaCha8Rng, bytes: &mut [u8]) {
    let pairs = bytes.windows(2).enumerate();
    let places: Vec<usize> = pairs
        .filter(|(_, pair)| pair[0] == 0xFF && pair[1] >= 0xC0)
        .map(|(index, _)| index)
        .collect();
    let Some(marker) = places.choose(random) else { return };
    let at = marker + random.random_range(1..16);
    if let Some(byte) = bytes.get_mut(at) {
        *byte = if random.random() { random.random() } else { byte.wrapping_add(1) };
    }
}

fn read_number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
