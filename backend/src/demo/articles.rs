//! The knowledge base of the demonstration desk (data/demo/articles).

use anyhow::Context as _;
use api_types::Category;
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/../data/demo/articles"]
struct Files;

/// An article of the demonstration desk.
#[derive(Debug, Clone)]
pub struct DemoArticle {
    /// The name of its file.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Which desk it belongs to.
    pub category: Category,
    /// Its text, in Markdown.
    pub body: String,
}

/// Every article, by name.
///
/// # Errors
/// If a file does not open with its title and its category.
pub fn articles() -> anyhow::Result<Vec<DemoArticle>> {
    Files::iter().map(|file| read(&file)).collect()
}

fn read(file: &str) -> anyhow::Result<DemoArticle> {
    let data = Files::get(file).with_context(|| format!("{file} is gone"))?.data;
    let text = std::str::from_utf8(&data).with_context(|| format!("{file} is not UTF-8"))?;
    let (head, body) = text.split_once("\n\n").with_context(|| format!("{file} has no text"))?;
    let field = |name: &str| {
        head.lines()
            .find_map(|line| line.strip_prefix(name))
            .map(str::trim)
            .with_context(|| format!("{file} does not say its {name}"))
    };
    Ok(DemoArticle {
        name: file.trim_end_matches(".md").to_owned(),
        title: field("title:")?.to_owned(),
        category: field("category:")?.parse().map_err(anyhow::Error::new)?,
        body: body.trim().to_owned(),
    })
}
