//! `POST /images` and `POST /tickets/{id}/images`: what is taken, and what is made of it.

use api_types::{Image, PredictionState, Role, headers, paths};
use image::{DynamicImage, RgbImage};
use serde_json::json;

use super::{count_rows, pictures};
use crate::support::{Answer, Desk, Person};

/// The picture of an answer that must be one, in the documented headers.
#[track_caller]
fn decode(answer: &Answer) -> RgbImage {
    assert_eq!(answer.status, 200, "{}", answer.text);
    for (name, value) in [
        ("content-type", "image/webp"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("cache-control", "private, max-age=31536000, immutable"),
        ("cross-origin-resource-policy", "same-origin"),
        ("vary", "Desk-Role, Desk-Client"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert_eq!(answer.header("content-length"), Some(answer.bytes.len().to_string().as_str()));
    let format = image::ImageFormat::WebP;
    image::load_from_memory_with_format(&answer.bytes, format).unwrap().into_rgb8()
}

/// Both versions as somebody sees them, with their bytes.
async fn see(person: &Person, photo: &Image) -> [(RgbImage, Vec<u8>); 2] {
    let display = person.get(&paths::image(photo.id)).send().await;
    let thumbnail = person.get(&paths::thumbnail(photo.id)).send().await;
    [&display, &thumbnail].map(|answer| (decode(answer), answer.bytes.clone()))
}

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|part| part == word)
}

fn is_near(picture: &RgbImage, x: u32, y: u32, colour: [u8; 3]) -> bool {
    let pixel = picture.get_pixel(x, y).0;
    pixel.iter().zip(colour).all(|(part, wanted)| part.abs_diff(wanted) < 30)
}

#[tokio::test]
async fn a_photo_comes_with_the_report_that_names_it() {
    let desk = Desk::start().await;
    let user = desk.user();
    let wide = pictures::encode_jpeg(&pictures::draw_scene(1, 2000, 1000), 85);
    let photo = user.prepare(wide).await;
    assert_eq!((photo.ticket_id, photo.width, photo.height), (None, 1600, 800));
    assert_eq!((photo.state, photo.redacted), (PredictionState::None, false));
    assert_eq!(photo.labels, []);
    let ticket =
        user.report(json!({ "description": "The tap drips.", "images": [photo.id] })).await;
    let shown = user.photos(ticket.id).await;
    assert_eq!(shown, [Image { ticket_id: Some(ticket.id), ..photo.clone() }]);
    let history = user.history(ticket.id).await;
    let line = ("photo".to_owned(), None, Some(photo.id.to_string()));
    assert_eq!(history.last(), Some(&line));
    assert_eq!(ticket.version, user.find(ticket.id).await.version);
}

#[tokio::test]
async fn jpeg_png_and_webp_are_taken_and_shown_as_webp_in_two_sizes() {
    let desk = Desk::start().await;
    let (user, ticket) = (desk.user(), desk.report("The tap drips.").await);
    let scene = pictures::draw_scene(2, 1800, 1200);
    let deep = DynamicImage::from(scene.clone()).into_rgb16();
    for (kind, file, size) in [
        ("JPEG", pictures::encode_jpeg(&scene, 85), (1600, 1067)),
        ("PNG", pictures::encode_png(&scene.clone().into()), (1600, 1067)),
        ("16-bit PNG", pictures::encode_png(&deep.into()), (1600, 1067)),
        ("WebP", pictures::encode_webp(&pictures::draw_scene(3, 200, 900)), (200, 900)),
        ("animated WebP", pictures::animated_webp(), (32, 32)),
        ("CMYK JPEG", pictures::CMYK.to_vec(), (32, 16)),
    ] {
        for path in [paths::IMAGES.to_owned(), paths::ticket_images(ticket.id)] {
            let answer = user.upload(&path, file.clone()).send().await;
            let photo: Image = answer.read(201);
            assert_eq!((photo.width as u32, photo.height as u32), size, "{kind}");
            assert_eq!(answer.header("location"), Some(paths::image(photo.id).as_str()));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            let [(display, _), (thumbnail, _)] = see(&user, &photo).await;
            assert_eq!(display.dimensions(), size, "{kind}");
            let longest = thumbnail.width().max(thumbnail.height());
            assert_eq!(longest, size.0.max(size.1).min(320), "{kind}");
            match kind {
                "animated WebP" => assert!(is_near(&display, 16, 16, [0, 200, 0])),
                "CMYK JPEG" => assert!(is_near(&display, 6, 8, [220, 30, 30])),
                _ => {}
            }
        }
    }
    assert_eq!(user.photos(ticket.id).await.len(), 6);
}

#[tokio::test]
async fn a_photo_says_who_added_it_but_not_from_which_browser() {
    let desk = Desk::start().await;
    let (staff, ticket) = (desk.staff(), desk.report("The tap drips.").await);
    let call = staff.upload(&paths::ticket_images(ticket.id), pictures::photo(1));
    let answer = call.header(headers::DESK_NAME, &headers::encode_name("Zoë")).send().await;
    let photo: Image = answer.read(201);
    assert_eq!((photo.author_role, photo.author_name.as_deref()), (Role::Staff, Some("Zoë")));
    assert_eq!(photo.ticket_id, Some(ticket.id));
    let ours = staff.browser.to_string();
    let seen = staff.get(&paths::ticket_images(ticket.id)).send().await;
    let similar = staff.get(&paths::image_similar(photo.id)).send().await;
    let history = staff.get(&paths::history(ticket.id)).send().await;
    for answer in [answer, seen, similar, history] {
        assert!(!answer.text.contains(&ours), "{}", answer.text);
    }
}

#[tokio::test]
async fn whoever_says_no_browser_adds_photos_to_tickets_all_the_same() {
    let desk = Desk::start().await;
    let ticket = desk.report("The tap drips.").await;
    let path = paths::ticket_images(ticket.id);
    let part = reqwest::multipart::Part::bytes(pictures::photo(1)).file_name("photo.jpg");
    let form = reqwest::multipart::Form::new().part("image", part);
    let call = desk.user().bare(reqwest::Method::POST, &path).multipart(form);
    let photo: Image = call.send().await.read(201);
    assert_eq!((photo.author_role, photo.ticket_id), (Role::User, Some(ticket.id)));
}

#[tokio::test]
async fn what_a_camera_noted_is_gone_and_the_photo_stands_upright() {
    let desk = Desk::start().await;
    let user = desk.user();
    // Held a quarter turned: what was the left side is the top.
    let picture = RgbImage::from_fn(64, 32, |x, _| {
        image::Rgb(if x < 32 { [220, 20, 20] } else { [20, 20, 220] })
    });
    let file = pictures::encode_jpeg_with_exif(&picture, 6);
    assert!(holds(&file, b"GPSLatitude"));
    let photo = user.prepare(file).await;
    assert_eq!((photo.width, photo.height), (32, 64));
    for (shown, bytes) in see(&user, &photo).await {
        assert_eq!(shown.dimensions(), (32, 64));
        assert!(is_near(&shown, 16, 8, [220, 20, 20]) && is_near(&shown, 16, 56, [20, 20, 220]));
        for word in [&b"GPS"[..], b"Exif", b"EXIF", b"52.52"] {
            assert!(!holds(&bytes, word));
        }
    }
}

#[tokio::test]
async fn what_hides_behind_or_in_a_photo_is_in_nothing_that_is_served() {
    let desk = Desk::start().await;
    let user = desk.user();
    let photo = pictures::photo(1);
    let archive = [&photo[..], b"PK\x03\x04 an archive"].concat();
    let page = [&photo[..], b"<script>alert(1)</script>"].concat();
    let comment = pictures::add_comment(&photo, b"<script>alert(1)</script>");
    for file in [archive, page, comment] {
        let photo = user.prepare(file).await;
        for (_, bytes) in see(&user, &photo).await {
            assert!(!holds(&bytes, b"PK\x03\x04") && !holds(&bytes, b"<script>"));
        }
    }
    for object in desk.objects() {
        let bytes = std::fs::read(object).unwrap();
        assert!(!holds(&bytes, b"PK\x03\x04") && !holds(&bytes, b"<script>"));
    }
}

#[tokio::test]
async fn the_same_file_is_stored_once_and_listed_as_often_as_it_was_added() {
    let desk = Desk::start().await;
    let (user, other) = (desk.user(), desk.user());
    let ticket = desk.report("The tap drips.").await;
    let first = user.prepare(pictures::photo(1)).await;
    let again = user.prepare(pictures::photo(1)).await;
    let elsewhere = other.attach(ticket.id, pictures::photo(1)).await;
    assert!(first.id < again.id && again.id < elsewhere.id);
    assert_eq!(count_rows(&desk).await, (1, 3));
    assert_eq!(desk.objects().len(), 2, "one display version, one thumbnail");
    let [(_, mine), _] = see(&user, &first).await;
    let [(_, theirs), _] = see(&other, &elsewhere).await;
    assert_eq!(mine, theirs);
}

#[tokio::test]
async fn a_name_and_a_declared_type_that_lie_count_for_nothing() {
    let desk = Desk::start().await;
    let user = desk.user();
    let part = |name: &str, kind: &str| {
        let part = reqwest::multipart::Part::bytes(pictures::photo(1)).file_name(name.to_owned());
        reqwest::multipart::Form::new().part("image", part.mime_str(kind).unwrap())
    };
    for (name, kind) in [
        ("page.html", "text/html"),
        ("../../etc/passwd", "image/svg+xml"),
        ("photo.heic", "application/octet-stream"),
        ("\u{202e}gpj.exe", "image/png"),
    ] {
        let answer = user.form(paths::IMAGES, part(name, kind)).send().await;
        answer.read::<Image>(201);
        assert!(!answer.text.contains("passwd") && !answer.text.contains("gpj"));
    }
}
