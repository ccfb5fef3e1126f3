//! What is said of building it.

use super::{read, root};
use std::{
    fs,
    path::{Path, PathBuf},
};

#[test]
fn one_version_of_rust_is_named_everywhere() {
    let after = |file: &str, words: &str| -> String {
        let text = read(file);
        let (_, rest) = text
            .split_once(words)
            .unwrap_or_else(|| panic!("{file} says no {words}"));
        let version = |c: &char| c.is_ascii_digit() || *c == '.';
        rest.chars().take_while(version).collect()
    };
    let named = after("rust-toolchain.toml", "channel = \"");
    assert_eq!(after("Dockerfile", "ARG RUST="), named);
    let asks_for_more = |line: &str| {
        let key = line.split('=').next().unwrap_or_default().trim();
        ["components", "targets", "profile"].contains(&key)
    };
    assert!(!read("rust-toolchain.toml").lines().any(asks_for_more));
    // No older one can be had where this is tested, so none is promised.
    let oldest = after("Cargo.toml", "rust-version = \"");
    assert_eq!(format!("{oldest}.0"), named);
    assert_eq!(after("README.md", "[Rust](https://rustup.rs) "), oldest);
}

#[test]
fn the_images_health_is_that_the_daemon_lives_and_not_what_it_could_read() {
    let dockerfile = read("Dockerfile");
    let (_, health) = dockerfile.split_once("\nHEALTHCHECK ").unwrap();
    let (_, asked) = health.split_once("CMD ").unwrap();
    let asked: Vec<String> = serde_json::from_str(asked.lines().next().unwrap()).unwrap();
    assert_eq!(asked, ["gatherd", "status", "--check", "--live"]);
}

#[test]
fn the_image_is_built_from_files_that_reach_its_builder() {
    let let_through: Vec<String> = read(".dockerignore")
        .lines()
        .filter_map(|line| line.strip_prefix('!').map(str::to_owned))
        .collect();
    let dockerfile = read("Dockerfile");
    let mut copied = Vec::new();
    for line in dockerfile.lines() {
        let Some(words) = line.strip_prefix("COPY ") else {
            continue;
        };
        let words: Vec<&str> = words.split(' ').collect();
        if words[0].starts_with("--from") {
            continue;
        }
        for source in &words[..words.len() - 1] {
            assert!(root().join(source).exists(), "{source} is copied");
            assert!(let_through.iter().any(|it| it == source), "{source}");
            copied.push((*source).to_owned());
        }
    }
    for file in compiled_in(&root().join("src")) {
        let is_copied = copied.iter().any(|it| file.starts_with(it));
        assert!(
            is_copied,
            "{} is compiled in and not copied",
            file.display()
        );
    }
    // Cargo refuses a manifest that names a file which is not there.
    let named = [
        ("[[bench]]", "benches"),
        ("[[example]]", "examples"),
        ("[[test]]", "tests"),
    ];
    for (section, folder) in named {
        if read("Cargo.toml").contains(section) {
            assert!(
                copied.iter().any(|it| it == folder),
                "{folder} is not copied"
            );
        }
    }
}

#[test]
fn the_service_has_its_configuration_and_its_database_where_the_program_and_the_package_look() {
    let unit = read("packaging/gatherd.service");
    let of = |key: &str| {
        let line = unit.lines().find_map(|line| line.strip_prefix(key));
        line.unwrap_or_else(|| panic!("no {key}")).to_owned()
    };
    let config = gatherd::config::SYSTEM_FILE;
    assert_eq!(of("ConditionPathExists="), config);
    let command = of("ExecStart=");
    let mut words = command.split(' ');
    assert_eq!(words.next(), Some("/usr/bin/gatherd"));
    let typed = std::iter::once("gatherd").chain(words);
    let cli = <gatherd::cli::Cli as clap::Parser>::try_parse_from(typed).unwrap();
    assert!(matches!(cli.command, gatherd::cli::Command::Run));
    let state = format!("/var/lib/{}", of("StateDirectory="));
    assert_eq!(of("WorkingDirectory="), state);
    let database = format!("database = \"{state}/gatherd.db\"");
    assert!(read("packaging/release.sh").contains(&database));
    assert!(read("packaging/sysusers.conf").contains(&format!("u {} ", of("User="))));
    assert!(read("packaging/debian/postinst").contains(&state));
}

#[test]
fn the_credentials_of_the_example_are_keys_of_the_configuration() {
    let keys: Vec<String> = read("packaging/credentials.conf")
        .lines()
        .filter_map(|line| line.strip_prefix("LoadCredential="))
        .map(|line| line.split(':').next().unwrap().to_owned())
        .collect();
    assert_eq!(keys, ["meetup_client_secret", "channel_ops_url"]);
    let told = read("docs/configuration.md");
    for key in keys {
        assert!(told.contains(&format!("`{key}`")), "{key}");
    }
}

/// What sources below a folder take in as they are compiled, from the project's root.
fn compiled_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(compiled_in(&path));
            continue;
        }
        let text = fs::read_to_string(&path).unwrap_or_default();
        for macro_name in ["include_str!(\"", "include_bytes!(\""] {
            for after in text.split(macro_name).skip(1) {
                let named = folder.join(after.split('"').next().unwrap());
                let named = named.canonicalize().unwrap();
                let root = root().canonicalize().unwrap();
                found.push(named.strip_prefix(root).unwrap().to_owned());
            }
        }
    }
    found
}
