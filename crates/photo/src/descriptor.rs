//! What a photo looks like, in numbers that a linear classifier can weigh.
//!
//! Four blocks one after the other, each a histogram. Its parts are shares of the whole under a square root, so the
//! numbers are from 0 to 1, those of a block have the length 1 (L2), and small shares still count. A block without
//! anything to count is all zeros.
//!
//! | numbers | what |
//! |---|---|
//! | 0–19 | colours of the whole: 4 greys from dark to light, then 8 hues from red on, each dark and light |
//! | 20–55 | colours of the quarters (top left, top right, bottom left, bottom right): 3 greys, then 6 hues |
//! | 56–119 | lines: in each of 4 × 4 fields, row by row, the strength of edges in four directions (below) |
//! | 120–127 | texture: how many pixels have how strong an edge, from none to black beside white |
//!
//! The directions are those in which the lightness changes: across, towards the lower right, down, and towards the
//! lower left. So upright lines count under the first.

use crate::fingerprint::measure_lightness;
use crate::picture::Picture;

/// How many numbers describe a photo.
pub const DESCRIPTOR_LENGTH: usize = COLOURS + 4 * QUARTER + FIELDS * DIRECTIONS + TEXTURES;

/// The size that a picture is averaged to before it is looked at.
pub(crate) const SIDE: u32 = PIXELS as u32;

const PIXELS: usize = 64;
const COLOURS: usize = 4 + 8 * 2;
const QUARTER: usize = 3 + 6;
const FIELDS: usize = 16;
const DIRECTIONS: usize = 4;
const TEXTURES: usize = 8;

/// Less colourful or darker than this is a grey, whatever hue the noise gives it.
const MIN_SATURATION: f32 = 0.18;
const MIN_VALUE: f32 = 0.12;

/// Between dark and light colours.
const LIGHT: f32 = 0.55;

/// An edge weaker than this is noise.
const MIN_EDGE: f32 = 2.0;

/// Describes a picture of [`SIDE`] × [`SIDE`].
pub(crate) fn describe(picture: &Picture) -> Vec<f32> {
    let pixels: Vec<[u8; 3]> = picture.pixels().collect();
    let mut whole = [0.0; COLOURS];
    let mut quarters = [0.0; 4 * QUARTER];
    for (index, pixel) in pixels.iter().enumerate() {
        let colour = Colour::of(*pixel);
        let (x, y) = (index % PIXELS, index / PIXELS);
        let quarter = y * 2 / PIXELS * 2 + x * 2 / PIXELS;
        add(&mut whole, colour.place_in_whole(), 1.0);
        add(&mut quarters, quarter * QUARTER + colour.place_in_quarter(), 1.0);
    }
    let (lines, textures) = measure_edges(&pixels);
    let mut descriptor = Vec::with_capacity(DESCRIPTOR_LENGTH);
    for block in [&whole[..], &quarters, &lines, &textures] {
        let sum: f32 = block.iter().sum();
        descriptor
            .extend(block.iter().map(|part| if sum > 0.0 { (part / sum).sqrt() } else { 0.0 }));
    }
    descriptor
}

fn measure_edges(pixels: &[[u8; 3]]) -> ([f32; FIELDS * DIRECTIONS], [f32; TEXTURES]) {
    let mut lines = [0.0; FIELDS * DIRECTIONS];
    let mut textures = [0.0; TEXTURES];
    let lightness: Vec<f32> = pixels.iter().map(|pixel| measure_lightness(*pixel)).collect();
    let at = |x: usize, y: usize| lightness.get(y * PIXELS + x).copied().unwrap_or(0.0);
    for y in 1..PIXELS - 1 {
        for x in 1..PIXELS - 1 {
            let across = at(x + 1, y) - at(x - 1, y);
            let down = at(x, y + 1) - at(x, y - 1);
            let strength = across.hypot(down);
            // 0–2, 2–4, 4–8, and so on to 128 and more.
            add(&mut textures, floor(strength.max(1.0).log2()), 1.0);
            if strength < MIN_EDGE {
                continue;
            }
            // Half a turn, since light to dark and dark to light are the same line; shared by the two
            // nearest directions.
            let turn = down.atan2(across).rem_euclid(std::f32::consts::PI) / std::f32::consts::PI;
            let place = turn * DIRECTIONS as f32;
            let share = place.fract();
            let field = (y * 4 / PIXELS * 4 + x * 4 / PIXELS) * DIRECTIONS;
            add(&mut lines, field + floor(place) % DIRECTIONS, strength * (1.0 - share));
            add(&mut lines, field + (floor(place) + 1) % DIRECTIONS, strength * share);
        }
    }
    (lines, textures)
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Colour {
    /// From 0, black, to 1, white.
    Grey(f32),
    /// The hue from 0, red, over green and blue to 1, and how light it is.
    Hue(f32, f32),
}

impl Colour {
    fn of(pixel: [u8; 3]) -> Colour {
        let [red, green, blue] = pixel.map(|part| f32::from(part) / 255.0);
        let value = red.max(green).max(blue);
        let spread = value - red.min(green).min(blue);
        if value < MIN_VALUE || spread < MIN_SATURATION * value {
            return Colour::Grey(value);
        }
        let sixth = if value == red {
            (green - blue) / spread
        } else if value == green {
            (blue - red) / spread + 2.0
        } else {
            (red - green) / spread + 4.0
        };
        Colour::Hue(sixth.rem_euclid(6.0) / 6.0, value)
    }

    fn place_in_whole(self) -> usize {
        match self {
            Colour::Grey(value) => pick(value, 4),
            Colour::Hue(hue, value) => 4 + pick_hue(hue, 8) * 2 + usize::from(value >= LIGHT),
        }
    }

    fn place_in_quarter(self) -> usize {
        match self {
            Colour::Grey(value) => pick(value, 3),
            Colour::Hue(hue, _) => 3 + pick_hue(hue, 6),
        }
    }
}

/// Which of `count` equal parts of 0 to 1 a share is in.
fn pick(share: f32, count: usize) -> usize {
    floor(share * count as f32).min(count - 1)
}

/// The same for hues, whose parts lie around red, green and blue and not beside them.
fn pick_hue(hue: f32, count: usize) -> usize {
    floor(hue * count as f32 + 0.5) % count
}

fn floor(number: f32) -> usize {
    // Numbers here are small; the cast turns what is none into 0.
    number as usize
}

/// Adds to a part of a histogram; what is beyond its end counts in the last part.
fn add(histogram: &mut [f32], place: usize, weight: f32) {
    let last = histogram.len().saturating_sub(1);
    if let Some(part) = histogram.get_mut(place.min(last)) {
        *part += weight;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn describe_pixels(colour_at: impl Fn(usize, usize) -> [u8; 3]) -> Vec<f32> {
        let places = (0..PIXELS * PIXELS).map(|index| (index % PIXELS, index / PIXELS));
        let rgb = places.flat_map(|(x, y)| colour_at(x, y)).collect();
        describe(&Picture::new(SIDE, SIDE, rgb).unwrap())
    }

    #[test]
    fn colours_stand_where_the_table_says() {
        let red = describe_pixels(|_, _| [230, 20, 20]);
        assert_eq!(red.len(), DESCRIPTOR_LENGTH);
        assert_eq!((red[5], red[20 + 3]), (1.0, 0.5), "all of it light red, in each quarter alike");
        let white = describe_pixels(|_, _| [255; 3]);
        assert_eq!((white[3], white[20 + 2]), (1.0, 0.5));
        let dark_top_left =
            describe_pixels(|x, y| if x < 32 && y < 32 { [0; 3] } else { [255; 3] });
        assert_eq!((dark_top_left[0], dark_top_left[20]), (0.5, 0.5));
        assert_eq!(dark_top_left[20 + QUARTER], 0.0);
    }

    #[test]
    fn lines_stand_where_the_table_says() {
        let upright = describe_pixels(|x, _| if x / 4 % 2 == 0 { [0; 3] } else { [200; 3] });
        let lying = describe_pixels(|_, y| if y / 4 % 2 == 0 { [0; 3] } else { [200; 3] });
        let strongest = |descriptor: &[f32]| {
            let mut sums = [0.0_f32; DIRECTIONS];
            for field in descriptor[56..120].chunks(DIRECTIONS) {
                sums.iter_mut().zip(field).for_each(|(sum, part)| *sum += part);
            }
            (0..DIRECTIONS).max_by(|a, b| sums[*a].total_cmp(&sums[*b])).unwrap()
        };
        assert_eq!((strongest(&upright), strongest(&lying)), (0, 2));
        let slanting = describe_pixels(|x, y| if (x + y) / 4 % 2 == 0 { [0; 3] } else { [200; 3] });
        assert_eq!(strongest(&slanting), 1);
    }

    #[test]
    fn an_even_picture_has_no_lines() {
        let even = describe_pixels(|_, _| [90, 90, 90]);
        assert!(even[56..120].iter().all(|part| *part == 0.0));
        assert_eq!(even[120], 1.0);
    }
}
