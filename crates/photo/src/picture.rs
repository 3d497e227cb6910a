//! Pixels in memory: shrunk, turned, and written as WebP.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};

use crate::Refusal;

/// How hard libwebp tries, from 0 to 6; more takes longer and makes files a few per cent smaller.
const WEBP_METHOD: i32 = 3;

/// Pixels, three bytes each: red, green, blue. Never without any.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl Picture {
    /// # Errors  [`Refusal::Damaged`] if there are not as many pixels as the sides say.
    pub(crate) fn new(width: u32, height: u32, rgb: Vec<u8>) -> Result<Picture, Refusal> {
        let expected = u64::from(width) * u64::from(height) * 3;
        if expected == 0 || u64::try_from(rgb.len()) != Ok(expected) {
            return Err(Refusal::damaged("it has fewer or more pixels than it says"));
        }
        Ok(Picture { width, height, rgb })
    }

    pub(crate) fn width(&self) -> u32 {
        self.width
    }

    pub(crate) fn height(&self) -> u32 {
        self.height
    }

    pub(crate) fn pixels(&self) -> impl Iterator<Item = [u8; 3]> {
        self.rgb.as_chunks::<3>().0.iter().copied()
    }

    /// The picture with its longest side shrunk to `side`; it is never enlarged.
    ///
    /// # Errors  [`Refusal::Damaged`] if it cannot be resized.
    pub(crate) fn fit(&self, side: u32) -> Result<Picture, Refusal> {
        let longest = self.width.max(self.height);
        if longest <= side {
            return Ok(self.clone());
        }
        self.resize(
            scale_side(self.width, side, longest),
            scale_side(self.height, side, longest),
            FilterType::Lanczos3,
        )
    }

    /// The picture in exactly this size, each pixel the mean of what it stands for.
    ///
    /// # Errors  [`Refusal::Damaged`] if it cannot be resized.
    pub(crate) fn average(&self, width: u32, height: u32) -> Result<Picture, Refusal> {
        self.resize(width, height, FilterType::Box)
    }

    fn resize(&self, width: u32, height: u32, filter: FilterType) -> Result<Picture, Refusal> {
        let source = ImageRef::new(self.width, self.height, &self.rgb, PixelType::U8x3)
            .map_err(Refusal::damaged)?;
        let mut target = Image::new(width, height, PixelType::U8x3);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
        Resizer::new().resize(&source, &mut target, &options).map_err(Refusal::damaged)?;
        Picture::new(width, height, target.into_vec())
    }

    /// The picture as it was meant to be held.
    ///
    /// # Errors  None in truth: the pixels are as many as before.
    pub(crate) fn turn(self, orientation: Orientation) -> Result<Picture, Refusal> {
        if orientation == Orientation::NoTransforms {
            return Ok(self);
        }
        let rgb = RgbImage::from_raw(self.width, self.height, self.rgb)
            .ok_or_else(|| Refusal::damaged("it cannot be turned"))?;
        let mut turned = DynamicImage::ImageRgb8(rgb);
        turned.apply_orientation(orientation);
        Picture::new(turned.width(), turned.height(), turned.into_rgb8().into_raw())
    }

    /// The picture as a lossy WebP file that holds nothing but its pixels.
    ///
    /// # Errors  [`Refusal::Damaged`] if libwebp cannot, which means that memory ran out.
    pub(crate) fn encode(&self, quality: f32) -> Result<Vec<u8>, Refusal> {
        let cannot = || Refusal::damaged("it cannot be written as WebP");
        let mut config = webp::WebPConfig::new().map_err(|()| cannot())?;
        config.quality = quality;
        config.method = WEBP_METHOD;
        let encoder = webp::Encoder::from_rgb(&self.rgb, self.width, self.height);
        Ok(encoder.encode_advanced(&config).map_err(|_code| cannot())?.to_vec())
    }
}

/// `length × side / longest`, rounded, at least 1.
fn scale_side(length: u32, side: u32, longest: u32) -> u32 {
    let scaled =
        (u64::from(length) * u64::from(side) * 2 + u64::from(longest)) / (u64::from(longest) * 2);
    u32::try_from(scaled).unwrap_or(side).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_side_is_shrunk_and_none_enlarged() {
        let sizes =
            [(400, 300), (300, 400), (100, 100), (7, 3), (1000, 1)].map(|(width, height)| {
                let rgb = vec![90; (width * height * 3) as usize];
                let small = Picture::new(width, height, rgb).unwrap().fit(100).unwrap();
                (small.width(), small.height())
            });
        assert_eq!(sizes, [(100, 75), (75, 100), (100, 100), (7, 3), (100, 1)]);
    }

    #[test]
    fn a_picture_has_as_many_pixels_as_its_sides_say() {
        assert!(Picture::new(2, 2, vec![0; 11]).is_err());
        assert!(Picture::new(0, 2, vec![]).is_err());
        assert!(Picture::new(2, 2, vec![0; 12]).is_ok());
    }
}
