//! SQL text with bound values and a known row type, prepared once per connection.
//!
//! [`diesel::sql_query`] and [`diesel::dsl::sql`] are never cached as prepared statements, so each call would be parsed
//! and planned anew. The hot paths (create, read, list, feed) use this instead; everything else uses the query builder.

use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use diesel::{
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    result::QueryResult,
    sql_types::{BigInt, Bool, Bytea, Double, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use uuid::Uuid;

/// A value bound to a [`TypedSql`].
#[derive(Debug, Clone)]
pub enum Bind {
    /// `bigint`
    BigInt(i64),
    /// `boolean`
    Bool(bool),
    /// `text`
    Text(String),
    /// `text`, nullable
    OptionalText(Option<String>),
    /// `double precision`, nullable
    OptionalDouble(Option<f64>),
    /// `timestamptz`
    Timestamptz(DateTime<Utc>),
    /// `uuid`, nullable
    OptionalUuid(Option<Uuid>),
    /// `bytea`, nullable
    OptionalBytes(Option<Vec<u8>>),
}

#[derive(Debug, Clone)]
enum Part {
    Sql(&'static str),
    Bind(Bind),
}

/// SQL that answers rows of type `ST`. Only constant text can be part of it; values are bound.
#[derive(Debug, Clone)]
pub struct TypedSql<ST> {
    parts: Vec<Part>,
    row: PhantomData<ST>,
}

impl<ST> TypedSql<ST> {
    /// Starts with this text.
    #[must_use]
    pub fn new(sql: &'static str) -> Self {
        Self { parts: vec![Part::Sql(sql)], row: PhantomData }
    }

    /// Goes on with this text.
    #[must_use]
    pub fn sql(mut self, sql: &'static str) -> Self {
        self.parts.push(Part::Sql(sql));
        self
    }

    /// Goes on with this value.
    #[must_use]
    pub fn bind(mut self, value: Bind) -> Self {
        self.parts.push(Part::Bind(value));
        self
    }
}

impl<ST> QueryId for TypedSql<ST> {
    type QueryId = ();
    // The text varies at run time: the statement cache goes by the text itself.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> Query for TypedSql<ST> {
    type SqlType = ST;
}

impl<ST> QueryFragment<Pg> for TypedSql<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for part in &self.parts {
            match part {
                Part::Sql(sql) => out.push_sql(sql),
                Part::Bind(Bind::BigInt(value)) => out.push_bind_param::<BigInt, _>(value)?,
                Part::Bind(Bind::Bool(value)) => out.push_bind_param::<Bool, _>(value)?,
                Part::Bind(Bind::Text(value)) => out.push_bind_param::<Text, _>(value)?,
                Part::Bind(Bind::OptionalText(value)) => {
                    out.push_bind_param::<Nullable<Text>, _>(value)?;
                }
                Part::Bind(Bind::OptionalDouble(value)) => {
                    out.push_bind_param::<Nullable<Double>, _>(value)?;
                }
                Part::Bind(Bind::Timestamptz(value)) => {
                    out.push_bind_param::<Timestamptz, _>(value)?;
                }
                Part::Bind(Bind::OptionalUuid(value)) => {
                    out.push_bind_param::<Nullable<SqlUuid>, _>(value)?;
                }
                Part::Bind(Bind::OptionalBytes(value)) => {
                    out.push_bind_param::<Nullable<Bytea>, _>(value)?;
                }
            }
        }
        Ok(())
    }
}
