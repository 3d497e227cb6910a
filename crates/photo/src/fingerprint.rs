//! A photo in numbers: one by which nearly the same photo is found, and many that a classifier weighs.

use crate::picture::Picture;
use crate::{Refusal, descriptor, hash};

/// A photo in numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Fingerprint {
    /// What tells photos apart; hashes at most [`crate::NEARLY_SAME`] bits apart show nearly the same. None for a photo
    /// with too little in it to be told from others, such as one of a blank wall.
    pub hash: Option<u64>,
    /// What the photo looks like, [`crate::DESCRIPTOR_LENGTH`] numbers from 0 to 1: colours, lines, and their places.
    pub descriptor: Vec<f32>,
}

impl Fingerprint {
    /// # Errors  [`Refusal::Damaged`] if the picture cannot be resized.
    pub(crate) fn of(picture: &Picture) -> Result<Fingerprint, Refusal> {
        let hash = hash::hash(&picture.average(hash::WIDTH, hash::HEIGHT)?);
        let small = picture.average(descriptor::SIDE, descriptor::SIDE)?;
        Ok(Fingerprint { hash, descriptor: descriptor::describe(&small) })
    }
}

/// How light a pixel is, 0 to 255.
pub(crate) fn measure_lightness([red, green, blue]: [u8; 3]) -> f32 {
    0.299 * f32::from(red) + 0.587 * f32::from(green) + 0.114 * f32::from(blue)
}
