//! What a channel of e-mail is read with.

use gatherd::config::{Email, Kind, Need};
use secrecy::ExposeSecret;
use tempfile::TempDir;

use super::{load, load_in, told};

fn channel(url: &str, more: &str) -> String {
    format!("[[channel]]\nname = \"x\"\nkind = \"email\"\nurl = \"{url}\"\n{more}")
}

const SENT: &str = "from = \"gatherd@example.org\"\nto = [\"Ann <ann@example.org>\"]\n";

fn email(config: &gatherd::config::Config) -> &Email {
    match &config.channels[0].kind {
        Kind::Email(email) => email,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_password_comes_from_wherever_secrets_come_and_shows_nowhere() {
    let directory = TempDir::new().unwrap();
    std::fs::write(directory.path().join("password"), "from the file\n").unwrap();
    let more = format!("{SENT}username = \"postman\"\npassword_file = \"password\"\n");
    let text = channel("smtps://mail.example.org", &more);
    let variable = [("GATHERD_CHANNEL_X_PASSWORD", "from the environment")];
    for (variables, password) in [
        (&[][..], "from the file"),
        (&variable, "from the environment"),
    ] {
        let config = load_in(&directory, &text, variables, Need::Database).unwrap();
        let login = email(&config).login.as_ref().unwrap();
        assert_eq!(
            (login.username.as_str(), login.password.expose_secret()),
            ("postman", password)
        );
        assert!(!format!("{config:?}").contains(password));
    }
    let config = load(&channel("sendmail:", SENT), &[], Need::Database).unwrap();
    assert!(email(&config).login.is_none());
    assert_eq!(email(&config).to[0].to_string(), "Ann <ann@example.org>");
}

#[test]
fn what_makes_no_sense_is_told_with_what_to_write() {
    let url = "write smtps://host, smtp://host (by STARTTLS) or sendmail:";
    let address = "write it as \"ann@example.org\" or \"Ann <ann@example.org>\"";
    for (text, problems) in [
        (channel("https://mail.example.org", SENT), vec![format!("4: channel.x.url is not an smtps://, smtp:// or sendmail: address | {url}")]),
        (channel("smtps://a:b@mail.example.org", SENT), vec![format!("4: channel.x.url carries a name or password before the host | {url}")]),
        (
            channel("smtps://mail.example.org", ""),
            vec![
                "1: channel.x.from is missing | write from = \"gatherd <gatherd@example.org>\"".to_owned(),
                "1: channel.x.to names nobody, and mail is to somebody | write to = [\"ann@example.org\"]".to_owned(),
            ],
        ),
        (
            channel("smtps://mail.example.org", "from = \"gatherd\"\nto = [\"ann@exämple.org\", \"bob@example.org\\r\\nBcc: eve@example.org\"]\n"),
            vec![
                format!("5: channel.x.from holds gatherd, which is no e-mail address | {address}"),
                format!("6: channel.x.to holds ann@exämple.org, which has letters beyond ASCII in the address (a domain has an xn-- form without) | {address}"),
                format!("6: channel.x.to holds bob@example.org Bcc: eve@example.org, which is no e-mail address | {address}"),
            ],
        ),
        (
            channel("smtps://mail.example.org", &format!("{SENT}username = \"postman\"\n")),
            vec!["1: channel.x.password is missing, where username is written | write password_file, or set GATHERD_CHANNEL_X_PASSWORD".to_owned()],
        ),
        (
            channel("smtps://mail.example.org", &format!("{SENT}password = \"p\"\n")),
            vec!["1: channel.x.username is missing, where there is a password | write username = \"...\", or remove the password".to_owned()],
        ),
        (
            channel("sendmail:", &format!("{SENT}username = \"postman\"\npassword = \"p\"\n")),
            vec!["7: channel.x.username is written, but sendmail: signs in nowhere | remove username and password, or write smtps://host".to_owned()],
        ),
    ] {
        let told = told(load(&text, &[], Need::Database));
        let told: Vec<String> = told.into_iter().map(|it| it.replace("\r\n", " ")).collect();
        assert_eq!(told, problems, "{text}");
    }
    let other = "[[channel]]\nname = \"x\"\nkind = \"slack\"\nurl = \"https://x.example.org/\"\nto = [\"ann@example.org\"]\n";
    assert_eq!(
        told(load(other, &[], Need::Database)),
        ["5: channel.x.to is written, but only email takes one | remove it"]
    );
}
