//! What was spent, on the pages.

use super::{BOARD, LEAD, Site, viewer};
use chrono::Datelike as _;

#[test]
fn money_is_on_a_groups_page_for_whoever_has_that_right_and_for_nobody_else() {
    let lead = viewer("lead", LEAD, "rights = [\"money\"]");
    let board = viewer("board", BOARD, "rights = [\"people\", \"write\"]");
    let site = Site::of_viewers(887, &(lead + &board), LEAD);
    let group = site
        .program
        .rows("SELECT urlname FROM groups ORDER BY urlname LIMIT 1")
        .remove(0);
    let year = chrono::Utc::now().year();
    let text = format!(
        "date,group,kind,amount,currency,note\n{year}-01-01,{group},food,1012.5,EUR,for <b>all</b>\n"
    );
    std::fs::write(site.program.path("a.csv"), text).unwrap();
    let path = format!("/groups/{group}");
    assert!(!site.seen(LEAD, &path).text().contains("Money in"));
    site.program.run(&["import", "spending", "a.csv"]).exits(0);
    let said = site.seen(LEAD, &path).text();
    for part in [
        format!("Money in {year}, up to"),
        "1,012.50 EUR in 1 payment".to_owned(),
    ] {
        assert!(said.contains(&part), "{said}");
    }
    let others = site.seen(BOARD, &path);
    assert_eq!(others.status, 200);
    assert!(!others.body.contains("1,012.50") && !others.body.contains("id=\"money\""));
    for path in [
        "/api/report".to_owned(),
        format!("/api/groups/{group}"),
        "/groups.csv".to_owned(),
    ] {
        assert!(!site.seen(LEAD, &path).body.contains("1012.5"), "{path}");
    }
}
