//! What a channel is read with.

use gatherd::config::{Kind, Memory, Need};
use secrecy::ExposeSecret;
use tempfile::TempDir;

use super::{load, load_in, told};

#[test]
fn only_a_webhook_is_sent_the_whole_report_and_a_memory_is_shared_or_own() {
    let channel = |kind: &str, more: &str| {
        let secret = match kind {
            "webhook" => "secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n",
            _ => "",
        };
        let text = format!(
            "[[channel]]\nname = \"ops\"\nkind = \"{kind}\"\nurl = \"https://hooks.example.com/x\"\n{secret}{more}"
        );
        load(&text, &[], Need::Database)
    };
    let whole = channel("webhook", "sends = [\"report\"]\n").unwrap();
    assert!(whole.channels[0].gets_digests());
    assert_eq!(whole.channels[0].memory, Memory::Shared);
    let told_of = told(channel("slack", "sends = [\"report\"]\n"));
    assert_eq!(
        told_of,
        [
            "5: channel.ops.sends holds \"report\", which only a webhook is sent | write \"digest\" instead"
        ]
    );
    let told_of = told(channel("slack", "memory = \"shred\"\n"));
    assert_eq!(
        told_of,
        ["5: channel.ops.memory is shred | did you mean shared?"]
    );
}

#[test]
fn every_kind_of_channel_is_read_with_what_only_it_needs() {
    let directory = TempDir::new().unwrap();
    std::fs::write(directory.path().join("token"), "syt_from_file\n").unwrap();
    let channel = |kind: &str, more: &str| {
        format!(
            "[[channel]]\nname = \"x\"\nkind = \"{kind}\"\nurl = \"https://chat.example.com/\"\n{more}"
        )
    };
    for kind in ["slack", "discord", "teams", "google_chat", "mattermost"] {
        let config = load(&channel(kind, ""), &[], Need::Database).unwrap();
        let read = format!("{:?}", config.channels[0].kind).to_lowercase();
        assert_eq!(read, kind.replace('_', ""));
    }
    let room = "room = \"!abc:example.com\"\n";
    let filed = channel("matrix", &format!("token_file = \"token\"\n{room}"));
    let token_of = |variables: &[(&str, &str)]| {
        let config = load_in(&directory, &filed, variables, Need::Database).unwrap();
        let Kind::Matrix { token, room } = &config.channels[0].kind else {
            panic!("a room")
        };
        assert_eq!(room, "!abc:example.com");
        token.expose_secret().to_owned()
    };
    assert_eq!(token_of(&[]), "syt_from_file");
    let variable = [("GATHERD_CHANNEL_X_TOKEN", "syt_from_env")];
    assert_eq!(token_of(&variable), "syt_from_env");

    let problems = [
        channel("matrix", ""),
        channel("matrix", "token = \"t\"\nroom = \"#alias:example.com\"\n"),
        channel("discord", &format!("token = \"t\"\nsecret = \"s\"\n{room}")),
        channel("discrod", "token = \"t\"\n"),
    ]
    .map(|text| told(load(&text, &[], Need::Database)).join("\n"));
    insta::assert_snapshot!(problems.join("\n\n"), @r#"
    1: channel.x.token is missing | write token_file, or set GATHERD_CHANNEL_X_TOKEN, to the access token of the account that posts
    1: channel.x.room is missing | write the room's own id, which begins with "!" (in its settings, under advanced)

    6: channel.x.room is #alias:example.com, which is no room id | write the room's own id, which begins with "!" (in its settings, under advanced)

    5: channel.x.token is written, but only matrix takes one | remove it
    6: channel.x.secret is written, but only webhook takes one | remove it
    7: channel.x.room is written, but only matrix takes one | remove it

    3: channel.x.kind is discrod | did you mean discord?
    "#);
}
