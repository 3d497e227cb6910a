//! Files that are no photos, uploads that are no forms: each is refused by its reason, and nothing of it stays.

use std::io::{Read as _, Write as _};

use api_types::{FieldCode, ProblemKind, headers, paths};
use reqwest::multipart::{Form, Part};

use super::{count_rows, pictures};
use crate::support::{Answer, Desk, Person};

/// Nothing was kept of what was refused.
async fn assert_nothing_is_kept(desk: &Desk, what: &str) {
    assert_eq!(count_rows(desk).await, (0, 0), "{what}");
    assert!(desk.objects().is_empty(), "{what}: {:?}", desk.objects());
}

async fn upload(desk: &Desk, file: Vec<u8>) -> Answer {
    desk.user().upload(paths::IMAGES, file).send().await
}

#[tokio::test]
async fn what_is_no_photo_is_refused_whatever_its_name() {
    let desk = Desk::start().await;
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic and so on".to_vec();
    let avif = b"\0\0\0\x1Cftypavif\0\0\0\0avifmif1miaf and so on".to_vec();
    let large = vec![b'x'; 10 << 20];
    for (what, file, sentence) in [
        ("SVG", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(), "no photo"),
        ("HTML named .jpg", b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), "no photo"),
        ("GIF", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), "no photo"),
        ("text", b"The tap drips.".to_vec(), "no photo"),
        ("one byte", vec![0xFF], "no photo"),
        ("ten megabytes of text", large, "no photo"),
        ("HEIC", heic, "HEIC"),
        ("AVIF", avif, "HEIC"),
    ] {
        let problem = upload(&desk, file).await.refused(ProblemKind::UnsupportedMediaType);
        assert!(problem.detail.contains(sentence), "{what}: {}", problem.detail);
        assert!(problem.detail.contains("JPEG"), "{what}: {}", problem.detail);
        assert_nothing_is_kept(&desk, what).await;
    }
}

#[tokio::test]
async fn what_is_no_whole_photo_is_refused_by_what_is_wrong_with_it() {
    let desk = Desk::start().await;
    let photo = pictures::photo(1);
    let cut = photo[..photo.len() / 2].to_vec();
    let scene = pictures::draw_scene(1, 64, 48);
    let png = pictures::encode_png(&scene.clone().into());
    let webp = pictures::encode_webp(&scene);
    for (what, file, code) in [
        ("a JPEG that is cut off", cut, FieldCode::InvalidFormat),
        ("a PNG that is cut off", png[..png.len() - 40].to_vec(), FieldCode::InvalidFormat),
        ("a WebP that is cut off", webp[..webp.len() / 2].to_vec(), FieldCode::InvalidFormat),
        ("three bytes", vec![0xFF, 0xD8, 0xFF], FieldCode::InvalidFormat),
        ("chance", pictures::random_bytes_with_a_head(1), FieldCode::InvalidFormat),
        ("chance again", pictures::random_bytes_with_a_head(2), FieldCode::InvalidFormat),
        ("a bomb", pictures::promising_png(100_000, 100_000), FieldCode::OutOfRange),
        ("a ribbon", pictures::promising_png(100_000, 1), FieldCode::OutOfRange),
        ("nothing", Vec::new(), FieldCode::Required),
    ] {
        let problem = upload(&desk, file).await.refused_field(ProblemKind::InvalidInput, "image");
        assert_eq!(problem.fields[0].code, code, "{what}: {}", problem.detail);
        assert_nothing_is_kept(&desk, what).await;
    }
}

#[tokio::test]
async fn twelve_megabytes_are_taken_and_one_byte_more_is_answered_while_it_is_still_sent() {
    let desk = Desk::start().await;
    let most = api_types::limits::IMAGE_MAX_BYTES;
    let photo = pictures::photo(1);
    for bytes in [most + 1, 13 << 20, 31 << 20, 60 << 20] {
        let file = pictures::fill_up(&photo, bytes, b"much");
        assert_eq!(file.len(), bytes);
        let problem = upload(&desk, file).await.refused_field(ProblemKind::TooLarge, "image");
        assert_eq!(problem.fields[0].params.get("max"), Some(&(most as i64)));
        assert_nothing_is_kept(&desk, "too much").await;
    }
    let file = pictures::fill_up(&photo, most, b"much");
    upload(&desk, file).await.read::<api_types::Image>(201);
}

#[tokio::test]
async fn what_is_no_form_with_one_photo_is_refused_by_its_reason() {
    let desk = Desk::start().await;
    let user = desk.user();
    let call = || user.call(reqwest::Method::POST, paths::IMAGES);
    let unsupported = ProblemKind::UnsupportedMediaType;
    call().send().await.refused(unsupported);
    call().json(serde_json::json!({ "image": "x" })).send().await.refused(unsupported);
    let typed = |kind: &str| call().header("content-type", kind).body(pictures::photo(1)).send();
    typed("image/jpeg").await.refused(unsupported);
    typed("multipart/form-data").await.refused(unsupported);
    typed("nonsense").await.refused(unsupported);
    assert_nothing_is_kept(&desk, "no form").await;

    let part = || Part::bytes(pictures::photo(1)).file_name("photo.jpg");
    for (form, field, code) in [
        (Form::new().part("photo", part()), "photo", FieldCode::Unknown),
        (Form::new().text("caption", "A tap").part("image", part()), "caption", FieldCode::Unknown),
        (Form::new().part("image", part()).text("caption", "A tap"), "caption", FieldCode::Unknown),
        (Form::new().part("image", part()).part("image", part()), "image", FieldCode::TooLong),
    ] {
        let answer = user.form(paths::IMAGES, form).send().await;
        let problem = answer.refused_field(ProblemKind::InvalidInput, field);
        assert_eq!(problem.fields[0].code, code, "{field}");
        assert_nothing_is_kept(&desk, field).await;
    }
    let large = || Part::bytes(vec![b'x'; 11 << 20]).file_name("film.mp4");
    for form in
        [Form::new().part("film", large()), Form::new().part("image", part()).part("film", large())]
    {
        let answer = user.form(paths::IMAGES, form).send().await;
        answer.refused_field(ProblemKind::InvalidInput, "film");
        assert_nothing_is_kept(&desk, "film").await;
    }
    let without = user.bare(reqwest::Method::POST, paths::IMAGES);
    let answer = without.multipart(Form::new().part("image", part())).send().await;
    answer.refused_field(ProblemKind::InvalidRequest, "Desk-Client");
    let asked = format!("{}?colour=red", paths::IMAGES);
    let answer = user.upload(&asked, pictures::photo(1)).send().await;
    answer.refused_field(ProblemKind::InvalidRequest, "colour");
    assert_nothing_is_kept(&desk, "no browser").await;
}

#[tokio::test]
async fn a_photo_with_too_many_pixels_is_told_how_many_its_kind_may_have() {
    let desk = Desk::start().await;
    for (what, file, most) in [
        ("WebP", pictures::promising_webp(5_000, 5_001), 25_000_000),
        (
            "PNG",
            pictures::promising_png(10_000, 8_000),
            i64::from(api_types::limits::IMAGE_MAX_PIXELS),
        ),
        ("ribbon", pictures::promising_png(70_000, 1), 65_535),
    ] {
        let problem = upload(&desk, file).await.refused_field(ProblemKind::InvalidInput, "image");
        assert_eq!(problem.fields[0].code, FieldCode::OutOfRange, "{what}: {}", problem.detail);
        assert_eq!(problem.fields[0].params.get("max"), Some(&most), "{what}");
        assert_nothing_is_kept(&desk, what).await;
    }
    // As many as there may be: now it counts that there is nothing behind the promise.
    let file = pictures::promising_webp(5_000, 5_000);
    let problem = upload(&desk, file).await.refused_field(ProblemKind::InvalidInput, "image");
    assert_eq!(problem.fields[0].code, FieldCode::InvalidFormat, "{}", problem.detail);
}

/// A form of one part by hand, as far as it goes.
fn write_form(photo: &[u8], end: &str) -> Vec<u8> {
    let head =
        "--edge\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n\r\n";
    [head.as_bytes(), photo, end.as_bytes()].concat()
}

#[tokio::test]
async fn a_form_that_does_not_arrive_whole_is_refused() {
    let desk = Desk::start().await;
    let user = desk.user();
    let photo = pictures::photo(1);
    for (what, body) in [
        ("no end", write_form(&photo, "")),
        ("half an end", write_form(&photo, "\r\n--ed")),
        ("another edge", write_form(&photo, "\r\n--other--\r\n")),
        ("no last edge", write_form(&photo, "\r\n--edge\r\n")),
        ("no photo", b"--edge\r\nContent-Disposition: form-data; name=\"image\"\r\n".to_vec()),
        ("nothing", Vec::new()),
        ("no part", b"--edge--\r\n".to_vec()),
        ("no edge at all", photo.clone()),
    ] {
        let call = user.call(reqwest::Method::POST, paths::IMAGES);
        let call = call.header("content-type", "multipart/form-data; boundary=edge").body(body);
        let answer = call.send().await;
        assert!(matches!(answer.status, 400 | 422), "{what}: {}", answer.text);
        assert_nothing_is_kept(&desk, what).await;
    }
}

/// Waits until the other end has taken all that was sent out of its queue, as the kernel tells.
fn wait_until_read(stream: &std::net::TcpStream) {
    let (ours, theirs) = (stream.local_addr().unwrap().port(), stream.peer_addr().unwrap().port());
    let begun = std::time::Instant::now();
    loop {
        let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
        let waiting = table.lines().skip(1).find_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let is_it = fields[1].ends_with(&format!(":{theirs:04X}"))
                && fields[2].ends_with(&format!(":{ours:04X}"));
            is_it.then(|| !fields[4].ends_with(":00000000"))
        });
        if waiting != Some(true) {
            return;
        }
        assert!(begun.elapsed().as_secs() < 30, "nobody reads");
        std::thread::yield_now();
    }
}

/// Sends an upload in pieces over a plain connection, and answers the first line of what comes back, if anything does.
fn send_in_pieces(user: &Person, url: &str, length: usize, pieces: &[&[u8]]) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: desk\r\n{}: {}\r\ncontent-length: {length}\r\n\
         content-type: multipart/form-data; boundary=edge\r\nconnection: close\r\n\r\n",
        paths::IMAGES,
        headers::DESK_CLIENT,
        user.browser
    );
    stream.write_all(head.as_bytes()).unwrap();
    for piece in pieces {
        stream.write_all(piece).unwrap();
        stream.flush().unwrap();
        // A network brings pieces apart.
        wait_until_read(&stream);
    }
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    // A server that gives up on a broken body may just close.
    drop(stream.read_to_string(&mut answer));
    answer.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_photo_that_comes_in_small_pieces_is_taken() {
    let desk = Desk::start().await;
    let (user, url) = (desk.user(), desk.url().to_owned());
    let (jpeg, webp) =
        (pictures::photo(1), pictures::encode_webp(&pictures::draw_scene(1, 64, 48)));
    for (photo, first) in [(jpeg.clone(), 1), (jpeg, 2), (webp.clone(), 4), (webp, 11)] {
        let (user, url) = (user.clone(), url.clone());
        let answer = tokio::task::spawn_blocking(move || {
            let body = write_form(&photo, "\r\n--edge--\r\n");
            let at = body.len() - photo.len() - "\r\n--edge--\r\n".len() + first;
            send_in_pieces(
                &user,
                &url,
                body.len(),
                &[&body[..at], &body[at..at + 1], &body[at + 1..]],
            )
        });
        assert_eq!(answer.await.unwrap(), "HTTP/1.1 201 Created", "{first} bytes first");
    }
}

#[tokio::test]
async fn of_a_body_that_breaks_off_nothing_is_kept() {
    let desk = Desk::start().await;
    let (user, url) = (desk.user(), desk.url().to_owned());
    let answer = tokio::task::spawn_blocking(move || {
        let body = write_form(&pictures::photo(1), "\r\n--edge--\r\n");
        send_in_pieces(&user, &url, body.len(), &[&body[..body.len() / 2]])
    });
    let answer = answer.await.unwrap();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert_nothing_is_kept(&desk, "half a body").await;
    desk.user().prepare(pictures::photo(1)).await;
}

#[tokio::test]
async fn while_the_store_is_away_uploads_are_refused_for_a_moment_and_nothing_is_stored() {
    let desk = Desk::start().await;
    let user = desk.user();
    // A file where the folder should be.
    let folder = desk.server.folder.path();
    std::fs::remove_dir_all(folder).unwrap();
    std::fs::write(folder, b"").unwrap();
    let answer = user.upload(paths::IMAGES, pictures::photo(1)).send().await;
    answer.refused(ProblemKind::Unavailable);
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(count_rows(&desk).await, (0, 0));
    std::fs::remove_file(folder).unwrap();
    std::fs::create_dir(folder).unwrap();
    user.prepare(pictures::photo(1)).await;
}
