//! The list of groups says what the groups' own pages say, in forms and words as well as in colours and codes.

use super::Site;
use serde_json::Value;

/// The lines of the list, by urlname.
fn line<'a>(page: &'a str, urlname: &str) -> &'a str {
    let link = format!("href=\"/groups/{urlname}\"");
    let lines = page.split("<tr>").skip(1);
    let mut lines = lines.map(|it| it.split("</tr>").next().unwrap());
    lines.find(|it| it.contains(&link)).unwrap()
}

fn groups(site: &Site) -> Vec<Value> {
    let told: Value = serde_json::from_str(&site.get("/api/groups").body).unwrap();
    told["groups"].as_array().unwrap().clone()
}

#[test]
fn what_is_usual_is_one_figure_in_the_list_in_the_report_and_in_the_chart_of_pauses() {
    let site = Site::lively(871, "");
    site.waits_for_figures();
    let (list, report) = (site.get("/groups").body, site.report());
    let (mut usual, mut none, mut in_pause) = (0, 0, 0);
    for it in groups(&site) {
        let urlname = it["urlname"].as_str().unwrap();
        let all = report["groups"].as_array().unwrap();
        let of = all.iter().find(|of| of["urlname"] == urlname).unwrap();
        let page = site.get(&format!("/groups/{urlname}")).text();
        let Some(days) = it["days_since_last_held"].as_i64() else {
            assert!(line(&list, urlname).contains("data-label=\"Days\"></td>"));
            continue;
        };
        if of["pause"].is_object() {
            assert_eq!(it["usual_days"], of["pause"]["usual_days"], "{urlname}");
            in_pause += 1;
        }
        let told = match it["usual_days"].as_f64() {
            Some(known) => {
                usual += 1;
                let whole = (known + 0.5).floor();
                let chart = format!("usual (median of the last twelve) {whole}");
                assert!(page.contains(&chart), "no {chart:?} in {page}");
                whole.to_string()
            }
            None => {
                none += 1;
                assert!(!page.contains("usual (median of the last twelve)"));
                "–".to_owned()
            }
        };
        let cell = format!("data-label=\"Days\">{days} / {told}</td>");
        assert!(line(&list, urlname).contains(&cell), "no {cell:?}");
    }
    assert!(usual > 5 && in_pause > 0, "{usual} {none} {in_pause}");
}

#[test]
fn every_status_has_its_words_and_a_form_of_its_own_and_every_cell_its_heading() {
    let site = Site::crowded(872, 48, "");
    site.waits_for_figures();
    let list = site.get("/groups").body;
    let mut forms = std::collections::BTreeMap::new();
    for it in groups(&site) {
        let line = line(&list, it["urlname"].as_str().unwrap());
        let status = it["status"].as_str().unwrap();
        let mark = line.split(&format!("class=\"mark {status}\" d=\"")).nth(1);
        let form = mark.unwrap().split('"').next().unwrap().to_owned();
        let words = line.split("</svg>").nth(1).unwrap();
        assert!(words.starts_with(char::is_alphabetic), "{words}");
        forms.insert(form, status.to_owned());
        // On a telephone, where there are no headings, each cell says what it is.
        assert_eq!(
            line.matches("<td").count(),
            line.matches("data-label=\"").count()
        );
    }
    let statuses: std::collections::BTreeSet<&String> = forms.values().collect();
    assert_eq!(statuses.len(), forms.len(), "{forms:?}");
    assert!(forms.len() >= 4, "{forms:?}");
}

#[test]
fn a_country_has_its_name_on_the_pages_and_its_code_in_addresses_and_tables() {
    let site = Site::crowded(873, 24, "");
    site.waits_for_figures();
    let report = site.report();
    let all = report["groups"].as_array().unwrap();
    let german = all
        .iter()
        .find(|it| it["country"] == "DE" || it["country"] == "de");
    let urlname = german.unwrap()["urlname"].as_str().unwrap();
    for path in ["/groups", "/calendar"] {
        let page = site.get(path).body;
        assert!(
            page.contains("<option value=\"DE\">Germany</option>"),
            "{path}"
        );
    }
    let page = site.get("/groups?country=DE").body;
    assert!(page.contains("<option value=\"DE\" selected>Germany</option>"));
    assert!(page.contains(&format!("href=\"/groups/{urlname}\"")));
    assert!(site.get("/map").text().contains(" Germany "));
    assert!(
        site.get(&format!("/groups/{urlname}"))
            .text()
            .contains(", Germany ·")
    );
    let csv = site.get("/groups.csv?country=DE").body.to_lowercase();
    assert!(csv.contains(",de,") && !csv.contains("germany"), "{csv}");
}

#[test]
fn pauses_like_the_present_one_are_drawn_and_stand_in_the_table_under_the_chart() {
    let site = Site::lively(874, "");
    site.waits_for_figures();
    let report = site.report();
    let mut drawn = 0;
    for it in report["groups"].as_array().unwrap() {
        let urlname = it["urlname"].as_str().unwrap();
        let page = site.get(&format!("/groups/{urlname}"));
        let alike = &it["pause"]["alike"];
        let said = page.text();
        if alike.is_null() {
            assert!(!said.contains("pauses like this one"), "{said}");
            continue;
        }
        let (edge, cases) = (
            alike["edge"].as_i64().unwrap(),
            alike["cases"].as_i64().unwrap(),
        );
        let (heading, row) = if cases >= 5 {
            let long = &alike["long"];
            (
                format!("Pauses like this one here, from day {edge} on: {cases}"),
                format!(
                    "pauses like this one here (day {edge}) that went past half a year {long} of {cases}"
                ),
            )
        } else {
            (
                format!("Pauses like this one in other networks, from day {edge} on"),
                format!(
                    "pauses like this one in other networks (day {edge}) that went past half a year "
                ),
            )
        };
        assert!(said.contains(&heading), "no {heading:?} in {said}");
        assert!(said.contains(&row), "no {row:?} in {said}");
        drawn += 1;
    }
    assert!(drawn > 0, "no group is long without a date");
}
