//! The frame of every page.

use std::time::Duration;

use leptos::prelude::*;
use leptos_i18n::Locale as _;
use leptos_router::{
    NavigateOptions,
    components::Router,
    hooks::{use_location, use_navigate},
};

use crate::{
    components::{Header, Icon, LostNotice, Picture, press},
    pages::{Sender, StaffSide, WaitingNotice, load_staff_door},
    routes::is_for_staff,
    state::{ColourChoice, Colours, LanguageChoice, Live, Outbox, Session},
    texts::{Language, say},
};

/// The app.
#[component]
pub(crate) fn App(
    /// What staff have besides; `None` in the app that users load.
    staff_side: Option<StaffSide>,
    /// The pages that it has.
    routes: fn() -> AnyView,
) -> impl IntoView {
    provide_context(staff_side);
    let language = LanguageChoice::provide();
    ColourChoice::provide();
    Live::provide(Session::provide());
    Outbox::provide();
    Sender::provide();
    // The frame in one task and the page in the next: neither keeps a slow phone from what else it has to do.
    let drawn = RwSignal::new(false);
    set_timeout(
        move || {
            drawn.set(true);
            take_shell_away();
        },
        Duration::ZERO,
    );
    view! {
        <Router>
            // In another language all of it is drawn anew, and what is kept over a reload is kept over this.
            {move || {
                language.chosen();
                view! { <Frame routes drawn/> }
            }}
        </Router>
    }
}

/// What index.html showed until now, and what hides the frame meanwhile.
fn take_shell_away() {
    if let Some(shell) = document().get_element_by_id("shell") {
        shell.remove();
    }
}

#[component]
fn Frame(
    routes: fn() -> AnyView,
    /// Whether it is time for the page.
    drawn: RwSignal<bool>,
) -> impl IntoView {
    let live = Live::expect();
    let main = NodeRef::<leptos::html::Main>::new();
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if let Some(main) = main.get_untracked() {
            // A browser that refuses the focus leaves it where it was.
            let _ = main.focus();
        }
    };
    // Whoever hears the page hears that it is another one, and goes on from its beginning. The first page is the browser's.
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path) {
            focus_without_scrolling(main);
        }
        path
    });
    view! {
        <a class="skip" href="#main" on:click=skip>{say!(app.skip)}</a>
        <Top/>
        <LostNotice since=Signal::derive(move || live.lost_since())/>
        <WaitingNotice/>
        <main id="main" tabindex="-1" node_ref=main>
            {move || drawn.get().then(routes)}
        </main>
    }
}

/// The router decides how far a page is scrolled.
fn focus_without_scrolling(main: NodeRef<leptos::html::Main>) {
    let Some(main) = main.get_untracked() else { return };
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    // A browser that refuses the focus leaves it where it was.
    let _ = main.focus_with_options(&options);
}

/// Chooses between light, dark and what the system has.
#[component]
fn ColourSwitch() -> impl IntoView {
    let colours = ColourChoice::expect();
    let said = move || match colours.chosen() {
        Colours::System => say!(app.colours.system),
        Colours::Light => say!(app.colours.light),
        Colours::Dark => say!(app.colours.dark),
    };
    view! {
        <button type="button" class="colours" title=said aria-label=said on:click=press(move || colours.switch())>
            <Icon picture=Picture::Contrast/>
        </button>
    }
}

/// The languages, each under its own name.
const LANGUAGES: [(Language, &str); 3] =
    [(Language::en, "English"), (Language::de, "Deutsch"), (Language::ar, "العربية")];

/// Chooses the language.
#[component]
fn LanguageSwitch() -> impl IntoView {
    let language = LanguageChoice::expect();
    let chosen = untrack(|| language.chosen());
    let option = move |(one, name): (Language, &'static str)| {
        view! { <option value=one.as_str() lang=one.as_str() selected=one == chosen>{name}</option> }
    };
    view! {
        <select class="language" aria-label=say!(app.language)
            on:change:target=move |event| if let Ok(wanted) = event.target().value().parse() { language.choose(wanted) }>
            {LANGUAGES.map(option).collect_view()}
        </select>
    }
}

#[component]
fn Top() -> impl IntoView {
    let session = Session::expect();
    let (navigate, location) = (use_navigate(), use_location());
    let path = move || location.pathname.get_untracked();
    let go = move |to: &str| navigate(to, NavigateOptions::default());
    // Each role has its own list: whoever stands at the one goes on at the other.
    let to_user = {
        let go = go.clone();
        move |()| {
            session.enter_as_user();
            if is_for_staff(&path()) {
                go("/tickets");
            }
        }
    };
    let staff_side = expect_context::<Option<StaffSide>>();
    if let Some(side) = staff_side {
        (side.catch_search)();
    }
    let to_staff = move |()| match session.staff() {
        None if staff_side.is_none() => load_staff_door(),
        None => go("/?as=staff"),
        Some(staff) => {
            session.enter_as_staff(staff);
            if matches!(path().as_str(), "/tickets" | "/mine") {
                go("/queue");
            }
        }
    };
    view! {
        <Header
            is_staff=Signal::derive(move || session.is_staff())
            name=Signal::derive(move || session.who().name)
            on_user=to_user
            on_staff=to_staff
        >
            <LanguageSwitch/>
            <ColourSwitch/>
        </Header>
    }
}
