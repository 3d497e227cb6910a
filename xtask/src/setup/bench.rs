//! What the bench puts load with.

use anyhow::Result;

use crate::{
    paths,
    setup::apt,
    step::{Done, Progress},
};

pub(super) fn ensure(progress: &Progress) -> Result<Done> {
    if paths::find_program("wrk").is_some() {
        return Ok(Done::skipped("there"));
    }
    apt::install(progress, "wrk", &["wrk"])?;
    Ok(Done::Made)
}
