//! Gives a running desk tickets with photos, and leaves one photo to be uploaded, for the bench.
//!
//! `sample_photos http://127.0.0.1:8080 FOLDER` writes `FOLDER/upload.jpg`, of 12 megapixels as a phone takes it.

use std::{io::Cursor, path::Path};

use anyhow::{Context as _, Result};
use api_types::{Ticket, headers, paths};
use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use reqwest::multipart::{Form, Part};

/// So many tickets with photos, and so many photos each.
const TICKETS: u64 = 8;
const PHOTOS: u64 = 8;
/// What a phone takes.
const WIDTH: u32 = 4000;
const HEIGHT: u32 = 3000;

/// Surfaces in slow colours with edges and a little noise, which is about what a camera makes of a room.
fn draw(seed: u64, width: u32, height: u32) -> Result<Vec<u8>> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let (tint, stripe) = (random.random_range(0..120), random.random_range(30..90));
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let wall = (x * 100 / width + y * 60 / height + tint) as u8;
        let edge = if (x / stripe + y / (stripe * 3)) % 2 == 0 { 0 } else { 40 };
        let grain: u8 = random.random_range(0..24);
        Rgb([wall / 2 + edge / 2 + grain, wall / 3 + edge + grain, 200 - wall / 3 - grain])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 88))?;
    Ok(bytes.into_inner())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let desk = args.next().context("which desk?")?;
    let folder = args.next().context("which folder?")?;
    let http = reqwest::Client::builder().no_proxy().build()?;
    for number in 0..TICKETS {
        let body = serde_json::json!({ "description": "A desk with photos, for the bench." });
        let call =
            http.post(format!("{desk}{}", paths::TICKETS)).header(headers::DESK_ROLE, "staff");
        let ticket: Ticket = call.json(&body).send().await?.error_for_status()?.json().await?;
        for photo in 0..PHOTOS {
            let form = Form::new().part(
                "image",
                Part::bytes(draw(number * PHOTOS + photo, 1600, 1200)?).file_name("p.jpg"),
            );
            let call = http.post(format!("{desk}{}", paths::ticket_images(ticket.id)));
            call.multipart(form).send().await?.error_for_status()?;
        }
    }
    std::fs::write(Path::new(&folder).join("upload.jpg"), draw(1_000, WIDTH, HEIGHT)?)?;
    Ok(())
}
