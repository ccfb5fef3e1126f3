//! What the room must be told: where Meetup is, how to sign in, and how patient to be.

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::config::{NetworkAccess, SignIn};

/// Everything needed to ask Meetup. The request budget is not here: it belongs to the ledger.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The GraphQL endpoint; https, or plain http on loopback.
    pub endpoint: Url,
    /// Where tokens are renewed; https, or plain http on loopback.
    pub token_endpoint: Url,
    /// How gatherd signs in.
    pub sign_in: SignIn,
    /// Requests in flight at most.
    pub max_concurrency: usize,
    /// Rows asked per page at most; pages shrink below it and grow back.
    pub page_size: u32,
    /// Which certificates are trusted.
    pub network_access: NetworkAccess,
    /// Folder of the token file.
    pub state_dir: PathBuf,
    /// Patience; tests make it tiny.
    pub waits: Waits,
}

/// How long to wait for what, and how often to try.
#[derive(Debug, Clone)]
pub struct Waits {
    /// Time to reach the server.
    pub connect: Duration,
    /// Time for one request, answer included.
    pub request: Duration,
    /// First pause after a failure; doubles from there, with jitter.
    pub first_pause: Duration,
    /// Longest pause between two attempts.
    pub longest_pause: Duration,
    /// Attempts at one question, those that the budget delayed or refused not counted.
    pub attempts: u32,
    /// Time for one question over all attempts, waiting for the budget not counted.
    pub question: Duration,
    /// Shortest wait after RATE_LIMITED, also where `resetAt` has passed.
    pub shortest_reset: Duration,
    /// Longest wait after RATE_LIMITED or Retry-After, whatever the server says.
    pub longest_reset: Duration,
    /// RATE_LIMITED answers to one question before giving up.
    pub refusals: u32,
    /// Waiting for the budget before giving up, per attempt.
    pub budget: Duration,
    /// An access token is renewed this long before it expires.
    pub renew_ahead: Duration,
    /// Waiting for another process that is renewing.
    pub lock: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            request: Duration::from_secs(60),
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(30),
            attempts: 6,
            question: Duration::from_secs(300),
            shortest_reset: Duration::from_secs(1),
            longest_reset: Duration::from_secs(300),
            refusals: 10,
            budget: Duration::from_secs(600),
            renew_ahead: Duration::from_secs(120),
            lock: Duration::from_secs(60),
        }
    }
}
