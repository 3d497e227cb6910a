//! A desk to look at: tickets with threads and histories over three years, the same for the same seed.

pub mod articles;
mod calendar;
mod generate;
mod texts;

use chrono::{DateTime, Utc};
use clap::Args;

use crate::{
    config::DatabaseArgs,
    db::{bulk::BulkLoad, migrate},
    serve::Database,
};

/// What to make.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// Which database.
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// How many tickets.
    #[arg(long, default_value_t = 2_000)]
    pub tickets: u64,
    /// The same seed and end make the same desk.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// When the last ticket was reported, RFC 3339; now unless given.
    #[arg(long)]
    pub until: Option<DateTime<Utc>>,
}

/// Makes the tickets and adds them to the desk, all or none.
///
/// # Errors
/// If the database cannot be reached.
pub async fn run(args: DemoArgs) -> anyhow::Result<()> {
    let database = Database::open_beside(&args.database).await?;
    let loaded = load(&database.url, &args).await;
    database.close().await?;
    loaded
}

/// As [`run`], into a database that is there.
///
/// # Errors
/// If the database cannot be reached.
pub async fn load(database_url: &str, args: &DemoArgs) -> anyhow::Result<()> {
    migrate::run(database_url).await?;
    let started = std::time::Instant::now();
    let mut bulk = BulkLoad::begin(database_url).await?;
    let mut roster = Vec::new();
    for name in texts::STAFF.lines() {
        roster.push((bulk.staff(name).await?, name));
    }
    let until = args.until.unwrap_or_else(Utc::now);
    let mut generator = generate::Generator::new(args.seed, until, args.tickets, roster);
    while let Some(ticket) = generator.next_ticket() {
        bulk.add(None, &ticket).await?;
    }
    if bulk.was_empty() {
        for article in articles::articles()? {
            bulk.add_article(&article.title, article.category, &article.body).await?;
        }
    }
    bulk.finish().await?;
    println!("{} tickets in {:.1} s", args.tickets, started.elapsed().as_secs_f64());
    Ok(())
}
