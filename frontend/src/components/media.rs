//! What the browser window is like, followed as it changes.

use leptos::prelude::*;

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
