//! How well search and the suggestion of similar reports find what they should, on the sets in data/search: the desk's
//! own API on a PostgreSQL of its own. `cargo xtask evaluate search` runs it.

use std::{collections::BTreeMap, net::TcpListener, num::NonZeroU32, path::Path};

use anyhow::Context as _;
use api_types::{
    Category, CategoryBy, HitKind, Page, SearchResult, SimilarHit, Status, limits, paths,
};
use backend::{
    app::App,
    config::{HttpArgs, RateLimitArgs, Switch},
    db::{
        Pool,
        bulk::{BulkLoad, BulkTicket},
    },
    demo::articles,
    domain::text::{Description, Title},
};
use serde::{Deserialize, de::DeserializeOwned};
use test_support::TestDatabase;

#[derive(Deserialize)]
struct SetTicket {
    number: i64,
    location: String,
    description: String,
}

#[derive(Deserialize)]
struct SetQuery {
    query: String,
    #[serde(rename = "trait")]
    kind: String,
    expected: String,
}

#[derive(Deserialize)]
struct SetReport {
    text: String,
    location: String,
    expected: String,
}

fn read<T: DeserializeOwned>(file: &str) -> anyhow::Result<Vec<T>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/search");
    let reader = csv::Reader::from_path(folder.join(file)).with_context(|| file.to_owned())?;
    Ok(reader.into_deserialize().collect::<Result<_, _>>()?)
}

/// Loads the set; answers the names of the articles by number.
async fn load(database_url: &str) -> anyhow::Result<BTreeMap<i64, String>> {
    let mut bulk = BulkLoad::begin(database_url).await?;
    let now = chrono::Utc::now();
    for ticket in read::<SetTicket>("tickets.csv")? {
        let description = Description::parse(&ticket.description)
            .map_err(|problem| anyhow::anyhow!("#{}: {}", ticket.number, problem.message))?;
        let load = BulkTicket {
            title: Title::from_description(&description).into_string(),
            description: description.into_string(),
            location: (!ticket.location.is_empty()).then_some(ticket.location),
            status: Status::Open,
            category: Category::Facility,
            category_by: CategoryBy::Staff,
            confidence: None,
            unsure: false,
            guess: None,
            resolution: None,
            opened_at: now,
            modified_at: now,
            activated_at: None,
            closed_at: None,
            assignee: None,
            version: 1,
            messages: Vec::new(),
            events: Vec::new(),
        };
        bulk.add(Some(ticket.number), &load).await?;
    }
    let mut names = BTreeMap::new();
    for article in articles::articles()? {
        let id = bulk.add_article(&article.title, article.category, &article.body).await?;
        names.insert(id, article.name);
    }
    bulk.finish().await?;
    Ok(names)
}

fn serve(database_url: &str) -> anyhow::Result<String> {
    let rate = RateLimitArgs {
        rate_limits: Switch::Off,
        rate_per_client: NonZeroU32::MIN,
        rate_per_ip: NonZeroU32::MIN,
    };
    let http = HttpArgs {
        bind: String::new(),
        analytics_url: "http://127.0.0.1:9".to_owned(),
        trusted_proxy: false,
        workers: None,
    };
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let app = App::new(Pool::new(database_url.to_owned(), 2), &http, &rate);
    let listen_url = database_url.to_owned();
    std::thread::spawn(move || {
        actix_web::rt::System::new()
            .block_on(async { backend::serve::start(listener, app, &listen_url, 1)?.await })
    });
    Ok(url)
}

/// Reciprocal ranks and recalls, summed.
#[derive(Default, Clone, Copy)]
struct Sums {
    count: f64,
    reciprocal: f64,
    recall: f64,
}

impl Sums {
    fn add(&mut self, found: &[String], expected: &[&str], at: usize) -> bool {
        let is_expected = |name: &String| expected.contains(&name.as_str());
        let first = found.iter().position(is_expected);
        let hits = found.iter().take(at).filter(|name| is_expected(name)).count();
        let recall = hits as f64 / expected.len().min(at) as f64;
        self.count += 1.0;
        self.reciprocal += first.map_or(0.0, |place| 1.0 / (place + 1) as f64);
        self.recall += recall;
        first == Some(0) && recall > 0.99
    }

    fn row(&self, name: &str) -> String {
        let (mrr, recall) = (self.reciprocal / self.count, self.recall / self.count);
        format!("| {name} | {} | {mrr:.3} | {recall:.3} |", self.count)
    }
}

/// The desk that is asked, and what its answers are held against.
struct Desk {
    http: reqwest::Client,
    url: String,
    articles: BTreeMap<i64, String>,
}

impl Desk {
    fn name(&self, kind: HitKind, id: i64) -> String {
        match kind {
            HitKind::Ticket => format!("t{id}"),
            HitKind::Article => {
                format!("a:{}", self.articles.get(&id).map_or("", String::as_str))
            }
        }
    }

    async fn search(&self, query: &str) -> anyhow::Result<Vec<String>> {
        let q = form_urlencoded::byte_serialize(query.as_bytes()).collect::<String>();
        let answer = self.http.get(format!("{}{}?q={q}", self.url, paths::SEARCH)).send().await?;
        let result: SearchResult = answer.error_for_status()?.json().await?;
        Ok(result.items.iter().map(|hit| self.name(hit.kind, hit.id)).collect())
    }

    async fn find_similar(&self, report: &SetReport) -> anyhow::Result<Vec<String>> {
        let body = serde_json::json!({ "text": report.text, "location": report.location });
        let url = format!("{}{}", self.url, paths::SIMILAR);
        let answer = self.http.post(url).json(&body).send().await?;
        let page: Page<SimilarHit> = answer.error_for_status()?.json().await?;
        Ok(page.items.iter().map(|hit| self.name(hit.kind, hit.id)).collect())
    }
}

/// Prints how well searches find; answers a line for each that did not find all, or not first.
async fn evaluate_searches(desk: &Desk) -> anyhow::Result<Vec<String>> {
    let mut failures = Vec::new();
    let (mut all, mut by_kind) = (Sums::default(), BTreeMap::<String, Sums>::new());
    for SetQuery { query, kind, expected } in read("queries.csv")? {
        let found = desk.search(&query).await?;
        let wanted: Vec<&str> = expected.split_whitespace().collect();
        let whole = all.add(&found, &wanted, 5);
        by_kind.entry(kind.clone()).or_default().add(&found, &wanted, 5);
        if !whole {
            let first = found[..found.len().min(6)].join(" ");
            failures.push(format!("- `{query}` ({kind}): {expected} wanted, {first} found"));
        }
    }
    println!("| search | queries | MRR | recall@5 |\n|---|---|---|---|\n{}", all.row("all"));
    for (kind, sums) in by_kind {
        println!("{}", sums.row(&kind));
    }
    Ok(failures)
}

/// The same for the suggestion of similar reports.
async fn evaluate_similar(desk: &Desk) -> anyhow::Result<Vec<String>> {
    let mut failures = Vec::new();
    let (mut similar, mut silent, mut unlike) = (Sums::default(), 0, 0);
    for report in read::<SetReport>("similar.csv")? {
        let found = desk.find_similar(&report).await?;
        let SetReport { text, expected, .. } = report;
        let wanted: Vec<&str> = expected.split_whitespace().collect();
        if wanted.is_empty() {
            unlike += 1;
            silent += usize::from(found.is_empty());
        } else if !similar.add(&found, &wanted, limits::SIMILAR_MAX) {
            let found = found.join(" ");
            failures.push(format!("- «{text}» (similar): {expected} wanted, {found} found"));
        }
    }
    println!("\n| similar | reports | MRR | recall@3 |\n|---|---|---|---|\n{}", similar.row("all"));
    println!("\nNothing suggested for {silent} of {unlike} reports that are like nothing.");
    Ok(failures)
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let database = TestDatabase::new().await;
    let articles = load(database.url()).await?;
    let desk = Desk { http: reqwest::Client::new(), url: serve(database.url())?, articles };
    let mut failures = evaluate_searches(&desk).await?;
    failures.extend(evaluate_similar(&desk).await?);
    println!("\nNot first, or not all:\n{}", failures.join("\n"));
    Ok(())
}
