//! Saving a text or a picture as a file from the browser.

use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement,
    HtmlImageElement, Url,
};

/// A PNG has so many pixels for one of the page, so that it is sharp in print, too.
const SCALE: u32 = 2;

/// Saves a text under a name. A browser that refuses does nothing, and says so itself.
pub(super) fn save_file(name: &str, media_type: &str, text: &str) {
    let _ = to_url(media_type, text).and_then(|url| {
        download(name, &url)?;
        Url::revoke_object_url(&url)
    });
}

/// Saves an SVG as PNG on a ground of this colour. A browser that refuses does nothing, as with [`save_file`].
pub(super) async fn save_png(name: String, svg: String, ground: &'static str) {
    let _ = try_save_png(&name, &svg, ground).await;
}

async fn try_save_png(name: &str, svg: &str, ground: &str) -> Result<(), JsValue> {
    let url = to_url("image/svg+xml", svg)?;
    let image = HtmlImageElement::new()?;
    image.set_src(&url);
    let decoded = JsFuture::from(image.decode()).await;
    Url::revoke_object_url(&url)?;
    decoded?;
    let canvas = document().create_element("canvas")?.dyn_into::<HtmlCanvasElement>()?;
    canvas.set_width(image.natural_width() * SCALE);
    canvas.set_height(image.natural_height() * SCALE);
    let Some(context) = canvas.get_context("2d")? else { return Ok(()) };
    let context = context.dyn_into::<CanvasRenderingContext2d>()?;
    let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
    context.set_fill_style_str(ground);
    context.fill_rect(0.0, 0.0, width, height);
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
    download(name, &canvas.to_data_url()?)
}

fn to_url(media_type: &str, text: &str) -> Result<String, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    Url::create_object_url_with_blob(&blob)
}

fn download(name: &str, url: &str) -> Result<(), JsValue> {
    let link = document().create_element("a")?.dyn_into::<HtmlAnchorElement>()?;
    link.set_href(url);
    link.set_download(name);
    link.click();
    Ok(())
}
