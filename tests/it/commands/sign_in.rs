//! Signing in with each kind, and when it fails.

use super::NONE;
use crate::program::Program;
use gatherd::demo::{BadToken, CLIENT_ID, CLIENT_SECRET, SEED_REFRESH_TOKEN};
use std::time::Duration;

/// With a client and its refresh token.
fn refreshing(seed: u64) -> Program {
    let mut program = Program::small(seed).without_token();
    let more = format!("client_id = \"{CLIENT_ID}\"\nrefresh_token = \"{SEED_REFRESH_TOKEN}\"\n");
    let meetup = program.meetup_section(&more);
    program.configure(&format!("{meetup}[[network]]\nurlname = \"sized\"\n"));
    program.env = vec![("GATHERD_MEETUP_CLIENT_SECRET".into(), CLIENT_SECRET.into())];
    program
}

#[test]
fn a_refused_access_token_exits_4_with_the_remedy_however_it_is_refused() {
    for bad_token in [
        BadToken::Status401,
        BadToken::TokenInvalid,
        BadToken::AuthFail,
        BadToken::Unauthorized,
    ] {
        let program = Program::small(21);
        program
            .sim
            .switch(|switches| switches.bad_token = bad_token);
        program.run(&["backfill"]).exits(0);
        program.sim.revoke_access_tokens();
        for command in ["backfill", "sync"] {
            let args = [
                command,
                if command == "backfill" {
                    "--restart"
                } else {
                    "--sweep"
                },
            ];
            program
                .run(&args)
                .exits(4)
                .says(&["sign-in needed", "give a new access_token"]);
        }
        program
            .run(&["status", "--check"])
            .exits(4)
            .says(&["sign-in needed", "access_token"]);
        assert_eq!(
            program.differences(),
            NONE,
            "{bad_token:?}: nothing is lost"
        );
    }
}

#[test]
fn a_refresh_token_is_replaced_at_each_use_and_outlives_the_process() {
    let program = refreshing(22);
    program
        .sim
        .switch(|switches| switches.token_lives = Duration::from_secs(1));
    program.run(&["backfill"]).exits(0);
    program.sim.revoke_access_tokens();
    program.run(&["sync"]).exits(0);
    program.sim.revoke_access_tokens();
    let said = program.run(&["sync", "-vv"]).exits(0).said();
    assert!(program.sim.counters().token_requests >= 3);
    for secret in [CLIENT_SECRET, "demo-refresh-", "access-"] {
        assert!(!said.contains(secret), "{secret} in:\n{said}");
    }
    #[cfg(unix)]
    for entry in std::fs::read_dir(program.path("gatherd.db.state")).unwrap() {
        use std::os::unix::fs::PermissionsExt;
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", entry.path());
    }
}

#[test]
fn a_refresh_token_that_was_used_elsewhere_exits_4_with_the_remedy() {
    let program = refreshing(23);
    program.sim.revoke_refresh_tokens();
    let ran = program.run(&["sync"]).exits(4);
    let ran = ran.says(&["sign-in needed", "invalid_grant", "gatherd auth login"]);
    assert!(!ran.said().contains(SEED_REFRESH_TOKEN) && !ran.said().contains(CLIENT_SECRET));
    // With a stored successor that somebody else used up, too.
    let program = refreshing(24);
    program.run(&["sync"]).exits(0);
    program.sim.revoke_refresh_tokens();
    program.sim.revoke_access_tokens();
    program
        .run(&["sync"])
        .exits(4)
        .says(&["sign-in needed", "new refresh_token"]);
}

#[test]
fn a_wrong_client_secret_exits_4() {
    let mut program = refreshing(25);
    program.env = vec![(
        "GATHERD_MEETUP_CLIENT_SECRET".into(),
        "another-secret".into(),
    )];
    let ran = program
        .run(&["sync"])
        .exits(4)
        .says(&["sign-in needed", "invalid_client"]);
    assert!(!ran.said().contains("another-secret"));
}

#[test]
fn a_signed_assertion_signs_in_without_a_person() {
    let program = Program::small(26).without_token();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
    let public = std::fs::read(format!("{folder}/rsa_public.der")).unwrap();
    program.sim.register_signing_key("key-1", "4711", &public);
    let jwt = |id: &str, key: &str| {
        format!(
            "client_id = \"{CLIENT_ID}\"\n[meetup.jwt]\nsigning_key_id = \"{id}\"\n\
             member_id = \"4711\"\nprivate_key_file = \"{folder}/{key}\"\n"
        )
    };
    let configure = |id: &str, key: &str| {
        let meetup = program.meetup_section(&jwt(id, key));
        program.configure(&format!("{meetup}[[network]]\nurlname = \"sized\"\n"));
    };
    for key in ["rsa_pkcs1.pem", "rsa_pkcs8.pem"] {
        configure("key-1", key);
        program.run(&["sync", "--sweep"]).exits(0);
        program.sim.revoke_access_tokens();
    }
    assert_eq!(program.differences(), NONE);
    configure("key-2", "rsa_pkcs1.pem");
    program
        .run(&["sync"])
        .exits(4)
        .says(&["sign-in needed", "signing_key_id"]);
    configure("key-1", "rsa_public.der");
    program.run(&["sync"]).exits(5).says(&["private_key_file"]);
}

#[test]
fn a_folder_for_tokens_that_cannot_be_written_is_told_before_a_token_is_spent() {
    let program = refreshing(27);
    std::fs::write(program.path("file"), "x").unwrap();
    let toml = std::fs::read_to_string(program.path("gatherd.toml")).unwrap();
    program.configure(&toml.replace("[meetup]", "[meetup]\nstate_dir = \"file/state\""));
    let ran = program.run(&["sync"]).exits(1);
    ran.says(&["token file", "file/state", "must be writable"]);
    assert_eq!(program.sim.counters().token_requests, 0);
    program.configure(&toml);
    program.run(&["sync"]).exits(0);
}
