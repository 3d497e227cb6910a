//! Progress: a line per step, with what it does, how far it is and how long it took.
//!
//! ```text
//! [ 3/10] Trunk 0.21.14 … there
//! [ 4/10] Browser app … 2m 20s
//! ```

use std::{
    fmt,
    fs::{self, File},
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    sync::{
        Mutex,
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use crate::{interrupt, paths};

/// How a step ended well.
pub(crate) enum Done {
    /// Something was made or fetched; the line shows how long that took.
    Made,
    /// Nothing had to be done; the line says why.
    Skipped(String),
}

impl Done {
    /// Nothing had to be done.
    pub(crate) fn skipped(why: impl Into<String>) -> Self {
        Self::Skipped(why.into())
    }
}

/// Numbers the steps of one command.
pub(crate) struct Steps {
    total: usize,
    current: usize,
    began: Instant,
}

impl Steps {
    /// A command of so many steps.
    pub(crate) fn new(total: usize) -> Self {
        Self { total, current: 0, began: Instant::now() }
    }

    /// Time since the command began.
    pub(crate) fn elapsed(&self) -> Elapsed {
        Elapsed(self.began.elapsed())
    }

    /// Does one step, showing it while it runs.
    ///
    /// # Errors  The step's own, or that somebody asked to stop.
    pub(crate) fn run(
        &mut self,
        what: &str,
        work: impl FnOnce(&Progress) -> Result<Done>,
    ) -> Result<()> {
        self.current += 1;
        let width = self.total.to_string().len();
        let label = format!("[{:>width$}/{}] {what} …", self.current, self.total);
        interrupt::go_on()?;
        let progress = Progress::new(what)?;
        let began = Instant::now();
        show(&format!("{label} "));
        let result = thread::scope(|scope| {
            let (over, wait) = mpsc::channel::<()>();
            let (progress, label) = (&progress, &label);
            scope.spawn(move || show_progress(&wait, progress, label, began));
            let result = work(progress);
            drop(over);
            result
        });
        interrupt::go_on()?;
        match &result {
            Ok(Done::Made) => finish(&label, &Elapsed(began.elapsed()).to_string()),
            Ok(Done::Skipped(why)) => finish(&label, why),
            Err(_) => finish(&label, "failed"),
        }
        result.map(drop)
    }
}

/// What a running step tells: a log file for everything, and its last line for the eye.
pub(crate) struct Progress {
    path: PathBuf,
    log: Mutex<File>,
    last_line: Mutex<String>,
}

impl Progress {
    fn new(what: &str) -> Result<Self> {
        let name: String = what
            .to_lowercase()
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { '-' })
            .collect();
        let path = paths::logs().join(format!("{}.log", name.trim_matches('-')));
        fs::create_dir_all(paths::logs()).context("could not make the folder for logs")?;
        let log = File::create(&path).with_context(|| format!("could not write {path:?}"))?;
        Ok(Self { path, log: Mutex::new(log), last_line: Mutex::default() })
    }

    /// Keeps a line that a command printed.
    pub(crate) fn note(&self, line: &str) {
        if let Ok(mut log) = self.log.lock() {
            // A full disk shows itself soon enough in the command; its log need not fail first.
            let _ = writeln!(log, "{line}");
        }
        if let Ok(mut last) = self.last_line.lock()
            && !line.trim().is_empty()
        {
            line.trim().clone_into(&mut last);
        }
    }

    /// The log's file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// The last lines of a file, for an error message.
pub(crate) fn tail(path: &Path, lines: usize) -> String {
    let text = fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let text = text.unwrap_or_default();
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

fn show_progress(over: &mpsc::Receiver<()>, progress: &Progress, label: &str, began: Instant) {
    let terminal = io::stdout().is_terminal();
    let pause = Duration::from_secs(if terminal { 1 } else { 60 });
    while over.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        let last = progress.last_line.lock().map(|line| line.clone()).unwrap_or_default();
        let last: String = last.chars().filter(|c| !c.is_control()).take(60).collect();
        let elapsed = Elapsed(began.elapsed());
        if terminal {
            show(&format!("\r\x1b[2K{label} {elapsed}  {last}"));
        } else {
            show(&format!("\n        {elapsed}  {last} "));
        }
    }
}

fn finish(label: &str, end: &str) {
    if io::stdout().is_terminal() {
        show(&format!("\r\x1b[2K{label} {end}\n"));
    } else {
        show(&format!("{end}\n"));
    }
}

fn show(text: &str) {
    let mut out = io::stdout().lock();
    // Whoever closed our stdout does not want to read on; the work itself goes on.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// A duration as people say it: `0.4s`, `12s`, `2m 20s`.
pub(crate) struct Elapsed(pub(crate) Duration);

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_secs() {
            0..10 => write!(f, "{:.1}s", self.0.as_secs_f64()),
            seconds @ 10..60 => write!(f, "{seconds}s"),
            seconds => write!(f, "{}m {}s", seconds / 60, seconds % 60),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        let shown = |millis| Elapsed(Duration::from_millis(millis)).to_string();
        assert_eq!(shown(420), "0.4s");
        assert_eq!(shown(12_900), "12s");
        assert_eq!(shown(140_000), "2m 20s");
    }
}
