//! A code for each room: whoever scans it reports a problem with the place filled in.

use api_types::limits::LOCATION_MAX;
use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

use super::{name_tab, report::Places};
use crate::{components::TextField, texts::say};

/// Modules of white around a code, without which many cameras do not find it (ISO/IEC 18004).
const QUIET: i32 = 4;

/// Makes codes for rooms, to be printed and hung up.
#[component]
pub(crate) fn RoomsPage() -> impl IntoView {
    name_tab(say!(rooms.title));
    let place = RwSignal::new(String::new());
    view! {
        <section class="narrow rooms">
            <h1>{say!(rooms.title)}</h1>
            <p class="lead">{say!(rooms.lead)}</p>
            <TextField id="room" label=say!(rooms.place) value=place max=LOCATION_MAX suggestions="room-places"/>
            <Places id="room-places" typed=place/>
            {move || {
                let place = place.get().trim().to_owned();
                (!place.is_empty()).then(|| view! { <Poster place/> }.into_any())
            }}
        </section>
    }
}

#[component]
fn Poster(place: String) -> impl IntoView {
    let link = report_link(&place);
    // Medium correction: the code is still read with a corner torn or a pin through it.
    let code = QrCode::encode_text(&link, QrCodeEcc::Medium).ok();
    let Some(code) = code.filter(|_| place.chars().count() <= LOCATION_MAX) else {
        return view! { <p class="error" role="alert">{say!(rooms.too_long)}</p> }.into_any();
    };
    let size = code.size() + 2 * QUIET;
    view! {
        <figure class="poster panel">
            <p class="poster-place">{place}</p>
            <svg viewBox=format!("0 0 {size} {size}") role="img" aria-label=say!(rooms.code)>
                <rect width="100%" height="100%" fill="#fff"/>
                <path d=dark_modules(&code) fill="#000"/>
            </svg>
            <figcaption>
                <p>{say!(rooms.invitation)}</p>
                <p class="small"><a href=link.clone() rel="external">{link.clone()}</a></p>
            </figcaption>
        </figure>
        <p class="actions">
            <button type="button" class="primary" on:click=move |_| {
                // A browser that does not print says so itself.
                let _ = window().print();
            }>{say!(rooms.print)}</button>
        </p>
    }
    .into_any()
}

/// Where a problem at this place is reported.
fn report_link(place: &str) -> String {
    let origin = window().location().origin().unwrap_or_default();
    format!("{origin}/report?location={}", String::from(js_sys::encode_uri_component(place)))
}

/// The dark modules as the path of an SVG, a unit each.
fn dark_modules(code: &QrCode) -> String {
    let all = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
    all.filter(|(x, y)| code.get_module(*x, *y))
        .map(|(x, y)| format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_stands_in_its_quiet_zone_with_three_finders() {
        let code =
            QrCode::encode_text("https://desk.example/report?location=B%2012", QrCodeEcc::Medium);
        let code = code.expect("a short link fits");
        let path = dark_modules(&code);
        let last = QUIET + code.size() - 1;
        // The corners of the three finders are dark; the fourth corner has none.
        for (x, y) in [(QUIET, QUIET), (last, QUIET), (QUIET, last)] {
            assert!(path.contains(&format!("M{x} {y}h1")), "{x} {y}");
        }
        assert!(!path.contains("M0 "));
    }
}
