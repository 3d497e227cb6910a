//! Shortens the names by which a wasm file and its script know each other.
//!
//! wasm-bindgen makes them of what they stand for and a hash, some fifty characters each, for hundreds of functions, in both
//! files. Hashes do not compress: they are five kilobytes of what every first visit has to load.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

const HEADER: usize = 8;
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;

/// A wasm file and its script with short names in both.
///
/// # Errors  When the file is not wasm as wasm-bindgen writes it.
///
/// # Source  WebAssembly Core Specification, «Binary Format», «Modules».
pub(super) fn shorten(wasm: &[u8], script: &str) -> Result<(Vec<u8>, String)> {
    let mut names = Names::default();
    let mut short = wasm.get(..HEADER).context("the wasm file has no header")?.to_vec();
    let mut rest = Reader(&wasm[HEADER..]);
    while !rest.0.is_empty() {
        let kind = rest.byte()?;
        let length = rest.number()?;
        let section = rest.take(length)?;
        let section = match kind {
            IMPORTS => names.shorten_imports(Reader(section))?,
            EXPORTS => names.shorten_exports(Reader(section))?,
            _ => section.to_vec(),
        };
        short.push(kind);
        write_bytes(&mut short, &section);
    }
    let mut script = script.to_owned();
    // The longest first: some begin with the whole of another.
    let mut all: Vec<_> = names.0.iter().collect();
    all.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    for (name, short) in all {
        script = script.replace(name, short);
    }
    Ok((short, script))
}

/// The short names given so far.
#[derive(Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    /// A name that stands nowhere in a script of wasm-bindgen's; those that people would know stay.
    fn short(&mut self, name: &str) -> String {
        if !name.starts_with("__") && !name.starts_with("wasm_bindgen__") && !name.starts_with("./")
        {
            return name.to_owned();
        }
        let next = format!("${:x}", self.0.len());
        self.0.entry(name.to_owned()).or_insert(next).clone()
    }

    fn shorten_imports(&mut self, mut section: Reader) -> Result<Vec<u8>> {
        let count = section.number()?;
        let mut short = Vec::new();
        write_number(&mut short, count);
        for _ in 0..count {
            for _ in 0..2 {
                let name = self.short(section.name()?);
                write_bytes(&mut short, name.as_bytes());
            }
            let before = section.0;
            section.skip_import()?;
            short.extend_from_slice(&before[..before.len() - section.0.len()]);
        }
        Ok(short)
    }

    fn shorten_exports(&mut self, mut section: Reader) -> Result<Vec<u8>> {
        let count = section.number()?;
        let mut short = Vec::new();
        write_number(&mut short, count);
        for _ in 0..count {
            let name = self.short(section.name()?);
            write_bytes(&mut short, name.as_bytes());
            short.push(section.byte()?);
            write_number(&mut short, section.number()?);
        }
        Ok(short)
    }
}

/// What is left to read.
struct Reader<'bytes>(&'bytes [u8]);

impl<'bytes> Reader<'bytes> {
    fn take(&mut self, length: usize) -> Result<&'bytes [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).context("the wasm file ends early")?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    /// LEB128, of 32 bits.
    fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        bail!("a number of the wasm file is too long")
    }

    fn name(&mut self) -> Result<&'bytes str> {
        let length = self.number()?;
        Ok(std::str::from_utf8(self.take(length)?)?)
    }

    /// What is imported: a function, or a table, memory or global with its type.
    fn skip_import(&mut self) -> Result<()> {
        match self.byte()? {
            0 => drop(self.number()?),
            1 => {
                self.byte()?;
                self.skip_limits()?;
            }
            2 => self.skip_limits()?,
            3 => drop(self.take(2)?),
            kind => bail!("the wasm file imports something of the unknown kind {kind}"),
        }
        Ok(())
    }

    fn skip_limits(&mut self) -> Result<()> {
        let has_maximum = self.byte()? & 1 == 1;
        self.number()?;
        if has_maximum {
            self.number()?;
        }
        Ok(())
    }
}

fn write_number(to: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        to.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// Bytes after their number.
fn write_bytes(to: &mut Vec<u8>, bytes: &[u8]) {
    write_number(to, bytes.len());
    to.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(kind: u8, content: &[u8]) -> Vec<u8> {
        let mut section = vec![kind];
        write_bytes(&mut section, content);
        section
    }

    fn module(import: &str, from: &str, export: &str) -> Vec<u8> {
        let mut imports = vec![1];
        write_bytes(&mut imports, from.as_bytes());
        write_bytes(&mut imports, import.as_bytes());
        imports.extend([0, 3]);
        let mut exports = vec![2];
        write_bytes(&mut exports, export.as_bytes());
        exports.extend([0, 9]);
        write_bytes(&mut exports, b"memory");
        exports.extend([2, 0]);
        let code = section(10, &[0; 300]);
        [
            b"\0asm\x01\0\0\0".as_slice(),
            &section(IMPORTS, &imports),
            &section(EXPORTS, &exports),
            &code,
        ]
        .concat()
    }

    #[test]
    fn both_files_get_the_same_short_names_and_nothing_else_changes() -> Result<()> {
        let wasm = module("__wbg_body_5f971c", "./app_bg.js", "__wbindgen_malloc");
        let script =
            r#"{ "./app_bg.js": { __wbg_body_5f971c: f } }; wasm.__wbindgen_malloc(memory)"#;
        let (short, script) = shorten(&wasm, script)?;
        assert_eq!(short, module("$1", "$0", "$2"));
        assert_eq!(script, r#"{ "$0": { $1: f } }; wasm.$2(memory)"#);
        Ok(())
    }

    #[test]
    fn what_is_no_wasm_is_refused() {
        assert!(shorten(b"", "").is_err());
        assert!(shorten(b"\0asm\x01\0\0\0\x02\x7f", "").is_err());
    }
}
