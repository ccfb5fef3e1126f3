//! Where secrets come from, and that they show nowhere.

use gatherd::config::{Kind, Need, Sends};
use secrecy::ExposeSecret;
use tempfile::TempDir;

use super::{NETWORK, load, load_in, told};

const OPS: &str =
    "[[channel]]\nname = \"ops-team\"\nkind = \"webhook\"\nsends = [\"digest\", \"people\"]\n";

#[test]
fn channel_secrets_come_from_file_variable_or_credentials() {
    let directory = TempDir::new().unwrap();
    std::fs::write(
        directory.path().join("url"),
        "https://hooks.example.com/from-file\n",
    )
    .unwrap();
    std::fs::write(
        directory.path().join("channel_ops_team_secret"),
        "whsec_c2VjcmV0 whsec_b2xk\n",
    )
    .unwrap();
    let home = directory.path().to_str().unwrap();
    let text = format!("{OPS}url_file = \"url\"\n");
    let config = load_in(
        &directory,
        &text,
        &[("CREDENTIALS_DIRECTORY", home)],
        Need::Database,
    )
    .unwrap();
    let channel = &config.channels[0];
    assert_eq!(
        channel.url.expose_secret(),
        "https://hooks.example.com/from-file"
    );
    assert_eq!(channel.sends, [Sends::Digest, Sends::People]);
    let Kind::Webhook(secrets) = &channel.kind else {
        panic!("a webhook")
    };
    assert_eq!(secrets.len(), 2);

    // A credential may also be called as the variable is.
    let named = directory.path().join("channel_ops_team_secret");
    let as_variable = directory.path().join("GATHERD_CHANNEL_OPS_TEAM_SECRET");
    std::fs::rename(named, &as_variable).unwrap();
    let credentials = [("CREDENTIALS_DIRECTORY", home)];
    let config = load_in(&directory, &text, &credentials, Need::Database).unwrap();
    assert_eq!(config.channels.len(), 1);
    std::fs::write(&as_variable, " ").unwrap();
    let told = told(load_in(&directory, &text, &credentials, Need::Database));
    assert!(
        told[0].contains("secret is a credential, which "),
        "{told:?}"
    );

    let variables = [
        (
            "GATHERD_CHANNEL_OPS_TEAM_URL",
            "https://hooks.example.com/from-env",
        ),
        ("GATHERD_CHANNEL_OPS_TEAM_SECRET", "whsec_c2VjcmV0"),
    ];
    let config = load_in(&directory, &text, &variables, Need::Database).unwrap();
    assert_eq!(
        config.channels[0].url.expose_secret(),
        "https://hooks.example.com/from-env"
    );
}

#[test]
fn secrets_show_in_no_debug_print_and_no_message() {
    let text =
        format!("{OPS}url = \"https://hooks.example.com/s3cr3t\"\nsecret = \"whsec_czNjcjN0\"\n");
    let config = load(
        &text,
        &[("GATHERD_MEETUP_ACCESS_TOKEN", "s3cr3t")],
        Need::Database,
    )
    .unwrap();
    assert!(
        !format!("{config:?}").contains("s3cr3t") && !format!("{config:?}").contains("czNjcjN0")
    );
    let room = "[[channel]]\nname = \"x\"\nkind = \"matrix\"\nurl = \"https://s3cr3t.example\"\n\
                token = \"s3cr3t\"\nroom = \"!abc:example.com\"\n";
    let config = load(room, &[], Need::Database).unwrap();
    assert!(!format!("{config:?}").contains("s3cr3t"));
    let wrong = format!("{OPS}url = \"ftp://s3cr3t\"\nsecret = \"s3cr3t!\"\n");
    let problems = load(&wrong, &[], Need::Database).unwrap_err().to_string();
    assert!(
        problems.contains("2 problems") && !problems.contains("s3cr3t"),
        "{problems}"
    );
}

#[test]
fn an_unreadable_secret_file_is_told_once() {
    let text = format!("[meetup]\nclient_id = \"id\"\nclient_secret_file = \"nowhere\"\n{NETWORK}");
    let told = told(load(&text, &[], Need::Meetup));
    assert!(
        told.len() == 1 && told[0].contains("does not exist"),
        "{told:?}"
    );
    assert!(load(&text, &[], Need::Database).is_ok());
}
