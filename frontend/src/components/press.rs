//! Presses of buttons.

use leptos::ev::MouseEvent;

/// A handler of clicks that only has to know that there was one. Of one type, whatever it does: leptos makes an attribute
/// for each type of handler, which every first visit would have to load.
pub(crate) fn press(mut action: impl FnMut() + 'static) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(move |_| action())
}
