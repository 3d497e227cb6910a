//! This browser's own memory. Where it is forbidden or full, the app goes on without it.

use serde::{Serialize, de::DeserializeOwned};
use web_sys::Storage;

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What is kept under a key; `None` too where it is of an older form.
pub(super) fn load<T: DeserializeOwned>(key: &str) -> Option<T> {
    serde_json::from_str(&storage()?.get_item(key).ok()??).ok()
}

/// Keeps a value under a key.
pub(super) fn keep<T: Serialize>(key: &str, value: &T) {
    if let (Some(storage), Ok(json)) = (storage(), serde_json::to_string(value)) {
        // A full or forbidden storage loses a draft on reload, not what is on the screen.
        let _ = storage.set_item(key, &json);
    }
}

/// Forgets what is kept under a key.
pub(super) fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}
