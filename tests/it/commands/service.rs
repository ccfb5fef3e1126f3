//! What a service manager is told by the daemon it started, heard at a real socket.

use crate::program::{Program, Running, until, until_within};
use std::{
    os::unix::net::UnixDatagram,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

/// Listens where `NOTIFY_SOCKET` points.
struct Manager {
    heard: Arc<Mutex<Vec<String>>>,
}

impl Manager {
    /// Starts listening; the program's daemon is told where, and asked for a sign of life every two seconds.
    fn of(program: &mut Program) -> Self {
        let path = program.path("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        let environment = [
            ("NOTIFY_SOCKET", path.to_str().unwrap()),
            ("WATCHDOG_USEC", "2000000"),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
        program.env.extend(environment);
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let hears = Arc::clone(&heard);
        // It ends with the process of the tests.
        std::thread::spawn(move || {
            let mut bytes = [0; 4_096];
            while let Ok(count) = socket.recv(&mut bytes) {
                let said = String::from_utf8_lossy(&bytes[..count]);
                let mut heard = hears.lock().unwrap();
                heard.extend(said.lines().map(str::to_owned));
            }
        });
        Self { heard }
    }

    /// What was said, but for signs of life.
    fn stages(&self) -> Vec<String> {
        let mut heard = self.heard.lock().unwrap().clone();
        heard.retain(|it| it != SIGN);
        heard
    }

    fn signs(&self) -> usize {
        let heard = self.heard.lock().unwrap();
        heard.iter().filter(|it| *it == SIGN).count()
    }
}

const SIGN: &str = "WATCHDOG=1";

fn quiet(program: &Program) {
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"0 0 1 1 *\"\n"
    ));
}

#[test]
fn a_service_manager_hears_that_the_daemon_runs_lives_reads_its_configuration_again_and_ends() {
    let mut program = Program::small(870);
    let manager = Manager::of(&mut program);
    quiet(&program);
    let daemon = program.start(&["run"]);
    until("it runs", || manager.stages() == ["READY=1"]);
    until("two signs of life", || manager.signs() >= 2);

    let reload = |expected: &str| {
        let before = manager.stages().len();
        daemon.signal("HUP");
        daemon.logs(expected);
        until("it runs again", || manager.stages().len() == before + 3);
        let said = manager.stages().split_off(before);
        assert_eq!(
            (said[0].as_str(), said[2].as_str()),
            ("RELOADING=1", "READY=1")
        );
        let since = said[1].strip_prefix("MONOTONIC_USEC=").unwrap();
        assert!(since.parse::<u64>().unwrap() > 0, "{since}");
    };
    reload("the configuration was read again");
    std::fs::write(program.path("gatherd.toml"), "[[network]]\nname = 1\n").unwrap();
    reload("the configuration stays as it was");

    let before = manager.stages().len();
    daemon.signal("TERM");
    daemon.ends().exits(0);
    until("it ends", || manager.stages().len() > before);
    assert_eq!(manager.stages()[before..], ["STOPPING=1"]);
}

/// What a measurement reads, and nothing else, now takes longer than any test, and a digest is due.
const SLOW: &str = "ALTER TABLE target_row RENAME TO kept_target_row;
    CREATE VIEW target_row AS
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000)
      SELECT i AS grp, 1 AS every_months, 1 AS created_at FROM n WHERE i < 0;
    INSERT INTO firing_row VALUES ('digest first', 0);";

/// A lane is given half a minute by the shortest watchdog.
const PATIENCE: Duration = Duration::from_secs(45);

#[test]
fn the_watchdog_hears_nothing_more_once_a_lane_stands() {
    let receiver = gatherd::demo::Receiver::start().unwrap();
    let mut program = Program::small(871);
    let manager = Manager::of(&mut program);
    let (meetup, url) = (program.meetup_section(""), receiver.url("first"));
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"*/10 * * * * *\"\n\
         [[channel]]\nname = \"first\"\nkind = \"mattermost\"\nurl = \"{url}\"\n"
    ));
    program.run(&["backfill"]).exits(0);
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    conn.execute_batch(SLOW).unwrap();
    let daemon = program.start(&["run"]);
    until("signs of life", || manager.signs() >= 2);
    let lock = program.path("gatherd.db.lock");
    until_within(PATIENCE, "filing stands", || stands(&lock) > 31);
    // The moves are written as often as a sign would be given, and right after it.
    let written = |times: usize| {
        for _ in 0..times {
            let at = || std::fs::metadata(&lock).unwrap().modified().unwrap();
            let before = at();
            until("the moves are written", || at() != before);
        }
    };
    written(2);
    let signs = manager.signs();
    written(3);
    assert_eq!(manager.signs(), signs);
    // That is this lane's doing alone: the daemon goes on.
    assert!(is_up(&daemon));
    daemon.signal("TERM");
    daemon.ends().exits(0);
    assert_eq!(manager.stages(), ["READY=1", "STOPPING=1"]);
}

/// How many seconds ago the lane that files moved.
fn stands(lock: &Path) -> i64 {
    let lock = std::fs::read_to_string(lock).unwrap();
    let line = lock.lines().find(|line| line.ends_with(" filing"));
    let at = line.and_then(|line| line.split(' ').nth(1)?.parse::<i64>().ok());
    at.map_or(0, |at| chrono::Utc::now().timestamp() - at)
}

fn is_up(daemon: &Running) -> bool {
    Path::new(&format!("/proc/{}", daemon.pid())).exists()
}
