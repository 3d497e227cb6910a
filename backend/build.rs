//! Migrations and the built app are embedded: what is new in their folders must be noticed.

fn main() {
    // Cargo would take a folder that is not there for one that changed, at every build.
    if let Err(error) = std::fs::create_dir_all("../target/dist") {
        println!("cargo:warning=the folder of the built app cannot be made: {error}");
    }
    println!("cargo:rerun-if-changed=../migrations");
    println!("cargo:rerun-if-changed=../target/dist");
}
