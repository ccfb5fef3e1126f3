//! Typed in a real pseudo-terminal.

use super::{bare, counts, files};
use crate::program::{GATHERD, Piped, Program, until};
use gatherd::demo::{CLIENT_ID, CLIENT_SECRET, Receiver, TRIAL_TOKEN, World};
use std::fs::{self, File};
use std::io::Write as _;
use std::process::{Child, Command, Stdio};

/// Somebody at a terminal.
struct Typist {
    child: Child,
    keyboard: File,
    screen: Piped,
    read: usize,
}

impl Typist {
    fn begins(program: &Program, args: &[&str]) -> Self {
        let terminal = nix::pty::openpty(None, None).unwrap();
        let end = || Stdio::from(terminal.slave.try_clone().unwrap());
        let mut command = Command::new(GATHERD);
        command
            .args(args)
            .current_dir(program.dir.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TZ", "Asia/Tokyo")
            .env("TERM", "xterm")
            .envs(program.env.iter().cloned())
            .stdin(end())
            .stdout(end())
            .stderr(end());
        let child = command.spawn().unwrap();
        drop(command);
        let keyboard = File::from(terminal.master);
        Self {
            child,
            screen: Piped::read(keyboard.try_clone().unwrap()),
            keyboard,
            read: 0,
        }
    }

    /// Waits for a question, beyond the last one.
    #[track_caller]
    fn is_asked(&mut self, question: &str) {
        let mut at = None;
        let from = self.read;
        until(question, || {
            let screen = self.screen.so_far();
            at = screen[from..]
                .find(question)
                .map(|it| from + it + question.len());
            let is_over = at.is_none() && self.child.try_wait().unwrap().is_some();
            assert!(!is_over, "ended before {question:?}:\n{screen}");
            at.is_some()
        });
        self.read = at.unwrap();
    }

    #[track_caller]
    fn answers(&mut self, question: &str, line: &str) {
        self.is_asked(question);
        writeln!(self.keyboard, "{line}").unwrap();
    }

    /// Waits for its end: how it ended, and all that was on the screen.
    fn ends(mut self) -> (i32, String) {
        until("it ends", || self.child.try_wait().unwrap().is_some());
        let status = self.child.wait().unwrap();
        // What it wrote last is still on its way.
        let mut before = String::new();
        until("nothing more comes", || {
            let now = self.screen.so_far();
            let is_still = now == before;
            before = now;
            std::thread::sleep(std::time::Duration::from_millis(20));
            is_still
        });
        (status.code().unwrap_or(-1), before)
    }
}

#[test]
fn whoever_types_the_answers_signs_in_sees_a_look_and_has_a_configuration_in_the_end() {
    let program = bare(Program::small(841));
    let receiver = Receiver::start().unwrap();
    let mut typist = Typist::begins(&program, &["init"]);
    typist.answers(
        "choose once you are signed in",
        "https://www.meetup.com/pro/sized/",
    );
    typist.answers("The client's key", CLIENT_ID);
    typist.answers("The client's secret (not shown)", CLIENT_SECRET);
    // Agreed to in the browser, which comes back by itself.
    typist.is_asked("waiting for the answer");
    let screen = typist.screen.so_far();
    let begins = program.sim.authorize_endpoint();
    let address = screen
        .lines()
        .map(str::trim)
        .find(|it| it.starts_with(&begins));
    let address: url::Url = address.unwrap().parse().unwrap();
    let arguments = fs::read(format!("/proc/{}/cmdline", typist.child.id())).unwrap();
    assert!(!String::from_utf8_lossy(&arguments).contains(CLIENT_SECRET));
    assert_eq!(super::super::login::browse(&address).0, 200);
    typist.is_asked("4 groups");
    typist.answers("time zone is your Monday? [Asia/Tokyo]", "Europe/Berlni");
    typist.answers("did you mean Europe/Berlin?", "Europe/Berlin");
    typist.answers("How often", "3");
    typist.answers("How many events a year", "");
    typist.is_asked("first look: the last 12 months only");
    typist.answers("administers the network: yours?", "y");
    typist.answers("Others of yours", "4711");
    typist.is_asked("first look: the last 12 months only");
    // Whom it is to is no way there.
    typist.answers("a webhook's address", "ann@example.org");
    typist.is_asked("paste the way there first, smtps://host or sendmail:");
    typist.answers("a webhook's address", &receiver.url("/hooks/very-secret"));
    typist.is_asked("That is Mattermost");
    typist.answers("called in commands? [team]", "");
    typist.answers("Post a test line there now?", "");
    typist.is_asked("It arrived.");
    assert_eq!(receiver.received().len(), 1);
    // In the channel's own form, and before anything is written.
    typist.answers("as it will look there?", "y");
    typist.is_asked("first look: the last 12 months only");
    assert_eq!(files(&program), []);
    typist.answers("Who keeps it running?", "cron");
    typist.is_asked("Written, for your eyes only");
    typist.is_asked("*/15 * * * *");
    typist.is_asked("What comes next:");
    let (code, screen) = typist.ends();
    assert_eq!(code, 0, "{screen}");
    for secret in [CLIENT_SECRET, "very-secret", "demo-refresh-", "access-"] {
        assert!(
            !screen.contains(secret),
            "{secret} on the screen:\n{screen}"
        );
    }
    let names: Vec<String> = files(&program).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["client_secret", "gatherd.toml", "team_url"]);
    let counts = counts(&program);
    let of = |key: &str| counts[key].as_str().unwrap().trim_matches('"').to_owned();
    assert_eq!(of("schedule.timezone"), "Europe/Berlin");
    assert_eq!(of("target.every_months"), "3");
    assert!(
        of("staff.member_ids").ends_with("\"4711\"]"),
        "{}",
        of("staff.member_ids")
    );
    // And it goes on by itself.
    program.run(&["sync"]).exits(0);
    program.run(&["status", "--check"]).exits(0);
}

#[test]
fn of_several_networks_one_is_chosen_by_its_number() {
    let mut world = World::sized(843, 4, 40, 300, 100, chrono::Utc::now());
    let admin = world
        .network_named("sized")
        .map(|it| world.network(it).admin)
        .unwrap();
    world.add_network("second", "Second Network", admin);
    let program = bare(Program::on(world, gatherd::demo::Switches::unlimited()));
    let mut typist = Typist::begins(&program, &["init"]);
    typist.answers("choose once you are signed in", "");
    typist.answers("The client's key", "");
    typist.answers("Access token (not shown)", TRIAL_TOKEN);
    typist.is_asked("This account administers:");
    typist.is_asked("Second Network (second), 0 groups");
    typist.answers("Which one? Its number", "9");
    typist.is_asked("write a number from 1 to 2");
    let screen = typist.screen.so_far();
    let first = if screen.contains("1. Sized Network") {
        "1"
    } else {
        "2"
    };
    typist.answers("Which one? Its number", first);
    typist.is_asked("Network sized: Sized Network, 4 groups.");
    // A city will do for its zone.
    typist.answers("time zone is your Monday?", "berlin");
    typist.is_asked("did you mean Europe/Berlin?");
    typist.child.kill().unwrap();
    typist.ends();
}

#[test]
fn a_token_will_do_for_a_look_and_what_is_killed_leaves_nothing_half_written() {
    let program = bare(Program::small(842));
    let mut typist = Typist::begins(&program, &["init"]);
    typist.answers("choose once you are signed in", "");
    typist.answers("The client's key", "");
    // One that Meetup does not take is asked for again.
    typist.answers("Access token (not shown)", "no-such-token");
    typist.answers("Access token (not shown)", TRIAL_TOKEN);
    typist.is_asked("Network sized");
    typist.is_asked("In which time zone");
    typist.child.kill().unwrap();
    let (_, screen) = typist.ends();
    assert!(!screen.contains(TRIAL_TOKEN), "{screen}");
    assert!(files(&program).is_empty());
    // A signal in the midst of a secret leaves a terminal that shows again what is typed.
    let mut typist = Typist::begins(&program, &["init"]);
    typist.answers("choose once you are signed in", "");
    typist.answers("The client's key", "");
    typist.is_asked("Access token (not shown)");
    let pid = typist.child.id().to_string();
    Command::new("kill").args(["-INT", &pid]).status().unwrap();
    until("it ends", || typist.child.try_wait().unwrap().is_some());
    let modes = nix::sys::termios::tcgetattr(&typist.keyboard).unwrap();
    assert!(
        modes
            .local_flags
            .contains(nix::sys::termios::LocalFlags::ECHO)
    );
    assert!(files(&program).is_empty());
}
