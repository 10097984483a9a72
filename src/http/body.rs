//! A body read as it comes.

use super::fault::network;
use super::{Reply, inflate, runtime};
use crate::error::{Cancel, Error, Kind, Result};
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use reqwest::Response;
use std::io::{self, Read};

/// The body of a reply, unpacked, as it comes over the line. An error while reading holds an
/// [`Error`]; a body that ends early is such an error, never a short body.
pub struct Body<'a> {
    /// The reply, without its body.
    pub reply: Reply,
    /// `Content-Length`: the bytes announced, before unpacking.
    pub length: Option<u64>,
    bytes: Box<dyn Read + Send + 'a>,
}

impl<'a> Body<'a> {
    pub(super) fn new(reply: Reply, response: Response, cancel: &'a Cancel) -> Result<Self> {
        let length = response.content_length();
        let packing = reply.header("content-encoding").unwrap_or_default().trim().to_ascii_lowercase();
        let mut line = Line { response, cancel, chunk: Vec::new(), from: 0 };
        let bytes: Box<dyn Read + Send + 'a> = match packing.as_str() {
            "" | "identity" => Box::new(line),
            "gzip" | "x-gzip" => {
                line.fill()?;
                if inflate::is_gzip(&line.chunk) { Box::new(MultiGzDecoder::new(line)) } else { Box::new(line) }
            }
            "deflate" => Box::new(ZlibDecoder::new(line)),
            other => {
                let message = format!("the answer is packed as {other:?}, which was not asked for");
                return Err(Error::new(Kind::Network, message).in_source(&reply.url));
            }
        };
        Ok(Self { reply, length, bytes })
    }
}

impl Read for Body<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(out)
    }
}

/// Bytes as they come over the line.
struct Line<'a> {
    response: Response,
    cancel: &'a Cancel,
    chunk: Vec<u8>,
    from: usize,
}

impl Line<'_> {
    /// Waits for more bytes; none at the end.
    fn fill(&mut self) -> Result<()> {
        let response = &mut self.response;
        let chunk = runtime::run(self.cancel, async {
            let chunk = response.chunk().await;
            chunk.map_err(|error| network(&error, response.url().as_str(), &super::Options::default()).error)
        })?;
        self.chunk = chunk.map(Vec::from).unwrap_or_default();
        self.from = 0;
        Ok(())
    }
}

impl Read for Line<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.from == self.chunk.len() {
            self.fill().map_err(io::Error::other)?;
        }
        let mut rest = &self.chunk[self.from..];
        let read = rest.read(out)?;
        self.from += read;
        Ok(read)
    }
}
