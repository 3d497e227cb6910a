//! The whole desk as one CSV file: `import` and `export`, one row a ticket.

mod export;
mod import;
mod record;

pub use export::{ExportArgs, run as run_export, write_desk};
pub use import::{ImportArgs, ImportReport, run as run_import};
