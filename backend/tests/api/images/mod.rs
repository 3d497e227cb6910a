//! Photos.

mod add;
mod category;
mod claim;
mod jobs;
mod labels;
mod learned;
mod limits;
mod list;
mod merge;
#[expect(dead_code, reason = "other tests need the rest of it")]
#[path = "../../pictures/mod.rs"]
mod pictures;
#[path = "../../provider/mod.rs"]
mod provider;
mod races;
mod redact;
mod refuse;
mod repeat;
mod see;
mod similar;
mod sweep;

use crate::support::Desk;

/// How many rows of content there are, and how many of photos.
async fn count_rows(desk: &Desk) -> (i64, i64) {
    let counts = "SELECT (SELECT count(*) FROM photos), (SELECT count(*) FROM images)";
    let row = desk.sql().await.query_one(counts, &[]).await.unwrap();
    (row.get(0), row.get(1))
}

impl Desk {
    /// The objects in the store, by their paths.
    pub(crate) fn objects(&self) -> Vec<std::path::PathBuf> {
        list_files(self.server.folder.path())
    }
}

/// Every file below a folder.
fn list_files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    // What is listed while it is swept may be gone before it is looked at.
    for entry in std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        match entry.path().is_dir() {
            true => files.extend(list_files(&entry.path())),
            false => files.push(entry.path()),
        }
    }
    files.sort();
    files
}
