//! Photos: what the app asks of `frontend/photos`, the module that takes them in, sends them and shows them.
//!
//! It is loaded when it is asked for the first time. Its elements draw themselves: a first visit has no photos yet, and
//! should not have to load what they need.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Loads the module, so that its elements draw themselves.
pub(crate) fn load_photos() {
    ask("", "");
}

/// Has the module do something with the photos that have these keys; nothing where it cannot, for then it is tried again.
pub(crate) async fn photos(act: &str, keys: &str) -> Option<String> {
    JsFuture::from(ask(act, keys)?).await.ok()?.as_string()
}

/// index.html knows the module's name.
fn ask(act: &str, keys: &str) -> Option<Promise> {
    let photos = Reflect::get(&js_sys::global(), &"photos".into()).ok()?;
    let photos: Function = photos.dyn_into().ok()?;
    photos.call2(&JsValue::UNDEFINED, &act.into(), &keys.into()).ok()?.dyn_into().ok()
}
