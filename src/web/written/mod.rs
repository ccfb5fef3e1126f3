//! The pages as a site in a folder, which opens without a server: the same pages as somebody sees them who may look and
//! do nothing. They are written one after the other, so that no more than one is held at a time.

use super::{
    Session, assets,
    files::Files,
    frame::{self, Tab},
    links::Links,
    pages::{calendar, definitions, group, groups, health, map, monday, people, trust, year},
};
use crate::{
    app::{
        database::Database,
        folder::{Folder, Of},
        health::{self as facts},
        meant,
        showing::{self, Look},
        years,
    },
    community::Access,
    config::Config,
    metrics::{OfYear, Settings, Year},
    mirror::KnownGroup,
    report::{GroupReport, group_name},
};
use anyhow::Result;
use chrono::Datelike as _;
use maud::Markup;
use std::path::{Path, PathBuf};

/// What was written.
pub(crate) struct Written {
    /// The page to open.
    pub(crate) first: PathBuf,
    /// Groups with a page.
    pub(crate) groups: usize,
}

/// What is told as it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The network is being measured.
    Measuring,
    /// A year is being counted.
    Counting(i32),
    /// So many groups of so many are written.
    Groups(usize, usize),
}

/// Writes the site to `out`, as of the settings' instant, of the groups that `access` lets through; `meant`: the one group
/// that it is to let through.
pub(crate) async fn write(
    config: &Config,
    database: &Database,
    (access, meant): (&Access, Option<&KnownGroup>),
    settings: &Settings,
    out: &Path,
    told: impl Fn(Step),
) -> Result<Written> {
    let mut folder = Folder::begin(Of::Site, out)?;
    told(Step::Measuring);
    let look = showing::once(config, database, access, settings.clone()).await?;
    if let Some(meant) = meant {
        meant::in_report(look.report(), meant)?;
    }
    let mut counted = Vec::new();
    for wanted in (year::FIRST..=look.today().year()).rev() {
        told(Step::Counting(wanted));
        let year = years::year(database, settings, access, wanted).await?;
        let is_empty = year.now == OfYear::default() && year.before == OfYear::default();
        // Nothing is known of what lies before.
        if is_empty && !counted.is_empty() {
            break;
        }
        counted.push(year);
    }
    let all = &look.report().groups;
    let mut files = Files::of(all.iter().map(|it| it.figures.urlname.as_str()));
    files.has_people = settings.with_people;
    files.has_health = !access.is_narrow();
    files.years = counted
        .last()
        .zip(counted.first())
        .map(|(first, last)| first.year..=last.year);
    let site = Shown {
        config,
        database,
        look: &look,
        session: Session::reading(access.clone(), settings.with_people),
        files: &files,
    };
    site.put_pages(&mut folder).await?;
    site.put_years(&mut folder, &counted)?;
    for (nth, group) in all.iter().enumerate() {
        told(Step::Groups(nth, all.len()));
        site.put_group(&mut folder, group).await?;
    }
    let first = out.join("index.html");
    folder.end()?;
    Ok(Written {
        first,
        groups: all.len(),
    })
}

/// What is shown, and where.
struct Shown<'a> {
    config: &'a Config,
    database: &'a Database,
    look: &'a Look,
    session: Session,
    files: &'a Files,
}

impl Shown<'_> {
    fn page(&self, links: Links<'_>, tab: Tab, title: &str, body: &Markup) -> String {
        frame::measured(links, &self.session, tab, title, self.look, body).into_string()
    }

    async fn put_pages(&self, folder: &mut Folder) -> Result<()> {
        let (session, look) = (&self.session, self.look);
        let links = Links::Top(self.files);
        let everything = groups::Asked::default();
        let (events, zone) = (calendar::Asked::default(), self.config.schedule.timezone);
        let program = calendar::for_program("calendar.ics");
        for (tab, body) in [
            (
                Tab::Monday,
                monday::body(links, session, look, &monday::Asked::default(), None),
            ),
            (Tab::Groups, groups::body(links, session, look, &everything)),
            (
                Tab::Calendar,
                calendar::body(links, session, look, (&events, zone), &program),
            ),
            (Tab::Map, map::body(links, session, look)),
            (Tab::People, people::body(links, session, look)),
            (Tab::Trust, trust::body(links, look)),
        ] {
            if let Some(file) = self.files.tab(tab) {
                folder.put(&file, &self.page(links, tab, tab.name(), &body))?;
            }
        }
        for (file, tab, title, body) in [
            (
                "orders.html",
                Tab::Calendar,
                calendar::ORDERS,
                calendar::sheet(links, look, &events),
            ),
            (
                "definitions.html",
                Tab::Other,
                definitions::TITLE,
                definitions::body(),
            ),
        ] {
            folder.put(file, &self.page(links, tab, title, &body))?;
        }
        if let Some(file) = self.files.tab(Tab::Health) {
            let now = look.report().generated_at;
            let known = facts::gather(self.config, self.database, now).await?;
            let troubles = facts::of(&self.config.schedule, &known, now);
            let body = health::body(&known, &troubles, now);
            let page = frame::kept(links, session, Tab::Health, &body, now);
            folder.put(&file, &page.into_string())?;
        }
        folder.put("groups.csv", &groups::table_of(look, &everything))?;
        folder.put("calendar.ics", &calendar::calendar(look, |_| true))?;
        folder.put("style.css", assets::style())?;
        folder.put("icon.svg", assets::ICON)
    }

    fn put_years(&self, folder: &mut Folder, counted: &[Year]) -> Result<()> {
        let (links, Some(years)) = (Links::Top(self.files), &self.files.years) else {
            return Ok(());
        };
        for it in counted {
            let body = year::body(links, &self.session, self.look, it, years);
            let page = self.page(links, Tab::Year, &year::title(it.year), &body);
            folder.put(&links.year(it.year), &page)?;
        }
        Ok(())
    }

    async fn put_group(&self, folder: &mut Folder, group: &GroupReport) -> Result<()> {
        let urlname = &group.figures.urlname;
        let named = |ending| self.files.group(urlname, ending);
        let (Some(page), Some(calendar)) = (named("html"), named("ics")) else {
            return Ok(());
        };
        let links = Links::Below(self.files);
        let charts = group::charts(links, self.config, self.database, self.look, group).await?;
        let body = group::body(links, None, (self.look, group), &charts);
        let title = group_name(&group.figures.name, urlname);
        folder.put(&page, &self.page(links, Tab::Groups, &title, &body))?;
        let events = calendar::calendar(self.look, |it| it == urlname);
        folder.put(&calendar, &events)
    }
}
