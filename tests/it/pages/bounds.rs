//! What a request is held to, whoever sends it, and that none of it holds up the daemon.

use super::Site;
use crate::program::{Program, until};
use std::io::Write as _;
use std::net::TcpStream;

#[test]
fn a_name_that_is_none_of_ours_is_refused_so_that_no_foreign_page_reads_this_one() {
    let site = Site::small(870);
    for host in [
        "evil.example",
        "evil.example:80",
        "gatherd.evil.example",
        "",
    ] {
        assert_eq!(
            site.ask("GET", "/", &[("Host", host)], "").status,
            421,
            "{host}"
        );
    }
    for host in [
        "localhost:8787",
        "127.0.0.1",
        "[::1]:99",
        "192.168.7.7:8787",
    ] {
        assert_eq!(
            site.ask("GET", "/", &[("Host", host)], "").status,
            200,
            "{host}"
        );
    }
}

#[test]
fn a_forwarded_request_is_refused_where_everybody_behind_the_proxy_could_write() {
    let site = Site::small(871);
    for name in [
        "X-Forwarded-For",
        "Forwarded",
        "X-Real-IP",
        "X-Forwarded-Host",
    ] {
        let answer = site.ask("GET", "/", &[(name, "192.0.2.7")], "");
        assert_eq!(answer.status, 403, "{name}");
        assert!(answer.body.contains("[[http.user]]"), "{}", answer.body);
    }
}

#[test]
fn behind_a_proxy_pages_lie_under_its_path_and_only_its_word_on_the_name_counts() {
    let token = "lead-token-0123456789";
    let http = format!(
        "public_url = \"https://intern.example.com/groups\"\ntrusted_proxies = [\"127.0.0.1\"]\n\
         [[http.user]]\nname = \"lead\"\ntoken = \"{token}\"\n"
    );
    let site = Site::of(Program::small(872), &http);
    let bearer = format!("Bearer {token}");
    let forwarded = [
        ("Authorization", bearer.as_str()),
        ("X-Forwarded-Host", "intern.example.com"),
        ("Host", "backend.internal"),
    ];
    until("the first picture is there", || {
        site.ask("GET", "/groups/api/groups", &forwarded, "").status == 200
    });
    for path in ["/groups/", "/groups/groups"] {
        let page = site.ask("GET", path, &forwarded, "");
        assert_eq!(page.status, 200, "{path}");
        for part in page.body.split("href=\"").skip(1) {
            let to = part.split('"').next().unwrap();
            let is_ours =
                to.starts_with("/groups/") || to.starts_with("#") || to.starts_with("http");
            assert!(is_ours, "{path} leads to {to}");
        }
    }
    let signed = site.ask(
        "POST",
        "/groups/login",
        &forwarded[1..],
        &super::form(&[("token", token)]),
    );
    let set = signed.header("set-cookie");
    assert!(
        set[0].contains("Path=/groups/") && set[0].contains("Secure"),
        "{set:?}"
    );
    // Another name than the public one is none of ours, whoever says it.
    let other = [
        ("Authorization", bearer.as_str()),
        ("X-Forwarded-Host", "evil.example"),
        ("Host", "backend.internal"),
    ];
    assert_eq!(site.ask("GET", "/groups/", &other, "").status, 421);
}

#[test]
fn what_is_too_large_is_refused() {
    let site = Site::small(873);
    let word = site.get("/groups/sized-group-0001").field("word");
    let text = "x".repeat(40 * 1024);
    let sent = site.post(
        "/groups/sized-group-0001/note",
        &[("word", &word), ("text", &text)],
    );
    assert_eq!(sent.status, 413);
    let long = "y".repeat(64 * 1024);
    let sent = site.ask("GET", "/", &[("X-Long", &long)], "");
    assert!([400, 431].contains(&sent.status), "{}", sent.status);
    assert_eq!(site.program.rows("SELECT count(*) FROM note_row"), ["0"]);
}

#[test]
fn a_thousand_slow_connections_hold_up_neither_passes_nor_the_end_and_pages_come_back() {
    let program = Program::small(874);
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"*/10 * * * * *\"\n"
    ));
    let site = Site::of(program, "");
    site.waits_for_figures();
    let passes = || site.daemon.err.so_far().matches("pass ended").count();
    let mut slow = Vec::new();
    for _ in 0..1_000 {
        // The system's queue is full at some point: more cannot be opened, which is as well.
        let Ok(address) = site.at.parse() else { break };
        let Ok(mut stream) =
            TcpStream::connect_timeout(&address, std::time::Duration::from_millis(200))
        else {
            break;
        };
        drop(stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "));
        slow.push(stream);
    }
    assert!(slow.len() >= 128, "{}", slow.len());
    let seen = passes();
    until("another pass ends", || passes() > seen);
    site.program.run(&["status", "--check", "--live"]).exits(0);
    drop(slow);
    assert_eq!(site.get("/").status, 200);
    site.daemon.signal("TERM");
    let Site { daemon, .. } = site;
    daemon.ends().exits(0);
}

#[test]
fn where_the_address_is_taken_the_daemon_does_all_else_and_says_so_once() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = taken.local_addr().unwrap();
    let mut program = Program::small(875);
    program
        .env
        .retain(|(name, _)| name != "GATHERD_HTTP_LISTEN");
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[http]\nlisten = \"{at}\"\n"
    ));
    let daemon = program.start(&["run"]);
    daemon.logs(&format!("no pages at {at}: "));
    daemon.logs("pass ended");
    assert_eq!(daemon.err.so_far().matches("no pages at").count(), 1);
    daemon.signal("TERM");
    daemon.ends().exits(0);
}

/// How it is asked, where, with which headers and body; the status, and words of the answer.
type Asked<'a> = (
    &'a str,
    &'a str,
    &'a [(&'a str, &'a str)],
    &'a str,
    u16,
    &'a str,
);

#[test]
fn a_refusal_is_a_page_for_a_browser_and_plain_words_for_a_program() {
    let site = Site::small(885);
    let large = "x".repeat(40_000);
    let origin = format!("http://{}", site.at);
    let asked: [Asked<'_>; 4] = [
        (
            "GET",
            "/",
            &[("Host", "evil.example")],
            "",
            421,
            "none of this site's",
        ),
        (
            "POST",
            "/groups",
            &[("Origin", &origin)],
            "",
            405,
            "not asked for in that way",
        ),
        (
            "POST",
            "/groups/sized-group-0001/note",
            &[("Origin", &origin)],
            &large,
            413,
            "",
        ),
        (
            "POST",
            "/login",
            &[("Origin", "https://evil.example")],
            "",
            403,
            "from another site",
        ),
    ];
    for (method, path, headers, body, status, words) in asked {
        let page = site.ask(method, path, headers, body);
        assert_eq!(page.status, status, "{path}");
        assert_eq!(
            page.header("content-type"),
            ["text/html; charset=utf-8"],
            "{path}"
        );
        assert!(
            page.body.contains("<title>") && page.text().contains(words),
            "{}",
            page.body
        );
        assert_eq!(page.header("content-security-policy").len(), 1, "{path}");
        let plain = site.ask_as("*/*", method, path, headers, body);
        assert_eq!(plain.status, status, "{path}");
        assert!(
            !plain.body.contains('<') && plain.body.contains(words),
            "{}",
            plain.body
        );
    }
}
