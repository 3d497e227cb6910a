//! The model in use, and what it says of a ticket's texts.

use std::sync::{Arc, PoisonError, RwLock};

use api_types::Category;
use triage::Model;

/// The model that this process classifies with. It begins with the program's own; [`crate::live`] brings the one that was
/// published last.
#[derive(Debug)]
pub(crate) struct Classifier {
    model: RwLock<Arc<Model>>,
}

impl Classifier {
    pub(crate) fn new() -> Self {
        Self { model: RwLock::new(Arc::new(Model::shipped().clone())) }
    }

    /// The model in use. Whoever holds it goes on with it, also when another is taken meanwhile.
    pub(crate) fn model(&self) -> Arc<Model> {
        Arc::clone(&self.model.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes another model from now on.
    pub(crate) fn switch(&self, model: Model) {
        tracing::info!(model.version = model.version(), "another model classifies from now on");
        *self.model.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(model);
    }
}

/// What a model says of a ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Which desk it belongs to.
    pub category: Category,
    /// How probable that is, with four digits after the point.
    pub confidence: f64,
    /// Whether that is below the model's threshold.
    pub unsure: bool,
    /// The model's version.
    pub model: String,
}

impl Verdict {
    /// Asks a model, with what is on a ticket's photos where the texts alone leave it unsure.
    #[must_use]
    pub fn with_labels(
        model: &Model,
        title: &str,
        description: &str,
        labels: Option<&str>,
    ) -> Self {
        let by_text = Self::of(model, title, description);
        match labels {
            Some(labels) if by_text.unsure => {
                let with_labels = Self::of(model, title, &format!("{description}\n{labels}"));
                if with_labels.unsure { by_text } else { with_labels }
            }
            _ => by_text,
        }
    }

    /// Asks a model.
    #[must_use]
    pub fn of(model: &Model, title: &str, description: &str) -> Self {
        let guess = model.categorize(&triage::text_of_ticket(title, description));
        let probability = guess.probabilities.of(guess.category);
        Self {
            category: guess.category,
            confidence: (probability * 1e4).round() / 1e4,
            unsure: guess.unsure,
            model: model.version().to_owned(),
        }
    }
}
