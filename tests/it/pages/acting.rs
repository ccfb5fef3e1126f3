//! What is done on a page is kept, in the name of whoever did it, and nothing else does anything.

use super::Site;
use chrono::{Days, Utc};

/// Its word, its fields, what is said to be done, and what the page shows then.
type OneAct<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);

fn of_group(site: &Site) -> super::Answer {
    site.get("/groups/sized-group-0001")
}

#[test]
fn every_act_of_a_page_is_kept_and_stands_on_the_page_it_comes_back_to() {
    let site = Site::small(860);
    let word = of_group(&site).field("word");
    let day = (Utc::now().date_naive() + Days::new(20)).to_string();
    let acts: [OneAct<'_>; 5] = [
        (
            "asked",
            &[("whom", "Ana <b>"), ("day", &day)],
            "Kept that somebody was asked.",
            "asked Ana <b> on",
        ),
        (
            "note",
            &[("text", "a room\nis \"needed\"")],
            "The note is kept.",
            "“a room is \"needed\"”",
        ),
        (
            "not-now",
            &[("day", &day)],
            "Kept: it is left alone until then.",
            "not now",
        ),
        (
            "owner",
            &[("name", "Zoë")],
            "Kept who looks after it.",
            "Looked after by Zoë",
        ),
        (
            "target",
            &[("every_months", "2")],
            "Kept what is agreed",
            "",
        ),
    ];
    for (act, fields, done, shown) in acts {
        let mut all = vec![
            ("word", word.as_str()),
            ("back", "/groups/sized-group-0001?x=1&done=note"),
        ];
        all.extend(fields);
        let sent = site.post(&format!("/groups/sized-group-0001/{act}"), &all);
        let begin = format!("/groups/sized-group-0001?x=1&done={act}&about=sized-group-0001&kept=");
        let to = sent.header("location")[0].to_owned();
        assert_eq!(sent.status, 303, "{}", sent.body);
        assert!(to.starts_with(&begin), "{to}");
        assert!(to.ends_with("#sized-group-0001"), "{to}");
        let back = site.get(to.split('#').next().unwrap()).text();
        assert!(back.contains(done), "no {done:?} in {back}");
        assert!(back.contains(shown), "no {shown:?} in {back}");
    }
    assert_eq!(
        site.program.rows("SELECT kind || ' ' || coalesce(whom, text) || ' ' || coalesce(again_on, '') FROM note_row ORDER BY id"),
        [format!("asked Ana <b> {day}"), "note a room is \"needed\" ".to_owned()]
    );
    assert_eq!(
        site.program
            .rows("SELECT alert || ' ' || until_on FROM mute_row"),
        [format!("calls {day}")]
    );
    assert_eq!(site.program.rows("SELECT name FROM owner_row"), ["Zoë"]);
    assert_eq!(
        site.program.rows("SELECT every_months FROM target_row"),
        ["2"]
    );
    site.program
        .run(&["notes", "sized-group-0001"])
        .exits(0)
        .says(&["looked after by Zoë", "asked Ana <b>"]);
    site.program
        .run(&["groups", "--owner", "zoë"])
        .exits(0)
        .says(&["1 of 4 groups"]);
    // The list knows it at once, though its figures are those of the last picture.
    let list: serde_json::Value = serde_json::from_str(&site.get("/api/groups").body).unwrap();
    let line = list["groups"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["urlname"] == "sized-group-0001");
    let today = Utc::now().date_naive().to_string();
    assert!(
        line.unwrap()["contact_on"].as_str() >= Some(&today[..8]),
        "{line:?}"
    );
    assert_eq!(line.unwrap()["owner"], "Zoë");
    assert_eq!(line.unwrap()["note"], "a room is \"needed\"");
    let lines = site.get("/groups").text();
    assert!(lines.contains("a room is \"needed\""), "{lines}");
    // And taken back by the same form, emptied.
    let empty = [("word", word.as_str()), ("name", " ")];
    assert_eq!(
        site.post("/groups/sized-group-0001/owner", &empty).status,
        303
    );
    assert_eq!(site.program.rows("SELECT count(*) FROM owner_row"), ["0"]);
}

#[test]
fn a_form_of_another_site_page_or_person_keeps_nothing() {
    let site = Site::small(861);
    let word = of_group(&site).field("word");
    let body = |word: &str| super::form(&[("word", word), ("text", "hello")]);
    let path = "/groups/sized-group-0001/note";
    let origin = format!("http://{}", site.at);
    let refused = [
        site.ask(
            "POST",
            path,
            &[("Origin", "https://evil.example")],
            &body(&word),
        ),
        site.ask("POST", path, &[("Origin", "null")], &body(&word)),
        site.ask(
            "POST",
            path,
            &[("Sec-Fetch-Site", "cross-site"), ("Origin", &origin)],
            &body(&word),
        ),
        site.ask("POST", path, &[("Origin", &origin)], &body("")),
        site.ask("POST", path, &[("Origin", &origin)], &body("abc.def")),
        site.ask(
            "POST",
            path,
            &[("Origin", &origin)],
            &body(&format!("x{word}")),
        ),
    ];
    for answer in &refused {
        assert_eq!(answer.status, 403, "{answer:?}");
    }
    // Asking for a page changes nothing, whatever its address says.
    let asked = site.get(&format!("{path}?word={word}&text=hello"));
    assert_eq!(asked.status, 405);
    assert_eq!(site.program.rows("SELECT count(*) FROM note_row"), ["0"]);
    assert_eq!(
        site.ask("POST", path, &[("Origin", &origin)], &body(&word))
            .status,
        303
    );
}

#[test]
fn what_cannot_be_kept_is_said_and_nothing_is() {
    let site = Site::small(862);
    let word = of_group(&site).field("word");
    let long = "x".repeat(2_001);
    let yesterday = (Utc::now().date_naive() - Days::new(2)).to_string();
    for (act, field, told) in [
        ("note", ("text", ""), "the note is empty"),
        (
            "note",
            ("text", long.as_str()),
            "the note has 2001 characters, 2000 at most",
        ),
        ("not-now", ("day", "soon"), "until when is no date"),
        ("not-now", ("day", yesterday.as_str()), "is past"),
        ("asked", ("day", "9999-01-01"), "more than five years away"),
        ("target", ("every_months", "7"), "no number from 1 to 4"),
    ] {
        let sent = site.post(
            &format!("/groups/sized-group-0001/{act}"),
            &[("word", &word), field],
        );
        assert_eq!(sent.status, 422, "{act}: {}", sent.text());
        assert!(sent.text().contains(told), "no {told:?} in {}", sent.text());
    }
    let sent = site.post("/groups/nobody/note", &[("word", &word), ("text", "x")]);
    assert_eq!(sent.status, 404);
    let sent = site.post(
        "/groups/sized-group-0001/dance",
        &[("word", &word), ("text", "x")],
    );
    assert_eq!(sent.status, 404);
    assert_eq!(site.program.rows("SELECT count(*) FROM note_row"), ["0"]);
}

#[test]
fn who_did_it_stands_in_the_next_message() {
    let token = "lead-token-0123456789";
    let user =
        format!("[[http.user]]\nname = \"lead\"\ntoken = \"{token}\"\nrights = [\"write\"]\n");
    let site = Site::lively(863, &user);
    let signed = site.post("/login", &[("token", token), ("back", "/")]);
    let cookie = signed.header("set-cookie")[0]
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let with = [("Cookie", cookie.as_str())];
    let started = std::time::Instant::now();
    // A group that would be glad of a word, so that the message speaks of it.
    let page = loop {
        let page = site.ask("GET", "/", &with, "");
        if page.body.contains("class=\"call\"") {
            break page;
        }
        assert!(started.elapsed().as_secs() < 30, "{}", page.text());
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    let at = page.body.split("class=\"call\" id=\"").nth(1).unwrap();
    let urlname = at.split('"').next().unwrap();
    let origin = format!("http://{}", site.at);
    let sent = site.ask(
        "POST",
        &format!("/groups/{urlname}/asked"),
        &[with[0], ("Origin", &origin)],
        &super::form(&[("word", &page.field("word")), ("whom", "Ana")]),
    );
    assert_eq!(sent.status, 303, "{}", sent.text());
    let day = Utc::now().format("%-d %b").to_string();
    let said = format!("asked Ana on {day} by lead; look again on");
    site.program.run(&["digest"]).exits(0).says(&[&said]);
    // On its card, where its name stands above, that begins a sentence.
    let said = said.replacen('a', "A", 1);
    assert!(site.ask("GET", "/", &with, "").text().contains(&said));
}
