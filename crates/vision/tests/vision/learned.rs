//! What is learned from made-up descriptors: a heap of points around a centre for each label.

use api_types::LabelSource;
use bytes::Bytes;
use vision::{
    Labeller as _, Learned, Photo,
    learned::{Example, LEAST_ACCURACY, LEAST_PHOTOS, MOST_EXAMPLES, Training, train},
};

const COLUMNS: usize = 24;

/// Numbers that look like chance and are the same on every run.
struct Dice(u64);

impl Dice {
    /// Between −1 and 1.
    fn throw(&mut self) -> f32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1 << 23) as f32 - 1.0
    }

    fn point(&mut self, columns: usize) -> Vec<f32> {
        (0..columns).map(|_| self.throw()).collect()
    }

    /// A point near a centre; the centre of a label is the same in every test.
    fn near(&mut self, label: usize, columns: usize, spread: f32) -> Vec<f32> {
        let centre = Dice(label as u64 * 7_919 + 1).point(columns);
        centre.iter().map(|value| value + spread * self.throw()).collect()
    }

    fn photos(&mut self, labels: usize, each: usize, columns: usize, spread: f32) -> Vec<Example> {
        let photo = |at: usize| Example {
            descriptor: self.near(at % labels, columns, spread),
            labels: vec![format!("thing {}", at % labels)],
        };
        (0..labels * each).map(photo).collect()
    }
}

fn heaps(labels: usize, each: usize) -> Vec<Example> {
    Dice(42).photos(labels, each, COLUMNS, 0.5)
}

/// What is said of a photo, without how sure it is.
fn say(training: &Training, descriptor: &[f32]) -> Vec<String> {
    let model = training.model.as_ref().unwrap();
    model.predict(descriptor).into_iter().map(|one| one.label).collect()
}

#[test]
fn photos_that_look_alike_get_the_same_label() {
    let training = train(&heaps(3, 12));
    assert_eq!((training.measured_on, training.accuracy), (36, Some(1.0)));
    assert_eq!(training.model.as_ref().unwrap().labels(), ["thing 0", "thing 1", "thing 2"]);
    let mut dice = Dice(7);
    let mut right = 0;
    for at in 0..90 {
        let said = say(&training, &dice.near(at % 3, COLUMNS, 0.5));
        assert!(said.is_empty() || said == [format!("thing {}", at % 3)], "{said:?}");
        right += said.len();
    }
    assert!(right >= 75, "only {right} of 90 get a label");
}

#[test]
fn a_photo_may_have_several_labels() {
    // What shows in the first numbers has nothing to do with what shows in the last ones.
    let mut dice = Dice(3);
    let mut photo = |wet: bool, dark: bool| {
        let mut descriptor = dice.point(12);
        descriptor[0] += if wet { 3.0 } else { -3.0 };
        descriptor[11] += if dark { 3.0 } else { -3.0 };
        let mut labels = vec!["room"];
        labels.extend(wet.then_some("wet"));
        labels.extend(dark.then_some("dark"));
        Example { descriptor, labels: labels.into_iter().map(String::from).collect() }
    };
    let examples: Vec<Example> = (0..60).map(|at| photo(at % 2 == 0, at % 3 == 0)).collect();
    let training = train(&examples);
    for (wet, dark) in [(true, true), (true, false), (false, true), (false, false)] {
        let mut said = say(&training, &photo(wet, dark).descriptor);
        said.sort_unstable();
        let mut expected = photo(wet, dark).labels;
        expected.sort_unstable();
        assert_eq!(said, expected);
    }
}

#[test]
fn the_order_of_the_examples_changes_nothing() {
    let examples = heaps(3, 12);
    let mut turned = examples.clone();
    turned.rotate_left(17);
    turned[3..20].reverse();
    let (one, other) = (train(&examples), train(&turned));
    assert_eq!(one.accuracy, other.accuracy);
    let photo = &examples[5].descriptor;
    let predict = |training: &Training| training.model.as_ref().unwrap().predict(photo);
    assert_eq!(predict(&one), predict(&other));
}

#[test]
fn too_few_photos_or_labels_teach_nothing() {
    let both = LEAST_PHOTOS - 1;
    for (examples, what) in [
        (vec![], "no photo"),
        (heaps(1, 60), "one label"),
        (heaps(2, 11), "22 photos"),
        (heaps(10, both), "seven of each"),
    ] {
        let training = train(&examples);
        let came_of_it = (training.model.is_none(), training.measured_on, training.accuracy);
        assert_eq!(came_of_it, (true, 0, None), "{what}");
    }
    assert!(train(&heaps(3, LEAST_PHOTOS)).model.is_some());
}

#[test]
fn labels_that_do_not_show_are_measured_and_not_said() {
    let mut dice = Dice(11);
    let photo = |at: usize| Example {
        descriptor: dice.point(COLUMNS),
        labels: vec![format!("thing {}", at % 4)],
    };
    let training = train(&(0..80).map(photo).collect::<Vec<_>>());
    assert!(training.model.is_none());
    assert_eq!(training.measured_on, 80);
    assert!(training.accuracy.unwrap() < LEAST_ACCURACY, "{:?}", training.accuracy);
}

#[test]
fn copies_of_one_photo_do_not_measure_themselves() {
    let mut dice = Dice(11);
    let mut examples = Vec::new();
    for at in 0..8 {
        let descriptor = dice.point(COLUMNS);
        let labels = vec![format!("thing {}", at % 2)];
        examples.extend(vec![Example { descriptor, labels }; 5]);
    }
    let training = train(&examples);
    // Whoever had seen the copies would be right of every one.
    assert!(training.accuracy.unwrap() < 0.9, "{:?}", training.accuracy);
}

#[test]
fn of_what_is_unlike_everything_known_mostly_nothing_is_said() {
    let training = train(&heaps(3, 20));
    let mut dice = Dice(99);
    let strangers = (0..100).filter(|_| !say(&training, &dice.point(COLUMNS)).is_empty()).count();
    let others =
        (0..100).filter(|at| !say(&training, &dice.near(50 + at, COLUMNS, 0.5)).is_empty());
    let (strangers, others) = (strangers, others.count());
    assert!(strangers <= 10 && others <= 10, "{strangers} and {others} of 100 get a label");
    for far in [1e3, -1e9, f32::MAX] {
        assert!(say(&training, &[far; COLUMNS]).is_empty());
    }
}

#[test]
fn what_shows_on_hardly_any_photo_does_not_silence_the_rest() {
    let mut examples = heaps(3, 20);
    for (at, example) in examples.iter_mut().enumerate() {
        example.descriptor.push(if at == 0 { 0.01 } else { 0.0 });
    }
    let training = train(&examples);
    let mut dice = Dice(7);
    let said = (0..30).filter(|at| {
        let mut descriptor = dice.near(at % 3, COLUMNS, 0.3);
        descriptor.push(0.3);
        say(&training, &descriptor) == [format!("thing {}", at % 3)]
    });
    // Of some photos nothing is said in any case: those farther away than most.
    let said = said.count();
    assert!(said >= 25, "only {said} of 30 get their label");
}

#[test]
fn descriptors_that_make_no_sense_are_passed_over() {
    let sound = heaps(3, 12);
    let mut examples = sound.clone();
    let labels = vec!["thing 0".to_owned()];
    for descriptor in
        [vec![], vec![1.0; COLUMNS - 1], vec![f32::NAN; COLUMNS], vec![f32::INFINITY; COLUMNS]]
    {
        examples.insert(0, Example { descriptor, labels: labels.clone() });
    }
    examples.insert(0, Example { descriptor: vec![0.0; COLUMNS], labels: vec![" ".to_owned()] });
    let training = train(&examples);
    assert_eq!(training.measured_on, sound.len());
    for descriptor in [vec![], vec![0.0; COLUMNS + 1], vec![f32::NAN; COLUMNS]] {
        assert!(say(&training, &descriptor).is_empty());
    }
}

#[test]
fn one_picture_many_times_teaches_nothing() {
    let labels = vec!["door".to_owned(), "wall".to_owned()];
    let training = train(&vec![Example { descriptor: vec![0.5; COLUMNS], labels }; 60]);
    assert_eq!((training.model.is_none(), training.measured_on), (true, 0));
}

#[test]
fn numbers_as_large_or_small_as_there_are_bring_nothing_down() {
    for scale in [f32::MAX / 2.0, f32::MIN_POSITIVE, 1e-44, 0.0] {
        let mut examples = heaps(3, 12);
        for (at, example) in examples.iter_mut().enumerate() {
            // Some columns alone, so that the others count for nothing beside them; then all of them.
            let columns = if at % 2 == 0 { 1..3 } else { 0..COLUMNS };
            example.descriptor[columns].iter_mut().for_each(|value| *value *= scale / 2.0);
        }
        let training = train(&examples);
        assert!(training.accuracy.is_none_or(f64::is_finite), "{scale:e}");
        for descriptor in [vec![f32::MAX; COLUMNS], vec![f32::MIN_POSITIVE; COLUMNS]] {
            let said = training.model.iter().flat_map(|model| model.predict(&descriptor));
            assert!(said.into_iter().all(|one| one.confidence.is_finite()), "{scale:e}");
        }
    }
}

#[test]
fn only_the_newest_examples_count() {
    let mut examples = vec![Example { descriptor: vec![0.5], labels: vec!["old".to_owned()] }; 100];
    let newest = (0..MOST_EXAMPLES).map(|at| Example {
        descriptor: vec![(at % 2) as f32 + at as f32 / 1e5],
        labels: vec![if at % 2 == 0 { "even" } else { "odd" }.to_owned()],
    });
    examples.splice(0..0, newest);
    let training = train(&examples);
    assert_eq!(training.measured_on, MOST_EXAMPLES);
    assert_eq!(training.model.unwrap().labels(), ["even", "odd"]);
}

#[tokio::test]
async fn the_labeller_is_silent_until_it_has_learned_and_says_what_it_learned_last() {
    let learned = Learned::new();
    let examples = heaps(3, 12);
    let photo = Photo { webp: Bytes::new(), descriptor: examples[4].descriptor.clone() };
    assert_eq!(learned.source(), LabelSource::Learned);
    assert!(!learned.needs_picture());
    assert_eq!(learned.label(&photo).await, Ok(vec![]));
    learned.replace(train(&examples));
    let said = learned.label(&photo).await.unwrap();
    assert_eq!(said[0].label, "thing 1");
    assert!(said[0].confidence >= 0.5 && said[0].confidence <= 1.0);
    assert_eq!(learned.training().accuracy, Some(1.0));
    learned.replace(Training::default());
    assert_eq!(learned.label(&photo).await, Ok(vec![]));
}
