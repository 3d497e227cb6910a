//! Whether every package we use may be used in a program under MIT OR Apache-2.0.

use anyhow::Result;
use spdx::{Expression, ParseMode};

use crate::check::metadata::{self, Package};

/// Licences that ask for no more than attribution, or (MPL-2.0) bind only their own files.
const ALLOWED: [&str; 15] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Packages whose own words are not an SPDX expression that we could judge: name, and why it is fine.
const EXCEPTIONS: [(&str, &str); 0] = [];

/// What may not be used, a sentence each.
///
/// # Errors  When cargo cannot tell.
pub(super) fn check() -> Result<Vec<String>> {
    let packages = metadata::read()?.packages;
    let foreign = packages.iter().filter(|package| !package.is_ours());
    Ok(foreign.filter(|package| !is_excepted(package)).filter_map(judge).collect())
}

fn is_excepted(package: &Package) -> bool {
    EXCEPTIONS.iter().any(|(name, _reason)| *name == package.name)
}

fn judge(package: &Package) -> Option<String> {
    let Package { name, version, .. } = package;
    let Some(licence) = package.license.as_deref() else {
        return Some(format!("{name} {version} names no licence"));
    };
    match is_allowed(licence) {
        Ok(true) => None,
        Ok(false) => Some(format!("{name} {version} is under {licence}")),
        Err(error) => {
            Some(format!("{name} {version} has an unreadable licence {licence:?}: {error}"))
        }
    }
}

fn is_allowed(licence: &str) -> Result<bool, spdx::ParseError> {
    // Lax: older packages write `MIT/Apache-2.0`.
    let expression = Expression::parse_mode(licence, ParseMode::LAX)?;
    Ok(expression.evaluate(|asked| asked.license.id().is_some_and(|id| ALLOWED.contains(&id.name))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_allowed_side_of_an_or_is_enough_and_both_of_an_and_are_needed() -> Result<()> {
        assert!(is_allowed("MIT/Apache-2.0")?);
        assert!(is_allowed("GPL-3.0-only OR MIT")?);
        assert!(!is_allowed("GPL-3.0-only AND MIT")?);
        assert!(!is_allowed("AGPL-3.0-only")?);
        assert!(is_allowed("(MIT OR Apache-2.0) AND Unicode-3.0")?);
        Ok(())
    }

    #[test]
    fn every_package_we_use_has_an_allowed_licence() -> Result<()> {
        assert_eq!(check()?, Vec::<String>::new());
        Ok(())
    }
}
