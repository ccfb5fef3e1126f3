//! What must be answered by options, where there is nobody to ask.

use super::beginning::is_in_environment;
use crate::{app::Misused, cli::Init};

/// An error that names every answer that is missing.
pub(super) fn check(args: &Init) -> Result<(), Misused> {
    let has_secret =
        args.client_secret_file.is_some() || is_in_environment("GATHERD_MEETUP_CLIENT_SECRET");
    let has_token =
        args.access_token_file.is_some() || is_in_environment("GATHERD_MEETUP_ACCESS_TOKEN");
    let sign_in = match args.client_id {
        Some(_) if has_secret => None,
        Some(_) => Some("--client-secret-file (or GATHERD_MEETUP_CLIENT_SECRET)"),
        None if has_token => None,
        None => Some("--client-id and --client-secret-file, or --access-token-file"),
    };
    // With --yes the only network of the account is taken.
    let usual = [
        (args.network.is_some(), "--network"),
        (args.timezone.is_some(), "--timezone"),
        (args.every_months.is_some(), "--every-months"),
        (args.events_per_year.is_some(), "--events-per-year"),
        (args.staff.is_some(), "--staff"),
        (args.channel_url_file.is_some(), "--channel-url-file"),
        (args.service.is_some(), "--service"),
    ];
    let usual = usual
        .into_iter()
        .filter(|(is_given, _)| !is_given && !args.yes);
    let missing: Vec<&str> = usual.map(|(_, name)| name).chain(sign_in).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Misused(format!(
        "there is no terminal to ask on, and no answer to: {}\ngive these, or --yes for the default of each that has one (a sign-in has none)",
        missing.join("; ")
    )))
}
