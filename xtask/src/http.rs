//! Just enough HTTP to ask a service on this machine how it is.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context, Result};

/// A service's answer.
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// The body, as text.
    pub(crate) body: String,
}

/// Asks for a path, with further header lines.
///
/// # Errors  When nobody answers within 5 seconds, or not in HTTP.
pub(crate) fn get(address: SocketAddr, path: &str, headers: &[&str]) -> Result<Answer> {
    send(address, "GET", path, headers, "")
}

/// Sends a request with a body.
///
/// # Errors  When nobody answers within 5 seconds, or not in HTTP.
pub(crate) fn send(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[&str],
    body: &str,
) -> Result<Answer> {
    let patience = Duration::from_secs(5);
    let mut stream = TcpStream::connect_timeout(&address, patience)?;
    stream.set_read_timeout(Some(patience))?;
    // HTTP/1.0: the body then comes as it is, up to the end of the connection.
    let mut request = format!("{method} {path} HTTP/1.0\r\nHost: {address}\r\n");
    for header in headers {
        request += header;
        request += "\r\n";
    }
    if !body.is_empty() {
        request += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    }
    stream.write_all(format!("{request}\r\n{body}").as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    parse(&String::from_utf8_lossy(&bytes)).context("the answer is not HTTP")
}

fn parse(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: body.to_owned() })
}

/// The address under which this machine reaches a service that listens on `bind`.
pub(crate) fn reachable(bind: SocketAddr) -> SocketAddr {
    let mut address = bind;
    if bind.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_split_into_status_and_body() {
        let answer = parse("HTTP/1.0 503 Service Unavailable\r\nA: b\r\n\r\nnot yet");
        assert!(answer.is_some_and(|answer| answer.status == 503 && answer.body == "not yet"));
    }

    #[test]
    fn a_service_on_every_address_is_asked_on_this_machine() -> Result<()> {
        assert_eq!(reachable("0.0.0.0:8080".parse()?).to_string(), "127.0.0.1:8080");
        Ok(())
    }
}
