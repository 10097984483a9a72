//! One file: asked for, gone on with where it stopped, looked at.

use super::folder::Folder;
use super::kind::{self, Found, Promise};
use super::whole;
use crate::error::{Cancel, Error, Kind, tried};
use crate::http::{Body, Client, Reply, Request, Retries, title};
use crate::store::manifest::Medium;
use crate::value::http_date;
use ring::digest::{Context, SHA256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A server that sends less than this, in bytes a second over the time of the timeout, is as good as silent.
const SLOWEST: u128 = 256;
/// How often the caller's wish to stop is looked at.
const TICK: Duration = Duration::from_millis(25);

/// A file to fetch.
#[derive(Debug)]
pub struct Job {
    /// What it is, and what is known of it.
    pub medium: Medium,
    /// The name of the file its bytes go to until they are all there.
    pub part: String,
    /// Only ask whether the file that is here is still the one at the source.
    pub again: bool,
}

/// What came of it.
#[derive(Debug)]
pub enum Outcome {
    /// The bytes are in the part file.
    Fetched(Fetched),
    /// The file that is here is the one at the source.
    Same,
    /// It is no longer there: 404 or 410.
    Gone(u16),
    /// It can't be had.
    Failed(Failure),
    /// The caller asked to stop; what has come stays.
    Stopped,
}

/// What is known of a file that has come.
#[derive(Debug)]
pub struct Fetched {
    /// What it is.
    pub found: Found,
    /// Its digest, in hexadecimal.
    pub sha256: String,
    /// Its bytes.
    pub size: u64,
    /// The tag of its version.
    pub etag: Option<String>,
    /// The date of its version.
    pub modified: Option<String>,
    /// When it came.
    pub at: i64,
}

/// Why a file can't be had.
#[derive(Debug)]
pub struct Failure {
    /// A code.
    pub reason: String,
    /// Words.
    pub detail: String,
    /// Whether the host gave no answer at all.
    pub silent: bool,
}

/// What the work on one file needs besides.
pub struct Means<'a> {
    /// Who asks.
    pub client: &'a Client,
    /// Where the files are.
    pub folder: &'a Folder,
    /// The largest file.
    pub max_bytes: u64,
    /// Bytes that have come, for whoever waits.
    pub received: &'a AtomicU64,
    /// Part files that were links or had other names, and were begun anew.
    pub unlinked: &'a AtomicU64,
    /// Set to stop.
    pub cancel: &'a Cancel,
    /// Told when the first bytes of a version come, with its validators.
    pub begun: &'a dyn Fn(i64, Option<String>, Option<String>),
}

/// What is to be done after a try.
enum Next {
    Done(Outcome),
    /// Once more, after a while; the failure stands if it was the last time.
    Again(Failure),
    /// Once more at once, from the start.
    Anew,
}

/// Fetches a file into its part, or says why not.
pub fn fetch(job: &mut Job, means: &Means<'_>) -> Outcome {
    let (retries, backoff) = (means.client.options().retries, means.client.options().backoff);
    let (mut done, mut anew) = (Retries::default(), 0);
    loop {
        match once(job, means, anew > 0) {
            Ok(Next::Done(outcome)) => return outcome,
            Ok(Next::Anew) if anew < 2 => {
                anew += 1;
                forget(job, means.folder);
            }
            Ok(Next::Anew) => return failed("range", "the server sends other parts than it is asked for"),
            Ok(Next::Again(mut failure)) => match done.next(retries, backoff) {
                Some(wait) if pause(wait, means.cancel) => {}
                Some(_) => return Outcome::Stopped,
                None => {
                    if done.count > 0 {
                        failure.detail = format!("{} ({})", failure.detail, tried(done.count));
                    }
                    return Outcome::Failed(failure);
                }
            },
            Err(error) => return failed("file", &format!("the file can't be written: {error}")),
        }
    }
}

fn failed(reason: &str, detail: &str) -> Outcome {
    Outcome::Failed(Failure { reason: reason.to_owned(), detail: detail.to_owned(), silent: false })
}

/// What has come is of no use.
fn forget(job: &mut Job, folder: &Folder) {
    drop(folder.remove(&job.part));
    if !job.again {
        job.medium.etag = None;
        job.medium.modified = None;
    }
}

/// One question and its answer.
fn once(job: &mut Job, means: &Means<'_>, anew: bool) -> io::Result<Next> {
    let validator = job.medium.etag.clone().or_else(|| job.medium.modified.clone());
    let have = means.folder.resumable(&job.part)?;
    let resumes = have > 0 && validator.is_some() && !job.again && !anew;
    let url = job.medium.url.clone().unwrap_or_default();
    let mut request = Request::get(&*url);
    if resumes {
        request.headers.push(("range".to_owned(), format!("bytes={have}-")));
        request.headers.push(("if-range".to_owned(), validator.unwrap_or_default()));
    } else if job.again {
        let asked = [("if-none-match", &job.medium.etag), ("if-modified-since", &job.medium.modified)];
        let asked = asked.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
        request.headers.extend(asked);
    }
    let mut body = match means.client.answer(&request, means.cancel) {
        Ok(body) => body,
        Err(error) => return Ok(Next::Done(refused(&error))),
    };
    let from = match body.reply.status {
        304 if job.again => return Ok(Next::Done(Outcome::Same)),
        status @ (404 | 410) => {
            read_away(&mut body);
            return Ok(Next::Done(Outcome::Gone(status)));
        }
        416 if resumes => return Ok(Next::Anew),
        206 if resumes && range(&body.reply).is_some_and(|(start, _)| start == have) => have,
        206 => return Ok(Next::Anew),
        200 | 203 => 0,
        status => {
            let head = read_away(&mut body);
            let said = title(&head).map(|title| format!(": {title}")).unwrap_or_default();
            return Ok(Next::Done(failed(&format!("http-{status}"), &format!("the answer is {status}{said}"))));
        }
    };
    let total = if from > 0 { range(&body.reply).and_then(|(_, total)| total) } else { body.length };
    if total.is_some_and(|total| total > means.max_bytes) {
        return Ok(Next::Done(too_large(means.max_bytes, total)));
    }
    if from == 0 {
        let (etag, modified) = validators(&body.reply);
        if !job.again {
            (job.medium.etag, job.medium.modified) = (etag.clone(), modified.clone());
            (means.begun)(job.medium.id, etag, modified);
        }
    }
    receive(job, means, body, from, total)
}

/// Takes the body, and looks at the file when it is all there.
fn receive(job: &Job, means: &Means<'_>, mut body: Body<'_>, from: u64, total: Option<u64>) -> io::Result<Next> {
    let mut file = if from > 0 {
        means.folder.resume(&job.part)?
    } else {
        let (file, linked) = means.folder.create(&job.part)?;
        means.unlinked.fetch_add(u64::from(linked), Ordering::Relaxed);
        file
    };
    let mut digest = Context::new(&SHA256);
    let mut buffer = vec![0; 64 << 10];
    for _ in 0..from.div_ceil(buffer.len() as u64) {
        let read = file.read(&mut buffer)?;
        digest.update(&buffer[..read]);
    }
    file.seek(SeekFrom::Start(from))?;
    let timeout = means.client.options().timeout;
    let mut size = from;
    let mut head = Vec::new();
    let (mut watched, mut since) = (Instant::now(), 0_u64);
    loop {
        let read = match body.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) => return Ok(broken(&error)),
        };
        size += read as u64;
        if from == 0 && head.len() < kind::HEAD {
            head.extend_from_slice(&buffer[..read.min(kind::HEAD - head.len())]);
        }
        if size > means.max_bytes {
            drop(file);
            means.folder.remove(&job.part)?;
            return Ok(Next::Done(too_large(means.max_bytes, total)));
        }
        file.write_all(&buffer[..read])?;
        digest.update(&buffer[..read]);
        means.received.fetch_add(read as u64, Ordering::Relaxed);
        since += read as u64;
        if watched.elapsed() >= timeout {
            if u128::from(since) * 1000 < SLOWEST * timeout.as_millis() {
                let detail = format!("too slow: {since} bytes in {:.0} s", timeout.as_secs_f64());
                return Ok(Next::Again(Failure { reason: "slow".to_owned(), detail, silent: false }));
            }
            (watched, since) = (Instant::now(), 0);
        }
    }
    if let Some(total) = total
        && total != size
        && body.reply.header("content-encoding").is_none()
    {
        let detail = format!("{size} bytes came, and {total} were announced");
        return Ok(Next::Again(Failure { reason: "length".to_owned(), detail, silent: false }));
    }
    let hex = hex(digest.finish().as_ref());
    if from > 0 {
        file.seek(SeekFrom::Start(0))?;
        (&file).take(kind::HEAD as u64).read_to_end(&mut head)?;
    }
    looked_at(job, means.folder, (file, &head), &body.reply, size, hex)
}

/// Looks at a file that has come, by its first bytes and its end.
fn looked_at(
    job: &Job,
    folder: &Folder,
    (mut file, head): (File, &[u8]),
    reply: &Reply,
    size: u64,
    sha256: String,
) -> io::Result<Next> {
    let medium = &job.medium;
    let promise = Promise {
        claim: medium.claim.as_deref(),
        kind: medium.kind.as_deref(),
        content_type: reply.content_type.as_deref(),
        url: medium.url.as_deref().unwrap_or_default(),
    };
    let found = match kind::judge(head, size, promise) {
        Ok(found) => found,
        Err((reason, detail)) => {
            drop(file);
            folder.remove(&job.part)?;
            return Ok(Next::Done(failed(reason, &detail)));
        }
    };
    if whole::is_cut(&mut file, size, &found.mime)? {
        drop(file);
        folder.remove(&job.part)?;
        let detail = format!("it stops after {size} bytes, before its end, although the server says that is all");
        return Ok(Next::Again(Failure { reason: "cut".to_owned(), detail, silent: false }));
    }
    let (etag, modified) = validators(reply);
    let (etag, modified) = (etag.or(medium.etag.clone()), modified.or(medium.modified.clone()));
    Ok(Next::Done(Outcome::Fetched(Fetched { found, sha256, size, etag, modified, at: reply.fetched_at })))
}

/// An error before any answer came.
fn refused(error: &Error) -> Outcome {
    let reason = match error.kind() {
        Kind::Interrupted => return Outcome::Stopped,
        Kind::Private => "private-address",
        Kind::Tls => "tls",
        Kind::RateLimited { .. } => "rate-limited",
        Kind::Value => "bad-address",
        _ => "network",
    };
    // The client names the status first where there was one.
    let status = error.message().strip_prefix("the answer is ").and_then(|rest| rest.get(..3));
    let status = status.filter(|code| reason == "network" && code.bytes().all(|sign| sign.is_ascii_digit()));
    let reason = status.map_or_else(|| reason.to_owned(), |code| format!("http-{code}"));
    let silent = matches!(error.kind(), Kind::Network | Kind::Tls | Kind::RateLimited { .. });
    Outcome::Failed(Failure { reason, detail: error.message().to_owned(), silent })
}

/// An error while the body came.
fn broken(error: &io::Error) -> Next {
    let own = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    if own.is_some_and(|own| *own.kind() == Kind::Interrupted) {
        return Next::Done(Outcome::Stopped);
    }
    let detail = own.map_or_else(|| error.to_string(), |own| own.message().to_owned());
    Next::Again(Failure { reason: "network".to_owned(), detail, silent: false })
}

fn too_large(limit: u64, total: Option<u64>) -> Outcome {
    let size = total.map_or_else(|| "it".to_owned(), |total| format!("{total} bytes: it"));
    failed("too-large", &format!("{size} is larger than max_bytes, which is {limit}"))
}

/// The start of an answer nobody wants; so much of it is read that the connection can be used again.
fn read_away(body: &mut Body<'_>) -> Vec<u8> {
    let mut head = Vec::new();
    drop(body.take(64 << 10).read_to_end(&mut head));
    head
}

/// The first byte and the whole length that `Content-Range` names (RFC 9110 §14.4).
fn range(reply: &Reply) -> Option<(u64, Option<u64>)> {
    let said = reply.header("content-range")?.trim().strip_prefix("bytes")?.trim();
    let (span, total) = said.split_once('/')?;
    Some((span.split_once('-')?.0.trim().parse().ok()?, total.trim().parse().ok()))
}

/// What tells one version of a file from another for certain: a strong tag; or its date, if the version cannot have
/// changed twice within that second (RFC 9110 §8.8).
fn validators(reply: &Reply) -> (Option<String>, Option<String>) {
    let etag = reply.header("etag").map(str::trim).filter(|tag| tag.starts_with('"')).map(str::to_owned);
    let modified = reply.header("last-modified").filter(|text| {
        let sent = reply.date.unwrap_or(reply.fetched_at);
        http_date::instant(text).is_some_and(|at| sent - at >= 1_000_000)
    });
    (etag, modified.map(str::to_owned))
}

/// Waits; false where the caller wants to stop.
fn pause(time: Duration, cancel: &Cancel) -> bool {
    let until = Instant::now() + time;
    while Instant::now() < until {
        if cancel.load(Ordering::Relaxed) {
            return false;
        }
        std::thread::sleep(TICK.min(until.saturating_duration_since(Instant::now())));
    }
    !cancel.load(Ordering::Relaxed)
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut out, byte| {
        // Writing to a text can't fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The digest of a file.
pub fn sha256(mut file: File) -> io::Result<String> {
    let mut digest = Context::new(&SHA256);
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => digest.update(&buffer[..read]),
        }
    }
    Ok(hex(digest.finish().as_ref()))
}
