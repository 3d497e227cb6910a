//! A safe subset of Markdown: headings, paragraphs, lists, quotes, bold, italics, code and links. What else there is
//! stays the text it is; markup of pages is never made from it.

use leptos::prelude::*;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// Quotes and lists inside each other are drawn so deep and no deeper: whoever writes thousands of `>` must not stop the
/// page of whoever reads.
const DEEPEST: u8 = 12;

/// A text in Markdown.
#[component]
pub(super) fn Markdown(#[prop(into)] text: String) -> impl IntoView {
    let mut events = Parser::new(&text);
    view! { <div class="markdown" dir="auto">{children(&mut events, None, 0)}</div> }
}

/// What stands up to the end of a tag, or of the text.
fn children(events: &mut Parser<'_>, end: Option<TagEnd>, depth: u8) -> Vec<AnyView> {
    let (mut views, mut too_deep) = (Vec::new(), 0_u32);
    while let Some(event) = events.next() {
        match event {
            Event::End(tag) if too_deep == 0 && Some(tag) == end => break,
            // Deeper than anybody reads: what is inside stays, its marks do not.
            Event::Start(_) if depth >= DEEPEST => too_deep += 1,
            Event::End(_) if too_deep > 0 => too_deep -= 1,
            Event::Start(tag) => views.push(element(events, tag, depth + 1)),
            Event::Code(code) => views.push(view! { <code>{code.to_string()}</code> }.into_any()),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                views.push(text.to_string().into_any());
            }
            Event::SoftBreak => views.push(" ".into_any()),
            Event::HardBreak => views.push(view! { <br/> }.into_any()),
            Event::Rule => views.push(view! { <hr/> }.into_any()),
            _ => {}
        }
    }
    views
}

fn element(events: &mut Parser<'_>, tag: Tag<'_>, depth: u8) -> AnyView {
    let inner = children(events, Some(tag.to_end()), depth);
    match tag {
        Tag::Paragraph => view! { <p>{inner}</p> }.into_any(),
        // The page has its one heading of the first level.
        Tag::Heading { .. } => view! { <h2>{inner}</h2> }.into_any(),
        Tag::List(Some(_)) => view! { <ol>{inner}</ol> }.into_any(),
        Tag::List(None) => view! { <ul>{inner}</ul> }.into_any(),
        Tag::Item => view! { <li>{inner}</li> }.into_any(),
        Tag::BlockQuote(_) => view! { <blockquote>{inner}</blockquote> }.into_any(),
        Tag::CodeBlock(_) => view! { <pre><code>{inner}</code></pre> }.into_any(),
        Tag::Emphasis => view! { <em>{inner}</em> }.into_any(),
        Tag::Strong => view! { <strong>{inner}</strong> }.into_any(),
        Tag::Link { dest_url, .. } if is_safe(&dest_url) => {
            view! { <a href=dest_url.to_string() rel="noopener nofollow">{inner}</a> }.into_any()
        }
        _ => inner.into_any(),
    }
}

/// A link may lead to a page, here or elsewhere, or to a mail; never to a script.
fn is_safe(address: &str) -> bool {
    let own = address.starts_with('/') && !address.starts_with("//");
    own || ["https://", "http://", "mailto:"].iter().any(|scheme| address.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn a_link_leads_to_a_page_or_a_mail_and_to_nothing_that_runs() {
        for (address, safe) in [
            ("https://example.org/a", true),
            ("/articles/3", true),
            ("mailto:desk@example.org", true),
            ("javascript:alert(1)", false),
            ("JaVaScRiPt:alert(1)", false),
            ("data:text/html,x", false),
            ("//example.org", false),
        ] {
            assert_eq!(is_safe(address), safe, "{address}");
        }
    }
}
