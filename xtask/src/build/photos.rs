//! One file of `frontend/photos`: the modules in the order in which they need each other, with their texts and styles.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::paths;

/// The modules, each after those that it imports.
const MODULES: [&str; 12] = [
    "texts", "store", "api", "picture", "engine", "parts", "field", "left", "viewer", "labels",
    "gallery", "main",
];
/// How index.html names the last of them, which is the one that others import.
pub(super) const ENTRY: &str = "/photos/main.js";

/// The source of the file. What `trunk serve` reads one by one is taken out of the folder.
///
/// # Errors  When a module, a text or the place of one is missing.
pub(super) fn join(dist: &Path, styles: &str) -> Result<String> {
    for folder in ["photos", "locales"] {
        fs::remove_dir_all(dist.join(folder)).with_context(|| format!("no {folder} in dist"))?;
    }
    let mut all = String::new();
    for name in MODULES {
        let file = paths::root().join(format!("frontend/photos/{name}.js"));
        let source = fs::read_to_string(&file).with_context(|| format!("no {}", file.display()))?;
        all.push_str(&without_imports(&source));
    }
    put_in(&mut all, "const TEXTS = ", &serde_json::to_string(&read_texts()?)?)?;
    put_in(&mut all, "const STYLES = ", &serde_json::to_string(styles)?)?;
    Ok(all)
}

/// A module as a part of a larger one: nothing to be imported, and only the list in braces to be exported.
fn without_imports(source: &str) -> String {
    let mut part = String::with_capacity(source.len());
    for line in source.lines().filter(|line| !line.starts_with("import ")) {
        let is_list = line.starts_with("export {");
        part.push_str(if is_list { line } else { line.trim_start_matches("export ") });
        part.push('\n');
    }
    part
}

/// Puts a value into the line that begins like this.
fn put_in(script: &mut String, begin: &str, value: &str) -> Result<()> {
    let at = script.find(begin).with_context(|| format!("the photos have no {begin}"))?;
    let from = at + begin.len();
    let to = from + script[from..].find('\n').context("the line does not end")?;
    script.replace_range(from..to, &format!("{value};"));
    Ok(())
}

fn read_texts() -> Result<BTreeMap<String, Value>> {
    let mut texts = BTreeMap::new();
    for language in fs::read_dir(paths::root().join("frontend/locales"))? {
        let language = language?;
        let raw = fs::read_to_string(language.path().join("photos.json"))?;
        let name = language.file_name().to_string_lossy().into_owned();
        texts.insert(name, serde_json::from_str(&raw)?);
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_becomes_a_part_of_one() {
        let source =
            "import { a } from './a.js';\nexport const b = a;\nexport { b };\n  export const c;\n";
        assert_eq!(without_imports(source), "const b = a;\nexport { b };\n  export const c;\n");
    }

    #[test]
    fn a_value_takes_the_place_of_the_rest_of_its_line() -> Result<()> {
        let mut script = "const TEXTS = await read(';');\nnext();\n".to_owned();
        put_in(&mut script, "const TEXTS = ", "{}")?;
        assert_eq!(script, "const TEXTS = {};\nnext();\n");
        assert!(put_in(&mut script, "const STYLES = ", "''").is_err());
        Ok(())
    }

    #[test]
    fn one_module_makes_the_requests() -> Result<()> {
        // The texts are files only where no build put them in.
        for name in MODULES.iter().filter(|name| !["api", "texts"].contains(name)) {
            let source =
                fs::read_to_string(paths::root().join(format!("frontend/photos/{name}.js")))?;
            assert!(
                !["fetch(", "XMLHttpRequest"].iter().any(|word| source.contains(word)),
                "{name}"
            );
        }
        Ok(())
    }

    #[test]
    fn every_text_that_is_asked_for_by_name_is_there() -> Result<()> {
        let texts = read_texts()?;
        for name in MODULES {
            let source =
                fs::read_to_string(paths::root().join(format!("frontend/photos/{name}.js")))?;
            for said in source.split("say('").skip(1) {
                let key = said.split('\'').next().unwrap_or_default();
                assert!(texts["en"].get(key).is_some(), "{name}: {key}");
            }
        }
        Ok(())
    }

    #[test]
    fn every_module_is_named_and_follows_what_it_imports() -> Result<()> {
        let folder = paths::root().join("frontend/photos");
        assert_eq!(fs::read_dir(&folder)?.count(), MODULES.len());
        for (place, name) in MODULES.iter().enumerate() {
            let source = fs::read_to_string(folder.join(format!("{name}.js")))?;
            for import in source.lines().filter(|line| line.starts_with("import ")) {
                let known =
                    MODULES[..place].iter().any(|m| import.ends_with(&format!("/{m}.js';")));
                assert!(known, "{name}: {import}");
            }
        }
        Ok(())
    }
}
