//! The app without the staff's side, which is what a first visit loads.

fn main() {
    frontend::start_for_users();
}
