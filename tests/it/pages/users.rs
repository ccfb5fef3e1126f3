//! Who may see what, and do what.

use super::{BOARD, LEAD, Site, form, viewer};
use crate::program::Program;
use serde_json::Value;

/// One who is narrowed and may write, one who sees all and may not.
fn users() -> String {
    let lead = "groups = [\"sized-group-0001\"]\nrights = [\"write\"]";
    viewer("lead", LEAD, lead) + &viewer("board", BOARD, "")
}

fn site(seed: u64) -> Site {
    Site::of_viewers(seed, &users(), BOARD)
}

#[test]
fn nobody_sees_anything_without_a_token_but_whether_the_daemon_is_alive() {
    let site = site(850);
    for path in [
        "/",
        "/groups",
        "/groups.csv",
        "/groups/sized-group-0001",
        "/trust",
        "/health",
        "/api/report",
    ] {
        let answer = site.get(path);
        assert_eq!(answer.status, 401, "{path}");
        assert!(
            !answer.body.contains("sized-group-0001") || path.contains("sized-group-0001"),
            "{path}"
        );
        let wrong = site.seen("wrong-token-0123456789", path);
        assert_eq!(wrong.status, 401, "{path}");
    }
    assert_eq!(site.get("/healthz").status, 200);
    assert_eq!(site.get("/assets/style.css").status, 200);
}

#[test]
fn whoever_is_narrowed_sees_their_groups_alone_wherever_they_look() {
    let site = site(851);
    let all: Value = serde_json::from_str(&site.seen(BOARD, "/api/groups").body).unwrap();
    let all: Vec<&str> = all["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["urlname"].as_str().unwrap())
        .collect();
    assert!(
        all.len() > 1 && all.contains(&"sized-group-0001"),
        "{all:?}"
    );
    for path in [
        "/",
        "/groups",
        "/groups.csv",
        "/trust",
        "/api/report",
        "/api/groups",
    ] {
        let answer = site.seen(LEAD, path);
        assert_eq!(answer.status, 200, "{path}");
        for urlname in all.iter().filter(|it| **it != "sized-group-0001") {
            assert!(!answer.body.contains(urlname), "{urlname} in {path}");
        }
    }
    assert!(
        site.seen(LEAD, "/groups.csv")
            .body
            .contains("sized-group-0001")
    );
    let other = all.iter().find(|it| **it != "sized-group-0001").unwrap();
    for path in [format!("/groups/{other}"), format!("/api/groups/{other}")] {
        assert_eq!(site.seen(LEAD, &path).status, 404, "{path}");
    }
    assert_eq!(site.seen(LEAD, "/health").status, 403);
    // Lists of persons are for those with that right.
    for token in [LEAD, BOARD] {
        let report: Value = serde_json::from_str(&site.seen(token, "/api/report").body).unwrap();
        assert!(report.get("people").is_none());
    }
}

#[test]
fn a_token_is_shown_once_and_a_cookie_stands_for_it_until_the_token_is_another() {
    let mut site = site(852);
    let wrong = site.post("/login", &[("token", "no"), ("back", "/groups")]);
    assert_eq!(wrong.status, 401);
    assert!(
        wrong.text().contains("Nobody has this token"),
        "{}",
        wrong.text()
    );
    let signed = site.post("/login", &[("token", LEAD), ("back", "/groups?q=a")]);
    assert_eq!(
        (signed.status, signed.header("location")),
        (303, vec!["/groups?q=a"])
    );
    let set = signed.header("set-cookie")[0].to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains(LEAD), "{set}");
    let cookie = set.split(';').next().unwrap().to_owned();
    let with =
        |site: &Site, cookie: &str| site.ask("GET", "/groups", &[("Cookie", cookie)], "").status;
    assert_eq!(with(&site, &cookie), 200);
    // Nobody makes one of their own out of it.
    let longer = cookie.replacen("~1", "~9", 1);
    let of_other = cookie.replacen("lead", "board", 1);
    assert_eq!((with(&site, &longer), with(&site, &of_other)), (401, 401));
    // Elsewhere than on this site nobody is led.
    let away = site.post("/login", &[("token", LEAD), ("back", "//evil.example/")]);
    assert_eq!(away.header("location"), ["/"]);
    // It outlives the daemon, and ends with its token.
    let Site {
        program, daemon, ..
    } = site;
    daemon.signal("TERM");
    daemon.ends().exits(0);
    let again = |program: Program, lead: &str| {
        let toml = std::fs::read_to_string(program.path("gatherd.toml")).unwrap();
        let toml = toml.split("\n[http]\n").next().unwrap().to_owned();
        program.configure(&toml);
        Site::on(program, &users().replace(LEAD, lead))
    };
    site = again(program, LEAD);
    assert_eq!(with(&site, &cookie), 200);
    let Site {
        program, daemon, ..
    } = site;
    daemon.signal("TERM");
    daemon.ends().exits(0);
    site = again(program, "another-token-0123456789");
    assert_eq!(with(&site, &cookie), 401);
}

#[test]
fn a_link_from_a_chat_finds_whoever_signed_in() {
    let site = site(853);
    let signed = site.post("/login", &[("token", LEAD), ("back", "/")]);
    let cookie = signed.header("set-cookie")[0]
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    // The browser shows no cookie on the way from elsewhere; the page asks for itself once more.
    let first = site.ask(
        "GET",
        "/groups?q=x",
        &[("Sec-Fetch-Site", "cross-site")],
        "",
    );
    assert_eq!(first.status, 200);
    assert!(
        first.body.contains("http-equiv=\"refresh\" content=\"0\""),
        "{}",
        first.body
    );
    assert!(!first.body.contains("sized-group-0001"));
    let second = site.ask(
        "GET",
        "/groups?q=x",
        &[("Sec-Fetch-Site", "same-origin"), ("Cookie", &cookie)],
        "",
    );
    assert_eq!(second.status, 200);
    // Whoever is not signed in is asked to.
    let second = site.ask(
        "GET",
        "/groups?q=x",
        &[("Sec-Fetch-Site", "same-origin")],
        "",
    );
    assert_eq!(second.status, 401);
    assert_eq!(second.field("back"), "/groups?q=x");
}

#[test]
fn without_the_right_to_write_nothing_is_offered_and_nothing_is_kept() {
    let site = site(854);
    let page = site.seen(BOARD, "/groups/sized-group-0001");
    assert!(
        !page
            .body
            .contains("<form method=\"post\" action=\"/groups/"),
        "{}",
        page.body
    );
    let origin = format!("http://{}", site.at);
    let sent = site.ask(
        "POST",
        "/groups/sized-group-0001/note",
        &[
            ("Authorization", &format!("Bearer {BOARD}")),
            ("Origin", &origin),
        ],
        &form(&[("text", "hello"), ("word", "x.y")]),
    );
    assert_eq!(sent.status, 403);
    assert_eq!(site.program.rows("SELECT count(*) FROM note_row"), ["0"]);
}

#[test]
fn what_others_can_reach_demands_users_and_a_short_token_is_refused() {
    let mut program = Program::small(855);
    program
        .env
        .retain(|(name, _)| name != "GATHERD_HTTP_LISTEN");
    let meetup = program.meetup_section("");
    let network = "[[network]]\nurlname = \"sized\"\n";
    for (http, told) in [
        (
            "listen = \"0.0.0.0:8787\"",
            "http.listen is 0.0.0.0:8787, which others can reach without a token",
        ),
        (
            "public_url = \"https://groups.example.com\"",
            "http.public_url is written, but nobody has a token",
        ),
        (
            "trusted_proxies = [\"10.0.0.7\"]",
            "http.trusted_proxies is written, but nobody has a token",
        ),
        (
            "[[http.user]]\nname = \"a\"\ntoken = \"short\"",
            "http.user.a.token has fewer than 16 characters",
        ),
        (
            "[[http.user]]\nname = \"a\"\ntoken = \"0123456789abcdef\"\n[[http.user]]\nname = \"b\"\ntoken = \"0123456789abcdef\"",
            "http.user.b.token is that of a, too",
        ),
        (
            "[[http.user]]\nname = \"a\"\ntoken = \"0123456789abcdef\"\nrights = [\"wirte\"]",
            "did you mean write?",
        ),
        (
            "trusted_proxies = [\"proxy\"]\n[[http.user]]\nname = \"a\"\ntoken = \"0123456789abcdef\"",
            "which is no address of a proxy",
        ),
    ] {
        program.configure(&format!("{meetup}{network}[http]\n{http}\n"));
        program.run(&["status"]).exits(5).says(&[told]);
    }
}

#[test]
fn the_token_of_an_earlier_configuration_counts_as_a_user_who_may_do_all_with_a_warning() {
    let program = Program::small(856);
    let site = Site::of(program, "token = \"one-token-for-everybody\"\n");
    let token = "one-token-for-everybody";
    let started = std::time::Instant::now();
    while site.seen(token, "/api/groups").status == 503 {
        assert!(started.elapsed().as_secs() < 30);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(site.seen(token, "/").body.contains("action=\"/groups/"));
    site.daemon.logs("http.token is one token for everybody");
}
