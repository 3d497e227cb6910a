//! Names of colours above the plot, where there is no room for them at the end of the lines or no end to write at.

use api_types::Series;
use plotters::{
    element::Rectangle,
    style::{
        Color,
        text_anchor::{HPos, Pos, VPos},
    },
};

use crate::{
    Options,
    frame::{Drawn, GAP, LINE, Root, TOP, draw_text, pixels},
    theme::{bold_width, text_style},
};

/// The side of the square before a name, with the room after it.
const MARK: i32 = 16;

/// Names with their places, in as many rows as they need.
pub(crate) struct Legend {
    names: Vec<(String, (i32, i32))>,
}

impl Legend {
    /// Places the names from left to right, row by row.
    pub(crate) fn for_names(names: &[String], options: &Options<'_>) -> Self {
        let (mut x, mut row) = (0, 0);
        let names = names
            .iter()
            .map(|name| {
                let width = MARK + bold_width(name);
                if x > 0 && x + width > pixels(options.width) {
                    (x, row) = (0, row + 1);
                }
                let place = (x, TOP - GAP + row * (LINE + 2) + LINE / 2);
                x += width + 2 * GAP;
                (name.clone(), place)
            })
            .collect();
        Self { names }
    }

    /// The height of all rows, in pixels.
    pub(crate) fn height(&self) -> i32 {
        let bottom = self.names.last().map_or(0, |(_, place)| place.1 + LINE / 2 + GAP);
        (bottom - TOP + GAP).max(0)
    }

    /// Draws the names in the colours of their series.
    pub(crate) fn draw(&self, root: &Root<'_>, series: &[&Series], options: &Options<'_>) -> Drawn {
        for (index, ((name, (x, y)), one)) in self.names.iter().zip(series).enumerate() {
            let color = options.theme.series(&one.key, index);
            root.draw(&Rectangle::new([(*x, y - 5), (x + 10, y + 5)], color.filled()))?;
            let style = text_style(color, Pos::new(HPos::Left, VPos::Center), true);
            draw_text(root, name, (x + MARK, *y), &style)?;
        }
        Ok(())
    }
}
