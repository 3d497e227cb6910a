//! What the browser window is like, followed as it changes.

use charts::Theme;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};

/// Whether the page is light or dark now.
pub(super) fn use_theme() -> ReadSignal<Theme> {
    let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    let theme_of = |dark: bool| if dark { Theme::Dark } else { Theme::Light };
    let theme = RwSignal::new(theme_of(query.as_ref().is_some_and(|query| query.matches())));
    if let Some(query) = query {
        let read = query.clone();
        let listener = Closure::<dyn FnMut()>::new(move || {
            theme.try_set(theme_of(read.matches()));
        });
        query.set_onchange(Some(listener.as_ref().unchecked_ref()));
        // The query object belongs to this call alone; dropping its listener on cleanup ends it.
        let kept = StoredValue::new_local((query, listener));
        on_cleanup(move || {
            kept.try_update_value(|(query, _)| query.set_onchange(None));
        });
    }
    theme.read_only()
}

/// How wide the window is now, in pixels.
pub(super) fn use_window_width() -> ReadSignal<u32> {
    // A width in pixels is far below the limits of u32.
    let width =
        || window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(1024.0) as u32;
    let signal = RwSignal::new(width());
    let handle = window_event_listener(leptos::ev::resize, move |_| {
        signal.try_set(width());
    });
    on_cleanup(move || handle.remove());
    signal.read_only()
}
