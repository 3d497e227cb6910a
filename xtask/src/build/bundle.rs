//! Turns what Trunk made into what is served: one style sheet, and of the two apps the one that a visitor needs.
//!
//! Trunk always loads its main app, leaves the other without a hash in its name, and serves each style sheet on its own.

use std::{
    fs,
    hash::{DefaultHasher, Hasher},
    path::Path,
};

use anyhow::{Context, Result};

use super::{headings, names, photos};
use crate::paths;

const STYLE_SHEET: &str = "<link rel=\"stylesheet\" href=\"/";
const USER_APP: &str = "frontend-user";
/// Style sheets of pages that only staff have.
const STAFF_STYLES: [&str; 3] = ["queue-", "analytics-", "knowledge-"];
/// The one that comes with the module of photos.
const PHOTO_STYLES: &str = "photos-";

/// Rewrites the page and the files it names.
///
/// # Errors  When Trunk's page is not as this expects it.
pub(super) fn bundle(dist: &Path) -> Result<()> {
    let page = dist.join("index.html");
    let mut html = fs::read_to_string(&page)?;
    let (staff_styles, photo_styles) = merge_styles(dist, &mut html)?;
    choose_app(dist, &mut html, &staff_styles)?;
    place_photos(dist, &mut html, &photo_styles)?;
    headings::put_in(&mut html)?;
    while take_out(&mut html, "<!--", "-->").is_some() {}
    fs::write(page, shorten(&html))?;
    Ok(())
}

/// One request instead of one for each style sheet, and another for those that only staff need, which comes after all
/// others: no rule of theirs is meant to give way to one of print.css.
/// The answer is the name of that, and the styles of photos, which come with their module.
fn merge_styles(dist: &Path, html: &mut String) -> Result<(String, String)> {
    let [mut for_all, mut for_staff, mut for_photos] = [const { String::new() }; 3];
    while let Some(tag) = take_out(html, STYLE_SHEET, "/>") {
        let name = tag.trim_start_matches(STYLE_SHEET).split('"').next().unwrap_or_default();
        let is_for_staff = STAFF_STYLES.iter().any(|sheet| name.starts_with(sheet));
        let styles = match name.starts_with(PHOTO_STYLES) {
            true => &mut for_photos,
            false if is_for_staff => &mut for_staff,
            false => &mut for_all,
        };
        styles.push_str(&shorten(&fs::read_to_string(dist.join(name))?));
        fs::remove_file(dist.join(name))?;
    }
    let write = |name: &str, styles: String| -> Result<String> {
        let name = hashed_name(name, ".css", styles.as_bytes());
        fs::write(dist.join(&name), styles)?;
        Ok(format!("/{name}"))
    };
    let for_all = write("styles", for_all)?;
    put_into_head(html, &format!("<link rel=\"stylesheet\" href=\"{for_all}\">"))?;
    Ok((write("frontend-styles", for_staff)?, for_photos))
}

/// Makes one file of the module of photos, and names it in the page.
fn place_photos(dist: &Path, html: &mut String, styles: &str) -> Result<()> {
    let script = shorten(&photos::join(dist, styles)?);
    let name = hashed_name("photos", ".js", script.as_bytes());
    fs::write(dist.join(&name), script)?;
    let at = html.find(photos::ENTRY).context("the page names no photos")?;
    html.replace_range(at..at + photos::ENTRY.len(), &format!("/{name}"));
    Ok(())
}

/// Puts frontend/loader.js in the place of Trunk's own start of its main app.
fn choose_app(dist: &Path, html: &mut String, staff_styles: &str) -> Result<()> {
    let start = take_out(html, "<script type=\"module\">", "</script>");
    let start = start.context("Trunk's start of the app is not in the page")?;
    while take_out(html, "<link rel=\"modulepreload\"", ">").is_some() {}
    while take_out(html, "<link rel=\"preload\"", ">").is_some() {}
    let script = quoted(&start, ".js").context("Trunk's page names no script")?;
    let wasm = quoted(&start, ".wasm").context("Trunk's page names no wasm")?;

    let whole = place_app(dist, "frontend", script, wasm)?;
    let for_users =
        place_app(dist, USER_APP, &format!("/{USER_APP}.js"), &format!("/{USER_APP}_bg.wasm"))?;
    let loader = fs::read_to_string(paths::root().join("frontend/loader.js"))?
        .replace("/frontend-styles.css", staff_styles)
        .replace("/frontend.js", &format!("/{whole}.js"))
        .replace("/frontend_bg.wasm", &format!("/{whole}_bg.wasm"))
        .replace("/frontend-user.js", &format!("/{for_users}.js"))
        .replace("/frontend-user_bg.wasm", &format!("/{for_users}_bg.wasm"));
    put_into_head(html, &format!("<script type=\"module\">\n{}</script>", shorten(&loader)))?;
    let worker = dist.join("sw.js");
    fs::write(&worker, shorten(&fs::read_to_string(&worker)?))?;
    Ok(())
}

/// Rewrites an app without what only people or linkers read, under a name that changes with either of its two files: browsers
/// keep both for good, and they fit only each other.
fn place_app(dist: &Path, app: &str, script: &str, wasm: &str) -> Result<String> {
    let take = |name: &str| -> Result<Vec<u8>> {
        let file = dist.join(name.trim_start_matches('/'));
        let bytes = fs::read(&file)?;
        fs::remove_file(file)?;
        Ok(bytes)
    };
    let text = shorten(&String::from_utf8(take(script)?)?);
    let (bytes, text) = names::shorten(&take(wasm)?, &text)?;
    let name = hashed_name(app, "", &[&bytes, text.as_bytes()].concat());
    fs::write(dist.join(format!("{name}.js")), text)?;
    fs::write(dist.join(format!("{name}_bg.wasm")), bytes)?;
    Ok(name)
}

/// A script, a style sheet or a page without its comments and indentation. Ours, and the glue of wasm-bindgen, have comments on lines
/// of their own only and no text that spans lines.
fn shorten(code: &str) -> String {
    let mut is_comment = false;
    let mut short = String::with_capacity(code.len());
    for line in code.lines().map(str::trim) {
        // One with code after it is left as it is.
        is_comment |= line.starts_with("/*") && (!line.contains("*/") || line.ends_with("*/"));
        if !is_comment && !line.is_empty() && !line.starts_with("//") {
            short.push_str(line);
            short.push('\n');
        }
        is_comment &= !line.ends_with("*/");
    }
    short
}

/// A name that changes with the content, in the form of Trunk's.
fn hashed_name(name: &str, ending: &str, bytes: &[u8]) -> String {
    let mut hash = DefaultHasher::new();
    hash.write(bytes);
    format!("{name}-{:016x}{ending}", hash.finish())
}

/// Takes the first part of a text that begins and ends like this out of it.
fn take_out(text: &mut String, begin: &str, end: &str) -> Option<String> {
    let from = text.find(begin)?;
    let to = from + text[from..].find(end)? + end.len();
    let taken = text[from..to].to_owned();
    text.replace_range(from..to, "");
    Some(taken)
}

/// The first text in quotes that ends like this.
fn quoted<'text>(text: &'text str, ending: &str) -> Option<&'text str> {
    text.split('\'').find(|part| part.ends_with(ending))
}

fn put_into_head(html: &mut String, tag: &str) -> Result<()> {
    let end = html.find("</head>").context("the page has no head")?;
    html.insert_str(end, &format!("{tag}\n"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_page_is_taken_out_once() {
        let mut html = "<head><script type=\"module\">start('/a.js')</script></head>".to_owned();
        let taken = take_out(&mut html, "<script type=\"module\">", "</script>");
        assert_eq!(quoted(&taken.unwrap(), ".js"), Some("/a.js"));
        assert_eq!(html, "<head></head>");
        assert_eq!(take_out(&mut html, "<script", "</script>"), None);
    }

    #[test]
    fn a_script_keeps_its_code_and_loses_what_is_for_readers() {
        let script =
            "/**\n * Says it.\n */\nfunction say() {\n    // Aloud.\n    return 1 * 2;\n}\n";
        assert_eq!(shorten(script), "function say() {\nreturn 1 * 2;\n}\n");
        assert_eq!(shorten("/* All. */\n* {\n  margin: 0;\n}\n"), "* {\nmargin: 0;\n}\n");
    }

    #[test]
    fn what_is_put_into_the_head_stands_at_its_end() -> Result<()> {
        let mut html = "<head><title>t</title></head>".to_owned();
        put_into_head(&mut html, "<link>")?;
        assert_eq!(html, "<head><title>t</title><link>\n</head>");
        Ok(())
    }
}
