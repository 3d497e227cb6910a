//! The real program with photos: killed in the middle of a job, and measured while everybody uploads at once.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[expect(dead_code, reason = "other tests need the rest of it")]
mod pictures;
#[expect(dead_code, reason = "other tests need the rest of it")]
mod provider;

use std::{
    collections::BTreeMap,
    fs,
    net::TcpListener,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use api_types::{Image, ImageId, PredictionState, Predictions, headers, paths};
use futures_util::future::join_all;
use image::imageops::FilterType;
use provider::{Mood, Provider};
use test_support::TestDatabase;
use uuid::Uuid;

const POLL: Duration = Duration::from_millis(10);
/// What the server and its decoders may need together while everybody uploads, in kilobytes.
const SERVER_KB: u64 = 200 << 10;
/// What a decoder may need at most, its address space limit included.
const DECODER_KB: u64 = 512 << 10;

/// The program on a database, a folder and a port of its own.
struct Desk {
    database: TestDatabase,
    folder: tempfile::TempDir,
    bind: String,
    vision_url: Option<String>,
    process: Child,
    http: reqwest::Client,
}

impl Desk {
    async fn start(vision_url: Option<String>) -> Desk {
        let (database, folder) = (TestDatabase::new().await, tempfile::tempdir().unwrap());
        let bind = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let process = Desk::spawn(&database, &folder, &bind, vision_url.as_deref());
        // A connection that was idle while pictures were drawn may be closed by now.
        let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0);
        let http = http.build().unwrap();
        let desk = Desk { database, folder, bind, vision_url, process, http };
        desk.wait_until_ready().await;
        desk
    }

    fn spawn(
        database: &TestDatabase,
        folder: &tempfile::TempDir,
        bind: &str,
        vision_url: Option<&str>,
    ) -> Child {
        let vision = if vision_url.is_some() { "google" } else { "off" };
        Command::new(env!("CARGO_BIN_EXE_campusdesk-backend"))
            .arg("serve")
            .env("DATABASE_URL", database.url())
            .env("CAMPUSDESK_PHOTOS_URL", folder.path())
            .env("CAMPUSDESK_BIND", bind)
            .env("CAMPUSDESK_RATE_LIMITS", "off")
            // The tests share one PostgreSQL.
            .env("CAMPUSDESK_DB_CONNECTIONS", "16")
            .env("CAMPUSDESK_VISION", vision)
            .env("CAMPUSDESK_VISION_TIMEOUT_SECONDS", "60")
            .env("CAMPUSDESK_GOOGLE_VISION_KEY", "key")
            .env("CAMPUSDESK_GOOGLE_VISION_URL", vision_url.unwrap_or_default())
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.path().with_extension("log")).unwrap())
            .spawn()
            .unwrap()
    }

    fn kill_and_start_again(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.process =
            Desk::spawn(&self.database, &self.folder, &self.bind, self.vision_url.as_deref());
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.bind)
    }

    async fn wait_until_ready(&self) {
        let ready = self.url(paths::HEALTH_READY);
        wait_until("the desk", async || {
            self.http.get(&ready).send().await.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
    }

    async fn upload(&self, browser: Uuid, file: Vec<u8>) -> (u16, String) {
        let part = reqwest::multipart::Part::bytes(file).file_name("photo.jpg");
        let form = reqwest::multipart::Form::new().part("image", part);
        let call = self.http.post(self.url(paths::IMAGES)).multipart(form);
        let answer = call.header(headers::DESK_CLIENT, browser.to_string()).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn predictions(&self, browser: Uuid, id: ImageId) -> Predictions {
        let call = self.http.get(self.url(&paths::predictions(id)));
        let call = call.header(headers::DESK_CLIENT, browser.to_string());
        call.send().await.unwrap().json().await.unwrap()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
        let log = self.folder.path().with_extension("log");
        if std::thread::panicking() {
            println!("{}", fs::read_to_string(&log).unwrap_or_default());
        }
        drop(fs::remove_file(log));
    }
}

async fn wait_until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let begun = Instant::now();
    let mut ticks = tokio::time::interval(POLL);
    while !is_so().await {
        assert!(begun.elapsed().as_secs() < 120, "{what} did not come");
        ticks.tick().await;
    }
}

#[tokio::test]
async fn a_job_whose_process_was_killed_runs_again_once_and_is_stored_once() {
    let provider = Provider::start(Mood::holds(&[("late", 0.9)])).await;
    let mut desk = Desk::start(Some(provider.url.clone())).await;
    let browser = Uuid::new_v4();
    let (status, text) = desk.upload(browser, pictures::photo(1)).await;
    assert_eq!(status, 201, "{text}");
    let photo: Image = serde_json::from_str(&text).unwrap();
    wait_until("the question", async || provider.asked() == 1).await;
    desk.kill_and_start_again();
    provider.turn(Mood::says(&[("tap", 0.9)]));
    desk.wait_until_ready().await;
    let sql = desk.database.connect().await;
    let job = "SELECT attempts, lease IS NOT NULL, run_after > now() FROM prediction_jobs";
    let row = sql.query_one(job, &[]).await.unwrap();
    assert_eq!((row.get(0), row.get(1), row.get(2)), (1, true, true), "it is leased still");
    assert_eq!(provider.asked(), 1);
    sql.batch_execute("UPDATE prediction_jobs SET run_after = now()").await.unwrap();
    wait_until("the labels", async || {
        desk.predictions(browser, photo.id).await.state == PredictionState::Ready
    })
    .await;
    let said = desk.predictions(browser, photo.id).await.items;
    assert_eq!(said.iter().map(|one| one.label.as_str()).collect::<Vec<_>>(), ["tap"]);
    // A second photo is done after the first: the first is not asked about again.
    let (_, text) = desk.upload(browser, pictures::photo(2)).await;
    let second: Image = serde_json::from_str(&text).unwrap();
    wait_until("the labels", async || {
        desk.predictions(browser, second.id).await.state == PredictionState::Ready
    })
    .await;
    assert_eq!(provider.asked(), 3);
    let rows = "SELECT (SELECT count(*) FROM predictions), (SELECT count(*) FROM prediction_jobs)";
    let row = sql.query_one(rows, &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (2, 0));
}

/// The most memory that a server and its decoders had, in kilobytes, as the kernel counts it.
#[derive(Debug, Default, Clone)]
struct Peaks {
    server: u64,
    decoder: u64,
    all_at_once: u64,
    decoders: usize,
}

/// A line of a process' status in kilobytes.
fn read_status(pid: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().split(' ').next()?.parse().ok()
}

fn list_children(pid: u32) -> Vec<u32> {
    let Ok(tasks) = fs::read_dir(format!("/proc/{pid}/task")) else { return Vec::new() };
    let children = tasks
        .filter_map(Result::ok)
        .filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    children
        .flat_map(|list| {
            list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>()
        })
        .collect()
}

/// Watches a server until it is told to stop.
fn watch(pid: u32, stop: Arc<AtomicBool>) -> std::thread::JoinHandle<Peaks> {
    std::thread::spawn(move || {
        let (mut peaks, mut decoders) = (Peaks::default(), BTreeMap::<u32, u64>::new());
        while !stop.load(Ordering::Relaxed) {
            peaks.server = peaks.server.max(read_status(pid, "VmHWM:").unwrap_or(0));
            let mut now = read_status(pid, "VmRSS:").unwrap_or(0);
            for child in list_children(pid) {
                // Between fork and exec it is the server itself.
                let name = fs::read_to_string(format!("/proc/{child}/cmdline")).unwrap_or_default();
                if !name.contains("prepare-photo") {
                    continue;
                }
                now += read_status(child, "VmRSS:").unwrap_or(0);
                let peak = decoders.entry(child).or_default();
                *peak = (*peak).max(read_status(child, "VmHWM:").unwrap_or(0));
            }
            peaks.all_at_once = peaks.all_at_once.max(now);
            std::thread::park_timeout(Duration::from_millis(2));
        }
        peaks.decoder = decoders.values().copied().max().unwrap_or(0);
        peaks.decoders = decoders.len();
        peaks
    })
}

async fn measure<T>(desk: &Desk, work: impl Future<Output = T>) -> (T, Peaks) {
    let stop = Arc::new(AtomicBool::new(false));
    let watching = watch(desk.process.id(), Arc::clone(&stop));
    let done = work.await;
    stop.store(true, Ordering::Relaxed);
    (done, watching.join().unwrap())
}

#[tokio::test]
async fn fifty_uploads_of_ten_megabytes_at_once_need_little_memory() {
    let desk = Desk::start(None).await;
    let before = read_status(desk.process.id(), "VmRSS:").unwrap();
    let noise = pictures::noisy_photo(3000, 2200, 88);
    assert!((9 << 20..12 << 20).contains(&noise.len()), "{} bytes", noise.len());
    let begun = Instant::now();
    let uploads = (0..50_u8).map(|number| {
        let file = pictures::add_comment(&noise, &[number; 8]);
        // On a machine that does much else a connection to the database may be long in coming: 503, and try again.
        let desk = &desk;
        async move {
            let mut tries = 1;
            loop {
                match desk.upload(Uuid::new_v4(), file.clone()).await {
                    (503, _) if tries < 5 => tries += 1,
                    (status, text) => return (status, text, tries),
                }
            }
        }
    });
    let (answers, peaks) = measure(&desk, join_all(uploads)).await;
    println!(
        "50 uploads of {:.1} MB in {:?}: server {} MB before and {} MB at most, a decoder {} MB at most, all at once {} MB; {} decoders seen, {} tries",
        noise.len() as f64 / f64::from(1 << 20),
        begun.elapsed(),
        before >> 10,
        peaks.server >> 10,
        peaks.decoder >> 10,
        peaks.all_at_once >> 10,
        peaks.decoders,
        answers.iter().map(|(.., tries)| tries).sum::<i32>(),
    );
    for (status, text, _) in &answers {
        assert_eq!(*status, 201, "{text}");
    }
    assert!(peaks.decoders >= 40, "{peaks:?}");
    assert!(peaks.server < SERVER_KB, "{peaks:?}");
    assert!(peaks.all_at_once < SERVER_KB, "{peaks:?}");
}

#[tokio::test]
async fn no_file_makes_a_decoder_take_more_than_it_may() {
    let desk = Desk::start(None).await;
    let photo = pictures::photo(1);
    // As many pixels as are allowed, and as hard to hold.
    let scene = pictures::draw_scene(1, 800, 620);
    let scene = image::imageops::resize(&scene, 8_000, 6_200, FilterType::Triangle);
    let largest = pictures::encode_jpeg(&scene, 60);
    let png = pictures::encode_png(&scene.into());
    let scene = pictures::draw_scene(2, 500, 490);
    let webp =
        pictures::encode_webp(&image::imageops::resize(&scene, 5_000, 4_900, FilterType::Triangle));
    for (what, file, wanted) in [
        ("a JPEG that is cut off", photo[..photo.len() / 2].to_vec(), 422),
        ("a bomb", pictures::promising_png(100_000, 100_000), 422),
        ("a ribbon", pictures::promising_png(60_000, 800), 422),
        ("chance", pictures::random_bytes_with_a_head(3), 422),
        ("an animation", pictures::animated_webp(), 201),
        ("inks", pictures::CMYK.to_vec(), 201),
        ("comments", pictures::fill_up(&photo, 12 << 20, b"much"), 201),
        ("fifty megapixels of JPEG", largest, 201),
        ("fifty megapixels of PNG", png, 201),
        ("twenty-five megapixels of WebP", webp, 201),
    ] {
        let (bytes, begun) = (file.len(), Instant::now());
        let ((status, text), peaks) = measure(&desk, desk.upload(Uuid::new_v4(), file)).await;
        println!(
            "{what}, {bytes} bytes: {status} in {:?}; decoder {} MB, server {} MB",
            begun.elapsed(),
            peaks.decoder >> 10,
            peaks.server >> 10
        );
        assert_eq!(status, wanted, "{what}: {text}");
        assert!(peaks.decoder < DECODER_KB && peaks.server < SERVER_KB, "{what}: {peaks:?}");
    }
}
