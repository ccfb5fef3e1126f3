//! Draining the outbox: leased, one at a time per channel, tried again with patience, given up in the
//! end.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use rand::Rng;

use super::answer::{FAIR_ATTEMPTS, Verdict};
use super::courier::Rest;
use super::{Channel, Courier, Fate, Outbox, Parcel};
use crate::off_thread::off_thread;

/// How often the outbox is looked at while something is under way.
const LOOK: Duration = Duration::from_secs(1);

/// How long and how often a delivery is tried.
#[derive(Debug, Clone, Copy)]
pub struct Persistence {
    /// Attempts at most.
    pub attempts: u32,
    /// Age at most.
    pub age: Duration,
    /// The wait after the first failure; it doubles with each.
    pub first: Duration,
    /// The longest wait between attempts, unless the service asks for more.
    pub longest: Duration,
    /// How long a lease lasts: longer than any attempt, which is three exchanges at most (message, upload, picture).
    pub lease: Duration,
    /// The pause between two messages to one channel.
    pub pause: Duration,
}

impl Default for Persistence {
    fn default() -> Self {
        Self {
            attempts: 100,
            age: Duration::from_secs(3 * 24 * 60 * 60),
            first: Duration::from_secs(15),
            longest: Duration::from_secs(60 * 60),
            lease: Duration::from_secs(120),
            pause: Duration::from_secs(1),
        }
    }
}

/// What became of the deliveries that were due.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drained {
    /// Numbers of those that arrived.
    pub sent: Vec<i64>,
    /// Those of them that arrived in part, with how they went.
    pub in_part: Vec<(i64, String)>,
    /// Those to be tried again, with the reason.
    pub later: Vec<(i64, String)>,
    /// Those given up, with the reason.
    pub dead: Vec<(i64, String)>,
}

/// Sends what is due until nothing is: one delivery at a time per channel, the channels beside each
/// other, so that one that hangs holds up no other.
///
/// Sending is at least once: a process that dies between the service's answer and the outbox's note
/// of it sends again when the lease has run out.
///
/// # Errors
///
/// If the outbox cannot be read or written; what was under way is still noted where it can be.
pub async fn drain(
    outbox: &Arc<Outbox>,
    channels: &[Channel],
    courier: &Courier,
    persistence: &Persistence,
    now: impl Fn() -> DateTime<Utc>,
) -> Result<Drained, String> {
    let mut drained = Drained::default();
    let mut rests = Rests::default();
    let mut under_way = FuturesUnordered::new();
    let mut trouble = None;
    loop {
        // After trouble nothing more is begun, but what is under way is still noted.
        while trouble.is_none() {
            let (at, lease) = (now(), persistence.lease);
            match blocking(outbox, move |outbox| (outbox.lease)(at, lease)).await {
                Ok(Some(parcel)) => {
                    let channel = channels.iter().find(|it| it.name() == parcel.channel);
                    let known = rests.verdict(&parcel.channel, courier, at);
                    under_way.push(attempt(parcel, channel, known, courier, persistence, &now));
                }
                Ok(None) => break,
                Err(error) => trouble = Some(error),
            }
        }
        let finished = tokio::select! {
            finished = under_way.next() => finished,
            // Something may have become due for a channel that is not waited for.
            () = tokio::time::sleep(LOOK), if trouble.is_none() && !under_way.is_empty() => continue,
        };
        let Some((parcel, verdict)) = finished else {
            return trouble.map_or(Ok(drained), Err);
        };
        let (id, at) = (parcel.id, now());
        let channel = channels.iter().find(|it| it.name() == parcel.channel);
        let is_global = matches!(
            verdict,
            Verdict::Later {
                is_global: true,
                ..
            }
        );
        let is_gone = matches!(verdict, Verdict::Gone { .. });
        let fate = decide(verdict, &parcel, persistence, at);
        let noted = fate.clone();
        if let Err(error) = blocking(outbox, move |outbox| (outbox.note)(id, at, &noted)).await {
            trouble.get_or_insert(error);
            continue;
        }
        match fate {
            Fate::Sent(lacks) => {
                drained.sent.push(id);
                drained.in_part.extend(lacks.map(|lacks| (id, lacks)));
            }
            Fate::Later(next, why) => {
                let akin = channels
                    .iter()
                    .filter(|it| is_global && channel.is_some_and(|channel| channel.is_akin(it)));
                for it in akin {
                    courier.rest(it.name(), next, &why);
                }
                rests.until(&parcel.channel, next, &why);
                drained.later.push((id, why));
            }
            Fate::Dead(why) => {
                if is_gone {
                    rests.gone.insert(parcel.channel, why.clone());
                }
                drained.dead.push((id, why));
            }
        }
    }
}

/// Tries one delivery, unless what becomes of it is known without.
async fn attempt(
    parcel: Parcel,
    channel: Option<&Channel>,
    known: Option<Verdict>,
    courier: &Courier,
    persistence: &Persistence,
    now: impl Fn() -> DateTime<Utc>,
) -> (Parcel, Verdict) {
    let verdict = match (known, channel) {
        (Some(verdict), _) => verdict,
        (None, Some(channel)) => {
            courier.turn(channel.name(), persistence.pause).await;
            channel
                .attempt(
                    courier,
                    (&parcel.key, &parcel.payload),
                    parcel.attempt,
                    now(),
                )
                .await
        }
        (None, None) => Verdict::Dead {
            why: format!("no channel named {} is configured", parcel.channel),
        },
    };
    (parcel, verdict)
}

/// What was learned of channels while draining: what else is due for them need not be tried.
#[derive(Default)]
struct Rests {
    /// Those that asked to be left alone for now.
    resting: HashMap<String, Rest>,
    /// Those that are no more.
    gone: HashMap<String, String>,
}

impl Rests {
    fn until(&mut self, channel: &str, at: DateTime<Utc>, why: &str) {
        let rest = (at, why.to_owned());
        self.resting.insert(channel.to_owned(), rest);
    }

    fn verdict(&self, channel: &str, courier: &Courier, at: DateTime<Utc>) -> Option<Verdict> {
        if let Some(why) = self.gone.get(channel) {
            return Some(Verdict::Dead { why: why.clone() });
        }
        let known = [self.resting.get(channel).cloned(), courier.resting(channel)];
        let (until, why) = known.into_iter().flatten().max()?;
        (until > at).then(|| Verdict::Later {
            after: (until - at).to_std().ok(),
            why,
            is_global: false,
        })
    }
}

/// Turns a verdict into what the outbox is told: when to try again, or that it was enough.
fn decide(
    verdict: Verdict,
    parcel: &Parcel,
    persistence: &Persistence,
    now: DateTime<Utc>,
) -> Fate {
    let (after, why) = match verdict {
        Verdict::Sent => return Fate::Sent(None),
        Verdict::SentInPart { lacks } => return Fate::Sent(Some(lacks)),
        Verdict::Dead { why } | Verdict::Gone { why } => return Fate::Dead(why),
        Verdict::Doubtful { why } if parcel.attempt >= FAIR_ATTEMPTS => return Fate::Dead(why),
        Verdict::Doubtful { why } => (None, why),
        Verdict::Later { after, why, .. } => (after, why),
    };
    if parcel.attempt >= persistence.attempts {
        return Fate::Dead(format!("given up after {} attempts: {why}", parcel.attempt));
    }
    let wait = after
        .unwrap_or_default()
        .max(backoff(persistence, parcel.attempt));
    let next =
        whole_second(now + chrono::Duration::from_std(wait).unwrap_or(chrono::Duration::days(1)));
    let age = (next - parcel.created_at).to_std().unwrap_or_default();
    // A machine that slept through the days still gets a fair number of attempts.
    if age > persistence.age && parcel.attempt >= FAIR_ATTEMPTS {
        return Fate::Dead(format!(
            "given up, as it is too old to be tried again: {why}"
        ));
    }
    Fate::Later(next, why)
}

/// The outbox keeps whole seconds; rounding down would come back earlier than was asked.
fn whole_second(at: DateTime<Utc>) -> DateTime<Utc> {
    let begun = i64::from(at.timestamp_subsec_nanos() > 0);
    DateTime::from_timestamp(at.timestamp() + begun, 0).unwrap_or(at)
}

/// Doubling waits, each drawn from its upper half, so that many senders do not come back together.
fn backoff(persistence: &Persistence, attempt: u32) -> Duration {
    let doubled = persistence
        .first
        .saturating_mul(1u32 << attempt.saturating_sub(1).min(20));
    let longest = doubled.min(persistence.longest);
    longest.mul_f64(rand::rng().random_range(0.5..=1.0))
}

/// Runs a step of the outbox where it may block.
async fn blocking<T: Send + 'static>(
    outbox: &Arc<Outbox>,
    step: impl FnOnce(&Outbox) -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let outbox = Arc::clone(outbox);
    off_thread(move || step(&outbox)).await
}
