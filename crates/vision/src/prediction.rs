//! One thing that is predicted on a photo, in the same shape whoever says it.

use api_types::limits::LABEL_MAX;

/// A labeller names at most this many things on one photo.
pub const MOST_LABELS: usize = 10;

/// One thing on a photo, and how sure the labeller is of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// The thing: lower case, 1–40 characters, single spaces.
    pub label: String,
    /// How sure the labeller is, 0–1.
    pub confidence: f32,
}

/// The label as it is kept; nothing where no letter is left. A longer one is cut.
pub(crate) fn parse_label(raw: &str) -> Option<String> {
    // Control characters go the way of spaces: a database takes no NUL, a page no line break.
    let words = raw.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let label: String = words.join(" ").to_lowercase().chars().take(LABEL_MAX).collect();
    let label = label.trim_end();
    (!label.is_empty()).then(|| label.to_owned())
}

/// What a labeller said, as every labeller answers: each label once, surest first, no more than [`MOST_LABELS`].
pub(crate) fn rank_predictions<L: AsRef<str>>(
    said: impl IntoIterator<Item = (L, f32)>,
) -> Vec<Prediction> {
    let mut ranked: Vec<Prediction> = said
        .into_iter()
        .filter(|(_, confidence)| !confidence.is_nan())
        .filter_map(|(raw, confidence)| {
            let label = parse_label(raw.as_ref())?;
            Some(Prediction { label, confidence: confidence.clamp(0.0, 1.0) })
        })
        .collect();
    ranked
        .sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then_with(|| a.label.cmp(&b.label)));
    let mut seen = std::collections::HashSet::new();
    ranked.retain(|prediction| seen.insert(prediction.label.clone()));
    ranked.truncate(MOST_LABELS);
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_lower_case_trimmed_and_short() {
        for (raw, kept) in [
            ("  Water Leak ", Some("water leak")),
            ("two\n lines\tand\0nothing", Some("two lines and nothing")),
            ("ÜBERLAUF", Some("überlauf")),
            (" \t\u{a0}", None),
            ("", None),
        ] {
            assert_eq!(parse_label(raw).as_deref(), kept, "{raw:?}");
        }
        let long = format!("{} {}", "x".repeat(39), "y".repeat(9));
        assert_eq!(parse_label(&long), Some("x".repeat(39)));
    }

    #[test]
    fn predictions_are_ranked_once_each_and_at_most_ten() {
        let said = [("Door", 0.4), ("leak", 1.7), ("door ", 0.6), ("chair", f32::NAN), ("", 0.9)];
        let ranked = rank_predictions(said);
        let expected = [("leak", 1.0), ("door", 0.6)];
        let expected = expected
            .map(|(label, confidence)| Prediction { label: label.to_owned(), confidence })
            .to_vec();
        assert_eq!(ranked, expected);
        let many = (0..30).map(|at| (format!("thing {at}"), 0.5));
        assert_eq!(rank_predictions(many).len(), MOST_LABELS);
    }
}
