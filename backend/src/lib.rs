//! The ticket API of Campus Desk.
//!
//! A request passes [`routes`] → `handlers` (extract, call, answer) → [`domain`] (rules, no IO) and [`db`] (SQL) →
//! `convert` (rows to wire types). [`app`] holds what handlers share, [`error`] turns every failure into a problem
//! document, [`config`] reads flags and environment.

pub mod app;
pub mod classifier;
pub mod config;
mod convert;
pub mod db;
pub mod demo;
pub mod domain;
pub mod error;
mod extract;
mod handlers;
mod idempotency;
mod live;
pub mod openapi;
pub mod photos;
mod problem_middleware;
mod rate_limit;
pub mod routes;
pub mod serve;
pub mod transfer;
