//! Effects.

use leptos::prelude::*;

/// Acts now, and again whenever a signal changes that `action` reads. One kind of effect for the whole app: leptos makes one
/// for each closure, which every first visit would have to load.
pub(crate) fn follow(action: impl Fn() + 'static) {
    let action: Box<dyn Fn()> = Box::new(action);
    Effect::new(move |_| action());
}
