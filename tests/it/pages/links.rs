//! Links in messages: good for one act, in the name of the channel, and for nothing else.

use super::{Answer, Site, form};
use crate::program::Program;
use gatherd::demo::world::DEMO_NETWORK;
use gatherd::demo::{Receiver, Switches, World};

const PUBLIC: &str = "https://groups.example.com/in/";
const LEAD: &str = "lead-token-0123456789";

/// A daemon with pages that others can reach, and what its channel was sent.
struct Sent {
    site: Site,
    text: String,
}

fn sent(seed: u64, kind: &str) -> Sent {
    let receiver = Receiver::start().unwrap();
    let world = World::demo(seed, 16, chrono::Utc::now());
    let program = Program::on(world, Switches::unlimited());
    let meetup = program.meetup_section("");
    let http =
        format!("public_url = \"{PUBLIC}\"\n[[http.user]]\nname = \"lead\"\ntoken = \"{LEAD}\"\n");
    let channel = format!(
        "[[channel]]\nname = \"ops\"\nkind = \"{kind}\"\nurl = \"{}\"\n",
        receiver.url("/ops")
    );
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"{DEMO_NETWORK}\"\n{channel}[http]\nlisten = \"127.0.0.1:0\"\n{http}"
    ));
    let mut program = program;
    program
        .env
        .retain(|(name, _)| name != "GATHERD_HTTP_LISTEN");
    program.run(&["backfill"]).exits(0);
    program.run(&["report", "--send", "ops"]).exits(0);
    let text = String::from_utf8(receiver.received()[0].body.to_vec()).unwrap();
    // What was posted and who may act stands in no list and no log.
    let listed = program.run(&["deliveries", "list"]).exits(0);
    assert!(!listed.said().contains("/act/"), "{}", listed.said());
    let toml = std::fs::read_to_string(program.path("gatherd.toml")).unwrap();
    let (rest, section) = toml
        .split_once("[http]\nlisten = \"127.0.0.1:0\"\n")
        .unwrap();
    program.configure(rest);
    let site = Site::on(program, section);
    Sent { site, text }
}

impl Sent {
    /// The paths of its links, in order.
    fn links(&self) -> Vec<String> {
        let start = format!("{PUBLIC}act/");
        let parts = self.text.split(&start).skip(1);
        let is_part = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        parts
            .map(|part| {
                let end = part.find(|c| !is_part(c)).unwrap_or(part.len());
                format!("/in/act/{}", &part[..end])
            })
            .collect()
    }

    fn ask(&self, method: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let host = [
            ("Host", "groups.example.com"),
            ("Origin", "https://groups.example.com"),
        ];
        self.site.ask(method, path, &host, &form(fields))
    }

    fn notes(&self) -> Vec<String> {
        let sql = "SELECT n.kind || ' ' || coalesce(n.whom, n.text, '') || ' by ' || n.author FROM note_row n ORDER BY n.id";
        self.site.program.rows(sql)
    }
}

#[test]
fn each_group_to_write_to_carries_three_links_that_act_in_the_channels_name_once_confirmed() {
    let sent = sent(880, "mattermost");
    let links = sent.links();
    assert!(
        !links.is_empty() && links.len().is_multiple_of(3),
        "{}",
        sent.text
    );
    let titles = ["Somebody was asked", "Not now", "A note"];
    for (link, title) in links.iter().zip(titles) {
        // A preview opens it, and nothing happens.
        let page = sent.ask("GET", link, &[]);
        assert_eq!(page.status, 200, "{link}");
        assert!(page.text().contains(title), "{}", page.text());
        assert!(
            page.text().contains("in the name of the channel ops"),
            "{}",
            page.text()
        );
        assert!(
            page.body.contains(&format!("action=\"{link}\"")),
            "{}",
            page.body
        );
    }
    assert_eq!(sent.notes(), [""; 0]);
    let asked = sent.ask("POST", &links[0], &[("whom", "Ana")]);
    assert_eq!(
        (
            asked.status,
            asked.text().contains("Kept that somebody was asked.")
        ),
        (200, true)
    );
    let noted = sent.ask(
        "POST",
        &links[2],
        &[("text", "they need a room"), ("name", "nobody")],
    );
    assert_eq!(noted.status, 200);
    assert_eq!(
        sent.notes(),
        ["asked Ana by ops", "note they need a room by ops"]
    );
    // What cannot be kept is said, and the link is still good.
    let empty = sent.ask("POST", &links[2], &[("text", " ")]);
    assert_eq!(empty.status, 422);
    assert!(
        empty.text().contains("the note is empty"),
        "{}",
        empty.text()
    );
    // It shows in the next message, with who did it.
    let day = chrono::Utc::now().format("%-d %b").to_string();
    let said = format!("asked Ana on {day} by ops");
    sent.site.program.run(&["digest"]).exits(0).says(&[&said]);
    // It is good for its own act alone: no other page, and no other act.
    let other = sent.ask("GET", "/in/groups", &[]);
    assert_eq!(other.status, 401);
    assert_eq!(
        sent.site.program.rows("SELECT count(*) FROM owner_row"),
        ["0"]
    );
    assert!(
        !sent.site.daemon.err.so_far().contains("/act/"),
        "a link in the log"
    );
}

#[test]
fn what_a_link_kept_is_taken_back_from_its_own_answer_alone() {
    let sent = sent(883, "mattermost");
    let links = sent.links();
    let (asked, noted) = (
        sent.ask("POST", &links[0], &[("whom", "Ana")]),
        sent.ask("POST", &links[2], &[("text", "a room")]),
    );
    let (kept, word) = (asked.field("kept"), asked.field("word"));
    let to = format!("{}/take-back", links[0]);
    assert!(
        asked.body.contains(&format!("action=\"{to}\"")),
        "{}",
        asked.body
    );
    // Neither another thing by this word, nor this one by another's, nor by another link.
    let other = (noted.field("kept"), noted.field("word"));
    for (to, kept, word) in [
        (&to, &other.0, &word),
        (&to, &kept, &other.1),
        (&to, &kept, &String::new()),
        (&format!("{}/take-back", links[2]), &kept, &word),
    ] {
        let refused = sent.ask("POST", to, &[("kept", kept), ("word", word)]);
        assert_eq!(refused.status, 403, "{}", refused.text());
    }
    assert_eq!(sent.ask("GET", &to, &[]).status, 405);
    assert_eq!(sent.notes(), ["asked Ana by ops", "note a room by ops"]);
    let fields = [("kept", kept.as_str()), ("word", word.as_str())];
    let back = sent.ask("POST", &to, &fields);
    assert_eq!(back.status, 200, "{}", back.text());
    assert!(back.text().contains("Taken back: it is not kept any more."));
    assert_eq!(sent.notes(), ["note a room by ops"]);
    assert_eq!(sent.ask("POST", &to, &fields).status, 409);
}

#[test]
fn a_link_that_is_cut_made_up_or_of_a_channel_that_is_gone_keeps_nothing() {
    let sent = sent(881, "slack");
    let link = sent.links().remove(0);
    let cut = &link[..link.len() - 1];
    for (path, status) in [(cut, 404), ("/in/act/abc.def", 404), ("/in/act/abc", 404)] {
        let answer = sent.ask("POST", path, &[("whom", "Ana")]);
        assert_eq!(answer.status, status, "{path}");
        assert!(
            answer.text().contains("Open it from the message itself"),
            "{}",
            answer.text()
        );
    }
    // A form of another site does not act, though it knew the link.
    let foreign = [
        ("Host", "groups.example.com"),
        ("Origin", "https://evil.example"),
    ];
    assert_eq!(
        sent.site
            .ask("POST", &link, &foreign, &form(&[("whom", "Ana")]))
            .status,
        403
    );
    let Site {
        program, daemon, ..
    } = sent.site;
    daemon.signal("TERM");
    daemon.ends().exits(0);
    let toml = std::fs::read_to_string(program.path("gatherd.toml")).unwrap();
    let (rest, section) = toml
        .split_once("\n[http]\nlisten = \"127.0.0.1:0\"\n")
        .unwrap();
    program.configure(&rest.replace("name = \"ops\"", "name = \"board\""));
    let site = Site::on(program, section);
    let gone = Sent {
        site,
        text: sent.text,
    };
    assert_eq!(gone.ask("POST", &link, &[("whom", "Ana")]).status, 410);
    assert_eq!(gone.notes(), [""; 0]);
}

#[test]
fn without_a_public_address_a_message_carries_no_links() {
    let receiver = Receiver::start().unwrap();
    let world = World::demo(882, 16, chrono::Utc::now());
    let program = Program::on(world, Switches::unlimited());
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"{DEMO_NETWORK}\"\n[[channel]]\nname = \"ops\"\nkind = \"discord\"\nurl = \"{}\"\n",
        receiver.url("/ops")
    ));
    program.run(&["backfill"]).exits(0);
    program.run(&["report", "--send", "ops"]).exits(0);
    // With a picture, not all of it is text.
    let text = String::from_utf8_lossy(&receiver.received()[0].body).into_owned();
    assert!(!text.contains("/act/"), "{text}");
}
