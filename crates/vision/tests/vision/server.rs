//! A server that answers as it is told, once for each connection, and keeps what it was asked.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// What is answered.
#[derive(Clone)]
pub(crate) enum Reply {
    /// A whole answer: status, further headers, body.
    Whole(u16, Vec<(&'static str, String)>, String),
    /// An answer that says it is longer than what comes of it.
    Truncated(String),
    /// An answer that does not end.
    Endless,
    /// Nothing, on a connection that stays open.
    Silence,
}

/// A request as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> &str {
        let header = self.headers.iter().find(|(other, _)| other == name);
        header.map_or("", |(_, value)| value)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

pub(crate) struct Server {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub(crate) async fn start(reply: Reply) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, reply.clone(), Arc::clone(&kept)));
            }
        });
        Self { url, asked }
    }

    /// A server that answers in full, without further headers.
    pub(crate) async fn answering(status: u16, body: impl ToString) -> Self {
        Self::start(Reply::Whole(status, Vec::new(), body.to_string())).await
    }

    /// The address of a server that has gone.
    pub(crate) async fn gone() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

/// A client that breaks off is none of the server's business, so that no result of a write is looked at.
async fn serve(mut stream: TcpStream, reply: Reply, kept: Arc<Mutex<Vec<Asked>>>) {
    let asked = read_request(&mut stream).await;
    kept.lock().unwrap().push(asked);
    match reply {
        Reply::Whole(status, headers, body) => {
            let further: String =
                headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 {status} Said\r\ncontent-length: {length}\r\nconnection: close\r\n{further}\r\n{body}"
            );
            let _ = stream.write_all(answer.as_bytes()).await;
        }
        Reply::Truncated(body) => {
            let length = body.len() + 100;
            let answer = format!("HTTP/1.1 200 Said\r\ncontent-length: {length}\r\n\r\n{body}");
            let _ = stream.write_all(answer.as_bytes()).await;
        }
        Reply::Endless => {
            let _ = stream.write_all(b"HTTP/1.1 200 Said\r\nconnection: close\r\n\r\n").await;
            while stream.write_all(&[b' '; 4096]).await.is_ok() {}
        }
        Reply::Silence => std::future::pending().await,
    }
}

async fn read_request(stream: &mut TcpStream) -> Asked {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        assert_ne!(stream.read_buf(&mut bytes).await.unwrap(), 0, "the request breaks off");
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap().to_owned();
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(0, |(_, length)| length.parse().unwrap());
    let mut body = bytes[end + 4..].to_vec();
    while body.len() < length {
        assert_ne!(stream.read_buf(&mut body).await.unwrap(), 0, "the request breaks off");
    }
    Asked { line, headers, body }
}
