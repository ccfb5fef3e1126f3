//! What pages are made of besides themselves: the style sheet and the icon. Their addresses change with what they say,
//! so that a browser may keep them for good.

use crate::chart;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

/// The look of the pages, then that of the charts on them.
static STYLE: LazyLock<String> =
    LazyLock::new(|| format!("{}\n{}", include_str!("assets/style.css"), chart::CSS));
/// The icon, as SVG.
pub(super) const ICON: &str = include_str!("assets/icon.svg");
const KEPT: &str = "public, max-age=31536000, immutable";

static MARK: LazyLock<String> = LazyLock::new(|| {
    let hashed = Sha256::new()
        .chain_update(STYLE.as_bytes())
        .chain_update(ICON);
    let bytes = hashed.finalize();
    bytes[..6]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
});

/// What their addresses end with: it changes with what they say.
pub(super) fn mark() -> &'static str {
    &MARK
}

/// What the style sheet says.
pub(super) fn style() -> &'static str {
    &STYLE
}

/// The style sheet.
pub(super) async fn style_sheet() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, KEPT),
    ];
    (headers, style()).into_response()
}

/// The icon.
pub(super) async fn icon_svg() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, KEPT),
    ];
    (headers, ICON).into_response()
}
