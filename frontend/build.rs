//! Makes `src/i18n.rs` of the texts in `locales/LANGUAGE/PART.json`, so that a key that is missing does not compile.

use std::{env, error::Error, fs, path::Path};

use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let mut parts = Vec::new();
    for file in fs::read_dir("locales/en")? {
        parts.extend(file?.path().file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    parts.sort();
    let mut config = Config::new("en")?.add_locales(["en", "de", "ar"])?.add_namespaces(&parts)?;
    config.options = ParseOptions::new().interpolate_display(true);
    let texts = parse_locales(None, config)?;
    let code = leptos_i18n_codegen::gen_code(&texts, None, true, None, false)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("i18n.rs"), code.to_string())?;
    Ok(())
}
