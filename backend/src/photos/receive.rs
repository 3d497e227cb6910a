//! An upload, written to a nameless file as it comes: so many as come at once, each holds a few kilobytes of memory.

use std::{
    fs::File,
    io::{Seek as _, Write as _},
    time::Duration,
};

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::web;
use api_types::{FieldCode, FieldProblem, Problem, ProblemKind, limits::IMAGE_MAX_BYTES};
use bytes::Bytes;
use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};
use tokio::time::timeout;

use super::decode::refusal;
use crate::error::AppError;

/// The one part that an upload has.
const PART: &str = "image";
/// So many bytes tell what a file is.
const HEAD_BYTES: usize = 64;
/// A sender that says nothing for so long is gone.
const SILENCE: Duration = Duration::from_secs(30);
/// An upload takes so long at most: 12 MB in it are a modem's pace.
const LONGEST: Duration = Duration::from_secs(1800);
/// Of what is refused, so many bytes are read all the same: whoever is still sending does not hear an answer.
const HEARD_OUT_BYTES: usize = 32 << 20;

/// What was uploaded.
pub(crate) struct Received {
    /// The bytes, from their beginning. The file has no name, and is gone with the process.
    pub(super) file: File,
    /// Their hash.
    pub(crate) sha256: Vec<u8>,
}

impl Received {
    /// Reads the one part of an upload.
    ///
    /// # Errors
    /// `413` over 12 MB, `415` for what is no form or no photo, `422` for an empty part or any other than `image`, `400` for
    /// a form that does not arrive whole.
    pub(crate) async fn read(form: Multipart) -> Result<Self, AppError> {
        timeout(LONGEST, Self::read_form(form)).await.map_err(|_| not_whole())?
    }

    async fn read_form(mut form: Multipart) -> Result<Self, AppError> {
        let mut received = None;
        while let Some(field) = heard(form.next()).await? {
            let field = field.map_err(bad_form)?;
            match field.name() {
                Some(PART) if received.is_none() => received = Some(read_part(field).await?),
                Some(PART) => {
                    return Err(problem(FieldCode::TooLong, "is one photo at a time").into());
                }
                name => {
                    let name = name.unwrap_or("body").to_owned();
                    let message = "is not known here; the photo is called image";
                    return Err(FieldProblem::new(name, FieldCode::Unknown, message).into());
                }
            }
        }
        received.ok_or_else(|| problem(FieldCode::Required, "is missing").into())
    }
}

async fn read_part(mut field: Field) -> Result<Received, AppError> {
    let (head, file, hash) = match write_down(&mut field).await {
        Ok(written) => written,
        Err(error) => {
            hear_out(field).await;
            return Err(error);
        }
    };
    // The part is over, and must not be asked for more.
    photo::sniff(&head).map_err(refusal)?;
    Ok(Received { file, sha256: hash.finalize().to_vec() })
}

/// Writes a part to a file; answers its first bytes, the file, and its hash.
async fn write_down(field: &mut Field) -> Result<(Vec<u8>, File, Sha256), AppError> {
    let mut file = web::block(tempfile::tempfile).await.map_err(stopped)?.map_err(unwritten)?;
    let mut hash = Sha256::new();
    let mut head = Vec::new();
    let mut length = 0;
    while let Some(bytes) = heard(field.next()).await? {
        let bytes = bytes.map_err(bad_form)?;
        length += bytes.len();
        if length > IMAGE_MAX_BYTES {
            return Err(too_large());
        }
        // What is no photo need not be heard to its end. The first piece may be a single byte.
        if head.len() < HEAD_BYTES {
            head.extend_from_slice(&bytes[..bytes.len().min(HEAD_BYTES)]);
            if head.len() >= HEAD_BYTES {
                photo::sniff(&head).map_err(refusal)?;
            }
        }
        hash.update(&bytes);
        file = append(file, bytes).await?;
    }
    let file = web::block(move || file.rewind().map(|()| file)).await.map_err(stopped)?;
    Ok((head, file.map_err(unwritten)?, hash))
}

async fn append(mut file: File, bytes: Bytes) -> Result<File, AppError> {
    let written = web::block(move || file.write_all(&bytes).map(|()| file)).await;
    written.map_err(stopped)?.map_err(unwritten)
}

async fn hear_out(mut field: Field) {
    let mut length = 0;
    while let Ok(Some(Ok(bytes))) = heard(field.next()).await {
        length += bytes.len();
        if length > HEARD_OUT_BYTES {
            return;
        }
    }
}

async fn heard<T>(next: impl Future<Output = T>) -> Result<T, AppError> {
    timeout(SILENCE, next).await.map_err(|_| not_whole())
}

fn bad_form(error: MultipartError) -> AppError {
    match error {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible
        | MultipartError::BoundaryMissing => AppError::new(
            ProblemKind::UnsupportedMediaType,
            "Send the photo as multipart/form-data, in a part called image.",
        ),
        _ => not_whole(),
    }
}

fn not_whole() -> AppError {
    AppError::new(ProblemKind::MalformedBody, "The photo did not arrive whole.")
}

pub(super) fn too_large() -> AppError {
    let field = problem(FieldCode::OutOfRange, "is larger than 12 MB")
        .with_param("max", IMAGE_MAX_BYTES as i64);
    Problem::new(ProblemKind::TooLarge, "A photo may have 12 MB at most.").with_field(field).into()
}

fn problem(code: FieldCode, message: &str) -> FieldProblem {
    FieldProblem::new(PART, code, message)
}

fn unwritten(error: std::io::Error) -> AppError {
    AppError::Unavailable(format!("a photo cannot be put down: {error}"))
}

fn stopped(_: impl std::fmt::Display) -> AppError {
    AppError::Unavailable("the process is being stopped".to_owned())
}
