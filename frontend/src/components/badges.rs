//! Statuses, categories and ages, each as icon, word and colour.

use api_types::{Category, Status};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::icon::{Icon, Picture};
use crate::{
    format::{age, category_word, date_time, now, status_word},
    texts::say,
};

/// Where a ticket stands.
#[component]
pub(crate) fn StatusBadge(status: Status) -> impl IntoView {
    view! {
        <span class=format!("badge status-{status}")>
            <Icon picture=Picture::Status(status)/>
            {status_word(status)}
        </span>
    }
}

/// Which desk a ticket belongs to, and whether the classifier was unsure of it.
#[component]
pub(crate) fn CategoryBadge(category: Category, #[prop(optional)] unsure: bool) -> impl IntoView {
    view! {
        <span class="badge category">
            <Icon picture=Picture::Category(category)/>
            {category_word(category)}
            {unsure.then(|| view! { <span class="unsure" title=say!(words.unsure_title)>"?"<span class="hidden">" "{say!(words.unsure)}</span></span> }.into_any())}
        </span>
    }
}

/// How long ago something happened, with the exact time at hand.
#[component]
pub(crate) fn Age(at: DateTime<Utc>) -> impl IntoView {
    view! { <time datetime=at.to_rfc3339() title=date_time(at)>{age(at, now())}</time> }
}
