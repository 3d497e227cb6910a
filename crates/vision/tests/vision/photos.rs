//! Photos to be looked at.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use vision::{Photo, Prediction};

pub(crate) const RED: [u8; 3] = [220, 20, 30];
pub(crate) const BLUE: [u8; 3] = [10, 40, 230];

/// A photo of one colour, wider than high, described by nothing.
pub(crate) fn plain_photo(colour: [u8; 3]) -> Photo {
    let mut webp = Cursor::new(Vec::new());
    RgbImage::from_pixel(160, 120, Rgb(colour)).write_to(&mut webp, ImageFormat::WebP).unwrap();
    Photo { webp: webp.into_inner().into(), descriptor: Vec::new() }
}

pub(crate) fn broken_photo() -> Photo {
    Photo { webp: "RIFF or raff".into(), descriptor: Vec::new() }
}

/// Predictions in short: labels with their confidence in per cent.
pub(crate) fn in_short(predictions: &[Prediction]) -> Vec<(&str, u32)> {
    let short = |one: &Prediction| (one.confidence * 100.0).round() as u32;
    predictions.iter().map(|one| (one.label.as_str(), short(one))).collect()
}
