//! Remedies that fit, told by the program: the way to Meetup, what is configured but should not stay so,
//! what a sign-in lacks, and what was asked.

use super::NONE;
use crate::program::{Program, until};
use gatherd::demo::{
    CLIENT_ID, CLIENT_SECRET, Denial, Rights, SEED_REFRESH_TOKEN, Switches, TRIAL_TOKEN, World,
};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;

/// A port at which nobody answers.
fn nobody() -> std::net::SocketAddr {
    let bound = TcpListener::bind("127.0.0.1:0").unwrap();
    bound.local_addr().unwrap()
}

fn asking(program: &Program, endpoint: &str, more: &str) {
    program.configure(&format!(
        "[meetup]\nendpoint = \"{endpoint}\"\n[[network]]\nurlname = \"sized\"\n{more}"
    ));
}

/// A database belongs to one endpoint.
fn forget(program: &Program) {
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(program.path(&format!("gatherd.db{end}")));
    }
}

fn proxied(program: &mut Program, proxy: &str) {
    for name in [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
    ] {
        program
            .env
            .push((name.into(), format!("http://me:hidden@{proxy}")));
    }
}

#[test]
fn this_machine_is_reached_through_no_proxy() {
    let mut program = Program::small(801);
    proxied(&mut program, &nobody().to_string());
    program.run(&["backfill"]).exits(0);
    assert_eq!(program.differences(), NONE);
    program.run(&["doctor"]).exits(0);
}

#[test]
fn passes_tell_name_connection_tls_and_proxy_apart_as_doctor_does() {
    let mut program = Program::small(802);
    let (closed, plain) = (nobody(), program.sim.endpoint().replace("http:", "https:"));
    for (endpoint, says, remedy) in [
        (
            "https://no-such-host.invalid/gql",
            "no such name in DNS",
            "this machine's DNS",
        ),
        (
            &*format!("http://{closed}/gql"),
            "no connection (connection refused)",
            "check the network and the firewall",
        ),
        (&*plain, "TLS fails (", "[network_access] ca_file"),
    ] {
        asking(&program, endpoint, "");
        forget(&program);
        program.run(&["doctor"]).exits(1).says(&[says, remedy]);
        program.run(&["backfill"]).exits(1).says(&[says, remedy]);
    }
    forget(&program);
    proxied(&mut program, &closed.to_string());
    let says = format!("the proxy {closed} does not let through (connection refused)");
    asking(&program, "https://no-such-host.invalid/gql", "");
    for command in ["doctor", "backfill"] {
        let ran = program.run(&[command]).exits(1);
        assert!(!ran.said().contains("hidden"), "{}", ran.said());
        ran.says(&[&says, "check HTTPS_PROXY"]);
    }
    program
        .env
        .push(("NO_PROXY".into(), "other.example, .invalid".into()));
    program
        .run(&["doctor"])
        .exits(1)
        .says(&["no such name in DNS"]);
}

/// A server whose certificate a company's own authority signed; it says `{}` to everything.
fn company_server() -> u16 {
    use rustls::pki_types::pem::PemObject as _;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let pem = include_bytes!("../../data/company-server.pem");
    let chain = rustls::pki_types::CertificateDer::pem_slice_iter(pem);
    let chain: Vec<_> = chain.map(Result::unwrap).collect();
    let key = rustls::pki_types::PrivateKeyDer::from_pem_slice(pem).unwrap();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let server = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut stream = rustls::StreamOwned::new(server, stream);
            let mut heard = [0; 4_096];
            if stream.read(&mut heard).is_ok() {
                let said = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
                let _ = stream.write_all(said);
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    port
}

#[test]
fn a_companys_own_authority_is_trusted_where_it_is_named() {
    let mut program = Program::small(803);
    let ca = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/company-ca.pem");
    let endpoint = format!("https://localhost:{}/gql", company_server());
    let trusted = "answers by TLS, with a trusted certificate";
    asking(&program, &endpoint, "");
    program
        .run(&["doctor"])
        .exits(1)
        .says(&["TLS fails (", "UnknownIssuer"]);
    asking(
        &program,
        &endpoint,
        &format!("[network_access]\nca_file = \"{ca}\"\n"),
    );
    program.run(&["doctor"]).says(&[trusted]);
    asking(
        &program,
        &endpoint,
        "[network_access]\nca_file = \"nothing.pem\"\n",
    );
    program
        .run(&["doctor"])
        .exits(5)
        .says(&["nothing.pem, which does not exist"]);
    std::fs::write(program.path("nothing.pem"), "no certificate\n").unwrap();
    program
        .run(&["doctor"])
        .exits(5)
        .says(&["holds no certificate"]);
    asking(&program, &endpoint, "");
    program.env.push(("SSL_CERT_FILE".into(), ca.into()));
    program.run(&["doctor"]).says(&[trusted]);
}

#[test]
fn a_network_that_is_not_owned_is_no_matter_of_patience() {
    for denial in [Denial::Forbidden, Denial::AdminRequired] {
        let world = World::sized(804, 4, 40, 200, 200, chrono::Utc::now());
        let program = Program::on(
            world,
            Switches {
                denial,
                ..Switches::unlimited()
            },
        );
        program.sim.allow_token(TRIAL_TOKEN, Rights::NoNetwork);
        for command in ["doctor", "backfill"] {
            let ran = program.run(&[command]);
            assert!([1, 3].contains(&ran.code), "{}", ran.said());
            assert!(
                !ran.said().contains("try again in a few minutes"),
                "{}",
                ran.said()
            );
            ran.says(&[
                "does not show it to this account",
                "owns its Pro subscription",
            ]);
        }
    }
}

#[test]
fn a_damaged_token_file_exits_4_before_anybody_is_asked() {
    let mut program = Program::small(805).without_token();
    program.env = vec![("GATHERD_MEETUP_CLIENT_SECRET".into(), CLIENT_SECRET.into())];
    let more = format!("client_id = \"{CLIENT_ID}\"\nrefresh_token = \"{SEED_REFRESH_TOKEN}\"\n");
    let meetup = program.meetup_section(&more);
    program.configure(&format!("{meetup}[[network]]\nurlname = \"sized\"\n"));
    program.run(&["sync"]).exits(0);
    for content in [
        "",
        "{\"version\": 1, \"accounts\": {\"a\": ",
        "[]",
        "\u{0}\u{0}\u{0}",
    ] {
        std::fs::write(program.path("gatherd.db.state/tokens.json"), content).unwrap();
        for command in [&["sync"][..], &["auth", "login"]] {
            program.run(command).exits(4).says(&[
                "tokens.json is damaged",
                "remove that file",
                "gatherd auth login",
            ]);
        }
    }
}

#[test]
fn a_line_break_in_a_secret_is_told_and_its_value_is_not() {
    for (key, value) in [
        ("access_token", "first-half\\nsecond-half"),
        ("access_token_file", "token"),
    ] {
        let program = Program::small(806).without_token();
        std::fs::write(program.path("token"), "first-half\r\nsecond-half\n").unwrap();
        let meetup = program.meetup_section(&format!("{key} = \"{value}\"\n"));
        program.configure(&format!("{meetup}[[network]]\nurlname = \"sized\"\n"));
        let ran = program.run(&["sync"]).exits(5);
        assert!(!ran.said().contains("-half"), "{}", ran.said());
        ran.says(&["meetup.access_token has a line break in it", "on one line"]);
    }
}

#[cfg(unix)]
#[test]
fn a_secret_that_others_can_read_and_a_short_key_are_warnings_of_doctor_and_at_start() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut program = Program::small(807).without_token();
    let write = |name: &str, text: &str, mode: u32| {
        let path = program.path(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    write("token", TRIAL_TOKEN, 0o644);
    write("short", "whsec_c2hvcnQ=", 0o640);
    let meetup = program.meetup_section("access_token_file = \"token\"\n");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[[channel]]\nname = \"own\"\nkind = \"webhook\"\n\
         url = \"http://{}/\"\nsecret_file = \"short\"\n",
        nobody()
    ));
    let open = "meetup.access_token_file names";
    let short = "channel.own.secret has a key of 5 bytes";
    let doctor = program.run(&["doctor"]);
    let told = doctor.says(&["warning", open, "chmod o-rwx", short, "24 at least"]);
    program
        .run(&["backfill"])
        .exits(0)
        .says(&["WARN", open, short]);
    let mut daemon = program.start(&["run"]);
    daemon.logs(open);
    daemon.logs(short);
    daemon.signal("TERM");
    until("the daemon ends", || daemon.is_over());
    // A secret may stand in the configuration itself; that is told of once, however many do.
    let file = program.path("gatherd.toml");
    let chmod = |mode| {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let inside = "channel.own.url stands in";
    assert!(!told.said().contains(inside), "{}", told.said());
    chmod(0o644);
    program.run(&["doctor"]).says(&[
        "warning",
        inside,
        "gatherd.toml, which every account here can read",
    ]);
    program.run(&["sync"]).exits(0).says(&["WARN", inside]);
    chmod(0o600);
    // What systemd lays out is for this service alone, whatever its mode.
    let directory = program.dir.path().display().to_string();
    program
        .env
        .push(("CREDENTIALS_DIRECTORY".into(), directory));
    let said = program.run(&["sync"]).exits(0).said();
    assert!(!said.contains(open) && said.contains(short), "{said}");
}

#[test]
fn verbosity_tells_each_question_and_then_why_and_never_a_person() {
    let program = Program::small(808);
    let quiet = program.run(&["backfill"]).exits(0).said();
    assert!(!quiet.contains("asked"), "{quiet}");
    program.sim.reset_counters();
    let said = program.run(&["sync", "--sweep", "-v"]).exits(0).err;
    let questions: Vec<&str> = said.lines().filter(|it| it.contains("DEBUG")).collect();
    assert_eq!(
        questions.len() as u64,
        program.sim.counters().requests,
        "{said}"
    );
    for line in &questions {
        for part in ["operation=", "scope=", "rows=", "points=", "milliseconds="] {
            assert!(line.contains(part), "no {part} in {line}");
        }
    }
    assert!(
        questions
            .iter()
            .any(|it| it.contains("scope=\"network sized\"")),
        "{said}"
    );
    program.sim.fault(
        gatherd::demo::On::Next,
        gatherd::demo::Fault::Status(503),
        1,
    );
    let deep = program.run(&["sync", "--sweep", "-vv"]).exits(0).err;
    assert!(
        deep.contains("TRACE") && deep.contains("asking again"),
        "{deep}"
    );
    let names = program.rows("SELECT name FROM members WHERE name IS NOT NULL");
    assert!(names.len() > 20);
    for name in names.iter().map(String::as_str).chain([TRIAL_TOKEN]) {
        assert!(!said.contains(name) && !deep.contains(name), "{name}");
    }
}
