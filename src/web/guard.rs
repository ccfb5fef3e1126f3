//! What every request is held to, whoever sends it, and what every answer says to the browser.

use super::site::Site;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};
use url::Host;

/// Headers by which a proxy says on whose behalf it asks.
const FORWARDED: [&str; 5] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
];

/// Nothing but what this site serves, and no script at all.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// Lets on what comes to a name of ours and, where it is a form, from a page of ours.
pub(super) async fn guard(
    State(site): State<Arc<Site>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let mut answer = match refusal(&site, from.ip(), request.method(), request.headers()) {
        Some((status, told)) => (status, told).into_response(),
        None => next.run(request).await,
    };
    let headers = answer.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    // What somebody may see is kept by nobody else; assets say so of themselves.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-store"));
    answer
}

fn refusal(
    site: &Site,
    from: IpAddr,
    method: &Method,
    headers: &HeaderMap,
) -> Option<(StatusCode, String)> {
    let http = &site.config.http;
    let is_forwarded = FORWARDED.iter().any(|name| headers.contains_key(*name));
    if is_forwarded && http.viewers.is_empty() {
        let told = "this request was forwarded by a proxy, and without users everybody behind it could write\n\
                    add [[http.user]] to the configuration\n";
        return Some((StatusCode::FORBIDDEN, told.to_owned()));
    }
    let is_believed = http.trusted_proxies.iter().any(|net| net.contains(&from));
    let forwarded_host = headers.get("x-forwarded-host").filter(|_| is_believed);
    let host = forwarded_host.or_else(|| headers.get(header::HOST));
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = host.split(',').next().unwrap_or_default().trim();
    if !is_ours(site, host) {
        let told =
            "this name is none of this site's\nwrite http.public_url, or ask by its address\n";
        return Some((StatusCode::MISDIRECTED_REQUEST, told.to_owned()));
    }
    let is_asking = matches!(*method, Method::GET | Method::HEAD);
    if !is_asking && !is_from_here(headers, host) {
        let told = "this form is from another site\n";
        return Some((StatusCode::FORBIDDEN, told.to_owned()));
    }
    None
}

/// Whether a name is one under which this site is asked for. Names that anybody could point here are not: a page of
/// theirs would read this one.
fn is_ours(site: &Site, host: &str) -> bool {
    let public = site.config.http.public_url.as_ref();
    if let Some(public) = public {
        let port = public
            .port()
            .map_or_else(String::new, |it| format!(":{it}"));
        let name = public.host_str().unwrap_or_default();
        if host.eq_ignore_ascii_case(&format!("{name}{port}")) {
            return true;
        }
    }
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    match Host::parse(name) {
        Ok(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Ok(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        Err(_) => false,
    }
}

/// Whether a form is from a page of this site, as far as the browser says.
fn is_from_here(headers: &HeaderMap, host: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    text("origin").is_none_or(|origin| {
        let rest = origin.split_once("://").map(|(_, rest)| rest);
        rest.is_some_and(|rest| rest.eq_ignore_ascii_case(host))
    })
}
