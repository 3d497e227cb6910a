//! The smallest actix handlers that run the desk's own statements on the same pool: what `cargo xtask bench` measures
//! the desk against. No roles, no checks, no classifier, no problem documents, no middleware.

use actix_web::{
    App, HttpResponse, HttpServer,
    error::ErrorInternalServerError,
    web::{self, Data, Json, Path, Query},
};
use api_types::{
    Category, CategoryBy, NewTicket, Page, Role, StaffRef, Status, Ticket, TicketId, TicketQuery,
};
use backend::{
    db::{Pool, queries, rows},
    domain::listing::{After, Key, Listing},
};
use clap::Parser;
use uuid::Uuid;

#[derive(Parser)]
struct Args {
    #[arg(long)]
    bind: String,
    #[arg(long, env = "DATABASE_URL")]
    database_url: String,
    #[arg(long, default_value_t = 16)]
    connections_per_thread: usize,
}

/// The same bytes on the wire as the desk sends.
fn wire(row: rows::Ticket) -> Ticket {
    let assignee = row.assignee_id.zip(row.assignee_name);
    Ticket {
        id: row.id,
        title: row.title,
        description: row.description,
        location: row.location,
        status: row.status,
        category: row.category,
        category_by: row.category_by,
        confidence: row.confidence,
        unsure: row.unsure,
        resolution: row.resolution,
        opened_at: row.opened_at,
        modified_at: row.modified_at,
        activated_at: row.activated_at,
        closed_at: row.closed_at,
        assignee: assignee.map(|(id, name)| StaffRef { id, name }),
        affected: row.affected,
        messages: row.messages + row.notes,
        merged_into: row.merged_into,
        version: row.version,
        guess: None,
    }
}

async fn list_tickets(
    pool: Data<Pool>,
    query: Query<TicketQuery>,
) -> actix_web::Result<HttpResponse> {
    let listing = Listing::parse(&query, Role::Staff)
        .map_err(|error| ErrorInternalServerError(format!("{error:?}")))?;
    let mut conn = pool.get().await.map_err(ErrorInternalServerError)?;
    let rows = queries::listing::list_tickets(&mut conn, &listing)
        .await
        .map_err(ErrorInternalServerError)?;
    let mut items: Vec<Ticket> = rows.into_iter().map(wire).collect();
    items.truncate(listing.limit as usize);
    let next = items
        .last()
        .map(|last| listing.cursor(After { key: Key::At(last.opened_at), id: last.id.0 }));
    Ok(HttpResponse::Ok().json(Page { items, next }))
}

async fn find_ticket(pool: Data<Pool>, id: Path<TicketId>) -> actix_web::Result<HttpResponse> {
    let mut conn = pool.get().await.map_err(ErrorInternalServerError)?;
    let row =
        queries::ticket::find_ticket(&mut conn, *id).await.map_err(ErrorInternalServerError)?;
    Ok(row.map_or_else(
        || HttpResponse::NotFound().finish(),
        |row| HttpResponse::Ok().json(wire(row)),
    ))
}

async fn create_ticket(pool: Data<Pool>, new: Json<NewTicket>) -> actix_web::Result<HttpResponse> {
    let Json(new) = new;
    let new = queries::ticket::NewTicket {
        title: new.title.unwrap_or_else(|| new.description.clone()),
        description: new.description,
        location: new.location,
        category: Category::Facility,
        category_by: CategoryBy::Automatic,
        confidence: Some(0.5),
        unsure: false,
        guess: Category::Facility,
        guess_model: "reference".to_owned(),
        summary: None,
        client: Some(Uuid::from_u128(1)),
        idempotency: Some((Uuid::new_v4(), vec![0; 32])),
        role: Role::User,
        name: None,
    };
    let mut conn = pool.get().await.map_err(ErrorInternalServerError)?;
    let row =
        queries::ticket::create_ticket(&mut conn, new).await.map_err(ErrorInternalServerError)?;
    let ticket = row.map(wire).filter(|ticket| ticket.status == Status::Open);
    Ok(HttpResponse::Created().json(ticket))
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let pool = Data::new(Pool::new(args.database_url, args.connections_per_thread));
    let factory = move || {
        App::new()
            .app_data(pool.clone())
            .route("/api/v1/tickets", web::get().to(list_tickets))
            .route("/api/v1/tickets", web::post().to(create_ticket))
            .route("/api/v1/tickets/{id}", web::get().to(find_ticket))
            .route("/health/ready", web::get().to(HttpResponse::Ok))
    };
    HttpServer::new(factory).bind(&args.bind)?.run().await?;
    Ok(())
}
