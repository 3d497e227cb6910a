//! What a search costs: no statement reads a whole table, however many tickets there are.

use api_types::{Category, Role, Status};
use backend::{
    db::queries::{
        search::{self, Lookup},
        ticket::list_reports,
    },
    domain::search::{
        SearchText, Term,
        lookup::{Demand, Plan},
        report_words,
    },
};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _};

use crate::{support::Desk, tickets::list::explain_prepared};

/// Twenty thousand tickets with nine thousand words, a tenth closed, every fifth with a message and every tenth with a note
/// too. `lamp` is in each, `kitchen` in one of ten, `raresomething` in a few.
const MANY: &str = "
    BEGIN;
    SET LOCAL campusdesk.loading = 'on';
    INSERT INTO tickets (title, description, location, category, category_by, status, opened_at, modified_at,
            activated_at, closed_at, affected, messages, notes)
        SELECT 'Lamp ' || (ARRAY['flickers', 'hums', 'broken', 'dark', 'loose'])[1 + n % 5],
            'The lamp number ' || n || ' word' || n % 700 || ' of thing' || n % 90
                || ' ' || left(translate(md5((n % 9000)::text), '0123456789', 'ghijklmnop'), 9)
                || CASE WHEN n % 4000 = 17 THEN ' raresomething' ELSE '' END,
            (ARRAY['Library', 'Kitchen', 'Aula', 'Staircase', 'Attic', 'Lab', 'Hall', 'Gym', 'Canteen', 'Gate'])[1 + n % 10],
            (ARRAY['facility', 'it', 'services'])[1 + n % 3], 'staff',
            (ARRAY['open', 'active', 'closed'])[CASE WHEN n % 10 = 0 THEN 3 ELSE 1 + n % 2 END],
            at, at, CASE WHEN n % 10 = 0 OR n % 2 = 1 THEN at END, CASE WHEN n % 10 = 0 THEN at END,
            n % 7, (n % 5 = 0)::int, (n % 10 = 0)::int
        FROM generate_series(1, 20000) n, LATERAL (SELECT now() - n * interval '10 minutes') t(at);
    INSERT INTO messages (ticket_id, author_role, body, internal, created_at)
        SELECT id, 'staff', CASE WHEN i THEN 'Secret spare part ' ELSE 'We come on Monday ' END || id % 300, i, opened_at
        FROM tickets, LATERAL (VALUES (false), (true)) v(i) WHERE id % 5 = 0 AND (NOT i OR id % 10 = 0);
    SELECT index_new_tickets();
    INSERT INTO articles (title, body, category, published)
        SELECT 'Lamp of kind ' || n, 'How to change lamp ' || n || ' in the kitchen', 'it', n % 3 > 0
        FROM generate_series(1, 1000) n;
    COMMIT;
    ANALYZE;
";

/// What a search or a report (`similar`) looks up first and, with too few results, after that.
async fn demands(conn: &mut AsyncPgConnection, text: &str, similar: bool) -> Vec<(Plan, Demand)> {
    let words = |text| report_words(text, None).into_iter();
    let word = |text| Term { text, excluded: false, quoted: false, unfinished: false };
    let terms: Vec<Term> = if similar {
        words(text).map(word).collect()
    } else {
        SearchText::parse(text).unwrap().terms
    };
    let texts: Vec<String> = terms.iter().map(|term| term.text.clone()).collect();
    let mut known = Vec::new();
    for role in Role::ALL {
        let (complete, correct) = (texts.clone(), texts.clone());
        known = search::know_terms(conn, *role, texts.clone(), complete, correct).await.unwrap();
    }
    if similar {
        return Plan::similar(&terms, &known).into_iter().collect();
    }
    let plan = Plan::new(&terms, &known);
    let demands = [plan.every_term(), plan.telling_terms()];
    demands.into_iter().flatten().map(|demand| (plan.clone(), demand)).collect()
}

fn lookup(role: Role, plan: &Plan, demand: Demand, by_title: bool) -> Lookup {
    Lookup {
        role,
        matching: demand.matching,
        excluded: plan.unwanted(),
        least: demand.least,
        terms: plan.wanted.iter().map(|term| term.query.clone()).collect(),
        weights: plan.wanted.iter().map(|term| term.weight).collect(),
        status: None,
        category: None,
        by_title,
        limit: 20,
    }
}

async fn lookups(conn: &mut AsyncPgConnection) -> Vec<Lookup> {
    let mut lookups = Vec::new();
    for (text, similar) in [
        ("lamp", false),
        ("raresomething", false),
        ("lamp kitchen word33", false),
        ("lamp -kitchen", false),
        ("\"lamp flickers\" secret", false),
        ("nothing has this", false),
        ("The lamp in the kitchen flickers and hums since Monday, word33 of thing7", true),
    ] {
        for (plan, demand) in demands(conn, text, similar).await {
            for role in Role::ALL {
                let any = lookup(*role, &plan, demand.clone(), similar);
                let (status, category) = (Some(Status::Active), Some(Category::It));
                lookups.push(Lookup { status, ..any.clone() });
                lookups.push(Lookup { category, ..any.clone() });
                lookups.push(any);
            }
        }
    }
    lookups
}

#[tokio::test]
async fn no_search_reads_a_whole_table() {
    let desk = Desk::start().await;
    desk.sql().await.batch_execute(MANY).await.unwrap();
    let mut conn = AsyncPgConnection::establish(desk.database.url()).await.unwrap();
    let lookups = lookups(&mut conn).await;
    assert!(lookups.len() >= 50, "only {} searches", lookups.len());
    for lookup in lookups {
        for statement in [search::tickets_statement(&lookup), search::articles_statement(&lookup)] {
            let lines: Vec<(String,)> = statement.explain().load(&mut conn).await.unwrap();
            let plan: Vec<String> = lines.into_iter().map(|(line,)| line).collect();
            assert_cheap(&format!("{lookup:?}"), &plan.join("\n"));
        }
        search::find_tickets(&mut conn, &lookup).await.unwrap();
        search::find_articles(&mut conn, &lookup).await.unwrap();
    }
    list_reports(&mut conn, uuid::Uuid::new_v4(), None, 25).await.unwrap();
    // As they are planned for any values, which PostgreSQL may decide for after a few times.
    for like in
        ["%term AS MATERIALIZED%", "%common AS MATERIALIZED%", "%FROM affected a JOIN tickets%"]
    {
        let plans = explain_prepared(&mut conn, like).await;
        assert!(!plans.is_empty(), "{like}");
        for (statement, plan) in plans {
            assert_cheap(&statement, &plan);
        }
    }
}

fn assert_cheap(what: &str, plan: &str) {
    for table in ["tickets", "messages", "ticket_words", "known_words"] {
        let scan = format!("Seq Scan on {table}");
        assert!(!plan.contains(&scan), "{what}\n{plan}");
    }
}
