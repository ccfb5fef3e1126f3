//! Meetup: reached, signed in to, in time, with the rights that are needed, and as it is known to be.

use super::sheet::Sheet;
use crate::{
    app::{
        database::Database,
        exit::{self, Exit},
        opening,
    },
    client::{Reached, reach},
    config::{Config, SignIn},
    meetup::{AskError, Elsewhere, Ledger, Meetup, Reserve, Waits},
    mirror::{self, DriftFinding, DriftWeight},
    sync::Syncer,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// A clock so far off is no matter of slow answers any more.
const SKEW_NOTED: TimeDelta = TimeDelta::seconds(5);
const SKEW_WARNED: TimeDelta = TimeDelta::seconds(60);

/// The way to Meetup: with the database's budget where there is one.
enum Way {
    Mirrored(Box<Syncer>),
    Bare(Box<Meetup>),
}

impl Way {
    fn meetup(&self) -> &Meetup {
        match self {
            Self::Mirrored(syncer) => syncer.meetup(),
            Self::Bare(meetup) => meetup,
        }
    }
}

pub(super) async fn check(
    config: &Config,
    can_ask: bool,
    mirror: Option<Database>,
    probe: bool,
    sheet: &mut Sheet,
) {
    let is_there = endpoint("api", &config.meetup.endpoint, config, sheet).await;
    if !matches!(config.meetup.sign_in, Some(SignIn::AccessToken(_))) {
        endpoint("token server", &config.meetup.token_endpoint, config, sheet).await;
    }
    let why_not = if !can_ask {
        Some("the configuration is wrong")
    } else if is_there {
        None
    } else {
        Some("Meetup's API cannot be reached")
    };
    if let Some(why_not) = why_not {
        unchecked(config, why_not, true, sheet);
        capabilities(mirror.as_ref(), sheet).await;
        return;
    }
    let way = match way(config, mirror.clone()) {
        Ok(way) => way,
        Err(error) => {
            sheet.error("sign-in", &format!("{error:#}"), exit::code(&error));
            unchecked(config, "there is no sign-in", false, sheet);
            return;
        }
    };
    let signed_in = sign_in(config, way.meetup(), sheet).await;
    clock(way.meetup(), sheet);
    if let Err(why_not) = signed_in {
        unchecked(config, why_not, false, sheet);
        capabilities(mirror.as_ref(), sheet).await;
        return;
    }
    rights(config, way.meetup(), sheet).await;
    schema(&way, sheet).await;
    match &way {
        Way::Mirrored(syncer) if probe => learn(syncer, sheet).await,
        _ => capabilities(mirror.as_ref(), sheet).await,
    }
    if probe {
        elsewhere(way.meetup(), sheet).await;
    }
}

/// Lines for what could not be looked at: a failed check hides no other.
fn unchecked(config: &Config, why_not: &str, and_sign_in: bool, sheet: &mut Sheet) {
    let said = format!("not checked: {why_not}");
    if and_sign_in {
        sheet.note("sign-in", &said);
        sheet.note("clock", &said);
    }
    for urlname in &config.networks {
        sheet.note(&format!("network {urlname}"), &said);
    }
    for urlname in &config.groups {
        sheet.note(&format!("group {urlname}"), &said);
    }
    sheet.note("schema", &said);
}

/// A question that failed. Most errors bring their remedy; an outage leaves nothing but patience.
fn failed(about: &str, error: &anyhow::Error, sheet: &mut Sheet) {
    let mut said = format!("{error:#}");
    if !said.trim_end().contains('\n') {
        said.push_str(
            "\ntry again in a few minutes; if it stays so, ask Meetup, or whoever runs the proxy in between",
        );
    }
    sheet.error(about, &said, exit::code(error));
}

/// Name, connection and certificate of an address; whether it is there.
async fn endpoint(about: &str, url: &url::Url, config: &Config, sheet: &mut Sheet) -> bool {
    let host = url.host_str().unwrap_or_default();
    match reach(url, &config.network_access).await {
        Ok(Reached {
            is_encrypted,
            proxy,
        }) => {
            let how = if is_encrypted {
                "by TLS, with a trusted certificate"
            } else {
                "by plain http, on this machine"
            };
            let way = proxy.map_or_else(String::new, |it| format!(", through the proxy {it}"));
            sheet.ok(about, format!("{host} answers {how}{way}"));
            true
        }
        Err(unreached) => {
            let said = format!("{host}: {unreached}\n{}", unreached.remedy());
            sheet.error(about, &said, Exit::Failed);
            false
        }
    }
}

/// With a little patience: whoever runs `doctor` waits for it.
fn way(config: &Config, mirror: Option<Database>) -> anyhow::Result<Way> {
    let waits = Waits {
        attempts: 2,
        budget: Duration::from_secs(90),
        lock: Duration::from_secs(15),
        ..Waits::default()
    };
    Ok(match mirror {
        Some(mirror) => Way::Mirrored(Box::new(opening::patient_syncer(
            config,
            &mirror,
            opening::BUDGET_WINDOW,
            waits,
        )?)),
        None => {
            let settings = opening::asking(config, waits)?;
            Way::Bare(Box::new(Meetup::new(settings, unwritten())?))
        }
    })
}

/// Where there is no database there is no ledger; the few questions of a doctor fit any budget.
fn unwritten() -> Arc<Ledger> {
    let number = AtomicI64::new(0);
    Arc::new(Ledger {
        reserve: Box::new(move |_, points| {
            let asked = number.fetch_add(1, Ordering::Relaxed);
            Ok(Reserve::Granted { asked, points })
        }),
        answered: Box::new(|_, _| Ok(())),
        refused: Box::new(|_, _, _| Ok(())),
    })
}

/// Who is signed in, and how long; or in a few words why nothing else can be asked.
async fn sign_in(config: &Config, meetup: &Meetup, sheet: &mut Sheet) -> Result<(), &'static str> {
    let about = "sign-in";
    let found =
        async { Ok::<_, AskError>((meetup.myself().await?, meetup.signed_in_until().await?)) };
    let (member, until) = match found.await {
        Ok(found) => found,
        Err(error) => {
            let is_sign_in = matches!(error, AskError::NeedsSignIn { .. });
            failed(about, &error.into(), sheet);
            return Err(if is_sign_in {
                "the sign-in failed"
            } else {
                "Meetup does not answer"
            });
        }
    };
    let who = member.map_or_else(
        || "an account that Meetup does not name".to_owned(),
        |it| format!("{} ({})", it.name.unwrap_or_default(), it.id),
    );
    match (&config.meetup.sign_in, until) {
        (Some(SignIn::AccessToken(_)), _) => sheet.note(
            about,
            format!(
                "{who}, by an access token: it ends within the hour it was made\n\
                 for more than a trial, set up one that renews itself (see README.md)"
            ),
        ),
        (_, Some(until)) => {
            let left = (until - Utc::now()).num_minutes().max(0);
            let at = until.format("%H:%M UTC");
            sheet.ok(
                about,
                format!("{who}; renewed by itself in {left} min, at {at}"),
            );
        }
        (_, None) => sheet.ok(about, who),
    }
    Ok(())
}

fn clock(meetup: &Meetup, sheet: &mut Sheet) {
    let about = "clock";
    let Some(ahead) = meetup.clock_ahead() else {
        sheet.note(about, "not checked: no answer of Meetup's told the time");
        return;
    };
    let off = ahead.abs();
    if off <= SKEW_NOTED {
        sheet.ok(about, "agrees with Meetup's");
        return;
    }
    let size = if off.num_minutes() >= 2 {
        format!("{} min", off.num_minutes())
    } else {
        format!("{} s", off.num_seconds())
    };
    let way = if ahead > TimeDelta::zero() {
        "behind"
    } else {
        "ahead of"
    };
    let said = format!(
        "this machine's is {size} {way} Meetup's\n\
         let it be set by NTP: signing in allows for it, schedules and reports do not"
    );
    if off > SKEW_WARNED {
        sheet.warning(about, said);
    } else {
        sheet.note(about, said);
    }
}

async fn rights(config: &Config, meetup: &Meetup, sheet: &mut Sheet) {
    for urlname in &config.networks {
        let about = format!("network {urlname}");
        match meetup.network_seen(urlname).await {
            Ok(Some(seen)) => sheet.ok(&about, format!("visible, {} groups", seen.groups)),
            Ok(None) => sheet.error(
                &about,
                "Meetup shows no such network to this account\n\
                 check [[network]] urlname, and that the account signed in administers that network",
                Exit::Failed,
            ),
            Err(error) => {
                failed(&about, &error.into(), sheet);
            }
        }
    }
    let asked: Vec<&str> = config.groups.iter().map(String::as_str).collect();
    let seen = match meetup.groups_seen(&asked).await {
        Ok(seen) => seen,
        Err(error) => {
            return failed("groups", &error.into(), sheet);
        }
    };
    for (urlname, name) in asked.iter().zip(seen) {
        let about = format!("group {urlname}");
        match name {
            Some(name) => sheet.ok(&about, format!("visible: {name}")),
            None => sheet.error(
                &about,
                "Meetup shows no such group to this account\n\
                 check [[group]] urlname: it is the last part of the group's address",
                Exit::Failed,
            ),
        }
    }
}

async fn schema(way: &Way, sheet: &mut Sheet) {
    let about = "schema";
    let found = match way {
        Way::Mirrored(syncer) => syncer.check_schema().await.map_err(anyhow::Error::from),
        Way::Bare(meetup) => match meetup.check_schema().await {
            Ok(seen) => Ok(crate::sync::drift_of(seen)),
            Err(error) => Err(error.into()),
        },
    };
    match found {
        Err(error) => failed(about, &error, sheet),
        Ok(found) if found.is_empty() => {
            sheet.ok(about, "all that gatherd uses of Meetup's API is there");
        }
        Ok(found) => found.iter().for_each(|it| drift(about, it, sheet)),
    }
}

fn drift(about: &str, found: &DriftFinding, sheet: &mut Sheet) {
    let DriftFinding {
        place,
        what,
        operations,
        ..
    } = found;
    let used = if operations.is_empty() {
        String::new()
    } else {
        format!(" (used by {operations})")
    };
    let said = format!("{place} {what}{used}");
    let remedy = "look for a newer gatherd; what is mirrored stays as it is";
    match found.weight {
        DriftWeight::Error => sheet.error(about, &format!("{said}\n{remedy}"), Exit::Failed),
        DriftWeight::Warning => sheet.warning(about, format!("{said}\n{remedy}")),
        DriftWeight::Note => sheet.note(about, said),
    }
}

/// Asks what the API leaves open.
async fn learn(syncer: &Syncer, sheet: &mut Sheet) {
    match syncer.probe().await {
        Err(error) => {
            failed("probe", &error.into(), sheet);
        }
        Ok(learnt) => {
            for it in learnt {
                match it.value {
                    Some(value) => {
                        sheet.ok("probe", format!("{}: {value} ({})", it.name, it.seen));
                    }
                    None => sheet.note("probe", format!("{}: not seen yet ({})", it.name, it.seen)),
                }
            }
        }
    }
}

/// Whether the API answers at its other address, too: nothing that anything depends on.
async fn elsewhere(meetup: &Meetup, sheet: &mut Sheet) {
    let about = "probe";
    let (url, found) = match meetup.elsewhere().await {
        Ok(found) => found,
        Err(error) => return failed(about, &error.into(), sheet),
    };
    let remedy = "to use it, set meetup.endpoint to it";
    match found {
        Elsewhere::Answers(Some(id)) => {
            sheet.ok(about, format!("{url}: answers, too, as {id}; {remedy}"));
        }
        Elsewhere::Answers(None) => sheet.note(
            about,
            format!("{url}: answers, and does not say as whom; {remedy}"),
        ),
        Elsewhere::Other(status) => sheet.note(
            about,
            format!("{url}: does not say who is signed in (HTTP {status})"),
        ),
        Elsewhere::Nothing(why) => sheet.note(about, format!("{url}: no answer: {why}")),
    }
}

/// What earlier probes found.
async fn capabilities(database: Option<&Database>, sheet: &mut Sheet) {
    let about = "probe";
    let found = match database {
        None => Ok(Vec::new()),
        Some(database) => database.read(mirror::capabilities).await,
    };
    let found = match found {
        Ok(found) => found,
        Err(error) => {
            let error = error.into();
            sheet.error(about, &format!("{error:#}"), exit::code(&error));
            return;
        }
    };
    if found.is_empty() {
        let said = "nothing learnt of the API's open questions yet, so each is read with caution\n\
                    `gatherd doctor --probe` asks them, once there is something mirrored to try them on";
        sheet.note(about, said);
        return;
    }
    let now = Utc::now().timestamp();
    for it in &found {
        let at = DateTime::from_timestamp(it.found_at, 0).unwrap_or_default();
        let said = format!(
            "{}: {} (found {})",
            it.name,
            it.value,
            at.format("%Y-%m-%d")
        );
        if it.is_fresh(now) {
            sheet.ok(about, said);
        } else {
            sheet.note(
                about,
                format!("{said}; too long ago to rely on\nrun `gatherd doctor --probe` again"),
            );
        }
    }
}
