//! Who keeps it running.

use super::beginning::Beginning;
use crate::{
    app::{
        Misused,
        init::{
            CONFIGURATION, account, is_in_place, is_ours_to_do, left_behind, run, steps, taken,
        },
    },
    cli::Service,
    commands::print,
};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// What to do once the service is installed; as its account, to which all of it belongs.
pub(super) const INSTALLED_NEXT: &str = "\
What comes next:
  systemctl status gatherd            whether it runs
  journalctl -u gatherd -f            what it does
  sudo -u gatherd gatherd doctor      whether everything is right
  sudo -u gatherd gatherd digest      Monday's message, here and now
";
/// And where nobody is signed in yet.
pub(super) const SIGN_IN_NEXT: &str =
    "  sudo -u gatherd gatherd auth login --no-browser   signs in, which needs a person once\n";

impl Beginning<'_> {
    /// Whether what was asked for by an option can be done at all, before anything is asked or read.
    pub(super) fn check_service(&self) -> Result<()> {
        if let Some(Service::Systemd) = self.args.service {
            let database = self.place.beside(&self.draft.database);
            is_free(&self.place.file, &database)
                .map_err(|why| Misused(format!("the service cannot be installed: {why}\nleave --service away, or end that one first (docs/operating.md)")))?;
        }
        Ok(())
    }

    /// Asks who keeps it running. A service does not have the environment of this terminal, so what stands there alone is
    /// kept in a file like any other secret.
    pub(super) async fn ask_service(&mut self) -> Result<Service> {
        let database = self.config()?.database;
        let service = match self.args.service {
            Some(service) => service,
            None => {
                let question = "Who keeps it running? none (yet), systemd, cron or compose";
                let file = self.place.file.clone();
                let free = |typed: &str| match service(typed)? {
                    Service::Systemd => is_free(&file, &database).map(|()| Service::Systemd),
                    service => Ok(service),
                };
                self.asker.read(question, "none", free).await?
            }
        };
        if !matches!(service, Service::None) {
            let taken = self.draft.take_from(&|name| std::env::var(name).ok());
            if let Some(variable) = taken {
                self.place.check(&self.draft)?;
                eprintln!(
                    "{variable} of this environment is kept in a file, since a service does not have it."
                );
            }
            let left = left_behind(&|name| std::env::var(name).ok());
            if !left.is_empty() {
                eprintln!(
                    "{} of this environment {} not the service's: docs/operating.md tells how it gets {}.",
                    left.join(", "),
                    if left.len() == 1 { "is" } else { "are" },
                    if left.len() == 1 { "it" } else { "them" },
                );
            }
        }
        Ok(service)
    }

    /// Does what this account may do, and tells the rest; where the configuration lies by then.
    pub(super) async fn offer_service(
        &mut self,
        service: Service,
        written: &[PathBuf],
    ) -> Result<PathBuf> {
        let here = self.place.file.clone();
        match service {
            Service::None => Ok(here),
            Service::Systemd => self.systemd(written).await,
            Service::Cron => {
                let line = cron(&here, self.draft.chat.as_ref().map(|it| it.name.as_str()));
                let does = match &self.draft.chat {
                    Some(_) => {
                        "a pass every quarter of an hour, with the alerts that follow from it,\nand the digest on Mondays at 8 by this machine's clock"
                    }
                    None => {
                        "a pass every quarter of an hour. There is no channel yet, so nothing is sent"
                    }
                };
                print(&format!(
                    "\nAdd this with `crontab -e`: {does}.\n\n{line}\n"
                ))?;
                Ok(here)
            }
            Service::Compose => {
                print(&format!(
                    "\nSave this as compose.yaml in {}, with an image built by `docker build -t gatherd .` from gatherd's sources;\nthen `docker compose up -d`.\n\n{}",
                    folder(&here).display(),
                    compose(&here)
                ))?;
                Ok(here)
            }
        }
    }

    async fn systemd(&mut self, written: &[PathBuf]) -> Result<PathBuf> {
        let config = self.config()?;
        let steps = steps(written, &config.database);
        if is_ours_to_do() {
            let question = "Install the service now, as the user gatherd, with all of this in /etc/gatherd and /var/lib/gatherd?";
            if self.asker.agrees(question, true).await? {
                run(&steps)?;
                print(&format!(
                    "\nInstalled and started; it reads {CONFIGURATION}.\n"
                ))?;
                if !is_in_place(written) {
                    let copies: Vec<String> =
                        written.iter().map(|it| it.display().to_string()).collect();
                    print(&format!(
                        "Delete the copies here, which hold secrets:\n  rm {}\n",
                        copies.join(" ")
                    ))?;
                }
                return Ok(PathBuf::from(CONFIGURATION));
            }
        }
        let moved = match is_in_place(written) {
            true => {
                "What was written stays in /etc/gatherd, what was read is moved to /var/lib/gatherd."
            }
            false => {
                "What was written and read here is moved to /var/lib/gatherd,\nor copied to /etc/gatherd; delete the copies here after."
            }
        };
        print(&format!(
            "\nAs root, with systemd, these install the service. {moved}\n\n(\nset -e\n{}\n)\n",
            steps.join("\n")
        ))?;
        Ok(self.place.file.clone())
    }
}

/// Whether the service can be installed: nothing of an earlier one lies there.
fn is_free(file: &Path, database: &Path) -> Result<(), String> {
    match taken(file, database) {
        Some(target) => Err(format!(
            "{target} is there already: a service is installed. `gatherd config` and `gatherd doctor` tell of it; it is not touched"
        )),
        None => Ok(()),
    }
}

fn service(typed: &str) -> Result<Service, String> {
    <Service as clap::ValueEnum>::from_str(typed, true)
        .map_err(|_| "write none, systemd, cron or compose".to_owned())
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn folder(file: &Path) -> PathBuf {
    let file = absolute(file);
    file.parent().map_or_else(PathBuf::new, Path::to_owned)
}

/// In a crontab a percent sign ends the command, so none may be left bare.
fn cron(file: &Path, channel: Option<&str>) -> String {
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("gatherd"));
    let word = |path: &Path| {
        let text = path.display().to_string().replace('\'', "'\\''");
        format!("'{}'", text.replace('%', "\\%"))
    };
    let (program, file) = (word(&program), word(&absolute(file)));
    let pass = format!("  */15 * * * * {program} sync --quiet --config {file}\n");
    let digest = channel.map_or_else(String::new, |channel| {
        format!(
            "  0 8 * * 1 {program} report --send {channel} --quiet --config {file} >/dev/null\n"
        )
    });
    pass + &digest
}

/// The compose file of the sources, for an image that is there: what it reads and records is in one folder, whose
/// files belong to whoever wrote them, so the container runs as the same.
fn compose(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let command = format!("    command: [\"run\", \"--config\", \"/data/{name}\"]\n");
    let user = account().map(|it| format!("    user: \"{it}\"\n"));
    let own = user.unwrap_or_default() + &command;
    let moved = [
        (
            "    build: {context: .., dockerfile: Dockerfile}\n",
            own.as_str(),
        ),
        ("      - data:/data\n", "      - .:/data\n"),
        ("      - ./gatherd:/etc/gatherd:ro\n", ""),
        ("volumes:\n  data:\n", ""),
    ];
    let text = moved
        .iter()
        .fold(COMPOSE.to_owned(), |text, (shipped, here)| {
            text.replace(shipped, here)
        });
    let about = |line: &&str| line.starts_with('#');
    text.lines()
        .skip_while(about)
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// How the sources run the image.
const COMPOSE: &str = include_str!("../../../packaging/compose.yaml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compose_file_is_the_one_of_the_sources_but_for_where_things_lie() {
        let own = compose(Path::new("here/own.toml"));
        let [shipped, own]: [Vec<&str>; 2] = [COMPOSE, &own].map(|it| it.lines().collect());
        let lacks: Vec<_> = shipped.iter().filter(|it| !own.contains(it)).collect();
        let adds: Vec<_> = own.iter().filter(|it| !shipped.contains(it)).collect();
        let moved = lacks.iter().filter(|it| !it.starts_with('#'));
        assert_eq!(moved.count(), 5, "{lacks:?}");
        assert!(adds.contains(&&"      - .:/data"), "{adds:?}");
        assert!(adds.contains(&&"    command: [\"run\", \"--config\", \"/data/own.toml\"]"));
        assert!(adds.len() <= 3, "{adds:?}");
    }
}
