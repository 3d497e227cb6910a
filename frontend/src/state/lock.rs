//! Locks that the tabs of one browser share.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// A tab may see what another has written into the browser's memory only a moment later, whatever lock it holds: browsers
/// keep a copy for each process. The lock is held for so many milliseconds longer.
const MEMORY_SPREADS_MS: i32 = 250;

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

fn spread() -> Promise {
    Promise::new(&mut |resolve, _| {
        let timer = web_sys::window().and_then(|window| {
            let waits = MEMORY_SPREADS_MS;
            window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, waits).ok()
        });
        if timer.is_none() {
            // Resolving a promise cannot fail.
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    })
}

/// Does something while no other tab of this browser does the same. Without locks it is done at once.
pub(crate) fn alone(name: &str, work: impl Future<Output = ()> + 'static) {
    let start = move |_: JsValue| -> JsValue {
        future_to_promise(async move {
            work.await;
            // Where no timer can be had, the desk still takes a report only once.
            let _ = JsFuture::from(spread()).await;
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
