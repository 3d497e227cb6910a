//! The model file: JSON with one term per line, so that a retrained model can be read and compared.
//!
//! ```json
//! {"format":2,"version":"…","threshold":0.5,"unknown_idf":9.1,"bias":[0.1,-0.2,0.1],"terms":[
//! ["printer",4.2,-0.4,1.1,-0.7]
//! ]}
//! ```
//! A line is the term, its inverse document frequency, and its weight for facility, IT and services.

use std::fmt::Write as _;

use serde::Deserialize;

use crate::tokenizer::hash_term;

/// The one format that this crate reads and writes.
pub const FORMAT: u32 = 2;

/// Why a model file was refused.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It is no JSON, or not of this shape.
    #[error("the model file cannot be read: {0}")]
    Shape(#[from] serde_json::Error),
    /// It was written in a format that this program does not know.
    #[error("the model file has format {0}, this program reads format {FORMAT}")]
    UnknownFormat(u32),
    /// A number in it is infinite, or outside of what it may be.
    #[error("the model file has a bad number in {0}")]
    BadNumber(String),
    /// A term stands in it twice, or shares its hash with another.
    #[error("the model file has the term {0:?} twice")]
    RepeatedTerm(String),
}

/// What a model file says.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// The number of the format, [`FORMAT`].
    pub format: u32,
    /// Which model it is.
    pub version: String,
    /// Below this top probability an answer is unsure.
    pub threshold: f64,
    /// The inverse document frequency of a term that is not in the vocabulary.
    pub unknown_idf: f64,
    /// The bias of each category, in the order of [`crate::CATEGORIES`].
    pub bias: [f64; 3],
    /// The vocabulary with its weights.
    pub terms: Vec<TermLine>,
}

/// One term: its spelling, its inverse document frequency, and its weight for each category.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TermLine(pub String, pub f64, pub f64, pub f64, pub f64);

/// Only the number of the format, which is looked at before anything else is expected of a file.
#[derive(Deserialize)]
struct FormatOnly {
    format: u32,
}

impl ModelFile {
    /// Reads a file.
    ///
    /// # Errors
    /// [`ModelError`] where it is no model file of this format, or holds a number that cannot be.
    pub fn parse(bytes: &[u8]) -> Result<Self, ModelError> {
        let FormatOnly { format } = serde_json::from_slice(bytes)?;
        if format != FORMAT {
            return Err(ModelError::UnknownFormat(format));
        }
        let file: Self = serde_json::from_slice(bytes)?;
        file.check_numbers()?;
        Ok(file)
    }

    /// Writes the file: thresholds, biases and weights with four digits after the point.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut json = format!(
            "{{\"format\":{},\"version\":{},\"threshold\":{:.4},\"unknown_idf\":{:.4},\"bias\":[{:.4},{:.4},{:.4}],\"terms\":[",
            self.format,
            quote(&self.version),
            self.threshold,
            self.unknown_idf,
            self.bias[0],
            self.bias[1],
            self.bias[2],
        );
        for (index, TermLine(term, idf, facility, it, services)) in self.terms.iter().enumerate() {
            json.push_str(if index == 0 { "\n" } else { ",\n" });
            let term = quote(term);
            // Writing to a String cannot fail.
            let _ = write!(json, "[{term},{idf:.4},{facility:.4},{it:.4},{services:.4}]");
        }
        json.push_str("\n]}\n");
        json.into_bytes()
    }

    /// The version that a file with this content has: the hash of all but the version itself.
    #[must_use]
    pub fn hash(&self) -> String {
        let content = Self { version: String::new(), ..self.clone() }.to_bytes();
        format!("{:016x}", hash_term(&String::from_utf8_lossy(&content)))
    }

    fn check_numbers(&self) -> Result<(), ModelError> {
        if !(0.0..=1.0).contains(&self.threshold) {
            return Err(ModelError::BadNumber("threshold".to_owned()));
        }
        if !(self.unknown_idf.is_finite() && self.unknown_idf > 0.0) {
            return Err(ModelError::BadNumber("unknown_idf".to_owned()));
        }
        if !self.bias.iter().all(|bias| bias.is_finite()) {
            return Err(ModelError::BadNumber("bias".to_owned()));
        }
        for TermLine(term, idf, facility, it, services) in &self.terms {
            let weights_are_finite = [facility, it, services].iter().all(|w| w.is_finite());
            if !(idf.is_finite() && *idf > 0.0 && weights_are_finite) {
                return Err(ModelError::BadNumber(format!("the line of {term:?}")));
            }
        }
        Ok(())
    }
}

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> ModelFile {
        ModelFile {
            format: FORMAT,
            version: "a \"test\"".to_owned(),
            threshold: 0.5,
            unknown_idf: 6.5,
            bias: [0.25, -0.5, 0.25],
            terms: vec![
                TermLine("hot water".to_owned(), 2.5, 1.0, -0.5, -0.5),
                TermLine("~^wlan".to_owned(), 3.0, -1.0, 2.0, -1.0),
            ],
        }
    }

    #[test]
    fn what_is_written_reads_back_as_what_it_was() {
        assert_eq!(ModelFile::parse(&file().to_bytes()).unwrap(), file());
    }

    #[test]
    fn an_unknown_format_is_refused_whatever_else_the_file_holds() {
        let refused = ModelFile::parse(br#"{"format":3,"layers":[]}"#);
        assert!(matches!(refused, Err(ModelError::UnknownFormat(3))));
    }

    #[test]
    fn broken_files_and_impossible_numbers_are_refused() {
        for bytes in [&b""[..], b"{}", b"[]", br#"{"format":2}"#, b"\xff\xfe"] {
            assert!(matches!(ModelFile::parse(bytes), Err(ModelError::Shape(_))));
        }
        let bad_threshold = ModelFile { threshold: 1.5, ..file() };
        let refused = ModelFile::parse(&bad_threshold.to_bytes());
        assert!(matches!(refused, Err(ModelError::BadNumber(_))));
        let bad_idf = ModelFile { terms: vec![TermLine("x".into(), 0.0, 0.0, 0.0, 0.0)], ..file() };
        let refused = ModelFile::parse(&bad_idf.to_bytes());
        assert!(matches!(refused, Err(ModelError::BadNumber(_))));
    }
}
