//! What may happen to a ticket, and what history says of it.

use api_types::{
    Category, CategoryBy, Event, EventKind, FieldCode, FieldProblem, ImageId, ProblemKind,
    StaffRef, Status, StatusChange, TicketEdit, limits,
};

use super::text::{Description, Location, Resolution, Title};

/// A ticket as far as changes depend on it.
#[derive(Debug, Clone)]
pub struct State {
    /// In a few words.
    pub title: String,
    /// What is wrong.
    pub description: String,
    /// Where.
    pub location: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Which desk it belongs to.
    pub category: Category,
    /// Who decided that.
    pub category_by: CategoryBy,
    /// Who works on it.
    pub assignee: Option<StaffRef>,
}

/// A change that somebody asks for, parsed.
#[derive(Debug, Clone)]
pub enum Change {
    /// New texts; what is `None` stays.
    Edit {
        /// The title.
        title: Option<Title>,
        /// The description.
        description: Option<Description>,
        /// The location; `Some(None)` clears it.
        location: Option<Option<Location>>,
        /// What the classifier says of the texts that come of it, where they change.
        guess: Option<NewGuess>,
    },
    /// A step to a status.
    Step {
        /// The status to move to.
        to: Status,
        /// What was done, when closing.
        resolution: Option<Resolution>,
    },
    /// A person's word on the category.
    Categorize {
        /// The right one.
        category: Category,
        /// Who says so.
        by: CategoryBy,
    },
    /// A new assignee, or none.
    Assign(Option<StaffRef>),
}

/// What the classifier says of a ticket's new texts.
#[derive(Debug, Clone)]
pub struct NewGuess {
    /// Which desk it belongs to.
    pub category: Category,
    /// How probable that is.
    pub confidence: f64,
    /// Whether that is below the model's threshold.
    pub unsure: bool,
    /// The model's version.
    pub model: String,
    /// Whether the ticket gets that category: nobody decided it.
    pub decides: bool,
}

/// One line that history gains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// What changed.
    pub what: EventKind,
    /// Before.
    pub from: Option<String>,
    /// After.
    pub to: Option<String>,
}

/// Why a change is not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// `illegal_step` or `closed`.
    pub kind: ProblemKind,
    /// In English.
    pub detail: String,
}

impl Change {
    /// Reads an edit.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse_edit(edit: &TicketEdit) -> Result<Self, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let mut keep = |problem| problems.push(problem);
        let title = edit.title.as_deref().map(Title::parse).transpose();
        let description = edit.description.as_deref().map(Description::parse).transpose();
        let location =
            edit.location.as_ref().map(|raw| Location::parse_optional(raw.as_deref())).transpose();
        let title = title.map_err(&mut keep).ok().flatten();
        let description = description.map_err(&mut keep).ok().flatten();
        let location = location.map_err(&mut keep).ok().flatten();
        if problems.is_empty() {
            Ok(Self::Edit { title, description, location, guess: None })
        } else {
            Err(problems)
        }
    }

    /// An edit with what the classifier says of the texts that the ticket will have.
    #[must_use]
    pub fn classified(mut self, state: &State, judge: impl FnOnce(&str, &str) -> NewGuess) -> Self {
        let Self::Edit { title, description, guess, .. } = &mut self else { return self };
        let new_title = title.as_ref().map_or(state.title.as_str(), Title::as_str);
        let new_description =
            description.as_ref().map_or(state.description.as_str(), Description::as_str);
        if (new_title, new_description) != (state.title.as_str(), state.description.as_str()) {
            let decides = state.category_by == CategoryBy::Automatic;
            *guess = Some(NewGuess { decides, ..judge(new_title, new_description) });
        }
        self
    }

    /// Reads a step.
    ///
    /// # Errors
    /// If there is a resolution though the ticket is not being closed, or it is no text.
    pub fn parse_step(change: &StatusChange) -> Result<Self, FieldProblem> {
        let resolution = change.resolution.as_deref().map(Resolution::parse).transpose()?;
        if resolution.is_some() && change.to != Status::Closed {
            let message = "can only be given when closing";
            return Err(FieldProblem::new("resolution", FieldCode::NotAllowed, message));
        }
        Ok(Self::Step { to: change.to, resolution })
    }

    /// Whether a ticket in this state may change so.
    ///
    /// # Errors
    /// `illegal_step` for any step but the next, `closed` for any other change of a closed ticket.
    pub fn check(&self, state: &State) -> Result<(), Refusal> {
        match self {
            Self::Step { to, .. } if state.status.next() != Some(*to) => Err(Refusal {
                kind: ProblemKind::IllegalStep,
                detail: format!("The ticket is {}; it cannot become {to}.", state.status),
            }),
            Self::Step { .. } => Ok(()),
            _ if state.status == Status::Closed => Err(Refusal {
                kind: ProblemKind::Closed,
                detail: "The ticket is closed and can only be read.".to_owned(),
            }),
            _ => Ok(()),
        }
    }

    /// What history will say; empty where the ticket is as asked for already.
    #[must_use]
    pub fn history(&self, state: &State) -> Vec<HistoryLine> {
        let mut lines = Vec::new();
        let mut line = |what, from: Option<&str>, to: Option<&str>| {
            let (from, to) = (from.map(str::to_owned), to.map(str::to_owned));
            lines.push(HistoryLine { what, from, to });
        };
        match self {
            Self::Edit { title, description, location, guess } => {
                if let Some(to) = title.as_ref().filter(|to| to.as_str() != state.title) {
                    line(EventKind::Title, Some(&state.title), Some(to.as_str()));
                }
                if let Some(to) = description.as_ref().filter(|to| to.as_str() != state.description)
                {
                    line(EventKind::Description, Some(&state.description), Some(to.as_str()));
                }
                if let Some(to) = location {
                    let (from, to) = (state.location.as_deref(), to.as_ref().map(Location::as_str));
                    if from != to {
                        line(EventKind::Location, from, to);
                    }
                }
                let other =
                    guess.as_ref().filter(|new| new.decides && new.category != state.category);
                if let Some(new) = other {
                    let (from, to) = (state.category.as_str(), new.category.as_str());
                    line(EventKind::Reclassified, Some(from), Some(to));
                }
            }
            Self::Step { to, .. } => {
                line(EventKind::Status, Some(state.status.as_str()), Some(to.as_str()));
            }
            Self::Categorize { category, by } => {
                // A person confirming the classifier's word is history too: from here on it stays.
                if (*category, *by) != (state.category, state.category_by) {
                    let (from, to) = (state.category.as_str(), category.as_str());
                    line(EventKind::Category, Some(from), Some(to));
                }
            }
            Self::Assign(assignee) => {
                if *assignee != state.assignee {
                    let name = |of: &Option<StaffRef>| of.as_ref().map(|staff| staff.name.clone());
                    let (from, to) = (name(&state.assignee), name(assignee));
                    line(EventKind::Assignee, from.as_deref(), to.as_deref());
                }
            }
        }
        lines
    }
}

/// Reads which photos a report brings along.
///
/// # Errors
/// If there are more than eight, or one twice.
pub fn parse_images(raw: &[ImageId]) -> Result<Vec<ImageId>, FieldProblem> {
    let bad = |code, message| FieldProblem::new("images", code, message);
    if raw.len() > limits::IMAGES_MAX {
        let problem = bad(FieldCode::TooLong, "are eight at most");
        return Err(problem.with_param("max", limits::IMAGES_MAX as i64));
    }
    let mut images = raw.to_vec();
    images.sort_unstable();
    images.dedup();
    if images.len() < raw.len() {
        return Err(bad(FieldCode::NotAllowed, "name one photo twice"));
    }
    Ok(images)
}

/// The texts a ticket had when it was reported, unwound from its history: what its first answer said.
#[must_use]
pub fn original_texts(mut state: State, history: &[Event]) -> State {
    for event in history.iter().rev() {
        match (event.what, &event.from) {
            (EventKind::Title, Some(from)) => state.title.clone_from(from),
            (EventKind::Description, Some(from)) => state.description.clone_from(from),
            (EventKind::Location, from) => state.location.clone_from(from),
            (EventKind::Category | EventKind::Reclassified, Some(from)) => {
                if let Ok(category) = from.parse() {
                    state.category = category;
                }
            }
            _ => {}
        }
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(status: Status) -> State {
        State {
            title: "Tap".into(),
            description: "It drips".into(),
            location: None,
            status,
            category: Category::Facility,
            category_by: CategoryBy::Automatic,
            assignee: None,
        }
    }

    #[test]
    fn only_the_next_step_is_taken() {
        for from in Status::ALL {
            for to in Status::ALL {
                let step = Change::Step { to: *to, resolution: None };
                let legal = matches!(
                    (from, to),
                    (Status::Open, Status::Active) | (Status::Active, Status::Closed)
                );
                assert_eq!(step.check(&state(*from)).is_ok(), legal, "{from} → {to}");
            }
        }
    }

    #[test]
    fn a_closed_ticket_is_read_only() {
        let refusal = Change::Assign(None).check(&state(Status::Closed)).unwrap_err();
        assert_eq!(refusal.kind, ProblemKind::Closed);
    }

    #[test]
    fn an_edit_that_changes_nothing_leaves_no_trace() {
        let same = TicketEdit { title: Some(" Tap ".into()), ..TicketEdit::default() };
        let change = Change::parse_edit(&same).unwrap();
        assert!(change.history(&state(Status::Open)).is_empty());
    }

    #[test]
    fn a_confirmed_category_is_remembered_though_it_is_the_same() {
        let change = Change::Categorize { category: Category::Facility, by: CategoryBy::Staff };
        assert_eq!(change.history(&state(Status::Open)).len(), 1);
    }
}
