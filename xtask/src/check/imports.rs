//! Who may import whom, between crates and between the layers inside them. ARCHITECTURE.md says why.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{
    check::metadata::{self, Package},
    paths,
};

/// Which of our crates each may use, outside its tests.
const CRATES: [(&str, &[&str]); 12] = [
    ("api-types", &[]),
    ("telemetry", &["api-types"]),
    ("xtask", &[]),
    ("charts", &["api-types"]),
    ("triage", &["api-types"]),
    ("api-client", &["api-types"]),
    ("photo", &["api-types"]),
    ("vision", &["api-types"]),
    ("backend", &["api-types", "photo", "triage", "telemetry", "vision"]),
    ("analytics", &["api-types", "api-client", "triage", "telemetry"]),
    ("frontend", &["api-types", "charts"]),
    // Only ever a dev-dependency, so it may reach for what it starts.
    ("test-support", &["api-types", "api-client", "backend"]),
];

/// Foreign crates that a crate of ours must not need: the invariants on frameworks and on PostgreSQL.
const FOREIGN: [(&str, &[&str]); 5] = [
    ("api-types", &["actix-web", "leptos", "diesel", "utoipa"]),
    ("charts", &["leptos", "web-sys", "gloo-net", "reqwest"]),
    ("triage", &["linfa", "actix-web", "diesel", "tokio", "reqwest"]),
    ("analytics", &["diesel", "diesel-async", "tokio-postgres"]),
    ("frontend", &["reqwest", "diesel", "actix-web"]),
];

/// Words that must not stand in the files of a layer: folder or file, words, and the rule in a few words.
const LAYERS: [(&str, &[&str], &str); 7] = [
    (
        "backend/src/domain",
        &[
            "crate::db",
            "crate::handlers",
            "crate::convert",
            "crate::app",
            "diesel",
            "actix_web",
            "std::fs",
            "std::net",
            "tokio::",
        ],
        "domain knows api-types only and performs no IO",
    ),
    (
        "backend/src/db",
        &["crate::handlers", "crate::routes", "actix_web"],
        "db knows nothing of HTTP",
    ),
    (
        "backend/src/handlers",
        &["crate::routes", "sql_query", "diesel::dsl"],
        "SQL lives only in backend/src/db",
    ),
    (
        "backend/src/convert",
        &["crate::handlers", "actix_web"],
        "convert only turns rows into answers",
    ),
    (
        "frontend/src/components",
        &["crate::api", "crate::pages", "gloo_net"],
        "components never make a request",
    ),
    ("frontend/src/pages", &["gloo_net"], "only frontend/src/api makes a request"),
    (
        "frontend/src/state",
        &["gloo_net", "crate::pages", "crate::components"],
        "state knows neither pages nor requests",
    ),
];

/// The rules that are broken, a sentence each.
///
/// # Errors  When the source or cargo's metadata cannot be read.
pub(super) fn check() -> Result<Vec<String>> {
    let packages = metadata::read()?.packages;
    let ours: Vec<&Package> = packages.iter().filter(|package| package.is_ours()).collect();
    let mut faults = Vec::new();
    for package in &ours {
        let Some((_, allowed)) = CRATES.iter().find(|(name, _)| *name == package.name) else {
            faults.push(format!(
                "{} stands in no rule: add it in xtask/src/check/imports.rs",
                package.name
            ));
            continue;
        };
        let is_ours = |name: &str| ours.iter().any(|package| package.name == name);
        let wrong = package
            .uses()
            .filter(|used| is_ours(&used.name) && !allowed.contains(&used.name.as_str()));
        faults.extend(wrong.map(|used| format!("{} must not use {}", package.name, used.name)));
    }
    faults.extend(ours.iter().flat_map(|package| check_foreign(package)));
    for (folder, words, rule) in LAYERS {
        check_layer(&paths::root().join(folder), words, rule, &mut faults)?;
    }
    Ok(faults)
}

fn check_foreign(package: &Package) -> Vec<String> {
    let forbidden = FOREIGN.iter().find(|(name, _)| *name == package.name);
    let forbidden = forbidden.map_or(&[][..], |(_, crates)| crates);
    // Optional ones are features, which a user of the crate has to ask for.
    let wrong =
        package.uses().filter(|used| !used.optional && forbidden.contains(&used.name.as_str()));
    wrong.map(|used| format!("{} must not need {}", package.name, used.name)).collect()
}

fn check_layer(path: &Path, words: &[&str], rule: &str, faults: &mut Vec<String>) -> Result<()> {
    // A layer is a folder, or one file of that name while it is small.
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            check_layer(&entry?.path(), words, rule, faults)?;
        }
        return Ok(());
    }
    let file =
        if path.extension().is_none() { path.with_extension("rs") } else { path.to_path_buf() };
    if file.extension().is_none_or(|kind| kind != "rs") || !file.exists() {
        return Ok(());
    }
    let text =
        fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let shown = file.strip_prefix(paths::root()).unwrap_or(&file).display().to_string();
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        let found = words.iter().filter(|word| has_word(code, word));
        faults.extend(found.map(|word| format!("{shown}:{}: {word}: {rule}", number + 1)));
    }
    Ok(())
}

/// Whether a path stands in the line as such, not as a part of a longer name.
fn has_word(line: &str, word: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(is_name) && (word.ends_with(':') || !after.is_some_and(is_name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidden_path_is_seen_as_a_whole_name_only() {
        assert!(has_word("use crate::db::rows;", "crate::db"));
        assert!(!has_word("use crate::dbx::rows;", "crate::db"));
        assert!(!has_word("let my_diesel = 1;", "diesel"));
        assert!(has_word("tokio::spawn(work)", "tokio::"));
    }

    #[test]
    fn crates_and_layers_import_only_what_they_may() -> Result<()> {
        assert_eq!(check()?, Vec::<String>::new());
        Ok(())
    }
}
