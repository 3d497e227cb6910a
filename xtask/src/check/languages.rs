//! The texts of the app: the same in every language, and no language data of ICU beside those that browsers have.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{job::Job, paths};

/// Data of ICU that comes with the `url` crate, which `leptos_router` names and in a browser does not call.
const OF_URL: [&str; 2] = ["icu_normalizer_data", "icu_properties_data"];

/// What is missing or too much, a sentence each.
///
/// # Errors  When the texts, the source or cargo's tree cannot be read.
pub(super) fn check() -> Result<Vec<String>> {
    let mut faults = check_texts()?;
    let tree = Job::new("cargo")
        .args(["tree", "-p", "frontend", "--target", "wasm32-unknown-unknown", "--locked"])
        .args(["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{lib}"])
        .read()?;
    // A crate that was named before is marked with a star.
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    let mut data: Vec<_> = names.filter(|name| is_icu_data(name)).collect();
    data.sort_unstable();
    data.dedup();
    faults.extend(
        data.iter().map(|name| format!("the browser app must not bring {name}: Intl has it")),
    );
    Ok(faults)
}

fn is_icu_data(name: &str) -> bool {
    name.starts_with("icu_") && name.ends_with("_data") && !OF_URL.contains(&name)
}

/// Every text is there in every language, with room for the same things.
fn check_texts() -> Result<Vec<String>> {
    let folder = paths::root().join("frontend/locales");
    let mut languages = BTreeMap::new();
    for language in fs::read_dir(&folder)? {
        let language = language?;
        let mut texts = BTreeMap::new();
        for part in fs::read_dir(language.path())? {
            let path = part?.path();
            let raw = fs::read_to_string(&path)?;
            let json: Value = serde_json::from_str(&raw)
                .with_context(|| format!("{} is no JSON", path.display()))?;
            let part = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            collect(&part, &json, &mut texts);
        }
        languages.insert(language.file_name().to_string_lossy().into_owned(), texts);
    }
    let english = languages.remove("en").context("there are no English texts")?;
    let mut faults = Vec::new();
    for (language, texts) in &languages {
        for (key, rooms) in &english {
            match texts.get(key) {
                None => faults.push(format!("{key} is missing in {language}")),
                Some(own) if own != rooms => {
                    faults.push(format!(
                        "{key} has room for {rooms:?} in English, for {own:?} in {language}"
                    ));
                }
                Some(_) => {}
            }
        }
        let unknown = texts.keys().filter(|key| !english.contains_key(*key));
        faults.extend(unknown.map(|key| format!("{key} is in {language} and not in English")));
    }
    Ok(faults)
}

/// The texts below a key, each with the names of what it has room for.
fn collect(key: &str, value: &Value, texts: &mut BTreeMap<String, Vec<String>>) {
    match value {
        Value::Object(inner) => {
            for (name, value) in inner {
                collect(&format!("{key}.{name}"), value, texts);
            }
        }
        Value::String(text) => {
            let mut rooms: Vec<_> = text
                .split("{{")
                .skip(1)
                .filter_map(|rest| Some(rest.split_once("}}")?.0.trim().to_owned()))
                .collect();
            rooms.sort();
            rooms.dedup();
            texts.insert(key.to_owned(), rooms);
        }
        _ => {
            texts.insert(key.to_owned(), vec!["no text".to_owned()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_known_by_its_key_and_by_what_it_has_room_for() {
        let mut texts = BTreeMap::new();
        collect(
            "door",
            &json!({ "title": "Hi", "by": { "name": "{{ who }} at {{ time }}" } }),
            &mut texts,
        );
        let expected = [("door.by.name", vec!["time", "who"]), ("door.title", vec![])];
        let found: Vec<_> = texts
            .iter()
            .map(|(key, rooms)| (key.as_str(), rooms.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn data_of_icu_is_told_from_its_code() {
        assert!(is_icu_data("icu_plurals_data"));
        assert!(!is_icu_data("icu_locale_core"));
        assert!(!is_icu_data("icu_normalizer_data"));
    }
}
