//! One input: where its bytes come from, gzip and other encodings undone.

use crate::error::{Error, Kind, Place, Result};
use crate::limits::MAX_LAYERS;
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};
use flate2::read::MultiGzDecoder;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Something to read.
#[derive(Clone)]
pub enum Input {
    /// A file.
    Path(PathBuf),
    /// Bytes in memory, under a name.
    Bytes(String, Arc<dyn AsRef<[u8]> + Send + Sync>),
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl Input {
    /// The name shown in reports and errors.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::Bytes(name, _) => name.clone(),
        }
    }

    /// Bytes as they lie there.
    #[must_use]
    pub fn size(&self) -> u64 {
        match self {
            // gzip grows: a small file may hold a large page.
            Self::Path(path) if path.extension().is_some_and(|end| end == "gz") => u64::MAX,
            Self::Path(path) => path.metadata().map_or(0, |metadata| metadata.len()),
            Self::Bytes(_, bytes) => (**bytes).as_ref().len() as u64,
        }
    }

    /// Opens it: gzip undone, other encodings turned into UTF-8.
    pub(crate) fn open(&self) -> Result<Opened> {
        match self {
            Self::Path(path) => {
                let file = File::open(path).map_err(|error| failed(&error))?;
                Bytes::stream(Box::new(file))
            }
            Self::Bytes(_, bytes) => {
                let all: &[u8] = (**bytes).as_ref();
                if plain(all) {
                    return Ok(Opened::utf8(Bytes::Memory { all: Arc::clone(bytes), from: 0 }));
                }
                Bytes::stream(Box::new(Shared { bytes: Arc::clone(bytes), from: 0 }))
            }
        }
    }
}

/// An input ready to be read as UTF-8.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) bytes: Bytes,
    /// What its bytes were before.
    pub(crate) encoding: &'static Encoding,
    /// Bytes of its byte order mark.
    pub(crate) start: u64,
    pub(super) malformed: Malformed,
}

/// Bytes that another encoding does not allow, with their place.
pub(super) type Malformed = Arc<Mutex<Vec<(u64, String)>>>;

impl Opened {
    fn utf8(bytes: Bytes) -> Self {
        Self { bytes, encoding: UTF_8, start: 0, malformed: Malformed::default() }
    }

    /// Bytes that its encoding does not allow, as far as it was read, since they were last taken.
    pub(crate) fn take_malformed(&self) -> Vec<(u64, String)> {
        std::mem::take(&mut *self.malformed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The bytes of an input, piece by piece.
pub(crate) enum Bytes {
    /// All of them, where they are.
    Memory {
        /// The bytes.
        all: Arc<dyn AsRef<[u8]> + Send + Sync>,
        /// Bytes already used.
        from: usize,
    },
    /// As they come.
    Stream {
        /// Where they come from.
        reader: Box<dyn Read + Send>,
        /// Read but not used.
        buffer: Vec<u8>,
        /// Whether no more come.
        ended: bool,
    },
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bytes")
    }
}

impl Bytes {
    fn stream(mut reader: Box<dyn Read + Send>) -> Result<Opened> {
        for _ in 0..=MAX_LAYERS {
            let mut start = Vec::new();
            reader.by_ref().take(1024).read_to_end(&mut start).map_err(|error| failed(&error))?;
            let packed = start.starts_with(b"\x1f\x8b");
            let encoding = encoding(&start);
            let mark = Encoding::for_bom(&start).map_or(0, |(_, length)| length as u64);
            let whole = Box::new(io::Cursor::new(start).chain(reader));
            if packed {
                reader = Box::new(MultiGzDecoder::new(whole));
                continue;
            }
            let Some(encoding) = encoding else {
                return Ok(Opened::utf8(Self::Stream { reader: whole, buffer: Vec::new(), ended: false }));
            };
            let malformed = Malformed::default();
            let reader = Box::new(Transcoded {
                reader: whole,
                decoder: encoding.new_decoder_with_bom_removal(),
                raw: vec![0; 1 << 16],
                read: 0,
                text: Vec::new(),
                from: 0,
                ended: false,
                malformed: Arc::clone(&malformed),
            });
            let bytes = Self::Stream { reader, buffer: Vec::new(), ended: false };
            return Ok(Opened { bytes, encoding, start: mark, malformed });
        }
        let message = format!("compressed with gzip more than {MAX_LAYERS} times, one within the other");
        Err(Error::new(Kind::Limit, message).hint("unpack it first; a file that contains itself has no end"))
    }

    /// At least `want` unused bytes, or all that are left; and whether these are all.
    pub(crate) fn window(&mut self, want: usize) -> Result<(&[u8], bool)> {
        match self {
            Self::Memory { all, from } => {
                let rest = &(**all).as_ref()[*from..];
                let end = want.min(rest.len());
                Ok((&rest[..end], end == rest.len()))
            }
            Self::Stream { reader, buffer, ended } => {
                if buffer.len() < want && !*ended {
                    let missing = want - buffer.len();
                    buffer.reserve_exact(missing);
                    let got =
                        reader.by_ref().take(missing as u64).read_to_end(buffer).map_err(|error| failed(&error))?;
                    *ended = got < missing;
                }
                Ok((buffer, *ended))
            }
        }
    }

    /// Forgets `used` bytes.
    pub(crate) fn advance(&mut self, used: usize) {
        match self {
            Self::Memory { from, .. } => *from += used,
            Self::Stream { buffer, .. } => {
                buffer.drain(..used);
            }
        }
    }
}

/// Whether bytes can be parsed as they lie.
fn plain(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(1024)];
    !start.starts_with(b"\x1f\x8b") && encoding(start).is_none()
}

/// The encoding, if it is not UTF-8: a byte order mark, the look of UTF-16, or the declaration
/// (XML 1.0, appendix F).
fn encoding(start: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(start) {
        return Some(encoding).filter(|encoding| *encoding != UTF_8);
    }
    if start.starts_with(b"<\0?\0") {
        return Some(encoding_rs::UTF_16LE);
    }
    if start.starts_with(b"\0<\0?") {
        return Some(encoding_rs::UTF_16BE);
    }
    let text = start.trim_ascii_start();
    let declaration = text.strip_prefix(b"<?xml")?;
    let end = declaration.windows(2).position(|pair| pair == b"?>")?;
    let declaration = std::str::from_utf8(&declaration[..end]).ok()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let label = value[1..].split(quote).next()?;
    // A declaration that can be read is not UTF-16, whatever it says.
    Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != UTF_8 && encoding.is_ascii_compatible())
}

/// Bytes in memory, as a reader.
struct Shared {
    bytes: Arc<dyn AsRef<[u8]> + Send + Sync>,
    from: usize,
}

impl Read for Shared {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut rest = &(*self.bytes).as_ref()[self.from..];
        let read = rest.read(out)?;
        self.from += read;
        Ok(read)
    }
}

/// Another encoding, as UTF-8.
struct Transcoded {
    reader: Box<dyn Read + Send>,
    decoder: Decoder,
    raw: Vec<u8>,
    /// Bytes read before `raw`.
    read: u64,
    text: Vec<u8>,
    from: usize,
    ended: bool,
    malformed: Malformed,
}

impl Transcoded {
    fn fill(&mut self) -> io::Result<()> {
        let got = self.reader.read(&mut self.raw)?;
        self.ended = got == 0;
        self.text.clear();
        self.from = 0;
        let mut used = 0;
        loop {
            let rest = &self.raw[used..got];
            let written = self.text.len();
            let room =
                self.decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len() * 4 + 16);
            self.text.resize(written + room, 0);
            let (result, read, wrote) =
                self.decoder.decode_to_utf8_without_replacement(rest, &mut self.text[written..], self.ended);
            self.text.truncate(written + wrote);
            used += read;
            let DecoderResult::Malformed(length, after) = result else { break };
            let (length, after) = (u64::from(length), u64::from(after));
            let at = (self.read + used as u64).saturating_sub(length + after);
            let detail = format!("{length} bytes are not {}, read as U+FFFD", self.decoder.encoding().name());
            self.malformed.lock().unwrap_or_else(PoisonError::into_inner).push((at, detail));
            self.text.extend("\u{FFFD}".as_bytes());
        }
        self.read += got as u64;
        Ok(())
    }
}

impl Read for Transcoded {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.from == self.text.len() && !self.ended {
            self.fill()?;
        }
        let mut rest = &self.text[self.from..];
        let read = rest.read(out)?;
        self.from += read;
        Ok(read)
    }
}

fn failed(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            Error::new(Kind::Truncated { records: 0 }, "the gzip stream ends early").hint("fetch the file again")
        }
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            Error::new(Kind::Parse, format!("the gzip stream is damaged: {error}"))
                .at(Place::default())
                .hint("fetch the file again")
        }
        kind => Error::new(Kind::Io(kind, error.raw_os_error()), error.to_string()),
    }
}
