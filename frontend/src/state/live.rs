//! Live events: one stream per browser and role, shared by its tabs.
//!
//! A browser opens six connections to one host, so the tab that holds a lock opens the stream and passes on what it
//! hears; when it goes, the lock and with it the task fall to another tab. Where locks are missing (an old browser, a
//! page without HTTPS) each tab opens a stream of its own.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use api_types::{LiveEvent, LiveKind, Role};
use chrono::{DateTime, TimeDelta, Utc};
use js_sys::{Function, Promise};
use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, EventSource, MessageEvent};

use super::{Session, follow, lock::request_lock};
use crate::{api::open_events, format::now};

/// What tabs tell each other besides events, which are JSON: how the stream stands.
const UP: &str = "up";
const DOWN: &str = "down";
/// A stream that the desk refused is tried again after this long.
const RETRY_AFTER: Duration = Duration::from_secs(3);
/// How long a refresh waits at most, so that a thousand screens do not ask in the same instant.
const SPREAD_MS: f64 = 500.0;
/// On a busy desk one screen asks no more often than this.
const AT_MOST_EVERY_MS: f64 = 1_500.0;
/// Something is heard at least every 15 seconds. After this long without, the stream is dead, whatever the browser thinks.
const SILENCE: TimeDelta = TimeDelta::seconds(40);
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Hears what happens on the desk, for all of the app.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    readers: StoredValue<Readers>,
    /// Since when nothing can be heard; `None` while all is well.
    lost: RwSignal<Option<DateTime<Utc>>>,
    heard_at: StoredValue<DateTime<Utc>>,
}

#[derive(Default)]
struct Readers {
    next: u32,
    all: Vec<(u32, Callback<LiveEvent>)>,
}

impl Live {
    /// Begins to listen as whoever one is, and offers it to every component below.
    pub(crate) fn provide(session: Session) {
        let live = Self {
            readers: StoredValue::new(Readers::default()),
            lost: RwSignal::new(None),
            heard_at: StoredValue::new(now()),
        };
        let role = Memo::new(move |_| session.who().role);
        let stream = StoredValue::new_local(None::<Stream>);
        follow(move || {
            let role = role.get();
            // The former one is closed before the next is opened.
            stream.set_value(None);
            live.lost.set(None);
            stream.set_value(Stream::open(role, move |said| live.hear(said)));
        });
        let look = move || {
            let heard_at = live.heard_at.get_value();
            if now() - heard_at > SILENCE {
                live.lost.update(|lost| *lost = lost.or(Some(heard_at)));
                stream.with_value(|stream| stream.iter().for_each(Stream::listen_itself));
            }
        };
        if let Ok(looking) = set_interval_with_handle(look, LOOK_EVERY) {
            on_cleanup(move || looking.clear());
        }
        // A page that nobody saw asked for nothing meanwhile.
        let seen = window_event_listener(ev::visibilitychange, move |_| {
            if !document().hidden() {
                live.tell(LiveEvent::RESYNC);
            }
        });
        on_cleanup(move || seen.remove());
        provide_context(live);
    }

    /// The events of the app.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// Since when what is on the screen may be out of date.
    pub(crate) fn lost_since(self) -> Option<DateTime<Utc>> {
        self.lost.get()
    }

    /// Calls `reader` with every event until the component that asked is gone.
    pub(crate) fn listen(self, reader: impl Fn(LiveEvent) + Send + Sync + 'static) {
        let reader = Callback::new(reader);
        let number = self.readers.try_update_value(|readers| {
            readers.next += 1;
            readers.all.push((readers.next, reader));
            readers.next
        });
        on_cleanup(move || {
            self.readers
                .try_update_value(|readers| readers.all.retain(|(n, _)| Some(*n) != number));
        });
    }

    /// Calls `action` soon after something happened that `concerns` it, once for all that happens together.
    pub(crate) fn refresh_on(
        self,
        concerns: impl Fn(LiveEvent) -> bool + Send + Sync + 'static,
        action: impl Fn() + Copy + Send + Sync + 'static,
    ) {
        let (waiting, last) = (StoredValue::new(false), StoredValue::new(0.0));
        self.listen(move |event| {
            let concerned = concerns(event) || event.kind == LiveKind::Resync;
            if !concerned || waiting.get_value() {
                return;
            }
            waiting.set_value(true);
            let since_last = js_sys::Date::now() - last.get_value();
            let pause = (js_sys::Math::random() * SPREAD_MS).max(AT_MOST_EVERY_MS - since_last);
            let act = move || {
                // The page may be gone by now. One that is hidden is told when it is seen again.
                if waiting.try_set_value(false).is_none() && !document().hidden() {
                    last.set_value(js_sys::Date::now());
                    action();
                }
            };
            set_timeout(act, Duration::from_secs_f64(pause / 1e3));
        });
    }

    fn hear(self, said: &str) {
        if said == DOWN {
            self.lost.update(|lost| *lost = lost.or_else(|| Some(now())));
            return;
        }
        self.heard_at.set_value(now());
        if self.lost.read_untracked().is_some() {
            self.lost.set(None);
        }
        if let Ok(event) = serde_json::from_str(said) {
            self.tell(event);
        }
    }

    fn tell(self, event: LiveEvent) {
        let readers = self.readers.with_value(|readers| readers.all.clone());
        for (_, reader) in readers {
            reader.run(event);
        }
    }
}

/// A share in the browser's stream. Dropping it lets another tab take over.
struct Stream {
    shared: Rc<Shared>,
    _callbacks: [Closure<dyn FnMut(JsValue) -> JsValue>; 2],
}

struct Shared {
    role: Role,
    tabs: Option<BroadcastChannel>,
    hear: Box<dyn Fn(&str)>,
    source: RefCell<Option<Source>>,
    /// Gives the lock back.
    release: RefCell<Option<Function>>,
    closed: Cell<bool>,
}

impl Stream {
    fn open(role: Role, hear: impl Fn(&str) + 'static) -> Option<Self> {
        let name = format!("campusdesk.live.{role}");
        let shared = Rc::new(Shared {
            role,
            tabs: BroadcastChannel::new(&name).ok(),
            hear: Box::new(hear),
            source: RefCell::default(),
            release: RefCell::default(),
            closed: Cell::new(false),
        });
        let heard = {
            let shared = Rc::clone(&shared);
            Closure::<dyn FnMut(JsValue) -> JsValue>::new(move |event: JsValue| {
                let said = event.dyn_into::<MessageEvent>().ok().and_then(|e| e.data().as_string());
                (shared.hear)(&said.unwrap_or_default());
                JsValue::UNDEFINED
            })
        };
        if let Some(tabs) = &shared.tabs {
            tabs.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        }
        let granted = {
            let shared = Rc::clone(&shared);
            Closure::<dyn FnMut(JsValue) -> JsValue>::new(move |_| Shared::lead(&shared).into())
        };
        if request_lock(&name, granted.as_ref().unchecked_ref()).is_none() {
            Source::open(&shared);
        }
        Some(Self { shared, _callbacks: [heard, granted] })
    }
}

impl Stream {
    /// The tab that leads says nothing: some browsers put a tab to sleep that nobody looks at. This one does without it.
    fn listen_itself(&self) {
        if self.shared.source.borrow().is_none() {
            Source::open(&self.shared);
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.shared.closed.set(true);
        if let Some(tabs) = &self.shared.tabs {
            tabs.set_onmessage(None);
            tabs.close();
        }
        self.shared.source.replace(None);
        if let Some(release) = self.shared.release.take() {
            // Resolving a promise cannot fail.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

impl Shared {
    /// This tab got the lock: it holds it until the promise is resolved.
    fn lead(this: &Rc<Self>) -> Promise {
        if this.closed.get() {
            return Promise::resolve(&JsValue::UNDEFINED);
        }
        Source::open(this);
        Promise::new(&mut |resolve, _| *this.release.borrow_mut() = Some(resolve))
    }

    /// Hears something itself, and lets the other tabs hear it.
    fn pass_on(&self, said: &str) {
        if let Some(tabs) = &self.tabs {
            // A tab that is gone needs nothing.
            let _ = tabs.post_message(&said.into());
        }
        (self.hear)(said);
    }
}

/// The open stream of the tab that leads.
struct Source {
    source: EventSource,
    _callbacks: [Closure<dyn FnMut(JsValue)>; 3],
}

impl Source {
    fn open(shared: &Rc<Shared>) {
        let Some(source) = open_events(shared.role) else { return };
        let on = |react: fn(&Rc<Shared>, JsValue)| {
            let shared = Rc::clone(shared);
            Closure::<dyn FnMut(JsValue)>::new(move |event| react(&shared, event))
        };
        let opened = on(|shared, _| shared.pass_on(UP));
        let heard = on(|shared, event| {
            let said = event.dyn_into::<MessageEvent>().ok().and_then(|e| e.data().as_string());
            shared.pass_on(&said.unwrap_or_default());
        });
        let failed = on(|shared, _| {
            shared.pass_on(DOWN);
            let refused = shared.source.borrow().as_ref().is_some_and(Source::is_closed);
            if refused && !shared.closed.get() {
                // Where the network went, a browser tries again by itself; where an answer was no stream, it does not.
                let shared = Rc::clone(shared);
                set_timeout(move || Source::reopen(&shared), RETRY_AFTER);
            }
        });
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        source.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        source.set_onerror(Some(failed.as_ref().unchecked_ref()));
        shared.source.replace(Some(Self { source, _callbacks: [opened, heard, failed] }));
    }

    fn reopen(shared: &Rc<Shared>) {
        if !shared.closed.get() {
            Self::open(shared);
        }
    }

    fn is_closed(&self) -> bool {
        self.source.ready_state() == EventSource::CLOSED
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onmessage(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}
