//! A photo made safe and small by a child process, which is killed if it takes too long.

use std::{
    fs::File,
    os::unix::process::ExitStatusExt as _,
    process::{ExitStatus, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use api_types::{FieldCode, FieldProblem, Problem, ProblemKind, limits::IMAGE_SIDE};
use photo::Refusal;
use tokio::{
    io::AsyncReadExt as _,
    process::{Child, Command},
    time::timeout,
};

use super::{
    Photos,
    child::{COMMAND, Outcome},
    receive::too_large,
};
use crate::error::AppError;

/// How long a child may run, waiting for a core included. What computes for so long ends by itself before.
const PATIENCE: Duration = Duration::from_secs(30);
/// What the system ends a process with that it has no memory for.
const SIGKILL: i32 = nix::sys::signal::Signal::SIGKILL as i32;
/// Both versions of the largest photo are smaller.
const WRITTEN_MOST: u64 = 16 << 20;
/// So many uploads may wait for their turn, each with a file on the disk.
const QUEUE_MOST: usize = 64;

/// A photo that can be kept.
pub(super) struct Decoded {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) display: Vec<u8>,
    pub(super) thumbnail: Vec<u8>,
    pub(super) hash: Option<u64>,
    pub(super) descriptor: Vec<f32>,
}

impl Photos {
    /// Has an upload decoded, when it is its turn.
    ///
    /// # Errors
    /// `422` with what is wrong with it; `503` where too many wait, or the machine has no room for a decoder just now.
    pub(super) async fn decode(&self, upload: File) -> Result<Decoded, AppError> {
        let _place = Place::take(&self.queue)?;
        let turn = self.decoders.acquire().await;
        let _turn = turn.map_err(|_| AppError::Internal("decoding was closed".to_owned()))?;
        let mut child = Command::new(&self.program)
            .arg(COMMAND)
            // Nothing of what the desk knows is needed to read a photo.
            .env_clear()
            // Each thread of a decoder would set aside address space of its own, of which there is little.
            .env("MALLOC_ARENA_MAX", "1")
            .stdin(Stdio::from(upload))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                AppError::Unavailable(format!("no decoder can be started: {error}"))
            })?;
        let answer = timeout(PATIENCE, hear(&mut child)).await;
        let answer = answer.map_err(|_| no_room("its time was up before it was done"))?;
        let (status, written) = answer.map_err(|error| no_room(&error.to_string()))?;
        if status.success() {
            return parse(written);
        }
        tracing::info!(%status, "a photo was too much for its decoder");
        // The system ended it, not one of its own limits: of the photo that says nothing.
        if status.signal() == Some(SIGKILL) {
            return Err(no_room("it was killed"));
        }
        Err(hopeless("it cannot be read with the memory and time there is for one photo"))
    }
}

/// What a decoder wrote, and how it ended. One that is led astray and writes without end is not heard to it.
async fn hear(child: &mut Child) -> std::io::Result<(ExitStatus, Vec<u8>)> {
    let mut written = Vec::new();
    if let Some(out) = child.stdout.take() {
        out.take(WRITTEN_MOST).read_to_end(&mut written).await?;
    }
    Ok((child.wait().await?, written))
}

/// A place in the queue for a decoder, given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(queue: &'a AtomicUsize) -> Result<Self, AppError> {
        let place = Self(queue);
        if queue.fetch_add(1, Ordering::AcqRel) >= QUEUE_MOST {
            return Err(AppError::Unavailable("too many photos wait for a decoder".to_owned()));
        }
        Ok(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn no_room(why: &str) -> AppError {
    AppError::Unavailable(format!("a decoder: {why}"))
}

fn parse(mut output: Vec<u8>) -> Result<Decoded, AppError> {
    let broken = || AppError::Internal("a decoder answered something else".to_owned());
    let line = output.iter().position(|byte| *byte == b'\n').ok_or_else(broken)?;
    let rest = output.split_off(line + 1);
    match serde_json::from_slice(&output).map_err(|_| broken())? {
        Outcome::Refused(why) => Err(refusal(why)),
        Outcome::Prepared {
            size: (width, height),
            bytes: (display, thumbnail),
            hash,
            descriptor,
        } => {
            let side = |pixels: u32| i32::try_from(pixels.min(IMAGE_SIDE)).map_err(|_| broken());
            let (first, second) = rest.split_at_checked(display).ok_or_else(broken)?;
            if second.len() != thumbnail {
                return Err(broken());
            }
            let (display, thumbnail) = (first.to_vec(), second.to_vec());
            Ok(Decoded {
                width: side(width)?,
                height: side(height)?,
                display,
                thumbnail,
                hash,
                descriptor,
            })
        }
    }
}

/// What is answered to a file that is not kept.
pub(super) fn refusal(why: Refusal) -> AppError {
    match why {
        Refusal::TooManyBytes => too_large(),
        Refusal::Empty => FieldProblem::new("image", FieldCode::Required, "is empty").into(),
        Refusal::Heic => AppError::new(
            ProblemKind::UnsupportedMediaType,
            "This is a HEIC or AVIF photo, which cannot be shown everywhere. Send it as JPEG.",
        ),
        Refusal::NotAPhoto => AppError::new(
            ProblemKind::UnsupportedMediaType,
            "This is no photo. Send a JPEG, PNG or WebP file.",
        ),
        Refusal::TooManyPixels { width, height, most } => {
            let most_of_all = most / 1_000_000;
            let message = format!(
                "has {width} × {height} pixels; {most_of_all} megapixels are the most for such a file"
            );
            let field = FieldProblem::new("image", FieldCode::OutOfRange, message);
            field.with_param("max", most.cast_signed()).into()
        }
        Refusal::TooLong { width, height, most } => {
            let message = format!("has {width} × {height} pixels; a side may have {most}");
            let field = FieldProblem::new("image", FieldCode::OutOfRange, message);
            field.with_param("max", most.into()).into()
        }
        Refusal::Damaged(what) => hopeless(&what),
    }
}

fn hopeless(what: &str) -> AppError {
    let field = FieldProblem::new("image", FieldCode::InvalidFormat, format!("is damaged: {what}"));
    Problem::new(ProblemKind::InvalidInput, format!("The photo cannot be read: {what}."))
        .with_field(field)
        .into()
}
