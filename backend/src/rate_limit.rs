//! Token buckets per browser and per address, on requests that create something and on `/classify`.

use std::{net::IpAddr, time::Duration};

use actix_web::{HttpRequest, dev::Payload};
use api_types::{FieldCode, FieldProblem, Problem, ProblemKind};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};
use uuid::Uuid;

use crate::{
    app::App,
    config::{RateLimitArgs, Switch},
    error::AppError,
    extract::parse_caller,
};

/// Buckets that were last used longer ago than they take to fill are forgotten when there are more than this many.
const BUCKETS_KEPT: usize = 100_000;

/// Who made how many requests lately.
#[derive(Debug)]
pub(crate) struct RateLimits {
    per_client: DefaultKeyedRateLimiter<Uuid>,
    per_ip: DefaultKeyedRateLimiter<IpAddr>,
}

impl RateLimits {
    /// `None` where limits are switched off.
    pub(crate) fn new(args: &RateLimitArgs) -> Option<Self> {
        (args.rate_limits == Switch::On).then(|| Self {
            per_client: RateLimiter::keyed(Quota::per_minute(args.rate_per_client)),
            per_ip: RateLimiter::keyed(Quota::per_minute(args.rate_per_ip)),
        })
    }

    fn check(
        &self,
        client: Option<Uuid>,
        ip: Option<IpAddr>,
    ) -> Result<(), (&'static str, Duration)> {
        let wait = |whose| {
            move |not_until: governor::NotUntil<_>| {
                (whose, not_until.wait_time_from(DefaultClock::default().now()))
            }
        };
        if let Some(client) = client {
            self.per_client.check_key(&client).map_err(wait("Desk-Client"))?;
        }
        if let Some(ip) = ip {
            self.per_ip.check_key(&ip).map_err(wait("address"))?;
        }
        // A made-up browser id for every request must not fill the memory.
        if self.per_client.len() > BUCKETS_KEPT {
            self.per_client.retain_recent();
        }
        if self.per_ip.len() > BUCKETS_KEPT {
            self.per_ip.retain_recent();
        }
        Ok(())
    }
}

/// Proof that this request is within the limits. Handlers of creating requests take it.
pub(crate) struct WithinLimits;

impl actix_web::FromRequest for WithinLimits {
    type Error = AppError;
    type Future = std::future::Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let check = || {
            let Some(limits) = App::of(request)?.rate_limits() else { return Ok(Self) };
            let client = parse_caller(request.headers()).ok().and_then(|caller| caller.client);
            let ip = request.peer_addr().map(|address| address.ip());
            limits.check(client, ip).map(|()| Self).map_err(|(whose, wait)| {
                let seconds = wait.as_secs() + 1;
                let field = FieldProblem::new(whose, FieldCode::OutOfRange, "asks too often")
                    .with_param("retry_after", seconds as i64);
                Problem::new(
                    ProblemKind::RateLimited,
                    format!("Too many requests. Try again in {seconds} s; nothing is lost."),
                )
                .with_field(field)
                .into()
            })
        };
        std::future::ready(check())
    }
}
