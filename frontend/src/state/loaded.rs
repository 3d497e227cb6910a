//! Answers that a page waits for.
//!
//! A signal and a task are all that this app needs of a resource; `LocalResource` brings a good deal more, once for each
//! type of answer, which every first visit would have to load.

use futures_util::{
    FutureExt as _,
    future::{AbortHandle, LocalBoxFuture, abortable},
};
use leptos::{prelude::*, task::spawn_local};

use super::follow;

/// Something that was asked for: nothing until the first answer, then the newest.
pub(crate) struct Loaded<T: 'static> {
    answer: RwSignal<Option<T>>,
    again: RwSignal<()>,
}

impl<T> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loaded<T> {}

impl<T: Clone + Send + Sync + 'static> Loaded<T> {
    /// Asks now, and again whenever something changes that `ask` reads before its first await. A question that nobody
    /// waits for any more is broken off.
    pub(crate) fn new<F: Future<Output = T> + 'static>(ask: impl Fn() -> F + 'static) -> Self {
        Self::of_boxed(Box::new(move || ask().boxed_local()))
    }

    /// One for each type of answer, and not for each question.
    fn of_boxed(ask: Box<dyn Fn() -> LocalBoxFuture<'static, T>>) -> Self {
        let (answer, again) = (RwSignal::new(None), RwSignal::new(()));
        let asking = StoredValue::new(None::<AbortHandle>);
        follow(move || {
            again.track();
            let (answered, handle) = abortable(ask());
            if let Some(before) = asking.try_update_value(|asking| asking.replace(handle)).flatten()
            {
                before.abort();
            }
            spawn_local(async move {
                if let Ok(got) = answered.await {
                    // The page may be gone in this very moment.
                    answer.try_set(Some(got));
                }
            });
        });
        on_cleanup(move || {
            if let Some(asked) = asking.try_update_value(Option::take).flatten() {
                asked.abort();
            }
        });
        Self { answer, again }
    }

    /// The newest answer.
    pub(crate) fn get(self) -> Option<T> {
        self.answer.get()
    }

    /// Asks once more. The answer there is stays until the next one comes.
    pub(crate) fn refetch(self) {
        self.again.try_set(());
    }
}
