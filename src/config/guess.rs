//! Which service an address is one of.

use url::Url;

/// Hosts that one service has, or the ends of their names, with the word for the kind of channel.
const HOSTS: [(&str, &str); 9] = [
    ("hooks.slack.com", "slack"),
    ("hooks.slack-gov.com", "slack"),
    ("discord.com", "discord"),
    ("discordapp.com", "discord"),
    ("chat.googleapis.com", "google_chat"),
    (".logic.azure.com", "teams"),
    (".powerplatform.com", "teams"),
    (".powerautomate.com", "teams"),
    (".webhook.office.com", "teams"),
];

/// The kind of channel whose address that is, where its host or path tells: the word for `kind`.
pub fn kind_at(url: &Url) -> Option<&'static str> {
    if matches!(url.scheme(), "smtps" | "smtp" | "sendmail") {
        return Some("email");
    }
    let host = url.host_str()?.to_lowercase();
    let is_of = |known: &str| match known.strip_prefix('.') {
        Some(_) => host.ends_with(known),
        None => host == known || host.ends_with(&format!(".{known}")),
    };
    let known = HOSTS.iter().find(|(known, _)| is_of(known));
    let by_host = known.map(|(_, kind)| *kind);
    // Everybody hosts their own Mattermost, and each calls the place alike; Slack's is /services/.
    let by_path = || {
        let path = url.path();
        if path.starts_with("/hooks/") {
            Some("mattermost")
        } else if path.starts_with("/_matrix/") {
            Some("matrix")
        } else {
            None
        }
    };
    by_host.or_else(by_path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_whose_it_is() {
        for (address, kind) in [
            ("https://hooks.slack.com/services/T0/B0/x", Some("slack")),
            ("https://discord.com/api/webhooks/1/x", Some("discord")),
            (
                "https://canary.discord.com/api/webhooks/1/x",
                Some("discord"),
            ),
            (
                "https://prod-1.westeurope.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=x",
                Some("teams"),
            ),
            (
                "https://abc.1f.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/1",
                Some("teams"),
            ),
            (
                "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t",
                Some("google_chat"),
            ),
            ("https://talk.example.com/hooks/abc", Some("mattermost")),
            ("smtps://mail.example.org", Some("email")),
            ("smtp://localhost:1025", Some("email")),
            ("sendmail:", Some("email")),
            ("https://example.com/incoming", None),
            ("https://evil-hooks.slack.com.example.com/x", None),
            ("https://notdiscord.com/api/webhooks/1/x", None),
        ] {
            assert_eq!(kind_at(&address.parse().unwrap()), kind, "{address}");
        }
    }
}
