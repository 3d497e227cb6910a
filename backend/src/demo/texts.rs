//! The sentences of the demonstration desk, written for it (data/demo).

use api_types::Category;

macro_rules! demo_file {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/demo/", $name, ".txt"))
    };
}

pub(super) const STAFF: &str = demo_file!("staff");

/// Lines by purpose, split once.
pub(super) struct Texts {
    pub(super) places: Vec<&'static str>,
    pub(super) details: Vec<&'static str>,
    pub(super) staff_replies: Vec<&'static str>,
    pub(super) user_replies: Vec<&'static str>,
    pub(super) notes: Vec<&'static str>,
    problems: [Vec<&'static str>; 3],
    resolutions: [Vec<&'static str>; 3],
}

fn lines(text: &'static str) -> Vec<&'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

impl Texts {
    pub(super) fn new() -> Self {
        Self {
            places: lines(demo_file!("places")),
            details: lines(demo_file!("details")),
            staff_replies: lines(demo_file!("replies_staff")),
            user_replies: lines(demo_file!("replies_user")),
            notes: lines(demo_file!("notes")),
            problems: [
                lines(demo_file!("facility")),
                lines(demo_file!("it")),
                lines(demo_file!("services")),
            ],
            resolutions: [
                lines(demo_file!("resolutions_facility")),
                lines(demo_file!("resolutions_it")),
                lines(demo_file!("resolutions_services")),
            ],
        }
    }

    pub(super) fn problems(&self, category: Category) -> &[&'static str] {
        &self.problems[category as usize]
    }

    pub(super) fn resolutions(&self, category: Category) -> &[&'static str] {
        &self.resolutions[category as usize]
    }
}
