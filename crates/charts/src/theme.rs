//! Colours and type. Each colour has at least 4.5:1 against the page it is drawn on, since it also colours words.

use plotters::style::{
    Color, FontDesc, FontFamily, FontStyle, RGBColor, TextStyle, text_anchor::Pos,
};

/// Which page the chart stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Ink on warm white.
    #[default]
    Light,
    /// Light on near-black.
    Dark,
}

/// Sizes of the words in a chart, in pixels.
pub(crate) const TEXT_SIZE: f64 = 12.0;

impl Theme {
    /// What the chart stands on, as CSS and SVG write it: `--surface` of the page.
    #[must_use]
    pub const fn ground(self) -> &'static str {
        match self {
            Self::Light => "#ffffff",
            Self::Dark => "#1e2221",
        }
    }

    /// Values and names.
    pub(crate) const fn ink(self) -> RGBColor {
        match self {
            Self::Light => RGBColor(0x1f, 0x24, 0x21),
            Self::Dark => RGBColor(0xec, 0xe9, 0xe2),
        }
    }

    /// Axis labels.
    pub(crate) const fn muted(self) -> RGBColor {
        match self {
            Self::Light => RGBColor(0x5a, 0x62, 0x5d),
            Self::Dark => RGBColor(0xa8, 0xaf, 0xa9),
        }
    }

    /// Grid lines.
    pub(crate) const fn grid(self) -> RGBColor {
        match self {
            Self::Light => RGBColor(0xe4, 0xdf, 0xd5),
            Self::Dark => RGBColor(0x38, 0x3d, 0x3a),
        }
    }

    /// The colour of a series: the same key has the same colour in every chart.
    pub(crate) fn series(self, key: &str, index: usize) -> RGBColor {
        let place = match key {
            "mean" | "total" | "all" => 0,
            "open" | "p90" => 1,
            "active" | "median" | "it" => 2,
            "closed" | "services" => 3,
            "facility" => 4,
            _ => index % 6,
        };
        let light = [
            RGBColor(0x0d, 0x5c, 0x5c),
            RGBColor(0x96, 0x55, 0x00),
            RGBColor(0x1d, 0x5f, 0xa8),
            RGBColor(0x2a, 0x6f, 0x40),
            RGBColor(0x7a, 0x3e, 0x92),
            RGBColor(0xae, 0x36, 0x2c),
        ];
        let dark = [
            RGBColor(0x5c, 0xc9, 0xc3),
            RGBColor(0xf0, 0xb3, 0x5a),
            RGBColor(0x7d, 0xb5, 0xf0),
            RGBColor(0x7c, 0xcf, 0x94),
            RGBColor(0xcf, 0xa0, 0xe6),
            RGBColor(0xf2, 0x93, 0x8a),
        ];
        match self {
            Self::Light => light[place],
            Self::Dark => dark[place],
        }
    }
}

/// A style for words of [`TEXT_SIZE`], anchored at `pos`.
pub(crate) fn text_style(color: RGBColor, pos: Pos, bold: bool) -> TextStyle<'static> {
    let weight = if bold { FontStyle::Bold } else { FontStyle::Normal };
    TextStyle {
        // The SVG surface divides sizes by 1.24.
        font: FontDesc::new(FontFamily::Name("system-ui, sans-serif"), TEXT_SIZE * 1.24, weight),
        color: color.to_backend_color(),
        pos,
    }
}

/// How wide a text will be, in pixels: an estimate on the wide side of what common fonts need.
pub(crate) fn text_width(text: &str) -> i32 {
    let ems: f64 = text
        .chars()
        .map(|letter| match letter {
            'i' | 'j' | 'l' | '.' | ',' | ':' | '\'' | '|' | ' ' => 0.36,
            'm' | 'w' | 'M' | 'W' => 0.98,
            letter if letter.is_uppercase() => 0.74,
            _ => 0.63,
        })
        .sum();
    // Rounding up a width of a few hundred pixels cannot overflow.
    (ems * TEXT_SIZE).ceil() as i32
}

/// How wide a bold text will be, in pixels.
pub(crate) fn bold_width(text: &str) -> i32 {
    text_width(text) * 9 / 8
}
