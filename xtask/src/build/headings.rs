//! What the first paint of each page says, in every language: index.html shows it before the app is there.
//!
//! The texts are the app's own. A page of which one looks at the texts first is not among them: a ticket has its own title.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::paths;

/// Where index.html wants them.
const PLACE: &str = "const headings = {};";

/// The address of each page, how the page is laid out, and the keys of its heading and of the sentence below that.
const PAGES: [(&str, &str, &[&str]); 8] = [
    ("/", "door", &["door.heading", "door.lead"]),
    ("/report", "narrow", &["app.nav.report"]),
    ("/tickets", "narrow", &["tickets.heading"]),
    ("/mine", "narrow", &["app.nav.mine"]),
    ("/queue", "queue", &["queue.title"]),
    ("/analytics", "analytics", &["analytics.title", "analytics.lead"]),
    ("/staff", "narrow", &["roster.title"]),
    ("/staff/rooms", "narrow rooms", &["rooms.title", "rooms.lead"]),
];

/// Puts the headings into the page.
///
/// # Errors  When a text is missing, or the page has no place for them.
pub(super) fn put_in(html: &mut String) -> Result<()> {
    let at = html.find(PLACE).context("the page has no place for headings")?;
    let mut languages = BTreeMap::new();
    for language in fs::read_dir(paths::root().join("frontend/locales"))? {
        let language = language?.file_name().to_string_lossy().into_owned();
        let pages = headings_in(&language)?;
        languages.insert(language, pages);
    }
    let headings = format!("const headings = {};", json!(languages));
    html.replace_range(at..at + PLACE.len(), &headings);
    Ok(())
}

fn headings_in(language: &str) -> Result<BTreeMap<&'static str, Vec<String>>> {
    let heading_of = |(path, look, keys): (&'static str, &str, &[&str])| {
        let texts = keys.iter().map(|key| find_text(language, key));
        let parts = std::iter::once(Ok(look.to_owned())).chain(texts).collect::<Result<_>>()?;
        Ok((path, parts))
    };
    PAGES.into_iter().map(heading_of).collect()
}

/// The text under a key such as `app.nav.report`, the first part of which names the file.
fn find_text(language: &str, key: &str) -> Result<String> {
    let (part, key) = key.split_once('.').context("a key names its file first")?;
    let file = paths::root().join(format!("frontend/locales/{language}/{part}.json"));
    let texts: Value = serde_json::from_str(&fs::read_to_string(&file)?)?;
    let text = texts.pointer(&format!("/{}", key.replace('.', "/")));
    let text = text.and_then(Value::as_str);
    Ok(text.with_context(|| format!("{key} is missing in {}", file.display()))?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_its_heading_in_every_language() -> Result<()> {
        let mut html = format!("<script>{PLACE}</script>");
        put_in(&mut html)?;
        for text in ["\"/queue\":[\"queue\",\"Queue\"]", "\"de\":", "\"ar\":"] {
            assert!(html.contains(text), "{html}");
        }
        Ok(())
    }
}
