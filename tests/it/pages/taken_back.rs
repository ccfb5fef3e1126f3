//! What was kept of a group can be taken back where it stands, by whoever may keep something of that group, and by nobody
//! else.

use super::{Answer, BOARD, LEAD, Site, form, viewer};
use chrono::{Days, Utc};

const GROUP: &str = "sized-group-0001";
const OTHER: &str = "sized-group-0002";

/// Everything that is kept, as `gatherd notes` has it.
const ALL: &str = "SELECT count(*) FROM (SELECT grp FROM note_row UNION ALL SELECT grp FROM mute_row \
                   UNION ALL SELECT grp FROM target_row UNION ALL SELECT grp FROM owner_row)";

/// What the forms of a page that take something back send, in their order.
fn kept(page: &Answer) -> Vec<String> {
    let forms = page.body.split("name=\"kept\" value=\"").skip(1);
    forms
        .map(|it| it.split('"').next().unwrap().to_owned())
        .collect()
}

fn page(site: &Site, group: &str) -> Answer {
    site.get(&format!("/groups/{group}"))
}

fn take_back(site: &Site, group: &str, word: &str, kept: &str) -> Answer {
    let fields = [("word", word), ("back", "/groups"), ("kept", kept)];
    site.post(&format!("/groups/{group}/take-back"), &fields)
}

#[test]
fn each_thing_that_is_kept_is_taken_back_by_the_form_beside_it() {
    let site = Site::small(864);
    let word = page(&site, GROUP).field("word");
    let day = (Utc::now().date_naive() + Days::new(20)).to_string();
    let acts: [(&str, (&str, &str), &str); 5] = [
        ("asked", ("whom", "Ana"), "asked Ana on"),
        ("note", ("text", "a room"), "“a room”"),
        ("not-now", ("day", &day), "not now: to be left alone until"),
        ("owner", ("name", "Zoë"), "looked after by Zoë, kept on"),
        ("target", ("every_months", "2"), "an event every 2 months"),
    ];
    for (act, field, _) in acts {
        let fields = [("word", word.as_str()), field];
        let sent = site.post(&format!("/groups/{GROUP}/{act}"), &fields);
        assert_eq!(sent.status, 303, "{}", sent.body);
    }
    let mut shown = page(&site, GROUP);
    for (_, _, line) in acts {
        assert!(
            shown.text().contains(line),
            "no {line:?} in {}",
            shown.text()
        );
    }
    for left in (0..acts.len()).rev() {
        let first = kept(&shown)[0].clone();
        let sent = take_back(&site, GROUP, &word, &first);
        let to = format!("/groups?done=take-back&about={GROUP}#{GROUP}");
        assert_eq!(sent.header("location"), [to.as_str()], "{}", sent.body);
        shown = page(&site, GROUP);
        assert_eq!(kept(&shown).len(), left, "{}", shown.text());
        assert_eq!(site.program.rows(ALL), [left.to_string()]);
        // Once more it is not there.
        let again = take_back(&site, GROUP, &word, &first);
        assert_eq!(again.status, 409, "{}", again.text());
        assert!(
            again.text().contains("not kept any more"),
            "{}",
            again.text()
        );
    }
    for (_, _, line) in acts {
        assert!(!shown.text().contains(line), "{line:?} in {}", shown.text());
    }
    let told = site.get(&format!("/groups/{GROUP}?done=take-back&about={GROUP}"));
    assert!(told.text().contains("Taken back: it is not kept any more."));
}

#[test]
fn what_was_just_kept_is_taken_back_where_it_is_told() {
    let site = Site::small(865);
    let word = page(&site, GROUP).field("word");
    let fields = [("word", word.as_str()), ("back", "/"), ("whom", "Ana")];
    let sent = site.post(&format!("/groups/{GROUP}/asked"), &fields);
    let to = sent.header("location")[0].split('#').next().unwrap();
    let told = site.get(to);
    // On the first page it is the only one.
    let [kept] = &kept(&told)[..] else {
        panic!("{}", told.body)
    };
    assert_eq!(take_back(&site, GROUP, &word, kept).status, 303);
    assert_eq!(site.program.rows(ALL), ["0"]);
    // And the same address offers it no more.
    assert!(!site.get(to).body.contains("name=\"kept\""));
}

#[test]
fn nobody_takes_back_what_is_another_groups_or_was_kept_later_in_its_place() {
    let site = Site::small(866);
    let word = page(&site, GROUP).field("word");
    let note = |group: &str, text: &str| {
        let fields = [("word", word.as_str()), ("text", text)];
        assert_eq!(
            site.post(&format!("/groups/{group}/note"), &fields).status,
            303
        );
    };
    note(OTHER, "theirs");
    let theirs = kept(&page(&site, OTHER))[0].clone();
    let number = theirs.split('@').next().unwrap();
    let later = format!("{number}@{}", Utc::now().timestamp() + 1000);
    for (group, word, kept, status) in [
        (GROUP, word.as_str(), theirs.as_str(), 409),
        (OTHER, &word, &later, 409),
        (OTHER, &word, "n1", 404),
        (OTHER, &word, "", 404),
        (OTHER, &word, "q1@2", 404),
        (OTHER, "", &theirs, 403),
        (OTHER, "abc.def", &theirs, 403),
        ("nobody", &word, &theirs, 404),
    ] {
        let sent = take_back(&site, group, word, kept);
        assert_eq!(sent.status, status, "{group} {kept}: {}", sent.text());
        assert!(
            sent.text().contains("Nothing was taken back"),
            "{}",
            sent.text()
        );
    }
    let asked = site.get(&format!(
        "/groups/{OTHER}/take-back?word={word}&kept={theirs}"
    ));
    assert_eq!(asked.status, 405);
    assert_eq!(site.program.rows("SELECT text FROM note_row"), ["theirs"]);
}

#[test]
fn whoever_may_not_write_or_does_not_see_the_group_takes_nothing_back() {
    let lead = viewer(
        "lead",
        LEAD,
        &format!("groups = [\"{GROUP}\"]\nrights = [\"write\"]"),
    );
    let site = Site::of_viewers(867, &(lead + &viewer("board", BOARD, "")), LEAD);
    for group in [GROUP, OTHER] {
        site.program
            .run(&["note", group, "of the command line"])
            .exits(0);
    }
    let origin = format!("http://{}", site.at);
    let send = |token: &str, group: &str, word: &str, kept: &str| {
        let bearer = format!("Bearer {token}");
        let headers = [("Authorization", bearer.as_str()), ("Origin", &origin)];
        let path = format!("/groups/{group}/take-back");
        site.ask(
            "POST",
            &path,
            &headers,
            &form(&[("word", word), ("kept", kept)]),
        )
        .status
    };
    let theirs = site.seen(LEAD, &format!("/groups/{GROUP}"));
    let (word, own) = (theirs.field("word"), kept(&theirs)[0].clone());
    let read = site.seen(BOARD, &format!("/groups/{OTHER}"));
    assert!(
        read.text().contains("of the command line"),
        "{}",
        read.text()
    );
    assert_eq!(kept(&read), [""; 0]);
    let at = own.split('@').nth(1).unwrap();
    assert_eq!(send(LEAD, OTHER, &word, &format!("n2@{at}")), 404);
    assert_eq!(send(BOARD, GROUP, &word, &own), 403);
    assert_eq!(site.program.rows(ALL), ["2"]);
    assert_eq!(send(LEAD, GROUP, &word, &own), 303);
    assert_eq!(site.program.rows(ALL), ["1"]);
}
