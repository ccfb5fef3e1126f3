//! Through a program like `sendmail`, and what its end means.

use std::time::Duration;

use gatherd::deliver::Verdict;
use tempfile::TempDir;

use super::{post, sent, sent_within};

const TWO: &[&str] = &["ann@example.org", "Bob <bob@example.org>"];

/// A program that keeps its words and what it reads, then does that.
fn program(place: &TempDir, then: &str) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    let (file, kept) = (place.path().join("sendmail"), place.path().display());
    let text = format!("#!/bin/sh\necho \"$@\" >{kept}/words\ncat >{kept}/mail\n{then}\n");
    std::fs::write(&file, text).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    format!("sendmail:{}", file.display())
}

#[tokio::test]
async fn a_message_is_handed_to_the_program() {
    let place = TempDir::new().unwrap();
    let channel = post(&program(&place, "exit 0"), TWO, false);
    assert_eq!(sent(&channel).await, Verdict::Sent);
    let words = std::fs::read_to_string(place.path().join("words")).unwrap();
    assert_eq!(
        words,
        "-i -f gatherd@example.org -- ann@example.org bob@example.org\n"
    );
    let mail = std::fs::read_to_string(place.path().join("mail")).unwrap();
    assert!(
        mail.contains("\nMessage-ID: <msg_ab12_7@example.org>\n"),
        "{mail}"
    );
    assert!(!mail.contains('\r'));
}

#[tokio::test]
async fn its_exit_code_says_whether_it_is_tried_again() {
    for (code, is_final) in [
        (75, false),
        (71, false),
        (1, false),
        (64, true),
        (67, true),
        (69, true),
        (77, true),
        (78, true),
    ] {
        let place = TempDir::new().unwrap();
        let channel = post(
            &program(
                &place,
                &format!("echo no such user: bob@example.org >&2\nexit {code}"),
            ),
            TWO,
            false,
        );
        let (why, was_final) = match sent(&channel).await {
            Verdict::Dead { why } => (why, true),
            Verdict::Later { why, .. } => (why, false),
            other => panic!("{other:?}"),
        };
        assert_eq!(was_final, is_final, "{code}");
        assert!(
            why.ends_with(&format!(", exit code {code}: no such user: …")),
            "{why}"
        );
    }
}

#[tokio::test]
async fn one_that_is_killed_may_have_sent_it() {
    let place = TempDir::new().unwrap();
    let channel = post(&program(&place, "kill -9 $$"), TWO, false);
    let Verdict::Later { why, .. } = sent(&channel).await else {
        panic!()
    };
    assert!(
        why.ends_with("was killed by signal 9; the message may have arrived all the same"),
        "{why}"
    );
}

#[tokio::test]
async fn one_that_does_not_end_is_stopped() {
    let place = TempDir::new().unwrap();
    let channel = post(&program(&place, "exec sleep 600"), TWO, false);
    let Verdict::Later { why, .. } = sent_within(&channel, Duration::from_millis(500)).await else {
        panic!()
    };
    assert!(
        why.ends_with(
            "did not end in time and was stopped; the message may have arrived all the same"
        ),
        "{why}"
    );
}

#[tokio::test]
async fn one_that_is_not_there_is_tried_again_and_says_what_to_do() {
    let channel = post("sendmail:/nowhere/sendmail", TWO, false);
    let Verdict::Later { why, .. } = sent(&channel).await else {
        panic!()
    };
    assert_eq!(
        why,
        "/nowhere/sendmail cannot be run (entity not found); install what sends mail here, or write smtps://host"
    );
}

#[tokio::test]
async fn one_that_does_not_read_says_why_by_its_code() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = TempDir::new().unwrap();
    let file = place.path().join("deaf");
    std::fs::write(&file, "#!/bin/sh\nexit 78\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    let channel = post(&format!("sendmail:{}", file.display()), TWO, false);
    assert!(matches!(sent(&channel).await, Verdict::Dead { .. }));
}
