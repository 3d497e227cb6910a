//! Labelled rows: CSV files with the columns `text` and `category`, and `theme` or `source` where they have one.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use api_types::Category;
use serde::Deserialize;

/// One labelled text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Row {
    /// What somebody wrote.
    pub text: String,
    /// Which desk it belongs to.
    pub category: Category,
    /// Where it comes from, if the file says so.
    #[serde(default)]
    pub source: Option<String>,
    /// What it is about, if the file says so: rows of one theme are never split between learning and measuring.
    #[serde(default)]
    pub theme: Option<String>,
}

impl Row {
    /// A row of which only this is known.
    #[must_use]
    pub fn new(text: impl Into<String>, category: Category) -> Self {
        Self { text: text.into(), category, source: None, theme: None }
    }
}

/// Reads every CSV file of a folder, in the order of their names.
///
/// # Errors
/// Where the folder or one of its files cannot be read, or holds no CSV file.
pub fn read_folder(folder: &Path) -> anyhow::Result<Vec<Row>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .with_context(|| format!("cannot list {}", folder.display()))?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
    ensure!(!files.is_empty(), "{} holds no .csv file", folder.display());
    files.sort();
    let mut rows = Vec::new();
    for file in files {
        rows.extend(read_file(&file)?);
    }
    Ok(rows)
}

/// Reads one CSV file.
///
/// # Errors
/// Where it cannot be read, or a line lacks a text or a known category.
pub fn read_file(path: &Path) -> anyhow::Result<Vec<Row>> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    read_rows(file).with_context(|| format!("cannot read {}", path.display()))
}

fn read_rows(csv: impl Read) -> Result<Vec<Row>, csv::Error> {
    csv::Reader::from_reader(csv).into_deserialize().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_columns_are_ignored_and_a_source_is_kept() {
        let csv = "id,text,category,source,theme\n1,\"No ink, again\",it,survey,printing\n2,Cold soup,services,,\n";
        let rows = read_rows(csv.as_bytes()).unwrap();
        assert_eq!(rows[0].text, "No ink, again");
        assert_eq!(rows[0].category, Category::It);
        assert_eq!(rows[0].source.as_deref(), Some("survey"));
        assert_eq!(rows[0].theme.as_deref(), Some("printing"));
        assert_eq!((&rows[1].source, &rows[1].theme), (&None, &None));
    }

    #[test]
    fn an_unknown_category_is_an_error_that_names_the_line() {
        let error = read_rows("text,category\nfine,it\nlost,garden\n".as_bytes()).unwrap_err();
        assert!(error.to_string().contains("line: 3"), "{error}");
    }
}
