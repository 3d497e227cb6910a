//! Which text of a ticket is classified.

use std::borrow::Cow;

/// Title and description; the description alone where the title was made from it and says nothing that is not in there.
#[must_use]
pub fn text_of_ticket<'text>(title: &str, description: &'text str) -> Cow<'text, str> {
    if description.starts_with(title.trim_end_matches('…')) {
        return Cow::Borrowed(description);
    }
    Cow::Owned(format!("{title}\n{description}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_made_from_the_text_does_not_count_twice() {
        let text = "The printer jams. It does so since it was moved.";
        assert_eq!(text_of_ticket("The printer jams", text), text);
        assert_eq!(text_of_ticket("The printer jams. It…", text), text);
        assert_eq!(text_of_ticket("Printer", "It jams"), "Printer\nIt jams");
    }
}
