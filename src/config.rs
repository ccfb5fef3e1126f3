//! The configuration: `gatherd.toml`, the environment, and every default.
//!
//! Everything wrong is told at once. What comes out is plain data in the types the rooms use.

mod backup;
mod channels;
mod effective;
mod email;
mod guess;
mod heartbeat;
mod http;
mod kinds;
mod line;
mod meetup;
mod money;
mod narrowing;
mod need;
mod network_access;
mod privacy;
mod problems;
mod reader;
mod reading;
mod regions;
mod secrets;
mod sections;
mod timing;

use std::path::{Path, PathBuf};

use toml::de::DeTable;

pub use backup::Backup;
pub use channels::{Channel, Memory, Sends};
pub use effective::{Origin, Setting};
pub(crate) use effective::{list, quoted};
pub use email::{Email, Login, MailRoute, MailServer, is_mailbox};
pub use guess::kind_at;
pub use heartbeat::{Watcher, WatcherKind};
pub use http::{Http, Right, Viewer};
pub use kinds::{Kind, Needs, WORDS, needs, spoken};
pub use line::Line;
pub use meetup::{Meetup, SignIn, is_address, is_loopback};
pub use money::{Budget, ImportedFile, Money};
pub use need::Need;
pub use network_access::NetworkAccess;
pub use privacy::Privacy;
pub use problems::{Problem, Problems};
pub use regions::Region;
pub(crate) use secrets::read_secret;
pub use sections::{ALERTS, Measures, Target};
pub use timing::{Schedule, zone};

use reader::Reader;
use reading::Section;

use crate::community::{AlertKind, MemberId, Policy};

/// The file looked for where none is named.
pub const DEFAULT_FILE: &str = "gatherd.toml";
/// Where else it is looked for: packages put it there.
pub const SYSTEM_FILE: &str = "/etc/gatherd/gatherd.toml";

/// The first that is there counts.
const USUAL_FILES: [&str; 2] = [DEFAULT_FILE, SYSTEM_FILE];

/// The first of some files that is there, else the first: that it is missing is said of it.
fn usual_file(files: &[&str]) -> PathBuf {
    // One that is there and may not be seen is meant, too, and is told of.
    let is_missing = |it: &std::io::Error| it.kind() == std::io::ErrorKind::NotFound;
    let is_there = |it: &&&str| {
        !Path::new(it)
            .symlink_metadata()
            .is_err_and(|it| is_missing(&it))
    };
    let there = files.iter().find(is_there);
    PathBuf::from(there.unwrap_or(&files[0]))
}

#[allow(clippy::ptr_arg)] // what stands for a key is written by its own type
fn as_written(path: &PathBuf) -> String {
    effective::quoted(&path.display().to_string())
}

/// What the command line says; it wins over environment and file.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--database`.
    pub database: Option<PathBuf>,
}

/// The whole configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// What works, but should not stay so.
    pub warnings: Vec<Problem>,
    /// The file that was read; none: there was none, and nothing that needs one.
    pub file: Option<PathBuf>,
    /// Each key with its value and where that came from, in reading order.
    pub settings: Vec<Setting>,
    /// The mirror's file.
    pub database: PathBuf,
    /// How to reach Meetup and sign in.
    pub meetup: Meetup,
    /// How the world outside is reached.
    pub network_access: NetworkAccess,
    /// Urlnames of the Pro networks.
    pub networks: Vec<String>,
    /// Urlnames of sponsored groups outside any network.
    pub groups: Vec<String>,
    /// The sponsor's own people; none: not configured.
    pub staff: Option<Vec<MemberId>>,
    /// What counts as well, and when a call helps.
    pub measures: Measures,
    /// How often groups agreed to meet.
    pub targets: Vec<Target>,
    /// What the sponsor asks of every group.
    pub policy: Policy,
    /// When what falls due.
    pub schedule: Schedule,
    /// What is kept about people.
    pub privacy: Privacy,
    /// What is worth an alert.
    pub alerts: Vec<AlertKind>,
    /// Parts of the network by name.
    pub regions: Vec<Region>,
    /// Where reports go.
    pub channels: Vec<Channel>,
    /// The daemon's pages.
    pub http: Http,
    /// What is called after each pass; none: nobody watches.
    pub heartbeat: Option<Watcher>,
    /// What is said of money.
    pub money: Money,
    /// Copies that the daemon makes; none: it makes none.
    pub backup: Option<Backup>,
}

impl Config {
    /// Reads file and environment, and says everything that is wrong with them.
    ///
    /// `env` looks up an environment variable. Paths in the file start from the file's directory,
    /// those of command line and environment from the current one.
    ///
    /// # Errors
    ///
    /// All problems at once: a file that is missing or no TOML, and every key that will not do.
    pub fn load(
        overrides: &Overrides,
        env: &dyn Fn(&str) -> Option<String>,
        need: Need,
    ) -> Result<Self, Problems> {
        let named = overrides.config.clone().or_else(|| {
            env("GATHERD_CONFIG")
                .filter(|name| !name.trim().is_empty())
                .map(PathBuf::from)
        });
        let path = named.clone().unwrap_or_else(|| usual_file(&USUAL_FILES));
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error)
                if error.kind() == std::io::ErrorKind::NotFound
                    && named.is_none()
                    && need == Need::Database =>
            {
                return Self::parse("", &path, overrides, env, need);
            }
            Err(error) => return Err(no_file(&path, &error)),
        };
        let mut config = Self::parse(&text, &path, overrides, env, need)?;
        config.file = Some(path);
        Ok(config)
    }

    /// The defaults, with this database and nothing to ask: a start for callers that fill in the rest.
    pub fn with_defaults(database: &Path) -> Self {
        let nothing = |_: &str| None;
        let reader = Reader::new("", Path::new(""), &nothing);
        let table = DeTable::new();
        let overrides = Overrides {
            config: None,
            database: Some(database.to_owned()),
        };
        Self::read(&Section::root(&reader, &table), &overrides, Need::Database)
    }

    /// Reads a text as the file of that path would be read, were it there.
    ///
    /// # Errors
    ///
    /// All problems at once, as [`Config::load`] has them.
    pub fn of(
        text: &str,
        path: &Path,
        overrides: &Overrides,
        env: &dyn Fn(&str) -> Option<String>,
        need: Need,
    ) -> Result<Self, Problems> {
        Self::parse(text, path, overrides, env, need)
    }

    fn parse(
        text: &str,
        path: &Path,
        overrides: &Overrides,
        env: &dyn Fn(&str) -> Option<String>,
        need: Need,
    ) -> Result<Self, Problems> {
        let reader = Reader::new(text, path, env);
        let (table, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            // What follows a syntax error is guesswork, so nothing else is judged.
            for error in errors {
                let line = error.span().map(|span| reader.line_at(span.start));
                let column = error.span().map_or_else(String::new, |span| {
                    format!(", at column {}", reader.column_at(span.start))
                });
                let cause = error.message().replace('\n', ", ");
                let what = format!("is not TOML{column}: {cause}");
                reader.report(
                    line,
                    what,
                    "texts need quotes, and each key its own line: key = \"value\"",
                );
            }
            return Err(Problems::new(
                path.display().to_string(),
                reader.into_problems(),
            ));
        }
        let root = Section::root(&reader, table.get_ref());
        let config = Self::read(&root, overrides, need);
        root.finish();
        let problems = reader.into_problems();
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(Problems::new(path.display().to_string(), problems))
        }
    }

    /// Reads every section; where something is wrong, a default stands in and the reader knows.
    fn read(root: &Section<'_, '_>, overrides: &Overrides, need: Need) -> Self {
        let reader = root.reader;
        let written = root.text("database").map(|path| reader.path(&path));
        let by_variable = root.variable("database", "GATHERD_DATABASE");
        let found = by_variable.map(PathBuf::from).or(written);
        let usual = reader.path("gatherd.db");
        let database = root.or_default("database", found, usual, as_written);
        let database = match &overrides.database {
            Some(named) => {
                let value = Some(as_written(named));
                let origin = Origin::CommandLine("--database");
                reader
                    .settings
                    .overrule("database".to_owned(), value, origin);
                named.clone()
            }
            None => database,
        };
        let meetup = meetup::read(&root.table("meetup"), &database, need);
        let networks = sections::urlnames(root, "network");
        let groups = sections::urlnames(root, "group");
        if need == Need::Meetup
            && networks.is_empty()
            && groups.is_empty()
            && !root.has("network")
            && !root.has("group")
        {
            reader.report(
                None,
                "network is missing, so there is nothing to mirror",
                "add a section [[network]] with urlname = \"...\", or [[group]] for a group outside a network",
            );
        }
        let network_access = network_access::read(&root.table("network_access"));
        let mut channels = channels::read(root);
        let regions = regions::read(root, &mut channels);
        let http = http::read(&root.table("http"));
        let heartbeat = heartbeat::read(&root.table("heartbeat"));
        let mut config = Self {
            warnings: reader.warnings(),
            file: None,
            settings: Vec::new(),
            database,
            meetup,
            network_access,
            staff: sections::staff(&root.table("staff")),
            measures: sections::measures(&root.table("metrics")),
            targets: sections::targets(root, &networks, &groups),
            policy: sections::policy(&root.table("policy")),
            schedule: timing::schedule(&root.table("schedule")),
            privacy: privacy::read(&root.table("privacy")),
            alerts: sections::alerts(&root.table("alerts")),
            regions,
            channels,
            networks,
            groups,
            http,
            heartbeat,
            money: money::read(root),
            backup: backup::read(&root.table("backup")),
        };
        config.settings = reader.settings.all();
        config
    }
}

fn no_file(path: &Path, error: &std::io::Error) -> Problems {
    let (cause, remedy) = match error.kind() {
        std::io::ErrorKind::NotFound => (
            "does not exist".to_owned(),
            "run `gatherd init`, which asks for what must be in it, or name another file with --config or GATHERD_CONFIG",
        ),
        std::io::ErrorKind::PermissionDenied => (
            "may not be read by this account".to_owned(),
            "let this account read it, or name another file with --config",
        ),
        std::io::ErrorKind::InvalidData => ("is not UTF-8 text".to_owned(), "save it as UTF-8"),
        kind => (
            format!("cannot be read ({kind})"),
            "name another file with --config",
        ),
    };
    let problem = Problem {
        line: None,
        what: format!("the file {cause}"),
        remedy: remedy.to_owned(),
    };
    Problems::new(path.display().to_string(), vec![problem])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_file_that_is_there_counts_and_the_first_is_missed_where_none_is() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let (near, far) = (path("near.toml"), path("far.toml"));
        let usual = || usual_file(&[&near, &far]).display().to_string();
        assert_eq!(usual(), near);
        std::fs::write(&far, "").unwrap();
        assert_eq!(usual(), far);
        std::fs::write(&near, "").unwrap();
        assert_eq!(usual(), near);
    }
}
