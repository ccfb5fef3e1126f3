//! A person signs in: through the browser or by pasting, and everything that can go wrong on the way.

use super::NONE;
use crate::program::{Program, Ran, Running, port, until};
use gatherd::demo::{CLIENT_ID, CLIENT_SECRET, Consent, Fault, On, Rights, SEED_REFRESH_TOKEN};
use std::net::TcpListener;
use std::time::Duration;
use url::Url;

struct Desk {
    program: Program,
    redirect: String,
}

/// With a client and its secret, and no token yet.
fn desk(seed: u64) -> Desk {
    let mut program = Program::small(seed).without_token();
    program.env = vec![("GATHERD_MEETUP_CLIENT_SECRET".into(), CLIENT_SECRET.into())];
    let desk = Desk {
        redirect: format!("http://127.0.0.1:{}/", port()),
        program,
    };
    desk.configure("");
    desk
}

impl Desk {
    fn configure(&self, more: &str) {
        let more = format!(
            "client_id = \"{CLIENT_ID}\"\nauthorize_endpoint = \"{}\"\nredirect_uri = \"{}\"\n{more}",
            self.program.sim.authorize_endpoint(),
            self.redirect
        );
        let meetup = self.program.meetup_section(&more);
        self.program
            .configure(&format!("{meetup}[[network]]\nurlname = \"sized\"\n"));
    }

    /// The address that a running login printed.
    fn address(&self, login: &Running) -> Url {
        let begins = self.program.sim.authorize_endpoint();
        let mut found = None;
        until("the address is printed, and the listener listens", || {
            let said = login.err.so_far();
            found = said
                .lines()
                .find(|line| line.trim().starts_with(&begins))
                .map(|line| line.trim().parse().unwrap());
            found.is_some() && said.contains("waiting for the answer")
        });
        found.unwrap()
    }

    fn is_kept(&self) -> bool {
        let file = self.program.path("gatherd.db.state/tokens.json");
        std::fs::read_to_string(file).is_ok_and(|text| text.contains("refresh_token\": \"demo"))
    }
}

/// Goes to an address as a browser does, as far as it leads: status and page.
pub fn browse(address: &Url) -> (u16, String) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let browser = reqwest::Client::builder()
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap();
        let page = browser.get(address.clone()).send().await.unwrap();
        (page.status().as_u16(), page.text().await.unwrap())
    })
}

/// Where the authorise page sends the browser, which does not go there.
fn sent_to(address: &Url) -> Url {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let browser = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let page = browser.get(address.clone()).send().await.unwrap();
        let location = page.headers()["location"].to_str().unwrap();
        location.parse().unwrap()
    })
}

/// None of what must stay secret was said.
fn keeps_quiet(ran: &Ran) {
    for secret in [CLIENT_SECRET, "demo-refresh-", "access-", "code-"] {
        assert!(!ran.said().contains(secret), "{secret} in:\n{}", ran.said());
    }
}

#[test]
fn a_person_signs_in_through_the_browser_and_everything_works_from_then_on() {
    let desk = desk(701);
    let ran = desk.program.run(&["sync"]).exits(4);
    ran.says(&["nobody has signed in yet", "run `gatherd auth login`"]);
    desk.program
        .run(&["auth", "status"])
        .exits(4)
        .says(&["none are kept", "gatherd auth login"]);
    assert_eq!(desk.program.sim.counters().token_requests, 0);

    let login = desk.program.start(&["auth", "login", "-vv"]);
    let address = desk.address(&login);
    let asked: Vec<String> = address.query_pairs().map(|(name, _)| name.into()).collect();
    for name in ["client_id", "response_type", "redirect_uri", "state"] {
        assert!(asked.iter().any(|it| it == name), "{asked:?}");
    }
    let (status, page) = browse(&address);
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("<h1>Signed in</h1>"), "{page}");
    assert!(!page.contains("code"), "{page}");
    let ran = login.ends().exits(0);
    keeps_quiet(&ran);
    ran.says(&["signed in as", "network       sized: ", "4 groups"]);
    assert!(desk.is_kept());

    desk.program.run(&["backfill"]).exits(0);
    assert_eq!(desk.program.differences(), NONE);
    let ran = desk.program.run(&["auth", "status"]).exits(0);
    keeps_quiet(&ran);
    ran.says(&[
        "signed in as",
        "a client with a refresh token",
        "access token  until 2",
        "renewed       2",
        "network       sized",
    ]);
    // The refresh token works too, and each only once.
    desk.program.sim.revoke_access_tokens();
    desk.program.run(&["sync"]).exits(0);
    desk.program.sim.revoke_access_tokens();
    desk.program.run(&["sync"]).exits(0);
    #[cfg(unix)]
    for entry in std::fs::read_dir(desk.program.path("gatherd.db.state")).unwrap() {
        use std::os::unix::fs::PermissionsExt;
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", entry.path());
    }
}

#[test]
fn on_a_machine_without_a_browser_the_address_or_the_code_is_pasted() {
    for is_whole in [true, false] {
        let desk = desk(702);
        let mut login = desk
            .program
            .start_typing(&["auth", "login", "--no-browser"]);
        let back = sent_to(&desk.address(&login));
        login.types("");
        let code = back.query_pairs().find(|(name, _)| name == "code");
        let line = if is_whole {
            format!("  {back} ")
        } else {
            code.unwrap().1.into_owned()
        };
        login.logs("that is neither the address nor its code");
        login.types(&line);
        let ran = login.ends().exits(0);
        keeps_quiet(&ran);
        ran.says(&["signed in as"]);
        assert!(desk.is_kept());
    }
}

#[test]
fn without_a_listener_the_pasted_code_will_do() {
    // Another program has the port; or the redirect leads to another machine.
    let desk = desk(703);
    let port = Url::parse(&desk.redirect).unwrap().port().unwrap();
    let _other = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let ran = desk.program.run(&["auth", "login"]).exits(1);
    ran.says(&["another program listens there", "--no-browser"]);
    let mut login = desk
        .program
        .start_typing(&["auth", "login", "--no-browser"]);
    let back = sent_to(&desk.address(&login));
    login.types(back.as_str());
    login.ends().exits(0).says(&["only what is pasted here"]);

    let mut desk = desk_elsewhere();
    let mut login = desk.program.start_typing(&["auth", "login"]);
    let back = sent_to(&desk.address(&login));
    login.types(back.as_str());
    login.ends().exits(0);
    // Nobody at the keyboard: there is nothing to wait for.
    desk.program.env.truncate(1);
    desk.program
        .run(&["auth", "login"])
        .exits(1)
        .says(&["nothing was pasted", "on a terminal"]);
}

fn desk_elsewhere() -> Desk {
    let mut desk = desk(704);
    desk.redirect = "https://gatherd.example.com/back".to_owned();
    desk.configure("");
    desk
}

#[test]
fn a_denied_consent_is_told_with_its_remedy() {
    let desk = desk(705);
    desk.program.sim.consent(Consent::Denied);
    let login = desk.program.start(&["auth", "login"]);
    let (status, page) = browse(&desk.address(&login));
    assert_eq!(status, 400);
    assert!(page.contains("<h1>Not signed in</h1>"), "{page}");
    let ran = login.ends().exits(4);
    ran.says(&[
        "consent was denied",
        "run `gatherd auth login` again and agree",
    ]);
    assert!(!desk.is_kept());

    // The page that asks leads to both.
    for (choice, code) in [("deny", 4), ("allow", 0)] {
        desk.program.sim.consent(Consent::Asked);
        let login = desk.program.start(&["auth", "login"]);
        let address = desk.address(&login);
        let (_, page) = browse(&address);
        let link = page
            .split(&format!("id=\"{choice}\" href=\""))
            .nth(1)
            .unwrap();
        let link = link.split('"').next().unwrap().replace("&amp;", "&");
        browse(&address.join(&link).unwrap());
        login.ends().exits(code);
    }
    assert!(desk.is_kept());
}

#[test]
fn an_answer_to_another_sign_in_is_left_aside_and_the_right_one_still_counts() {
    let desk = desk(706);
    for typed in [false, true] {
        let mut login = desk.program.start_typing(&["auth", "login"]);
        let address = desk.address(&login);
        let here = Url::parse(&desk.redirect).unwrap();
        for query in [
            "code=code-of-somebody&state=another",
            "code=code-of-somebody",
            "code=code-of-somebody&state=",
            "error=access_denied&state=another",
            "error=access_denied",
        ] {
            let mut foreign = here.clone();
            foreign.set_query(Some(query));
            if typed {
                login.types(foreign.as_str());
            } else {
                let (status, page) = browse(&foreign);
                assert_eq!(status, 400, "{query}");
                assert!(page.contains("goes on waiting"), "{page}");
            }
        }
        login.logs("its state is wrong or missing");
        assert_eq!(desk.program.sim.counters().token_requests, u64::from(typed));
        assert_eq!(browse(&address).0, 200);
        let ran = login.ends().exits(0);
        keeps_quiet(&ran);
    }
    assert!(desk.is_kept());
}

#[test]
fn the_browser_finds_localhost_by_either_of_its_addresses() {
    for host in ["127.0.0.1", "[::1]"] {
        let mut desk = desk(716);
        let port = port();
        desk.redirect = format!("http://localhost:{port}/");
        desk.configure("");
        if std::net::TcpListener::bind(("::1", 0)).is_err() && host == "[::1]" {
            continue; // a machine without IPv6
        }
        let login = desk.program.start(&["auth", "login"]);
        let mut back = sent_to(&desk.address(&login));
        assert_eq!(back.host_str(), Some("localhost"));
        back.set_host(Some(host)).unwrap();
        assert_eq!(browse(&back).0, 200, "{host}");
        login.ends().exits(0);
    }
}

#[test]
fn a_refused_redirect_names_both_spellings_and_what_is_unproven() {
    let desk = desk(717);
    let login = desk.program.start(&["auth", "login"]);
    let mut back = sent_to(&desk.address(&login));
    let state = back.query_pairs().find(|(name, _)| name == "state");
    let state = state.unwrap().1.into_owned();
    back.query_pairs_mut()
        .clear()
        .append_pair("error", "invalid_redirect_uri")
        .append_pair("state", &state);
    assert_eq!(browse(&back).0, 400);
    let port = back.port().unwrap();
    login.ends().exits(4).says(&[
        "invalid_redirect_uri",
        &format!("http://localhost:{port}/ and http://127.0.0.1:{port}/"),
        "which of them it registers is unproven",
    ]);
}

#[test]
fn what_is_no_answer_is_let_pass() {
    let desk = desk(707);
    let login = desk.program.start(&["auth", "login"]);
    let address = desk.address(&login);
    let here = Url::parse(&desk.redirect).unwrap();
    assert_eq!(browse(&here).0, 404);
    assert_eq!(browse(&here.join("favicon.ico").unwrap()).0, 404);
    assert_eq!(browse(&here.join("?hello=1").unwrap()).0, 404);
    assert_eq!(browse(&address).0, 200);
    login.ends().exits(0);
}

#[test]
fn a_code_that_was_used_and_a_wrong_secret_are_told_apart() {
    let mut desk = desk(708);
    let mut login = desk.program.start_typing(&["auth", "login"]);
    let back = sent_to(&desk.address(&login));
    login.types(back.as_str());
    login.ends().exits(0);
    let code = back.query_pairs().find(|(name, _)| name == "code");
    let code = code.unwrap().1.into_owned();
    let mut login = desk.program.start_typing(&["auth", "login"]);
    desk.address(&login);
    login.types(&code);
    let ran = login.ends().exits(4);
    keeps_quiet(&ran);
    ran.says(&["used before", "invalid_grant", "redirect_uri must equal"]);
    assert!(desk.is_kept(), "the sign-in from before stays");

    desk.program.env = vec![("GATHERD_MEETUP_CLIENT_SECRET".into(), "another-one".into())];
    let login = desk.program.start(&["auth", "login"]);
    let (status, page) = browse(&desk.address(&login));
    assert_eq!(status, 400, "{page}");
    let ran = login.ends().exits(4);
    assert!(!ran.said().contains("another-one"), "{}", ran.said());
    ran.says(&["invalid_client", "client_id and client_secret"]);
}

#[test]
fn a_token_endpoint_that_fails_for_a_moment_is_asked_again() {
    let desk = desk(709);
    desk.program.sim.fault(On::Tokens, Fault::Html(502), 1);
    desk.program.sim.fault(On::Tokens, Fault::Status(503), 1);
    let login = desk.program.start(&["auth", "login"]);
    assert_eq!(browse(&desk.address(&login)).0, 200);
    login.ends().exits(0);
    assert!(desk.is_kept());
}

#[test]
fn nobody_is_waited_for_longer_than_said() {
    let desk = desk(710);
    let ran = desk
        .program
        .run(&["auth", "login", "--timeout", "1"])
        .exits(4);
    ran.says(&[
        "1 s from now",
        "nobody agreed",
        "run `gatherd auth login` again",
    ]);
}

#[test]
fn an_account_that_sees_less_is_told() {
    let desk = desk(711);
    let less = Consent::GivenBy(Rights::NoNetwork);
    desk.program.sim.consent(less);
    let login = desk.program.start(&["auth", "login"]);
    browse(&desk.address(&login));
    let ran = login.ends().exits(3);
    ran.says(&["sized: not visible to this account", "sign in as that one"]);
    let ran = desk.program.run(&["auth", "status", "--json"]).exits(3);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["is_signed_in"], true);
    assert_eq!(told["kind"], "refresh_token");
    assert_eq!(told["networks"][0]["is_visible"], false);
    assert!(told["access_token_until"].is_string() && told["member"]["id"].is_string());
}

#[test]
fn a_login_wins_over_the_configured_seed_until_that_changes() {
    let desk = desk(712);
    let login = |desk: &Desk| {
        let login = desk.program.start(&["auth", "login"]);
        assert_eq!(browse(&desk.address(&login)).0, 200);
        login.ends().exits(0);
    };
    desk.configure("refresh_token = \"a-seed-that-is-spent\"\n");
    desk.program
        .run(&["sync"])
        .exits(4)
        .says(&["invalid_grant"]);
    login(&desk);
    desk.program.sim.revoke_access_tokens();
    desk.program.run(&["sync"]).exits(0);
    desk.configure(&format!("refresh_token = \"{SEED_REFRESH_TOKEN}\"\n"));
    desk.program.run(&["sync"]).exits(0);
    desk.configure("refresh_token = \"another-seed-that-is-spent\"\n");
    desk.program.run(&["sync"]).exits(4);
}

#[test]
fn signing_out_forgets_the_tokens_and_says_what_remains() {
    let desk = desk(713);
    let login = desk.program.start(&["auth", "login"]);
    browse(&desk.address(&login));
    login.ends().exits(0);
    let ran = desk.program.run(&["auth", "logout"]).exits(0);
    ran.says(&["are removed", "client_id and client_secret stay configured"]);
    assert!(!desk.is_kept());
    let ran = desk.program.run(&["auth", "logout"]).exits(0);
    ran.says(&["No tokens are kept"]);
    desk.program
        .run(&["sync"])
        .exits(4)
        .says(&["nobody has signed in"]);
}

#[test]
fn sign_ins_that_need_no_person_say_so() {
    let program = Program::small(714);
    let ran = program.run(&["auth", "login"]).exits(5);
    ran.says(&["needs no login", "client_id and client_secret"]);
    let ran = program.run(&["auth", "status"]).exits(0);
    ran.says(&["signed in as", "a configured access_token"]);
    let ran = program.run(&["auth", "logout"]).exits(0);
    ran.says(&["No tokens are kept", "access_token stays configured"]);
    program.sim.revoke_access_tokens();
    let ran = program.run(&["auth", "status", "--json"]).exits(4);
    assert!(ran.out.contains("\"is_signed_in\": false"), "{}", ran.out);
    ran.says(&["sign-in needed", "give a new access_token"]);
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_desktop_the_browser_is_opened_at_the_address_and_no_secret_is_an_argument() {
    use std::os::unix::fs::PermissionsExt;
    let mut desk = desk(715);
    let opened = desk.program.path("opened");
    let script = format!(
        "#!/bin/sh\necho \"$@\" > {0}.new && mv {0}.new {0}\n",
        opened.display()
    );
    let tool = desk.program.path("xdg-open");
    std::fs::write(&tool, script).unwrap();
    std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o700)).unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", desk.program.dir.path().display());
    desk.program.env.push(("PATH".into(), path));
    desk.program.env.push(("DISPLAY".into(), ":0".into()));
    let login = desk.program.start(&["auth", "login"]);
    let address = desk.address(&login);
    until("the browser is opened", || opened.exists());
    let given = std::fs::read_to_string(&opened).unwrap();
    assert_eq!(given.trim(), address.as_str());
    assert!(!given.contains(CLIENT_SECRET));
    browse(&address);
    login.ends().exits(0).says(&["Your browser should show"]);
}
