//! Locks that the tabs of one browser share.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::future_to_promise;

/// Asks for a lock; `None` where this browser has none. `granted` is called once the lock is one's own, and keeps it until
/// the promise that it returns is settled.
///
/// # Source
/// W3C, «Web Locks API». Reached by name, since the binding counts as unstable.
pub(super) fn request_lock(name: &str, granted: &Function) -> Option<()> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object)?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    request.call2(&locks, &name.into(), granted).ok().map(drop)
}

/// Does something while no other tab of this browser does the same. Without locks it is done at once.
pub(crate) fn alone(name: &str, work: impl Future<Output = ()> + 'static) {
    let start = move |_: JsValue| -> JsValue {
        future_to_promise(async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        })
        .into()
    };
    let start = Closure::once_into_js(start);
    let start: &Function = start.unchecked_ref();
    if request_lock(name, start).is_none() {
        // A function of ours that takes anything.
        let _ = start.call1(&JsValue::UNDEFINED, &JsValue::UNDEFINED);
    }
}
