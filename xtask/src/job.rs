//! Commands that run to their end: logged or shown, in a process group of their own, stopped with us.

use std::{
    ffi::{OsStr, OsString},
    io::{self, BufRead, BufReader, Read},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};

use crate::{
    interrupt, paths,
    step::{self, Progress},
};

/// A command to run, with our tools in front of `PATH` and without stdin.
pub(crate) struct Job {
    command: Command,
    shown: String,
    timeout: Option<Duration>,
}

impl Job {
    /// A program by name or path.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref();
        let mut command = command_that_ends_with_us(program);
        command.env("PATH", paths::tools_path()).current_dir(paths::root()).stdin(Stdio::null());
        let shown =
            Path::new(program).file_name().unwrap_or(program).to_string_lossy().into_owned();
        Self { command, shown, timeout: None }
    }

    /// More arguments.
    pub(crate) fn args<I, S>(mut self, args: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        for arg in args {
            self.shown += " ";
            self.shown += &arg.as_ref().to_string_lossy();
            self.command.arg(arg);
        }
        self
    }

    /// An environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Several environment variables.
    pub(crate) fn envs(mut self, variables: &[(String, OsString)]) -> Self {
        self.command.envs(variables.iter().map(|(name, value)| (name, value)));
        self
    }

    /// Runs in another folder than the root.
    pub(crate) fn dir(mut self, dir: impl AsRef<Path>) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// Gives up after that long.
    pub(crate) fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Runs with the output in the step's log.
    ///
    /// # Errors  With the end of the log, when the command does not end well.
    pub(crate) fn run(mut self, progress: &Progress) -> Result<()> {
        progress.note(&format!("$ {}", self.shown));
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.spawn()?;
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let status = thread::scope(|scope| {
            scope.spawn(move || copy_lines(out, progress));
            scope.spawn(move || copy_lines(err, progress));
            wait(&mut child, self.timeout)
        })
        .with_context(|| format!("`{}`", self.shown))?;
        if !status.success() {
            let path = progress.path();
            bail!(
                "{}\n`{}` failed ({status}); all of it is in {}",
                step::tail(path, 30),
                self.shown,
                path.display()
            );
        }
        Ok(())
    }

    /// Runs with the output on our own stdout and stderr.
    ///
    /// # Errors  When the command does not end well.
    pub(crate) fn run_shown(mut self) -> Result<()> {
        let mut child = self.spawn()?;
        let status = wait(&mut child, self.timeout).with_context(|| format!("`{}`", self.shown))?;
        if !status.success() {
            bail!("`{}` failed ({status})", self.shown);
        }
        Ok(())
    }

    /// Runs and returns what the command printed; stderr is shown.
    ///
    /// # Errors  When the command does not end well or prints no UTF-8.
    pub(crate) fn read(mut self) -> Result<String> {
        self.command.stdout(Stdio::piped());
        let mut child = self.spawn()?;
        let out = child.stdout.take();
        // Read beside the waiting, which looks at the clock and at whether somebody asked to stop.
        let (text, status) = thread::scope(|scope| {
            let reader = scope.spawn(move || out.map(io::read_to_string).transpose());
            let status = wait(&mut child, self.timeout);
            (reader.join(), status)
        });
        let status = status.with_context(|| format!("`{}`", self.shown))?;
        if !status.success() {
            bail!("`{}` failed ({status})", self.shown);
        }
        let Ok(text) = text else { bail!("What `{}` printed could not be read.", self.shown) };
        Ok(text.with_context(|| format!("`{}`", self.shown))?.unwrap_or_default())
    }

    /// The first line the command prints; `None` when it cannot be run or fails. For version questions.
    pub(crate) fn first_line(mut self) -> Option<String> {
        let output = self.command.stderr(Stdio::null()).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.lines().next().unwrap_or_default().trim().to_owned())
    }

    /// Whether the command runs and ends well.
    pub(crate) fn succeeds(self) -> bool {
        self.first_line().is_some()
    }

    fn spawn(&mut self) -> Result<Child> {
        self.command.spawn().with_context(|| format!("could not start `{}`", self.shown))
    }
}

/// A command in a process group of its own, so that all of it can be stopped, and which the kernel ends when we die
/// without having stopped it. `setpriv` asks the kernel for that, since a program without unsafe code cannot.
pub(crate) fn command_that_ends_with_us(program: &OsStr) -> Command {
    let mut command = match paths::find_program("setpriv") {
        Some(setpriv) => {
            let mut command = Command::new(setpriv);
            command.args(["--pdeathsig", "TERM", "--"]).arg(program);
            command
        }
        None => Command::new(program),
    };
    command.process_group(0);
    command
}

/// Sends a signal to the whole process group that a child leads.
pub(crate) fn signal_group(child: &Child, signal: Signal) {
    if let Ok(id) = i32::try_from(child.id()) {
        // It may have ended by itself in this moment.
        let _ = killpg(Pid::from_raw(id), signal);
    }
}

fn wait(child: &mut Child, timeout: Option<Duration>) -> Result<ExitStatus> {
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        let late = timeout.is_some_and(|timeout| began.elapsed() > timeout);
        if late || interrupt::asked_to_stop() {
            signal_group(child, Signal::SIGTERM);
            child.wait()?;
            interrupt::go_on()?;
            bail!("took too long");
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn copy_lines(from: Option<impl Read>, progress: &Progress) {
    let Some(from) = from else { return };
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while matches!(read_line(&mut reader, &mut line), Ok(1..)) {
        progress.note(String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
}

fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<usize> {
    reader.read_until(b'\n', line)
}
