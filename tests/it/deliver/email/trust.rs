//! Encrypted but to this machine, to the server that was meant, with a password that nobody else sees.

use std::time::Duration;

use gatherd::config::NetworkAccess;
use gatherd::deliver::Verdict;

use super::super::at;
use super::super::post_office::{Manner, PostOffice};
use super::{PASSWORD, courier, kept, post, sent};

const ANN: &[&str] = &["ann@example.org"];

fn company() -> NetworkAccess {
    let ca = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/company-ca.pem");
    let text = format!("[network_access]\nca_file = \"{ca}\"\n");
    let read = gatherd::config::Config::of(
        &text,
        std::path::Path::new("gatherd.toml"),
        &Default::default(),
        &|_| None,
        gatherd::config::Need::Database,
    );
    read.unwrap().network_access
}

fn office(
    is_wrapped: bool,
    offers: &[&'static str],
    says: &[(&'static str, &'static str)],
) -> PostOffice {
    PostOffice::open(Manner {
        is_wrapped,
        offers: offers.to_vec(),
        says: says.to_vec(),
    })
}

/// By the company's own authority.
async fn trusting(url: &str, has_login: bool) -> Verdict {
    let channel = post(url, ANN, has_login);
    let courier = courier(Duration::from_secs(60), &company());
    let now = at("2026-08-31T06:00:05Z");
    channel.send(&courier, "msg_1", &kept(&channel), now).await
}

fn why(verdict: Verdict) -> String {
    match verdict {
        Verdict::Later { why, .. } | Verdict::Dead { why } => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_companys_own_authority_holds_for_mail_too() {
    let office = office(true, &["AUTH PLAIN LOGIN"], &[]);
    let url = format!("smtps://localhost:{}", office.port);
    let refused = why(sent(&post(&url, ANN, true)).await);
    assert!(
        refused.starts_with("TLS fails (") && refused.contains("UnknownIssuer"),
        "{refused}"
    );
    assert!(office.heard().is_empty(), "nothing is said to a stranger");
    assert_eq!(trusting(&url, true).await, Verdict::Sent);
    assert!(office.taken()[0].is_encrypted);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_trusted() {
    for is_wrapped in [true, false] {
        let office = office(is_wrapped, &["STARTTLS", "AUTH PLAIN"], &[]);
        let scheme = if is_wrapped { "smtps" } else { "smtp" };
        // Not loopback by its number, though it leads here.
        let refused = why(trusting(&format!("{scheme}://0.0.0.0:{}", office.port), true).await);
        assert!(refused.starts_with("TLS fails ("), "{refused}");
        let heard = office.heard().join("\n");
        assert!(
            !heard.contains("AUTH") && !heard.contains("MAIL"),
            "{heard}"
        );
    }
}

#[tokio::test]
async fn without_starttls_nothing_is_said_beyond_this_machine() {
    let office = office(false, &["AUTH PLAIN LOGIN"], &[]);
    let refused = sent(&post(&format!("smtp://0.0.0.0:{}", office.port), ANN, true)).await;
    assert!(matches!(refused, Verdict::Dead { .. }));
    assert!(why(refused).starts_with("the server offers no STARTTLS"));
    assert_eq!(office.heard(), ["EHLO example.org", "QUIT"]);
}

#[tokio::test]
async fn a_starttls_that_is_offered_and_refused_ends_it() {
    let office = office(false, &["STARTTLS"], &[("STARTTLS", "454 not now")]);
    let refused = sent(&post(
        &format!("smtp://0.0.0.0:{}", office.port),
        ANN,
        false,
    ))
    .await;
    assert_eq!(why(refused), "answered 454: not now");
    assert!(office.taken().is_empty());
}

#[tokio::test]
async fn this_machine_needs_no_tls_unless_it_asks_for_it_before_a_password() {
    let plain = office(false, &["STARTTLS"], &[]);
    assert_eq!(
        trusting(&format!("smtp://localhost:{}", plain.port), false).await,
        Verdict::Sent
    );
    assert!(!plain.taken()[0].is_encrypted);
    let strict = office(false, &["STARTTLS", "AUTH PLAIN"], &[]);
    assert_eq!(
        trusting(&format!("smtp://localhost:{}", strict.port), true).await,
        Verdict::Sent
    );
    assert!(strict.taken()[0].is_encrypted);
}

#[tokio::test]
async fn a_password_shows_nowhere_whatever_a_server_says_of_it() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let plain = STANDARD.encode(format!("\0postman\0{PASSWORD}"));
    let echo: &'static str = format!("535 {plain} and {PASSWORD} are not known here").leak();
    for says in [echo, "535 5.7.8 not known here"] {
        let office = office(false, &["AUTH PLAIN"], &[("AUTH", says)]);
        let channel = post(&format!("smtp://127.0.0.1:{}", office.port), ANN, true);
        let verdict = sent(&channel).await;
        let told = format!("{verdict:?} {channel:?}");
        assert!(matches!(verdict, Verdict::Dead { .. }));
        assert!(
            told.contains("answered 535") && told.contains("not known here"),
            "{told}"
        );
        assert!(!told.contains(PASSWORD) && !told.contains(&plain), "{told}");
    }
}

#[tokio::test]
async fn a_server_that_takes_no_password_is_told_of() {
    for offers in [&[][..], &["AUTH XOAUTH2"]] {
        let office = office(false, offers, &[]);
        let refused = sent(&post(
            &format!("smtp://127.0.0.1:{}", office.port),
            ANN,
            true,
        ))
        .await;
        assert!(why(refused).starts_with("the server takes no sign-in by name and password"));
        assert!(office.taken().is_empty());
    }
}
