//! How pages lead to each other: by addresses of a site that is served, or by files of one that lies in a folder. What
//! has no page there has no link.

use super::{assets, files::Files, tab::Tab};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Where a page stands, and so how it leads to the others.
#[derive(Debug, Clone, Copy)]
pub(super) enum Links<'a> {
    /// It is served; this stands before every path, and ends with a stroke.
    Served(&'a str),
    /// It is a file of these, in their folder.
    Top(&'a Files),
    /// It is a file of these, in a folder of that.
    Below(&'a Files),
}

impl<'a> Links<'a> {
    /// The files, where it is one of them.
    pub(super) fn files(self) -> Option<&'a Files> {
        match self {
            Self::Served(_) => None,
            Self::Top(files) | Self::Below(files) => Some(files),
        }
    }

    /// To what is served at a path, or to its file; neither begins with a stroke.
    fn to(self, path: &str, file: &str) -> String {
        match self {
            Self::Served(prefix) => format!("{prefix}{path}"),
            Self::Top(_) => file.to_owned(),
            Self::Below(_) => format!("../{file}"),
        }
    }

    /// To a page, where there is one.
    pub(super) fn tab(self, tab: Tab) -> Option<String> {
        let file = match self.files() {
            Some(files) => files.tab(tab)?,
            None => String::new(),
        };
        Some(self.to(tab.path().trim_start_matches('/'), &file))
    }

    /// To a group's page. A urlname is Meetup's text: whatever it holds stays one part of a path.
    pub(super) fn group(self, urlname: &str) -> String {
        let file = self.files().and_then(|it| it.group(urlname, "html"));
        let file = file.unwrap_or_else(|| "groups.html".to_owned());
        let part = utf8_percent_encode(urlname, NON_ALPHANUMERIC).to_string();
        // Plain as most are, and as people read them.
        let part = part.replace("%2D", "-").replace("%5F", "_");
        self.to(&format!("groups/{part}"), &file)
    }

    /// To a group's announced events for a calendar program, where they are a file.
    pub(super) fn group_calendar(self, urlname: &str) -> Option<String> {
        let file = self.files()?.group(urlname, "ics")?;
        Some(self.to("", &file))
    }

    /// To a calendar year.
    pub(super) fn year(self, year: i32) -> String {
        self.to(&format!("year/{year}"), &format!("year-{year}.html"))
    }

    /// To the groups as a table, of those that are asked for.
    pub(super) fn groups_csv(self, query: &str) -> String {
        self.to(&format!("groups.csv{query}"), "groups.csv")
    }

    /// To the sheet of what to order.
    pub(super) fn orders(self, query: &str) -> String {
        self.to(&format!("calendar{query}"), "orders.html")
    }

    /// To what all figures mean.
    pub(super) fn definitions(self) -> String {
        self.to("definitions", "definitions.html")
    }

    /// To what a figure means.
    pub(super) fn definition(self, key: &str) -> String {
        format!("{}#{key}", self.definitions())
    }

    /// To what a figure means and, where pages are served, to what it is made of.
    pub(super) fn figure(self, key: &str, urlname: Option<&str>) -> String {
        if self.files().is_some() {
            return self.definition(key);
        }
        let query = urlname.map_or_else(String::new, |urlname| {
            let mut query = url::form_urlencoded::Serializer::new("?".to_owned());
            query.append_pair("group", urlname);
            query.finish()
        });
        self.to(&format!("explain/{key}{query}"), "")
    }

    /// To the style sheet.
    pub(super) fn style(self) -> String {
        self.to(&format!("assets/style.css?{}", assets::mark()), "style.css")
    }

    /// To the icon.
    pub(super) fn icon(self) -> String {
        self.to(&format!("assets/icon.svg?{}", assets::mark()), "icon.svg")
    }
}
