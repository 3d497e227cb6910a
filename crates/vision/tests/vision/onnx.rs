//! A small model of one's own: the mean of each colour, and a linear layer that tells red from blue.

use std::{fs, path::PathBuf, sync::mpsc};

use futures_util::FutureExt as _;
use prost::Message as _;
use tempfile::TempDir;
use tokio::runtime;
use tract_onnx::pb::{
    GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto, TensorShapeProto,
    TypeProto, ValueInfoProto,
    tensor_shape_proto::{Dimension, dimension},
    type_proto,
};
use vision::{Failure, Labeller as _, OnnxError, OnnxModel};

use crate::photos::{BLUE, RED, broken_photo, in_short, plain_photo};

const FLOAT: i32 = 1;

/// A dimension that is known, or one that the model leaves open.
#[derive(Clone, Copy)]
enum Dim {
    Is(i64),
    Open(&'static str),
}

fn input(dims: &[Dim]) -> ValueInfoProto {
    let dim = dims
        .iter()
        .map(|dim| Dimension {
            value: Some(match dim {
                Dim::Is(size) => dimension::Value::DimValue(*size),
                Dim::Open(name) => dimension::Value::DimParam((*name).to_owned()),
            }),
            ..Dimension::default()
        })
        .collect();
    let shape = Some(TensorShapeProto { dim });
    let value = type_proto::Value::TensorType(type_proto::Tensor { elem_type: FLOAT, shape });
    let r#type = Some(TypeProto { value: Some(value), ..TypeProto::default() });
    ValueInfoProto { name: "photo".to_owned(), r#type, ..ValueInfoProto::default() }
}

fn node(op: &str, inputs: &[&str], output: &str) -> NodeProto {
    NodeProto {
        op_type: op.to_owned(),
        input: inputs.iter().map(|name| (*name).to_owned()).collect(),
        output: vec![output.to_owned()],
        ..NodeProto::default()
    }
}

fn floats(name: &str, dims: &[i64], values: &[f32]) -> TensorProto {
    TensorProto {
        name: name.to_owned(),
        dims: dims.to_vec(),
        data_type: FLOAT,
        float_data: values.to_vec(),
        ..TensorProto::default()
    }
}

fn model(dims: &[Dim]) -> Vec<u8> {
    let nodes = vec![
        node("GlobalAveragePool", &["photo"], "mean"),
        node("Flatten", &["mean"], "colour"),
        node("Gemm", &["colour", "weights", "bias"], "classes"),
    ];
    // Of red, green and blue: one column for each of the two classes.
    let weights = floats("weights", &[3, 2], &[1.0, -1.0, 0.0, 0.0, -1.0, 1.0]);
    let output = ValueInfoProto { name: "classes".to_owned(), ..ValueInfoProto::default() };
    let graph = GraphProto {
        name: "red-or-blue".to_owned(),
        node: nodes,
        initializer: vec![weights, floats("bias", &[2], &[0.0, 0.0])],
        input: vec![input(dims)],
        output: vec![output],
        ..GraphProto::default()
    };
    let opset = OperatorSetIdProto { domain: String::new(), version: 13 };
    let opset_import = vec![opset];
    ModelProto { ir_version: 7, opset_import, graph: Some(graph), ..ModelProto::default() }
        .encode_to_vec()
}

/// The two files, and the folder that goes with them.
struct Files {
    _folder: TempDir,
    model: PathBuf,
    labels: PathBuf,
}

impl Files {
    fn new(model: &[u8], labels: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = Self {
            model: folder.path().join("model.onnx"),
            labels: folder.path().join("labels.txt"),
            _folder: folder,
        };
        fs::write(&files.model, model).unwrap();
        fs::write(&files.labels, labels).unwrap();
        files
    }

    fn load(&self) -> Result<OnnxModel, OnnxError> {
        OnnxModel::load(&self.model, &self.labels)
    }
}

const PHOTO: [Dim; 4] = [Dim::Is(1), Dim::Is(3), Dim::Is(32), Dim::Is(24)];

#[tokio::test]
async fn a_model_tells_red_from_blue() {
    let files = Files::new(&model(&PHOTO), "Red wall\nBlue wall\n");
    let model = files.load().unwrap();
    let red = model.label(&plain_photo(RED)).await.unwrap();
    assert_eq!(in_short(&red), [("red wall", 100)]);
    let blue = model.label(&plain_photo(BLUE)).await.unwrap();
    assert_eq!(in_short(&blue), [("blue wall", 100)]);
    // Red is (100 / 255 − 0.485) / 0.229 = −0.405, blue −0.201; twice the difference goes through softmax.
    let between = model.label(&plain_photo([100, 0, 92])).await.unwrap();
    assert_eq!(in_short(&between), [("blue wall", 60), ("red wall", 40)]);
    let refused = model.label(&broken_photo()).await;
    assert!(matches!(refused, Err(Failure::Refused(_))), "{refused:?}");
}

#[tokio::test]
async fn what_a_model_leaves_open_is_filled_in() {
    let dims = [Dim::Open("batch"), Dim::Is(3), Dim::Open("height"), Dim::Open("width")];
    let files = Files::new(&model(&dims), "\u{feff}red\r\nblue\r\n\r\n");
    let red = files.load().unwrap().label(&plain_photo(RED)).await.unwrap();
    assert_eq!(in_short(&red), [("red", 100)]);
}

#[test]
fn a_run_that_is_left_behind_is_the_only_one() {
    // A thread for the runs alone, held until the test lets go of it: no run ends before.
    let runtime = runtime::Builder::new_current_thread().max_blocking_threads(1).build().unwrap();
    let (let_go, held) = mpsc::channel::<()>();
    runtime.spawn_blocking(move || held.recv());
    let files = Files::new(&model(&PHOTO), "red\nblue\n");
    let model = files.load().unwrap();
    runtime.block_on(async {
        // Each is asked for and given up at once, as after a time-out.
        let photos = [RED, BLUE, RED].map(plain_photo);
        for photo in &photos {
            assert_eq!(model.clone().label(photo).now_or_never(), None);
        }
        let in_a_run = photos.each_ref().map(|photo| !photo.webp.is_unique());
        assert_eq!(in_a_run, [true, false, false], "whose picture is still held");
        let_go.send(()).unwrap();
        let blue = model.label(&photos[1]).await.unwrap();
        assert_eq!(in_short(&blue), [("blue", 100)]);
    });
}

#[test]
fn labels_must_be_as_many_as_classes() {
    for (labels, lines) in [("red\n", 1), ("red\nblue\ngreen\n", 3), ("", 0)] {
        let error = Files::new(&model(&PHOTO), labels).load().unwrap_err();
        let expected = format!("the model has 2 classes, but the label file {lines} lines");
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn a_model_that_is_none_or_not_for_photos_is_refused_when_it_is_loaded() {
    let whole = model(&PHOTO);
    for (bytes, reason) in [
        (b"no model".to_vec(), ""),
        (whole[..whole.len() / 2].to_vec(), ""),
        (model(&[Dim::Is(1), Dim::Is(1), Dim::Is(8), Dim::Is(8)]), "1 × 3 × height × width"),
        (model(&[Dim::Is(8), Dim::Is(3), Dim::Is(8), Dim::Is(8)]), "1 × 3 × height × width"),
        (model(&[Dim::Is(1), Dim::Is(12)]), "1 × 3 × height × width"),
        (model(&[Dim::Is(1), Dim::Is(3), Dim::Is(9000), Dim::Is(9000)]), "too large"),
        (ModelProto::default().encode_to_vec(), "does not contain a graph"),
    ] {
        let error = Files::new(&bytes, "red\nblue\n").load().unwrap_err();
        assert!(matches!(error, OnnxError::Model { .. }), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let files = Files::new(&model(&PHOTO), "red\nblue\n");
    let nowhere = files.model.with_file_name("nowhere");
    let error = OnnxModel::load(&nowhere, &files.labels).unwrap_err();
    assert!(error.to_string().contains("nowhere"), "{error}");
    let error = OnnxModel::load(&files.model, &nowhere).unwrap_err();
    assert!(
        matches!(&error, OnnxError::Labels { path, .. } if path.ends_with("nowhere")),
        "{error}"
    );
}
