//! Compresses the browser app once, at the highest level, so that the backend never has to.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};

/// Below this many bytes an answer fits one network packet anyway.
const SMALLEST: u64 = 1024;
/// Formats that are compressed already, and our own output.
const COMPRESSED: [&str; 9] = ["br", "gz", "png", "jpg", "jpeg", "webp", "avif", "woff", "woff2"];

/// Writes `.br` and `.gz` beside each file that gains by it, and removes those of files that are gone.
pub(super) fn compress_folder(folder: &Path) -> Result<()> {
    for path in super::stamp::list_files(folder)? {
        let extension = path.extension().and_then(|name| name.to_str()).unwrap_or_default();
        if matches!(extension, "br" | "gz") && !path.with_extension("").exists() {
            fs::remove_file(&path)?;
        }
        if COMPRESSED.contains(&extension) || path.metadata()?.len() < SMALLEST {
            continue;
        }
        let bytes =
            fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        fs::write(with_suffix(&path, "br"), brotli(&bytes)?)?;
        fs::write(with_suffix(&path, "gz"), gzip(&bytes)?)?;
    }
    Ok(())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let (level, window) = (11, 22);
    brotli::CompressorWriter::new(&mut out, 64 * 1024, level, window).write_all(bytes)?;
    Ok(out)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn both_compressions_give_the_file_back() -> Result<()> {
        let text = "Campus Desk ".repeat(500).into_bytes();
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(gzip(&text)?.as_slice()).read_to_end(&mut back)?;
        assert_eq!(back, text);
        back.clear();
        brotli::Decompressor::new(brotli(&text)?.as_slice(), 4096).read_to_end(&mut back)?;
        assert_eq!(back, text);
        Ok(())
    }
}
