//! What holds the pages together: links lead somewhere, paths exist, the README leads to every page.

use super::{pages, read, root, spans};
use std::collections::BTreeSet;
use std::fs;

const MOST_LINES: usize = 250;

#[test]
fn the_readme_is_short_and_leads_to_every_page() {
    let readme = read("README.md");
    let lines = readme.lines().count();
    assert!(lines < MOST_LINES, "{lines} lines");
    for page in pages().iter().filter(|page| *page != "README.md") {
        // How the metric files are run by hand is for readers of the database's page.
        if page != "schema/metrics/README.md" {
            assert!(readme.contains(&format!("]({page})")), "{page}");
        }
    }
}

#[test]
fn every_link_within_the_project_leads_somewhere() {
    let mut dead = Vec::new();
    for page in pages() {
        let home = root().join(&page).parent().unwrap().to_owned();
        let text = read(&page);
        let images = text.split("src=\"").skip(1).map(|it| it.split('"').next());
        let links = text.split("](").skip(1).map(|it| it.split(')').next());
        for link in links.chain(images).flatten() {
            if link.contains("://") {
                continue;
            }
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() {
                root().join(&page)
            } else {
                home.join(file)
            };
            let leads = target.exists()
                && (heading.is_empty()
                    || anchors(&fs::read_to_string(&target).unwrap()).contains(heading));
            if !leads {
                dead.push(format!("{page} links to {link}"));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn every_file_named_exists() {
    let folders = [
        "src/",
        "tests/",
        "schema/",
        "graphql/",
        "config/",
        "benches/",
        "docs/",
        ".ci/",
        "packaging/",
    ];
    let mut missing = Vec::new();
    for page in pages() {
        for span in spans(&read(&page)) {
            let is_path = folders.iter().any(|folder| span.starts_with(folder));
            if is_path && !span.contains(char::is_whitespace) && !root().join(&span).exists() {
                missing.push(format!("{page} names {span}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// Headings as links name them.
fn anchors(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            let words = line.trim_start_matches('#').trim().to_lowercase();
            words
                .chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
        .collect()
}
