//! This browser's own memory. Where it is forbidden or full, the app goes on without it.

use serde::{Serialize, de::DeserializeOwned};
use web_sys::Storage;

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What is kept under a key; `None` too where it is of an older form.
pub(super) fn load<T: DeserializeOwned>(key: &str) -> Option<T> {
    serde_json::from_str(&read(key)?).ok()
}

// Apart from the types, so that there is one of it in the file that every first visit loads.
fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Everything that is kept under keys that begin like this.
pub(super) fn load_all<T: DeserializeOwned>(prefix: &str) -> Vec<T> {
    let Some(storage) = storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|index| storage.key(index).ok()?);
    keys.filter(|key| key.starts_with(prefix)).filter_map(|key| load(&key)).collect()
}

/// Keeps a value under a key; answers whether it is kept.
pub(super) fn keep<T: Serialize>(key: &str, value: &T) -> bool {
    serde_json::to_string(value).is_ok_and(|json| write(key, &json))
}

fn write(key: &str, json: &str) -> bool {
    // A full or forbidden storage loses a draft on reload, not what is on the screen.
    storage().is_some_and(|storage| storage.set_item(key, json).is_ok())
}

/// Forgets what is kept under a key.
pub(super) fn forget(key: &str) {
    if let Some(storage) = storage() {
        // What cannot be forgotten was never kept.
        let _ = storage.remove_item(key);
    }
}
