//! Finding tickets and articles.

use actix_web::{HttpResponse, web};
use api_types::{
    HitKind, Page, Role, SearchHit, SearchQuery, SearchResult, SimilarHit, SimilarRequest, Status,
    limits,
};
use diesel_async::AsyncPgConnection;

use super::answer::Answer;
use crate::{
    app::App,
    convert,
    db::queries::{self, search::Lookup},
    domain::{
        listing::parse_limit,
        search::{
            SearchText, Term,
            lookup::{Demand, KnownTerm, Plan},
            report_words,
        },
        text::{Location, check_report_text},
    },
    error::AppError,
    extract::{Anyone, Body, Params},
    rate_limit::WithinLimits,
};

/// With fewer results than these, those that have only the more telling words are added.
const FEW: usize = 5;

/// Find tickets and articles by words, best first.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", params(SearchQuery),
    responses((status = 200, body = SearchResult)))]
pub(crate) async fn search(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    Params(query): Params<SearchQuery>,
) -> Answer {
    if query.status == Some(Status::Closed) && caller.role == Role::User {
        return Err(AppError::forbidden("Closed tickets are for staff."));
    }
    let limit = parse_limit(query.limit, limits::RESULTS_DEFAULT, limits::RESULTS_MAX);
    let limit = limit.map_err(AppError::invalid_request)?;
    let text = SearchText::parse(&query.q).map_err(AppError::invalid_request)?;
    let mut conn = app.db().await?;
    let found = find(&mut conn, caller.role, &text, &query, limit).await?;
    let mut result = found.into_result(limit as usize);
    if let Some(id) = text.ticket
        && let Some(row) = queries::search::find_number(&mut conn, id).await?
        && row.status.is_some_and(|status| caller.may_see(status))
        && query.status.is_none_or(|status| row.status == Some(status))
        && query.category.is_none_or(|category| row.category == category)
    {
        let named = convert::ticket_hit(row);
        result.items.retain(|hit| (hit.kind, hit.id) != (named.kind, named.id));
        result.items.insert(0, named);
        result.items.truncate(limit as usize);
    }
    Ok(HttpResponse::Ok().json(result))
}

async fn find(
    conn: &mut AsyncPgConnection,
    role: Role,
    text: &SearchText,
    query: &SearchQuery,
    limit: u32,
) -> Result<Findings, AppError> {
    let slips = texts(&text.terms, Term::may_be_mistyped);
    let known = know_terms(conn, role, &text.terms, slips).await?;
    let plan = Plan::new(&text.terms, &known);
    let lookup = |demand| Lookup {
        status: query.status,
        category: query.category,
        ..lookup(role, &plan, demand, i64::from(limit))
    };
    let mut found = Findings::default();
    if let Some(demand) = plan.every_term() {
        found.add(conn, &lookup(demand)).await?;
    }
    if found.hits.len() < FEW
        && let Some(demand) = plan.telling_terms()
    {
        found.partial = !found.is_any();
        found.add(conn, &lookup(demand)).await?;
    }
    Ok(found)
}

/// Find reports and answers like the one being written. Nothing is stored.
#[utoipa::path(post, path = "/api/v1/similar", tag = "search", request_body = SimilarRequest,
    responses((status = 200, body = Page<SimilarHit>)))]
pub(crate) async fn find_similar(
    app: web::Data<App>,
    _limits: WithinLimits,
    Anyone(_): Anyone,
    Body(request): Body<SimilarRequest>,
) -> Answer {
    check_report_text(&request.text)?;
    let location = Location::parse_optional(request.location.as_deref())?;
    let words = report_words(&request.text, location.as_ref().map(Location::as_str));
    let word = |text| Term { text, excluded: false, quoted: false, unfinished: false };
    let terms: Vec<Term> = words.into_iter().map(word).collect();
    let mut conn = app.db().await?;
    let mut items = Vec::new();
    // A slip in a long text costs little; looking for what each word may be would cost a lot.
    let known = know_terms(&mut conn, Role::User, &terms, Vec::new()).await?;
    if let Some((plan, demand)) = Plan::similar(&terms, &known) {
        // Staff write reports too, for others; what is shown is for whoever reads over their shoulder.
        let lookup = Lookup {
            by_title: true,
            ..lookup(Role::User, &plan, demand, limits::SIMILAR_MAX as i64)
        };
        let mut found = Findings::default();
        found.add(&mut conn, &lookup).await?;
        items = found.into_suggestions();
    }
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

fn texts(terms: &[Term], wanted: fn(&Term) -> bool) -> Vec<String> {
    terms.iter().filter(|term| wanted(term)).map(|term| term.text.clone()).collect()
}

/// What the database knows of each term; of those in `slips` also which words look like them.
async fn know_terms(
    conn: &mut AsyncPgConnection,
    role: Role,
    terms: &[Term],
    slips: Vec<String>,
) -> Result<Vec<KnownTerm>, AppError> {
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let (all, completed) = (texts(terms, |_| true), texts(terms, Term::may_be_completed));
    Ok(queries::search::know_terms(conn, role, all, completed, slips).await?)
}

fn lookup(role: Role, plan: &Plan, demand: Demand, limit: i64) -> Lookup {
    Lookup {
        role,
        matching: demand.matching,
        excluded: plan.unwanted(),
        least: demand.least,
        terms: plan.wanted.iter().map(|term| term.query.clone()).collect(),
        weights: plan.wanted.iter().map(|term| term.weight).collect(),
        status: None,
        category: None,
        by_title: false,
        limit,
    }
}

/// What was found so far.
#[derive(Default)]
struct Findings {
    /// Each with the round that it was found in and its score there: what has every word comes before what has some.
    hits: Vec<(u8, f64, SearchHit)>,
    rounds: u8,
    counts: [i64; 6],
    capped: bool,
    partial: bool,
}

impl Findings {
    async fn add(&mut self, conn: &mut AsyncPgConnection, lookup: &Lookup) -> Result<(), AppError> {
        let tickets = queries::search::find_tickets(conn, lookup).await?;
        let mut articles = queries::search::find_articles(conn, lookup).await?;
        self.counts = [0; 6];
        for counts in [tickets.counts, articles.counts] {
            self.counts.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        self.capped = tickets.capped;
        if lookup.status.is_some() {
            articles.found.clear();
        }
        let tickets = tickets.found.into_iter().map(|row| (row.score, convert::ticket_hit(row)));
        let articles = articles.found.into_iter().map(|row| (row.score, convert::article_hit(row)));
        for (score, hit) in tickets.chain(articles) {
            if !self.hits.iter().any(|(.., known)| (known.kind, known.id) == (hit.kind, hit.id)) {
                self.hits.push((self.rounds, score, hit));
            }
        }
        self.rounds += 1;
        Ok(())
    }

    /// Whether anything was found, also where it is narrowed to something else.
    fn is_any(&self) -> bool {
        // The last three count tickets and articles alike, by category.
        self.counts[3..].iter().any(|count| *count > 0)
    }

    /// What was found, best first.
    fn into_sorted(self) -> impl Iterator<Item = SearchHit> {
        let mut hits = self.hits;
        hits.sort_by(|(round, score, _), (other_round, other, _)| {
            round.cmp(other_round).then(other.total_cmp(score))
        });
        hits.into_iter().map(|(.., hit)| hit)
    }

    /// The best, with one article among them at most: a report may be the same as several, but has one answer.
    fn into_suggestions(self) -> Vec<SimilarHit> {
        let mut articles = 0;
        let few = self.into_sorted().filter(|hit| {
            articles += u8::from(hit.kind == HitKind::Article);
            hit.kind == HitKind::Ticket || articles == 1
        });
        few.take(limits::SIMILAR_MAX).map(convert::similar_hit).collect()
    }

    fn into_result(self, limit: usize) -> SearchResult {
        let (facets, capped, partial) = (convert::facets(self.counts), self.capped, self.partial);
        let items = self.into_sorted().take(limit).collect();
        SearchResult { items, facets, capped, partial }
    }
}
