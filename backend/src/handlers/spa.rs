//! The single-page app, embedded in the binary with its compressed copies.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
};
use rust_embed::{Embed, EmbeddedFile};

use super::answer::Answer;
use crate::error::AppError;

/// What `trunk build` made. It may be missing: then `/` says how to make it.
#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/dist"]
#[allow_missing = true]
struct Dist;

const MISSING: &str = "<!doctype html><title>Campus Desk</title><p>The app is not built yet. \
     Run <code>cargo xtask up</code> in the project's folder. The API answers below <code>/api/v1</code>.";
/// Same origin only; `wasm-unsafe-eval` is what compiling WebAssembly needs.
const POLICY: &str = "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

/// A file of the app, or the app itself for its own deep links.
pub(crate) async fn serve(request: HttpRequest) -> Answer {
    let path = request.path().trim_start_matches('/');
    if path.starts_with("api/") || path.starts_with("analytics/v1/") || path.starts_with("health/")
    {
        return Err(AppError::not_found("path"));
    }
    let is_page = !path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let name = if is_page { "index.html" } else { path };
    match pick(name, request.headers().get(header::ACCEPT_ENCODING)) {
        Some((file, encoding)) => Ok(answer(name, file, encoding)),
        None if is_page => Ok(HttpResponse::ServiceUnavailable()
            .content_type("text/html; charset=utf-8")
            .body(MISSING)),
        None => Err(AppError::not_found("file")),
    }
}

/// The smallest copy that the browser takes.
fn pick(
    name: &str,
    accepted: Option<&HeaderValue>,
) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes =
        |coding: &str| accepted.split(',').any(|one| one.trim().split(';').next() == Some(coding));
    for (coding, ending) in [("br", "br"), ("gzip", "gz")] {
        if takes(coding)
            && let Some(file) = Dist::get(&format!("{name}.{ending}"))
        {
            return Some((file, Some(coding)));
        }
    }
    Dist::get(name).map(|file| (file, None))
}

fn answer(name: &str, file: EmbeddedFile, encoding: Option<&'static str>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response
        .content_type(content_type(name))
        .insert_header((header::VARY, "accept-encoding"))
        .insert_header((header::CACHE_CONTROL, caching(name)))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    if name == "index.html" {
        response
            .insert_header((header::REFERRER_POLICY, "same-origin"))
            .insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
    }
    if let Some(encoding) = encoding {
        response.insert_header((header::CONTENT_ENCODING, encoding));
    }
    response.body(file.data.into_owned())
}

/// Trunk puts a hash of up to 16 digits into a name, without leading zeros: such a file never changes.
fn caching(name: &str) -> &'static str {
    let is_hash = |part: &str| part.len() >= 12 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let hashed = name.split(['-', '.', '_']).any(is_hash);
    if hashed { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("json" | "webmanifest") => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_hashed_name_is_cached_for_good() {
        assert!(caching("frontend-9f8e7d6c5b4a3210_bg.wasm").contains("immutable"));
        assert!(caching("queue-68180b1108b5e6d.css").contains("immutable"));
        assert_eq!(caching("index.html"), "no-cache");
        assert_eq!(caching("favicon.svg"), "no-cache");
    }
}
