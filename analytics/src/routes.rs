//! Which handler answers which path.

use actix_web::{
    Resource, Route,
    web::{ServiceConfig, get, resource, route},
};
use api_types::paths;

use crate::handlers::{analyses, health, unknown_method, unknown_path};

/// The table of routes. Every path knows GET alone.
pub(crate) fn configure(routes: &mut ServiceConfig) {
    routes
        .service(read_only(paths::ANALYSES, get().to(analyses::list_analyses)))
        .service(read_only(&paths::analysis("{name}"), get().to(analyses::find_answer)))
        .service(read_only(paths::HEALTH_LIVE, get().to(health::report_live)))
        .service(read_only(paths::HEALTH_READY, get().to(health::report_ready)))
        .service(read_only(paths::METRICS, get().to(health::show_metrics)))
        .default_service(route().to(unknown_path));
}

fn read_only(path: &str, get: Route) -> Resource {
    resource(path).route(get).default_service(route().to(unknown_method))
}
