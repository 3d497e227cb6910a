//! SQL text with bound values and a known row type, prepared once per connection.
//!
//! [`diesel::sql_query`] and [`diesel::dsl::sql`] are never cached as prepared statements, so each call would be parsed
//! and planned anew. The hot paths (create, read, list, feed) use this instead; everything else uses the query builder.

use std::marker::PhantomData;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    result::QueryResult,
    sql_types::{
        Array, BigInt, Bool, Bytea, Date, Double, Float, Integer, Nullable, Text, Timestamptz,
        Uuid as SqlUuid,
    },
};
use uuid::Uuid;

/// A value bound to a [`TypedSql`].
#[derive(Debug, Clone)]
pub enum Bind {
    /// `bigint`
    BigInt(i64),
    /// `integer`
    Integer(i32),
    /// `boolean`
    Bool(bool),
    /// `text`
    Text(String),
    /// `text`, nullable
    OptionalText(Option<String>),
    /// `double precision`, nullable
    OptionalDouble(Option<f64>),
    /// `bigint[]`
    BigIntArray(Vec<i64>),
    /// `integer[]`
    IntegerArray(Vec<i32>),
    /// `text[]`
    TextArray(Vec<String>),
    /// `real[]`
    FloatArray(Vec<f32>),
    /// `date`
    Date(NaiveDate),
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
    /// A value, whose place is named here.
    Bind(Bind),
    /// A value, whose place the text names.
    Value(Bind),
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

    /// Gives the next value of a text that names the places of its values itself (`$1`, `$2`, …).
    #[must_use]
    pub fn value(mut self, value: Bind) -> Self {
        self.parts.push(Part::Value(value));
        self
    }

    /// How PostgreSQL would go about it, line by line.
    #[must_use]
    pub fn explain(mut self) -> TypedSql<(Text,)> {
        self.parts.insert(0, Part::Sql("EXPLAIN "));
        TypedSql { parts: self.parts, row: PhantomData }
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

macro_rules! push_bind {
    ($out:ident.$push:ident, $value:expr) => {
        match $value {
            Bind::BigInt(value) => $out.$push::<BigInt, _>(value)?,
            Bind::Integer(value) => $out.$push::<Integer, _>(value)?,
            Bind::Bool(value) => $out.$push::<Bool, _>(value)?,
            Bind::Text(value) => $out.$push::<Text, _>(value)?,
            Bind::OptionalText(value) => $out.$push::<Nullable<Text>, _>(value)?,
            Bind::OptionalDouble(value) => $out.$push::<Nullable<Double>, _>(value)?,
            Bind::BigIntArray(value) => $out.$push::<Array<BigInt>, _>(value)?,
            Bind::IntegerArray(value) => $out.$push::<Array<Integer>, _>(value)?,
            Bind::TextArray(value) => $out.$push::<Array<Text>, _>(value)?,
            Bind::FloatArray(value) => $out.$push::<Array<Float>, _>(value)?,
            Bind::Date(value) => $out.$push::<Date, _>(value)?,
            Bind::Timestamptz(value) => $out.$push::<Timestamptz, _>(value)?,
            Bind::OptionalUuid(value) => $out.$push::<Nullable<SqlUuid>, _>(value)?,
            Bind::OptionalBytes(value) => $out.$push::<Nullable<Bytea>, _>(value)?,
        }
    };
}

impl<ST> QueryFragment<Pg> for TypedSql<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for part in &self.parts {
            match part {
                Part::Sql(sql) => out.push_sql(sql),
                Part::Bind(value) => push_bind!(out.push_bind_param, value),
                Part::Value(value) => push_bind!(out.push_bind_param_value_only, value),
            }
        }
        Ok(())
    }
}
