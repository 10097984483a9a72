//! Media files: what a table says may be fetched, into a folder that can be left at any moment.
//!
//! Threads fetch ([`file`]); this one writes. What is known of a file is committed to the manifest before the file takes
//! its name; what the manifest says and the folder lacks is put in place, or fetched again, by the next run.

pub mod file;
pub mod folder;
mod kind;
pub mod name;
mod place;
pub mod plan;
mod whole;

use crate::error::{Cancel, Error, Kind, Result};
use crate::http::{self, Client};
use crate::store::manifest::{Manifest, Medium};
use crate::value::http_date::now;
use file::{Failure, Fetched, Job, Means, Outcome};
use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

pub use folder::Folder;
pub use place::{check, settle};

/// Files that come faster than this share a commit.
const COMMIT: Duration = Duration::from_millis(250);
/// How often the caller's wish to stop is looked at.
const TICK: Duration = Duration::from_millis(25);
/// Threads at most, whatever the number of hosts.
const THREADS: usize = 32;
/// Media that wait in memory, for each host.
const AHEAD: usize = 16;
/// A host that gave no answer to so many questions in a row is left alone for this time.
const SILENT: u32 = 8;

/// How to fetch.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Connections to one host.
    pub connections: usize,
    /// The largest file, in bytes.
    pub max_bytes: u64,
    /// Write what is known of each file beside it.
    pub sidecars: bool,
    /// Put a file that changed at the source in the place of the one that is here.
    pub replace: bool,
}

/// How far it is, for whoever waits.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// Files to ask for.
    pub total: i64,
    /// Files that are done, whatever came of them.
    pub done: i64,
    /// Those that failed.
    pub failed: i64,
    /// Bytes that have come.
    pub bytes: u64,
    /// Part files that were links or had other names, and were begun anew.
    pub unlinked: u64,
    /// What came last.
    pub latest: Option<String>,
}

/// The places of private networks that may be asked: those given, those of the services the table came from, and, where
/// no such service is known, the host most of the files are at, unless it is the link itself.
pub fn inside(manifest: &Manifest, given: &[String], origins: &[String]) -> Result<Vec<String>> {
    let mut allowed = given.to_vec();
    for origin in origins.iter().filter(|origin| http::inside(origin).is_some_and(|(inside, _)| inside)) {
        allowed.extend(http::place(origin));
    }
    if origins.is_empty()
        && let Some((host, _)) = manifest.hosts()?.into_iter().next()
        && !http::inside(&format!("http://{host}/")).is_some_and(|(_, link)| link)
    {
        allowed.push(host);
    }
    Ok(allowed)
}

/// A host and its queue.
struct Lane {
    host: String,
    queue: VecDeque<Medium>,
    after: i64,
    busy: usize,
    ended: bool,
    silent: u32,
}

enum Event {
    Begun(i64, Option<String>, Option<String>),
    Done(Box<Job>, Outcome),
}

/// Fetches what is due in the manifest into `folder`.
pub fn fetch(
    manifest: &Manifest,
    folder: &Folder,
    client: &Client,
    options: Options,
    progress: &Mutex<Progress>,
    cancel: &Cancel,
) -> Result<()> {
    let hosts = manifest.hosts()?;
    let total = hosts.iter().map(|(_, files)| files).sum();
    show(progress, |shown| shown.total = total);
    let threads = (hosts.len() * options.connections).clamp(1, THREADS);
    let lane = |(host, _)| Lane { host, queue: VecDeque::new(), after: 0, busy: 0, ended: false, silent: 0 };
    let lanes = hosts.into_iter().map(lane).collect();
    let (received, unlinked) = (AtomicU64::new(0), AtomicU64::new(0));
    let stop = Cancel::new(false);
    let (jobs, waiting) = channel::<Box<Job>>();
    let waiting = Mutex::new(waiting);
    std::thread::scope(|scope| {
        let (sender, events) = channel();
        for _ in 0..threads {
            let (sender, waiting, stop) = (sender.clone(), &waiting, &stop);
            let (received, unlinked) = (&received, &unlinked);
            scope.spawn(move || {
                let means = Means {
                    client,
                    folder,
                    max_bytes: options.max_bytes,
                    received,
                    unlinked,
                    cancel: stop,
                    // Whoever listens has gone only if everything is over.
                    begun: &|id, etag, modified| drop(sender.send(Event::Begun(id, etag, modified))),
                };
                while let Some(mut job) = next(waiting) {
                    let outcome = file::fetch(&mut job, &means);
                    drop(sender.send(Event::Done(job, outcome)));
                }
            });
        }
        drop(sender);
        let mut work = Work { manifest, folder, options, progress, lanes, threads, running: 0, kept: Vec::new() };
        let done = work.all(&jobs, &events, &received, cancel);
        stop.store(true, Ordering::Relaxed);
        drop(jobs);
        let rest = work.rest(&events);
        show(progress, |shown| shown.unlinked = unlinked.load(Ordering::Relaxed));
        done.and(rest)
    })
}

fn next(waiting: &Mutex<Receiver<Box<Job>>>) -> Option<Box<Job>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn show(progress: &Mutex<Progress>, change: impl FnOnce(&mut Progress)) {
    change(&mut progress.lock().unwrap_or_else(PoisonError::into_inner));
}

/// The thread that hands out and writes down.
struct Work<'a> {
    manifest: &'a Manifest,
    folder: &'a Folder,
    options: Options,
    progress: &'a Mutex<Progress>,
    lanes: Vec<Lane>,
    threads: usize,
    running: usize,
    /// What is not yet committed.
    kept: Vec<Event>,
}

impl Work<'_> {
    fn all(
        &mut self,
        jobs: &Sender<Box<Job>>,
        events: &Receiver<Event>,
        received: &AtomicU64,
        cancel: &Cancel,
    ) -> Result<()> {
        let mut committed = Instant::now();
        loop {
            if cancel.load(Ordering::Relaxed) {
                return Err(Error::new(Kind::Interrupted, "stopped"));
            }
            self.hand_out(jobs)?;
            match events.recv_timeout(TICK) {
                Ok(event) => self.take(event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            while let Ok(event) = events.try_recv() {
                self.take(event);
            }
            show(self.progress, |shown| shown.bytes = received.load(Ordering::Relaxed));
            let over = self.running == 0 && self.lanes.iter().all(|lane| lane.ended && lane.queue.is_empty());
            if over || committed.elapsed() >= COMMIT {
                self.commit()?;
                committed = Instant::now();
            }
            if over {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Gives idle threads work, hosts in turn.
    fn hand_out(&mut self, jobs: &Sender<Box<Job>>) -> Result<()> {
        let mut given = true;
        while given && self.running < self.threads {
            given = false;
            for lane in &mut self.lanes {
                if lane.busy >= self.options.connections || self.running >= self.threads {
                    continue;
                }
                if lane.queue.is_empty() && !lane.ended {
                    let more = self.manifest.due(&lane.host, lane.after, AHEAD)?;
                    lane.ended = more.len() < AHEAD;
                    lane.after = more.last().map_or(lane.after, |medium| medium.id);
                    lane.queue = more.into();
                }
                let Some(medium) = lane.queue.pop_front() else { continue };
                let name = medium.name.clone().unwrap_or_default();
                let job = Job { again: medium.path.is_some(), part: format!("{name}.part"), medium };
                if lane.silent >= SILENT {
                    let detail = format!("not tried: {} gave no answer {SILENT} times in a row", lane.host);
                    let failure = Failure { reason: "host-silent".to_owned(), detail, silent: true };
                    self.kept.push(Event::Done(Box::new(job), Outcome::Failed(failure)));
                    given = true;
                    continue;
                }
                lane.busy += 1;
                self.running += 1;
                given = true;
                drop(jobs.send(Box::new(job)));
            }
        }
        Ok(())
    }

    fn take(&mut self, event: Event) {
        if let Event::Done(job, outcome) = &event {
            self.running -= 1;
            if let Some(lane) = self.lanes.iter_mut().find(|lane| Some(&lane.host) == job.medium.host.as_ref()) {
                lane.busy -= 1;
                let silent = matches!(outcome, Outcome::Failed(failure) if failure.silent);
                lane.silent = if silent { lane.silent + 1 } else { 0 };
            }
        }
        self.kept.push(event);
    }

    /// Waits for the threads, and keeps what they still bring.
    fn rest(&mut self, events: &Receiver<Event>) -> Result<()> {
        while let Ok(event) = events.recv() {
            self.take(event);
        }
        self.commit()
    }

    /// Writes down what has come, then gives the files their names.
    fn commit(&mut self) -> Result<()> {
        if self.kept.is_empty() {
            return Ok(());
        }
        let mut placed = Vec::new();
        let (mut done, mut failed, mut latest) = (0, 0, None);
        self.manifest.begin()?;
        let kept = std::mem::take(&mut self.kept);
        let over = |event: &Event| match event {
            Event::Done(job, outcome) if !matches!(outcome, Outcome::Stopped) => Some(job.medium.id),
            _ => None,
        };
        let over: HashSet<i64> = kept.iter().filter_map(over).collect();
        for event in kept {
            match event {
                // What is over since knows its version itself.
                Event::Begun(id, ..) if over.contains(&id) => {}
                Event::Begun(id, etag, modified) => {
                    let mut medium = self.manifest.get(id)?;
                    (medium.etag, medium.modified) = (etag, modified);
                    self.manifest.put(&medium)?;
                }
                Event::Done(_, Outcome::Stopped) => {}
                Event::Done(job, outcome) => {
                    let Job { medium, part, again } = *job;
                    let (medium, place) = self.noted(medium, outcome, &part, again)?;
                    done += 1;
                    failed += i64::from(medium.status == "failed");
                    latest.clone_from(&medium.name);
                    self.manifest.put(&medium)?;
                    if place {
                        placed.push((medium, part));
                    }
                }
            }
        }
        self.manifest.commit()?;
        for (medium, part) in &placed {
            place::place(self.folder, medium, part, self.options.sidecars)?;
        }
        show(self.progress, |shown| {
            shown.done += done;
            shown.failed += failed;
            shown.latest = latest.or(shown.latest.take());
        });
        Ok(())
    }

    /// What is now known of a medium, and whether its part is to take its name.
    fn noted(&self, mut medium: Medium, outcome: Outcome, part: &str, again: bool) -> Result<(Medium, bool)> {
        medium.due = false;
        let mut say = |status: &str, reason: Option<String>, detail: Option<String>| {
            status.clone_into(&mut medium.status);
            (medium.reason, medium.detail) = (reason, detail);
        };
        match outcome {
            Outcome::Stopped => {}
            Outcome::Same => say("ok", None, None),
            Outcome::Gone(status) if again => {
                let detail = format!("the answer is {status}; the file that was fetched is still here");
                say("gone", Some(format!("http-{status}")), Some(detail));
            }
            Outcome::Gone(status) => {
                let detail = format!("the answer is {status}: nothing is there, or no longer");
                say("failed", Some(format!("http-{status}")), Some(detail));
            }
            Outcome::Failed(failure) if again => {
                let detail = format!("{}; the file that was fetched is still here", failure.detail);
                say("unchecked", Some(failure.reason), Some(detail));
            }
            Outcome::Failed(failure) => say("failed", Some(failure.reason), Some(failure.detail)),
            Outcome::Fetched(fetched) => return self.arrived(medium, fetched, part, again),
        }
        Ok((medium, false))
    }

    /// The same for a file that has come.
    fn arrived(&self, mut medium: Medium, fetched: Fetched, part: &str, again: bool) -> Result<(Medium, bool)> {
        let own = format!("{}.{}", medium.name.as_deref().unwrap_or_default(), fetched.found.ending);
        let same = medium.sha256.as_ref() == Some(&fetched.sha256);
        if again && (same || !self.options.replace) {
            place::remove(self.folder, part)?;
            if same {
                "ok".clone_into(&mut medium.status);
                (medium.reason, medium.detail) = (None, None);
                (medium.etag, medium.modified) = (fetched.etag, fetched.modified);
            } else {
                "changed".clone_into(&mut medium.status);
                medium.reason = Some("changed-at-source".to_owned());
                let detail = "the source has another file now ({} bytes, sha256 {}); the one fetched first is kept";
                let detail = detail.replacen("{}", &fetched.size.to_string(), 1).replacen("{}", &fetched.sha256, 1);
                medium.detail = Some(detail);
            }
            return Ok((medium, false));
        }
        let taken = medium.path.as_ref() != Some(&own) && place::is_taken(self.folder, &own, &fetched)?;
        if taken {
            place::remove(self.folder, part)?;
            if again { "changed" } else { "failed" }.clone_into(&mut medium.status);
            medium.reason = Some("exists".to_owned());
            medium.detail = Some(format!("another file is at {own}, and was not overwritten: move it away"));
            return Ok((medium, false));
        }
        if let Some(old) = medium.path.as_deref().filter(|old| again && *old != own) {
            // What is replaced by a file of another type leaves nothing behind.
            place::remove(self.folder, old)?;
            place::remove(self.folder, &format!("{old}.json"))?;
        }
        "ok".clone_into(&mut medium.status);
        medium.reason = again.then(|| "replaced".to_owned()).or(fetched.found.note.map(str::to_owned));
        medium.detail = None;
        (medium.path, medium.sha256) = (Some(own), Some(fetched.sha256));
        (medium.size, medium.r#type) = (Some(fetched.size as i64), Some(fetched.found.mime));
        (medium.etag, medium.modified) = (fetched.etag, fetched.modified);
        medium.fetched_at = Some(if fetched.at > 0 { fetched.at } else { now() });
        Ok((medium, true))
    }
}
