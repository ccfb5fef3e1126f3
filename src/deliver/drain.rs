//! Draining the outbox: leased, one at a time, tried again with patience, given up in the end.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rand::Rng;

use super::answer::Verdict;
use super::{Channel, Courier, Fate, Outbox, Parcel};

/// Attempts that even an old delivery gets.
const FAIR_ATTEMPTS: u32 = 3;

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
    /// How long a lease lasts: longer than any attempt.
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
    /// Those to be tried again, with the reason.
    pub later: Vec<(i64, String)>,
    /// Those given up, with the reason.
    pub dead: Vec<(i64, String)>,
}

/// Sends what is due until nothing is, one delivery at a time.
///
/// Sending is at least once: a process that dies between the service's answer and the outbox's note
/// of it sends again when the lease has run out.
pub async fn drain(
    outbox: &Arc<Outbox>,
    channels: &[Channel],
    courier: &Courier,
    persistence: &Persistence,
    now: impl Fn() -> DateTime<Utc>,
) -> Result<Drained, String> {
    let mut drained = Drained::default();
    // Channels that asked to be left alone for now: what else is due for them waits as well.
    let mut resting: HashMap<String, (DateTime<Utc>, String)> = HashMap::new();
    let mut last_channel: Option<String> = None;
    loop {
        let (at, lease) = (now(), persistence.lease);
        let Some(parcel) = blocking(outbox, move |outbox| (outbox.lease)(at, lease)).await? else {
            return Ok(drained);
        };
        let channel = channels
            .iter()
            .find(|channel| channel.name() == parcel.channel);
        let resting_until = resting
            .get(&parcel.channel)
            .filter(|(until, _)| *until > at)
            .cloned();
        let verdict = match (channel, resting_until) {
            (None, _) => Verdict::Dead {
                why: format!("no channel named {} is configured", parcel.channel),
            },
            (Some(_), Some((until, why))) => Verdict::Later {
                after: (until - at).to_std().ok(),
                why,
            },
            (Some(channel), None) => {
                if last_channel.as_ref() == Some(&parcel.channel) {
                    tokio::time::sleep(persistence.pause).await;
                }
                last_channel = Some(parcel.channel.clone());
                channel
                    .send(courier, &parcel.key, &parcel.payload, now())
                    .await
            }
        };
        let (id, at) = (parcel.id, now());
        let fate = decide(verdict, &parcel, persistence, at);
        let noted = fate.clone();
        blocking(outbox, move |outbox| (outbox.note)(id, at, &noted)).await?;
        match fate {
            Fate::Sent => drained.sent.push(id),
            Fate::Later(next, why) => {
                resting.insert(parcel.channel, (next, why.clone()));
                drained.later.push((id, why));
            }
            Fate::Dead(why) => drained.dead.push((id, why)),
        }
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
        Verdict::Sent => return Fate::Sent,
        Verdict::Dead { why } => return Fate::Dead(why),
        Verdict::Later { after, why } => (after, why),
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
    let done = tokio::task::spawn_blocking(move || step(&outbox)).await;
    done.unwrap_or_else(|_| Err("the outbox's bookkeeping broke off".to_owned()))
}
