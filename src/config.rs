//! The configuration: `gatherd.toml`, the environment, and every default.
//!
//! Everything wrong is told at once. What comes out is plain data in the types the rooms use.

mod channels;
mod kinds;
mod line;
mod meetup;
mod need;
mod network_access;
mod problems;
mod reader;
mod reading;
mod secrets;
mod sections;
mod timing;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use toml::de::DeTable;

pub use channels::{Channel, Memory, Sends};
pub use kinds::Kind;
pub use line::Line;
pub use meetup::{Meetup, SignIn, is_loopback};
pub use need::Need;
pub use network_access::NetworkAccess;
pub use problems::{Problem, Problems};
pub use sections::{ALERTS, Measures, Target};
pub use timing::{Schedule, zone};

use reader::Reader;
use reading::Section;

use crate::community::{AlertKind, MemberId, Policy};

/// The file looked for where none is named.
pub const DEFAULT_FILE: &str = "gatherd.toml";

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
    /// What is worth an alert.
    pub alerts: Vec<AlertKind>,
    /// Where reports go.
    pub channels: Vec<Channel>,
    /// Address of the daemon's pages.
    pub listen: SocketAddr,
    /// What callers from outside must show; needed for anything wider than loopback.
    pub http_token: Option<SecretString>,
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
        let path = named.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_FILE));
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error)
                if error.kind() == std::io::ErrorKind::NotFound
                    && named.is_none()
                    && need == Need::Database =>
            {
                String::new()
            }
            Err(error) => return Err(no_file(&path, &error)),
        };
        Self::parse(&text, &path, overrides, env, need)
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
        let database = overrides
            .database
            .clone()
            .or_else(|| reader.variable("GATHERD_DATABASE").map(PathBuf::from))
            .or(written)
            .unwrap_or_else(|| reader.path("gatherd.db"));
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
        let (listen, http_token) = sections::http(&root.table("http"));
        let channels = channels::read(root);
        Self {
            warnings: reader.warnings(),
            database,
            meetup,
            network_access,
            staff: sections::staff(&root.table("staff")),
            measures: sections::measures(&root.table("metrics")),
            targets: sections::targets(root, &networks, &groups),
            policy: sections::policy(&root.table("policy")),
            schedule: timing::schedule(&root.table("schedule")),
            alerts: sections::alerts(&root.table("alerts")),
            channels,
            networks,
            groups,
            listen,
            http_token,
        }
    }
}

fn no_file(path: &Path, error: &std::io::Error) -> Problems {
    let (cause, remedy) = match error.kind() {
        std::io::ErrorKind::NotFound => (
            "does not exist".to_owned(),
            "copy config/gatherd.toml to start from, or name another file with --config or GATHERD_CONFIG",
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
