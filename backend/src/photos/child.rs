//! The process that decodes one photo. Whatever a file makes a decoder do, it is done with little memory and time, and
//! outside of the desk: what comes in on standard input goes out on standard output, small and safe.

use std::io::{Read as _, Write as _};

use nix::sys::resource::{Resource, setrlimit};
use photo::{Prepared, Refusal};
use serde::{Deserialize, Serialize};

/// The command of the backend that runs it.
pub(super) const COMMAND: &str = "prepare-photo";

/// So much address space a decoder may have, the program itself included.
const MEMORY_BYTES: u64 = 512 << 20;
/// So long it may compute.
const CPU_SECONDS: u64 = 10;

/// What the child says first, on a line of its own; the display version and the thumbnail follow.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Outcome {
    /// It is a photo.
    Prepared {
        /// Width and height of the shown version.
        size: (u32, u32),
        /// Bytes of the display version, and of the thumbnail.
        bytes: (usize, usize),
        /// What nearly the same photos share.
        hash: Option<u64>,
        /// Colours and edges in numbers.
        descriptor: Vec<f32>,
    },
    /// It is none.
    Refused(Refusal),
}

/// Decodes what comes in on standard input.
///
/// # Errors
/// If the streams break off.
pub fn prepare_on_stdin() -> anyhow::Result<()> {
    setrlimit(Resource::RLIMIT_AS, MEMORY_BYTES, MEMORY_BYTES)?;
    // The first limit ends it in a way that tells it from a machine without memory.
    setrlimit(Resource::RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + 1)?;
    let mut bytes = Vec::new();
    std::io::stdin().take(api_types::limits::IMAGE_MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    let mut out = std::io::stdout().lock();
    let (outcome, files) = match photo::prepare(&bytes) {
        Ok(Prepared { display, thumbnail, fingerprint }) => {
            let outcome = Outcome::Prepared {
                size: (display.width, display.height),
                bytes: (display.webp.len(), thumbnail.webp.len()),
                hash: fingerprint.hash,
                descriptor: fingerprint.descriptor,
            };
            (outcome, vec![display.webp, thumbnail.webp])
        }
        Err(refusal) => (Outcome::Refused(refusal), Vec::new()),
    };
    serde_json::to_writer(&mut out, &outcome)?;
    out.write_all(b"\n")?;
    for file in files {
        out.write_all(&file)?;
    }
    Ok(out.flush()?)
}
