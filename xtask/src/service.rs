//! Programs that run until they are stopped: started, waited for, watched, and stopped together.

use std::{
    ffi::{OsStr, OsString},
    fs::{self, File},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{
    http, interrupt,
    job::{command_that_ends_with_us, signal_group},
    paths, step,
};

/// After that long a service that is stopping is worth a word.
const STOP_WORD: Duration = Duration::from_secs(10);
/// How long a service may take to stop by itself. PostgreSQL writes out all it has in memory first, which after a large
/// import takes a while; ended before that, the next start would have to recover.
const STOP_PATIENCE: Duration = Duration::from_secs(90);
/// How long a service may take to become ready: it may have to create or recover a database.
const READY_PATIENCE: Duration = Duration::from_secs(180);
const POLL: Duration = Duration::from_millis(50);

/// What to run and how.
pub(crate) struct Plan<'a> {
    /// For messages and for the log's name.
    pub(crate) name: &'static str,
    pub(crate) program: &'a Path,
    pub(crate) args: Vec<OsString>,
    pub(crate) env: Vec<(String, OsString)>,
    /// Whether it prints to our own terminal instead of into its log.
    pub(crate) shown: bool,
}

/// All that one command keeps running. Dropping it stops them, the last started first.
#[derive(Default)]
pub(crate) struct Services(Vec<Service>);

struct Service {
    name: &'static str,
    child: Child,
    log: Option<PathBuf>,
}

impl Services {
    /// Starts one more.
    ///
    /// # Errors  When it cannot be started.
    pub(crate) fn start(&mut self, plan: Plan<'_>) -> Result<()> {
        let mut command = command_that_ends_with_us(plan.program.as_os_str());
        command.args(&plan.args).envs(plan.env).env("PATH", paths::tools_path());
        command.current_dir(paths::root()).stdin(Stdio::null());
        let mut log = None;
        if !plan.shown {
            fs::create_dir_all(paths::logs()).context("could not make the folder for logs")?;
            let path = paths::logs().join(format!("{}.log", plan.name));
            let file = File::create(&path).with_context(|| format!("could not write {path:?}"))?;
            command.stdout(file.try_clone()?).stderr(file);
            log = Some(path);
        }
        let child = command.spawn().with_context(|| format!("could not start {}", plan.name))?;
        self.0.push(Service { name: plan.name, child, log });
        Ok(())
    }

    /// Waits until `GET /health/ready` there answers 200.
    ///
    /// # Errors  When a service ends meanwhile, somebody asks to stop, or it takes more than three minutes.
    pub(crate) fn wait_until_ready(&mut self, name: &str, address: SocketAddr) -> Result<()> {
        self.wait_for(name, || {
            http::get(address, "/health/ready", &[]).is_ok_and(|answer| answer.status == 200)
        })
    }

    /// Waits until something holds, as long as every service runs.
    ///
    /// # Errors  As [`Self::wait_until_ready`].
    pub(crate) fn wait_for(&mut self, name: &str, holds: impl Fn() -> bool) -> Result<()> {
        let began = Instant::now();
        while !holds() {
            self.all_run()?;
            interrupt::go_on()?;
            if began.elapsed() > READY_PATIENCE {
                bail!(
                    "{name} is not ready after {} s.{}",
                    READY_PATIENCE.as_secs(),
                    self.log_end(name)
                );
            }
            thread::sleep(POLL);
        }
        Ok(())
    }

    /// Watches until somebody asks to stop.
    ///
    /// # Errors  When a service ends by itself.
    pub(crate) fn watch(&mut self) -> Result<()> {
        while !interrupt::asked_to_stop() {
            self.all_run()?;
            thread::sleep(POLL);
        }
        Ok(())
    }

    /// # Errors  Names the service that has ended.
    pub(crate) fn all_run(&mut self) -> Result<()> {
        for service in &mut self.0 {
            if let Some(status) = service.child.try_wait()? {
                let end = service.log.as_deref().map(log_end).unwrap_or_default();
                bail!("{} ended by itself ({status}).{end}", service.name);
            }
        }
        Ok(())
    }

    /// The process id of a service, for measurements.
    pub(crate) fn id(&self, name: &str) -> Option<u32> {
        self.0.iter().find(|service| service.name == name).map(|service| service.child.id())
    }

    /// Stops one of them and forgets it.
    ///
    /// # Errors  When its end cannot be waited for.
    pub(crate) fn stop(&mut self, name: &str) -> Result<()> {
        while let Some(at) = self.0.iter().position(|service| service.name == name) {
            self.0.remove(at).stop()?;
        }
        Ok(())
    }

    fn log_end(&self, name: &str) -> String {
        let service = self.0.iter().find(|service| service.name == name);
        service.and_then(|service| service.log.as_deref()).map(log_end).unwrap_or_default()
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        while let Some(service) = self.0.pop() {
            let name = service.name;
            if let Err(error) = service.stop() {
                eprintln!("{name} could not be stopped: {error:#}");
            }
        }
    }
}

impl Service {
    /// Asks it to stop, and ends it with all it started when its patience is over.
    fn stop(mut self) -> Result<ExitStatus> {
        if let Some(status) = self.child.try_wait()? {
            signal_group(&self.child, Signal::SIGTERM);
            return Ok(status);
        }
        // Only the leader is asked: it knows in which order to stop what it started.
        if let Ok(id) = i32::try_from(self.child.id()) {
            let _ = kill(Pid::from_raw(id), Signal::SIGTERM);
        }
        let began = Instant::now();
        let mut told = false;
        while began.elapsed() < STOP_PATIENCE {
            if !told && began.elapsed() > STOP_WORD {
                eprintln!("{} is still stopping; a second Ctrl-C waits no longer.", self.name);
                told = true;
            }
            if let Some(status) = self.child.try_wait()? {
                // Whatever it may have left behind, PostgreSQL too, stops in order on this signal.
                signal_group(&self.child, Signal::SIGTERM);
                return Ok(status);
            }
            thread::sleep(POLL);
        }
        eprintln!(
            "{} did not stop within {} s and was killed.",
            self.name,
            STOP_PATIENCE.as_secs()
        );
        signal_group(&self.child, Signal::SIGKILL);
        Ok(self.child.wait()?)
    }
}

fn log_end(path: &Path) -> String {
    format!(" The end of {}:\n{}", path.display(), step::tail(path, 15))
}

/// # Errors  One sentence with the way out, when another program listens there.
pub(crate) fn port_is_free(address: SocketAddr) -> Result<()> {
    if let Err(error) = TcpListener::bind(address) {
        bail!(
            "{address} cannot be used ({error}): stop the program that uses it (perhaps a desk that still runs), \
             or choose other addresses with `cargo xtask up --bind … --analytics-bind …`."
        );
    }
    Ok(())
}

/// A port that is free now, on this machine only.
///
/// # Errors  When the system has none.
pub(crate) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}

/// Arguments and variables read more easily where they are given as text.
pub(crate) fn words<S: AsRef<OsStr>>(words: &[S]) -> Vec<OsString> {
    words.iter().map(|word| word.as_ref().to_owned()).collect()
}
