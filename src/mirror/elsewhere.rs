//! What holds people outside the database; what holds them in it is in `kept.rs`.

/// Something outside the database that holds people.
#[derive(Debug, Clone, Copy)]
pub struct Elsewhere {
    /// Where.
    pub place: &'static str,
    /// What it says of them.
    pub what: &'static str,
    /// What it is kept for.
    pub why: &'static str,
    /// How long.
    pub until: &'static str,
}

/// What holds people outside the database.
pub const KEPT_ELSEWHERE: &[Elsewhere] = &[
    Elsewhere {
        place: "state_dir/tokens.json",
        what: "the sign-in of whoever lets gatherd read",
        why: "to ask Meetup",
        until: "until gatherd auth logout",
    },
    Elsewhere {
        place: "state_dir/forgotten",
        what: "keyed hashes of the ids of those who asked to be forgotten, and the key",
        why: "so that a restored backup knows them again, and keeps nothing of them",
        until: "for good",
    },
    Elsewhere {
        place: "backups",
        what: "the whole database as it was then, in the folder of [backup], wherever gatherd backup was told to write, and what gatherd restore moved aside",
        why: "to begin again from, should the database be lost",
        until: "the newest of [backup] keep; what was written or moved aside by hand until you delete it",
    },
    Elsewhere {
        place: "exports",
        what: "what was kept when gatherd export wrote it, names included; pseudonyms and no names with --no-people",
        why: "to be asked elsewhere",
        until: "until you delete it",
    },
    Elsewhere {
        place: "gatherd.toml",
        what: "ids of [staff], of [meetup.jwt] and names of owners of regions and of users, as you wrote them",
        why: "what you configured",
        until: "until you take them out: no command does",
    },
    Elsewhere {
        place: "imported files",
        what: "whatever you wrote into them: they stay where they are, and bring it back when they are imported again",
        why: "what you keep beside Meetup",
        until: "until you take it out of them: no command does",
    },
    Elsewhere {
        place: "logs",
        what: "no name; the id of who signs in, where another did before",
        why: "to find out what went wrong",
        until: "as long as your system keeps logs",
    },
];
