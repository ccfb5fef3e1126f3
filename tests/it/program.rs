//! The real program, as a shell would start it, against the simulated Meetup.

use gatherd::demo::{Simulated, Switches, TRIAL_TOKEN, World};
use gatherd::mirror::Mirror;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

pub const GATHERD: &str = env!("CARGO_BIN_EXE_gatherd");

/// Longer than anything here takes; a program that hangs is killed and fails its test.
const PATIENCE: Duration = Duration::from_secs(30);

/// A directory with a configuration, and the simulated Meetup that it names.
pub struct Program {
    pub sim: Simulated,
    pub dir: tempfile::TempDir,
    /// Variables of the environment.
    pub env: Vec<(String, String)>,
}

/// What a finished program left.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Everything it printed.
    pub fn said(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    /// Ends the test unless it exited so.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.said());
        self
    }

    /// Ends the test unless it said all of this.
    #[track_caller]
    pub fn says(self, parts: &[&str]) -> Self {
        let said = self.said();
        for part in parts {
            assert!(said.contains(part), "no {part:?} in:\n{said}");
        }
        self
    }
}

/// A program under way.
pub struct Running {
    child: Child,
    input: Option<ChildStdin>,
    pub out: Piped,
    pub err: Piped,
}

/// What comes out of a pipe, as it comes.
pub struct Piped {
    text: std::sync::Arc<std::sync::Mutex<String>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Piped {
    pub fn read(mut pipe: impl std::io::Read + Send + 'static) -> Self {
        let text = std::sync::Arc::<std::sync::Mutex<String>>::default();
        let shared = text.clone();
        let thread = std::thread::spawn(move || {
            let mut bytes = [0; 4_096];
            let mut rest = Vec::new();
            while let Ok(count @ 1..) = pipe.read(&mut bytes) {
                rest.extend_from_slice(&bytes[..count]);
                // A letter may come in two parts.
                let whole = match std::str::from_utf8(&rest) {
                    Err(cut) if cut.error_len().is_none() => cut.valid_up_to(),
                    _ => rest.len(),
                };
                let more: Vec<u8> = rest.drain(..whole).collect();
                let more = String::from_utf8_lossy(&more);
                shared.lock().unwrap().push_str(&more);
            }
        });
        Self {
            text,
            thread: Some(thread),
        }
    }

    /// What came so far.
    pub fn so_far(&self) -> String {
        self.text.lock().unwrap().clone()
    }

    fn all(mut self) -> String {
        self.thread.take().unwrap().join().unwrap();
        self.so_far()
    }
}

/// Waits until it is so.
#[track_caller]
pub fn until(what: &str, is_so: impl FnMut() -> bool) {
    until_within(PATIENCE, what, is_so);
}

/// The same, with other patience.
#[track_caller]
pub fn until_within(patience: Duration, what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < patience, "never: {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

impl Running {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for a line of its log.
    #[track_caller]
    pub fn logs(&self, part: &str) {
        let started = Instant::now();
        while !self.err.so_far().contains(part) {
            let waited = started.elapsed();
            assert!(waited < PATIENCE, "no {part:?} in:\n{}", self.err.so_far());
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Whether this was among what it said on stdout.
    pub fn says_so_far(&self, part: &str) -> bool {
        self.out.so_far().contains(part)
    }

    /// Sends a signal by name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &self.pid().to_string()])
            .stderr(Stdio::null())
            .status();
        sent.unwrap();
    }

    /// Types a line into it, where it was started with an input.
    pub fn types(&mut self, line: &str) {
        let input = self.input.as_mut().unwrap();
        writeln!(input, "{line}").unwrap();
    }

    pub fn is_over(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Ends it as a power failure would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end.
    #[track_caller]
    pub fn ends(mut self) -> Ran {
        // A last line was typed, if any.
        drop(self.input.take());
        let started = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if started.elapsed() > PATIENCE {
                self.child.kill().unwrap();
                panic!("does not end:\n{}", self.err.so_far());
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        Ran {
            code: status.code().unwrap_or(-1),
            out: self.out.all(),
            err: self.err.all(),
        }
    }
}

impl Program {
    /// On a world, with everything in order.
    pub fn on(world: World, switches: Switches) -> Self {
        Self::at(Simulated::start(world, switches).unwrap())
    }

    /// On a simulated Meetup that runs, with everything in order.
    pub fn at(sim: Simulated) -> Self {
        let program = Self {
            sim,
            dir: tempfile::tempdir().unwrap(),
            env: vec![
                ("GATHERD_MEETUP_ACCESS_TOKEN".into(), TRIAL_TOKEN.into()),
                // Many run at once: whoever does not ask for pages has none.
                ("GATHERD_HTTP_LISTEN".into(), "off".into()),
            ],
        };
        let meetup = program.meetup_section("");
        program.configure(&format!("{meetup}[[network]]\nurlname = \"sized\"\n"));
        program
    }

    /// On a small world without a points limit.
    pub fn small(seed: u64) -> Self {
        let world = World::sized(seed, 4, 40, 500, 200, chrono::Utc::now());
        Self::on(world, Switches::unlimited())
    }

    /// `[meetup]` with the addresses of the simulated Meetup.
    pub fn meetup_section(&self, more: &str) -> String {
        format!(
            "[meetup]\nendpoint = \"{}\"\ntoken_endpoint = \"{}\"\npoints_per_minute = 100000\n{more}\n",
            self.sim.endpoint(),
            self.sim.token_endpoint()
        )
    }

    /// Writes the configuration, for nobody else's eyes where there are such.
    pub fn configure(&self, toml: &str) {
        let path = self.path("gatherd.toml");
        std::fs::write(&path, toml).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .unwrap();
    }

    /// Without any sign-in from the environment.
    pub fn without_token(mut self) -> Self {
        self.env.retain(|(name, _)| name == "GATHERD_HTTP_LISTEN");
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The database, to look into.
    pub fn mirror(&self) -> Mirror {
        Mirror::open_existing(&self.path("gatherd.db")).unwrap()
    }

    /// Rows of a query.
    pub fn rows(&self, sql: &str) -> Vec<String> {
        crate::rig::rows(&self.mirror(), sql)
    }

    /// Where the mirror differs from the world.
    pub fn differences(&self) -> Vec<String> {
        crate::rig::differences(&self.sim, &self.mirror(), &[], &[])
    }

    /// SQLite's own word on the file.
    pub fn integrity(&self) -> String {
        let conn = rusqlite::Connection::open(self.path("gatherd.db")).unwrap();
        let checked = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0));
        checked.unwrap()
    }

    /// Starts it with these arguments.
    pub fn start(&self, args: &[&str]) -> Running {
        self.start_by(Command::new(GATHERD), args)
    }

    /// Starts it through another command, such as a shell.
    pub fn start_by(&self, command: Command, args: &[&str]) -> Running {
        self.spawn(command, args, Stdio::null())
    }

    /// Starts it with somebody at the keyboard.
    pub fn start_typing(&self, args: &[&str]) -> Running {
        self.spawn(Command::new(GATHERD), args, Stdio::piped())
    }

    /// Starts it with this for its input.
    pub fn start_with(&self, args: &[&str], input: Stdio) -> Running {
        self.spawn(Command::new(GATHERD), args, input)
    }

    fn spawn(&self, mut command: Command, args: &[&str], input: Stdio) -> Running {
        command
            .args(args)
            .current_dir(self.dir.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(self.env.iter().cloned())
            .stdin(input)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        Running {
            out: Piped::read(child.stdout.take().unwrap()),
            err: Piped::read(child.stderr.take().unwrap()),
            input: child.stdin.take(),
            child,
        }
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(&self, args: &[&str]) -> Ran {
        self.start(args).ends()
    }
}

/// A port that was free a moment ago, out of a range of this test process's own and below those that
/// the system gives away: nobody takes it unasked.
pub fn port() -> u16 {
    use std::sync::atomic::{AtomicU16, Ordering};
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let base = 10_000 + (std::process::id() % 300) as u16 * 64;
    loop {
        let port = base + NEXT.fetch_add(1, Ordering::Relaxed) % 64;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Puts a file in place of the database.
pub fn database_of(path: &Path, sql: &str) {
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.execute_batch(sql).unwrap();
}
