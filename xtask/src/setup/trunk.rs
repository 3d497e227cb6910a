//! Trunk, which builds and serves the browser app.

use anyhow::Result;

use crate::{
    setup::{Tool, install_tool},
    step::{Done, Progress},
};

/// 0.22.1 needs rustc 1.96.1 to be built from source.
const VERSION: &str = "0.21.14";

pub(super) fn ensure(progress: &Progress) -> Result<Done> {
    let flags = &["--locked", "--no-default-features", "--features", "rustls"];
    install_tool(progress, &Tool { package: "trunk", program: "trunk", version: VERSION, flags })
}
