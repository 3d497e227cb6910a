//! The whole app, as staff have it.

fn main() {
    frontend::start();
}
