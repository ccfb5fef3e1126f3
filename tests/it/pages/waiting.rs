//! Who is left alone, or was asked and has not answered, waits on the first page: all of them, each with what can be done.

use super::Site;
use chrono::{Days, Utc};

/// The urlnames of the articles of a section, in order.
fn articles(page: &str, section: &str) -> Vec<String> {
    let at = format!("<section id=\"{section}\"");
    let rest = page.split(at.as_str()).nth(1).unwrap_or_default();
    let section = rest.split("</section>").next().unwrap();
    let articles = section.split("<article class=\"call\" id=\"").skip(1);
    articles
        .map(|it| it.split('"').next().unwrap().to_owned())
        .collect()
}

#[test]
fn whoever_is_put_off_moves_to_those_who_wait_all_of_them_with_their_forms() {
    let site = Site::crowded(884, 48, "");
    site.waits_for_figures();
    let first = site.get("/");
    let calls = articles(&first.body, "write-to");
    // More than a message tells of.
    assert!(calls.len() > 8, "{calls:?}");
    let waited = articles(&first.body, "waiting");
    let word = first.field("word");
    for (nth, urlname) in calls.iter().enumerate() {
        let day = Utc::now().date_naive() + Days::new(5 + nth as u64);
        let fields = [
            ("word", word.as_str()),
            ("back", "/?cause="),
            ("day", &day.to_string()),
        ];
        let sent = site.post(&format!("/groups/{urlname}/not-now"), &fields);
        let begin = format!("/?cause=&done=not-now&about={urlname}&kept=m");
        let to = sent.header("location")[0].to_owned();
        assert!(to.starts_with(&begin), "{to}: {}", sent.body);
        assert!(to.ends_with(&format!("#{urlname}")), "{to}");
        let page = site.get(to.split('#').next().unwrap());
        // What was done is told once, at the group.
        let told = "Kept: it is left alone until then.";
        assert_eq!(page.body.matches(told).count(), 1, "{urlname}");
        let article = page
            .body
            .split(&format!("id=\"{urlname}\""))
            .nth(1)
            .and_then(|it| it.split("</article>").next())
            .unwrap();
        assert!(article.contains(told), "{article}");
        for act in ["asked", "not-now", "note", "owner"] {
            let to = format!("action=\"/groups/{urlname}/{act}\"");
            assert!(article.contains(&to), "{act}: {article}");
        }
    }
    let last = site.get("/");
    assert_eq!(articles(&last.body, "write-to"), [""; 0]);
    let waiting = articles(&last.body, "waiting");
    assert_eq!(waiting.len(), waited.len() + calls.len());
    // The first to come back stands in front.
    let put_off: Vec<&String> = waiting.iter().filter(|it| !waited.contains(it)).collect();
    assert_eq!(put_off, calls.iter().collect::<Vec<_>>());
    assert!(
        last.text()
            .contains(&format!("Waiting for an answer ({})", waiting.len())),
        "{}",
        last.text()
    );
}
