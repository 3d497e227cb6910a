//! The sentences of the demonstration desk, written for it (data/demo).

use api_types::Category;

macro_rules! demo_file {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/demo/", $name, ".txt"))
    };
}

pub(super) const STAFF: &str = demo_file!("staff");

/// What can be wrong, where, and how it ends.
pub(super) struct Problem {
    /// What the reporter says.
    pub(super) text: &'static str,
    /// The places where that can be: indices into [`Texts::places`]; none where it has no place.
    pub(super) places: Vec<usize>,
    /// What staff say when it is done.
    pub(super) resolution: &'static str,
}

/// Lines by purpose, split once.
pub(super) struct Texts {
    pub(super) places: Vec<&'static str>,
    pub(super) details: Vec<&'static str>,
    pub(super) staff_replies: Vec<&'static str>,
    pub(super) user_replies: Vec<&'static str>,
    pub(super) notes: Vec<&'static str>,
    problems: [Vec<Problem>; 3],
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// A line of fields between bars; a field that is missing is empty.
fn fields<const N: usize>(line: &'static str) -> [&'static str; N] {
    let mut fields = line.split('|').map(str::trim);
    std::array::from_fn(|_| fields.next().unwrap_or_default())
}

fn kinds(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split(',').map(str::trim)
}

impl Texts {
    pub(super) fn new() -> Self {
        let places: Vec<[&str; 2]> = lines(demo_file!("places")).map(fields).collect();
        let problems = |file: &'static str| {
            lines(file)
                .map(|line| {
                    let [text, wanted, resolution] = fields(line);
                    let fits = |list| kinds(list).any(|kind| kinds(wanted).any(|one| one == kind));
                    let places = (0..places.len()).filter(|&at| fits(places[at][1])).collect();
                    Problem { text, places, resolution }
                })
                .collect()
        };
        Self {
            problems: [
                problems(demo_file!("facility")),
                problems(demo_file!("it")),
                problems(demo_file!("services")),
            ],
            places: places.iter().map(|[name, _]| *name).collect(),
            details: lines(demo_file!("details")).collect(),
            staff_replies: lines(demo_file!("replies_staff")).collect(),
            user_replies: lines(demo_file!("replies_user")).collect(),
            notes: lines(demo_file!("notes")).collect(),
        }
    }

    pub(super) fn problems(&self, category: Category) -> &[Problem] {
        &self.problems[category as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_an_end_and_those_that_name_a_place_have_places() {
        for problem in Texts::new().problems.iter().flatten() {
            assert!(!problem.text.is_empty() && !problem.resolution.is_empty(), "{}", problem.text);
            let named = problem.text.contains("{place}") || problem.resolution.contains("{place}");
            assert!(!named || !problem.places.is_empty(), "{}", problem.text);
        }
    }
}
