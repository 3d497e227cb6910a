//! Migrations and the built app are embedded: what is new in their folders must be noticed.

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
    println!("cargo:rerun-if-changed=../target/dist");
}
