//! The pages: the real daemon, asked as a browser would.

mod acting;
mod badges;
mod beginning;
mod bounds;
mod calendar;
mod explained;
mod links;
mod lists;
mod map;
mod metrics;
mod money;
mod people;
mod shown;
mod taken_back;
mod trust;
mod users;
mod waiting;
mod written;
mod year;

use crate::program::{Program, Running, until};
use gatherd::demo::world::DEMO_NETWORK;
use gatherd::demo::{Switches, World};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A daemon with pages.
pub struct Site {
    pub program: Program,
    pub daemon: Running,
    /// Host and port.
    pub at: String,
}

/// Tokens of two viewers.
pub const LEAD: &str = "lead-token-0123456789";
pub const BOARD: &str = "board-token-0123456789";

/// A viewer's section; `more` is the rest of it.
pub fn viewer(name: &str, token: &str, more: &str) -> String {
    format!("[[http.user]]\nname = \"{name}\"\ntoken = \"{token}\"\n{more}\n")
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    /// The values of a header.
    pub fn header(&self, name: &str) -> Vec<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .collect()
    }

    /// What a hidden field holds, the first time it stands there.
    pub fn field(&self, name: &str) -> String {
        let at = format!("name=\"{name}\" value=\"");
        let start = self.body.find(&at).expect(name) + at.len();
        let rest = &self.body[start..];
        rest[..rest.find('"').unwrap()].replace("&amp;", "&")
    }

    /// As the browser shows it: without tags, entities as their letters, blanks as one.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut is_tag = false;
        for c in self.body.chars() {
            match c {
                '<' => is_tag = true,
                '>' if is_tag => {
                    is_tag = false;
                    text.push(' ');
                }
                c if !is_tag => text.push(c),
                _ => {}
            }
        }
        let text = text
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl Site {
    /// On what a program has mirrored; `http` is the rest of its section.
    pub fn of(program: Program, http: &str) -> Self {
        program.run(&["backfill"]).exits(0);
        Self::on(program, http)
    }

    /// The same without reading anything first.
    pub fn on(mut program: Program, http: &str) -> Self {
        program
            .env
            .retain(|(name, _)| name != "GATHERD_HTTP_LISTEN");
        let toml = std::fs::read_to_string(program.path("gatherd.toml")).unwrap();
        program.configure(&format!(
            "{toml}\n[http]\nlisten = \"127.0.0.1:0\"\n{http}\n"
        ));
        let daemon = program.start(&["run"]);
        daemon.logs("pages at http://");
        let log = daemon.err.so_far();
        let at = log.split("pages at http://").nth(1).unwrap();
        let at = at.split('/').next().unwrap().to_owned();
        Self {
            program,
            daemon,
            at,
        }
    }

    /// A small network that was read, with pages for whoever is on this machine.
    pub fn small(seed: u64) -> Self {
        let site = Self::of(Program::small(seed), "");
        site.waits_for_figures();
        site
    }

    /// The network of the demo, in which some groups would be glad of a word; with pages by this section.
    pub fn lively(seed: u64, http: &str) -> Self {
        Self::crowded(seed, 16, http)
    }

    /// The same with so many groups.
    pub fn crowded(seed: u64, groups: usize, http: &str) -> Self {
        let world = World::demo(seed, groups, chrono::Utc::now());
        let program = Program::on(world, Switches::unlimited());
        let meetup = program.meetup_section("");
        program.configure(&format!(
            "{meetup}[[network]]\nurlname = \"{DEMO_NETWORK}\"\n"
        ));
        Self::of(program, http)
    }

    /// What the pages are made of, as JSON.
    pub fn report(&self) -> serde_json::Value {
        serde_json::from_str(&self.get("/api/report").body).unwrap()
    }

    /// Waits until the first picture is there.
    pub fn waits_for_figures(&self) {
        let started = Instant::now();
        while self.get("/api/groups").status == 503 {
            assert!(started.elapsed() < Duration::from_secs(30), "no picture");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks for a page as a browser does.
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "")
    }

    /// A small network that was read, with pages for viewers, the first of whom has this token.
    pub fn of_viewers(seed: u64, viewers: &str, token: &str) -> Self {
        let site = Self::of(Program::small(seed), viewers);
        until("the first picture is there", || {
            site.seen(token, "/api/groups").status == 200
        });
        site
    }

    /// Asks for a page as the viewer with a token.
    pub fn seen(&self, token: &str, path: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.ask("GET", path, &[("Authorization", &bearer)], "")
    }

    /// Sends a form as a page of the site does.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = format!("http://{}", self.at);
        self.ask("POST", path, &[("Origin", &origin)], &form(fields))
    }

    /// Asks with these headers besides; a `Host` among them stands for the usual one.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.ask_as("text/html", method, path, headers, body)
    }

    /// The same for what `accept` says.
    pub fn ask_as(
        &self,
        accept: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nAccept: {accept}\r\n");
        if headers.iter().all(|(name, _)| *name != "Host") {
            request.push_str(&format!("Host: {}\r\n", self.at));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if method != "GET" {
            let length = body.len();
            request.push_str("Content-Type: application/x-www-form-urlencoded\r\n");
            request.push_str(&format!("Content-Length: {length}\r\n"));
        }
        request.push_str("\r\n");
        request.push_str(body);
        let mut stream = TcpStream::connect(&self.at).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }
}

/// Fields as a browser writes them.
pub fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}
