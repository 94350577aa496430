//! Who holds the port that editors know.

use picferry_core::{Error, ErrorCode};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long the other program may take to say who it is.
const PATIENCE: Duration = Duration::from_secs(1);

/// More of an answer is not looked at.
const ENOUGH: u64 = 64 * 1024;

/// A program at a port of this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    Picferry,
    PicGo,
    PicList,
    Somebody,
}

/// The error for a port that somebody else has.
pub(super) async fn taken(port: u16) -> Box<Error> {
    let (code, name, hint) = match ask(port).await {
        Holder::Picferry => ("picferry", "another Picferry", "Close the other one, or leave editors to it."),
        Holder::PicGo => (
            "picgo",
            "PicGo",
            "Quit PicGo or switch its server off, then try again. Or choose another port, here and in the editors.",
        ),
        Holder::PicList => (
            "piclist",
            "PicList",
            "Quit PicList or switch its server off, then try again. Or choose another port, here and in the editors.",
        ),
        Holder::Somebody => {
            ("other", "another program", "End that program, or choose another port, here and in the editors.")
        }
    };
    Error::new(
        ErrorCode::PortTaken,
        format!("Port {port} is held by {name}, so editors cannot reach this Picferry."),
    )
    .hint(hint)
    .param("port", port)
    .param("holder", name)
    .param("reason", format!("editors_{code}"))
}

async fn ask(port: u16) -> Holder {
    let heartbeat = request(port, "POST", "/heartbeat").await;
    if !heartbeat.contains("\"alive\"") {
        return Holder::Somebody;
    }
    if heartbeat.contains("Picferry") {
        return Holder::Picferry;
    }
    // Both answer the same; only one of them shows a page with its name.
    if request(port, "GET", "/").await.contains("PicList") { Holder::PicList } else { Holder::PicGo }
}

/// An answer as it comes; empty when there is none in time.
async fn request(port: u16, method: &str, path: &str) -> String {
    let exchange = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(ENOUGH).read_to_end(&mut answer).await?;
        std::io::Result::Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    tokio::time::timeout(PATIENCE, exchange).await.ok().and_then(Result::ok).unwrap_or_default()
}
