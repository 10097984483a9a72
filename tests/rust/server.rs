//! A server on loopback that says what it is told to, word for word.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What becomes of one request.
pub enum Turn {
    /// These bytes, then the end of the connection.
    Say(Vec<u8>),
    /// Nothing, and the connection stays open for a while.
    Hang,
    /// The connection is closed.
    Close,
}

/// A reply with status line, headers and body; its length is announced.
pub fn reply(status: &str, headers: &[&str], body: &[u8]) -> Turn {
    let headers: String = headers.iter().flat_map(|header| [*header, "\r\n"]).collect();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n", body.len());
    Turn::Say([head.as_bytes(), body].concat())
}

/// A server and the requests it has heard.
pub struct Server {
    pub url: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers one request after the other with `turns`, the last one again and again.
    pub fn new(turns: Vec<Turn>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&heard);
        std::thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let mut stream = stream.unwrap();
                let mut request = Vec::new();
                let mut piece = [0; 4096];
                while !complete(&request) {
                    match stream.read(&mut piece) {
                        Ok(read) if read > 0 => request.extend_from_slice(&piece[..read]),
                        _ => break,
                    }
                }
                log.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
                match &turns[number.min(turns.len() - 1)] {
                    Turn::Say(bytes) => drop(stream.write_all(bytes)),
                    Turn::Hang => std::thread::sleep(Duration::from_secs(20)),
                    Turn::Close => drop(stream.shutdown(Shutdown::Both)),
                }
            }
        });
        Self { url, heard }
    }

    /// The requests so far, head and body.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

fn complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}
