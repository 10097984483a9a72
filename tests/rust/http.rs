//! The client against a server that misbehaves on demand.

use crate::server::{Server, Turn, reply};
use flate2::Compression;
use flate2::write::GzEncoder;
use naturalia::error::{Cancel, Error, Kind};
use naturalia::http::{Client, Options, Reply, Request, Verdict};
use std::io::{Read, Write};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

fn quick() -> Options {
    Options { rate: None, backoff: Duration::from_millis(5), proxy: Some(String::new()), ..Options::default() }
}

fn send(options: Options, request: &Request) -> Result<Reply, Error> {
    Client::new(options)?.send(request, &Cancel::new(false))
}

fn get(server: &Server) -> Result<Reply, Error> {
    send(quick(), &Request::get(&server.url))
}

fn ok(body: &[u8]) -> Turn {
    reply("200 OK", &["Content-Type: text/xml"], body)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

#[test]
fn a_request_says_who_asks() {
    let server = Server::new(vec![ok(b"<a/>")]);
    let options = Options { contact: Some("me@museum.example".to_owned()), ..quick() };
    let got = send(options, &Request::get(&server.url)).unwrap();
    assert_eq!((got.status, got.body.as_slice(), got.retries), (200, &b"<a/>"[..], 0));
    assert_eq!(got.content_type.as_deref(), Some("text/xml"));
    let heard = &server.heard()[0].to_lowercase();
    assert!(heard.contains(&format!("user-agent: naturalia/{} (mailto:me@museum.example)", env!("CARGO_PKG_VERSION"))));
    assert!(heard.contains("from: me@museum.example") && heard.contains("accept-encoding: gzip, deflate"));
}

#[test]
fn passing_faults_are_met_with_another_attempt() {
    let cut = || Turn::Say(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<a>".to_vec());
    let faults = [Turn::Close, cut(), reply("502 Bad Gateway", &[], b""), reply("500 Oops", &[], b"")];
    let server = Server::new(faults.into_iter().chain([ok(b"<a/>")]).collect());
    let got = get(&server).unwrap();
    assert_eq!((got.body.as_slice(), got.retries, server.heard().len()), (&b"<a/>"[..], 4, 5));
}

#[test]
fn a_lasting_fault_is_an_error_with_the_address_and_advice() {
    let server = Server::new(vec![reply("500 Oops", &[], b"<html><title>Out of\n memory</title>")]);
    let error = send(Options { retries: 2, ..quick() }, &Request::get(format!("{}/oai?verb=Identify", server.url)));
    let error = error.unwrap_err();
    assert_eq!((error.kind(), server.heard().len()), (&Kind::Network, 3));
    assert_eq!(error.message(), "the answer is 500 Internal Server Error: Out of memory (tried 2 more times)");
    assert_eq!(error.place().source.as_deref(), Some(&*format!("{}/oai?verb=Identify", server.url)));
    assert!(error.advice().is_some());
}

#[test]
fn what_no_retry_can_change_is_an_answer_at_once() {
    let server = Server::new(vec![reply("404 Not Found", &[], b"no")]);
    let got = get(&server).unwrap();
    assert_eq!((got.status, server.heard().len()), (404, 1));
    assert_eq!(got.success().unwrap_err().message(), "the answer is 404 Not Found: no");
}

#[test]
fn retry_after_is_obeyed_in_both_forms() {
    let date = ["Date: Sun, 06 Nov 1994 08:49:37 GMT", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"];
    let turns = vec![
        reply("503 Busy", &["Retry-After: 0"], b""),
        reply("429 Slowly", &date, b""),
        reply("503 Busy", &["Retry-After: 1"], b""),
        // Good replies carry it too, and then it means nothing.
        reply("200 OK", &["Retry-After: 57"], b"<a/>"),
    ];
    let server = Server::new(turns);
    let start = Instant::now();
    let got = get(&server).unwrap();
    assert_eq!((got.body.as_slice(), got.retries), (&b"<a/>"[..], 3));
    assert!(got.waited >= Duration::from_secs(1) && start.elapsed() >= Duration::from_secs(1));
}

#[test]
fn a_wait_beyond_the_limit_is_an_error_that_says_until_when() {
    let server = Server::new(vec![reply("503 Busy", &["Retry-After: 86400"], b"")]);
    let error = get(&server).unwrap_err();
    let Kind::RateLimited { retry_at: Some(_) } = error.kind() else { panic!("{error:?}") };
    assert_eq!((error.message(), server.heard().len()), ("the service asks to wait 24.0 hours", 1));
}

#[test]
fn redirects_are_followed_and_keep_the_question() {
    let target = Server::new(vec![ok(b"<a/>")]);
    let location = format!("Location: {}/new", target.url);
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let server = Server::new(vec![reply(status, &[&location], b"<html/>")]);
        let request = Request::post(&server.url, "application/x-www-form-urlencoded", b"verb=Identify".to_vec());
        let got = send(quick(), &request).unwrap();
        assert_eq!(got.url, format!("{}/new", target.url));
        let heard = target.heard().pop().unwrap();
        assert!(heard.starts_with("POST /new") && heard.ends_with("verb=Identify"), "{status}: {heard}");
    }
    let server = Server::new(vec![reply("303 See Other", &[&location], b"")]);
    let got = send(quick(), &Request::post(&server.url, "text/plain", b"a".to_vec())).unwrap();
    assert_eq!(got.status, 200);
    assert!(target.heard().pop().unwrap().starts_with("GET /new"));
}

#[test]
fn redirects_that_lead_nowhere_end() {
    let server = Server::new(vec![reply("302 Found", &["Location: /again"], b"")]);
    let error = get(&server).unwrap_err();
    assert!(error.message().starts_with("more than 10 redirects"), "{error}");
    let server = Server::new(vec![reply("302 Found", &["Location: file:///etc/passwd"], b"")]);
    assert!(get(&server).unwrap_err().message().contains("no address of the web"));
}

#[test]
fn credentials_go_to_their_host_only_and_into_no_error() {
    let other = Server::new(vec![reply("401 Unauthorized", &[], b"")]);
    let location = format!("Location: {}", other.url.replace("127.0.0.1", "localhost"));
    let first = Server::new(vec![reply("302 Found", &[&location], b"")]);
    let options = Options {
        auth: Some(("me".to_owned(), "secret".to_owned())),
        headers: vec![("X-Key".to_owned(), "hidden".to_owned())],
        ..quick()
    };
    let url = first.url.replace("http://", "http://me:secret@");
    let error = send(options, &Request::get(format!("{url}?api_key=hidden"))).unwrap().success().unwrap_err();
    let heard = first.heard()[0].to_lowercase();
    assert!(heard.contains("authorization: basic bwu6c2vjcmv0") && heard.contains("x-key: hidden"), "{heard}");
    let heard = other.heard()[0].to_lowercase();
    assert!(!heard.contains("authorization") && !heard.contains("hidden"), "{heard}");
    let said = format!("{error:?}");
    assert!(!said.contains("secret") && !said.contains("hidden"), "{said}");
}

#[test]
fn packed_replies_are_unpacked_whatever_their_label() {
    for label in ["Content-Encoding: gzip", "Content-Encoding: identity", "X-No: label"] {
        let server = Server::new(vec![reply("200 OK", &[label], &gzip(b"<a/>"))]);
        assert_eq!(get(&server).unwrap().body, b"<a/>", "{label}");
    }
}

#[test]
fn a_damaged_packing_is_asked_for_again_without_packing() {
    let half = &gzip(b"<a/>")[..12];
    let server = Server::new(vec![reply("200 OK", &["Content-Encoding: gzip"], half), ok(b"<a/>")]);
    assert_eq!(get(&server).unwrap().body, b"<a/>");
    assert!(server.heard()[1].to_lowercase().contains("accept-encoding: identity"));
}

#[test]
fn a_reply_beyond_the_limit_is_an_error_and_never_cut() {
    let options = || Options { max_bytes: 1000, ..quick() };
    for body in [vec![b' '; 2000], gzip(&[b' '; 2000])] {
        let server = Server::new(vec![ok(&body)]);
        let error = send(options(), &Request::get(&server.url)).unwrap_err();
        assert_eq!((error.kind(), server.heard().len()), (&Kind::Limit, 1));
    }
    let unannounced = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b' '; 2000]].concat();
    let server = Server::new(vec![Turn::Say(unannounced)]);
    assert_eq!(send(options(), &Request::get(&server.url)).unwrap_err().kind(), &Kind::Limit);
}

#[test]
fn the_caller_judges_whether_a_reply_is_an_answer() {
    fn whole(reply: &Reply) -> Verdict {
        if reply.body.ends_with(b"</a>") {
            return Verdict::Answer;
        }
        Verdict::Again(Error::new(Kind::Truncated { records: 0 }, "cut"), 1)
    }
    let ask = |turns| {
        let server = Server::new(turns);
        let outcome = send(quick(), &Request { verdict: whole, ..Request::get(&server.url) });
        (outcome, server.heard().len())
    };
    assert_eq!(ask(vec![ok(b"<a>"), ok(b"<a></a>")]).0.unwrap().retries, 1);
    assert_eq!(ask(vec![reply("500 Oops", &[], b"<a></a>")]).0.unwrap().status, 500);
    let (outcome, asked) = ask(vec![ok(b"<a>")]);
    assert_eq!((outcome.unwrap_err().kind(), asked), (&Kind::Truncated { records: 0 }, 2));
}

#[test]
fn a_body_is_read_as_it_comes_and_its_early_end_is_an_error() {
    let client = Client::new(quick()).unwrap();
    let cancel = Cancel::new(false);
    let read = |turns| {
        let server = Server::new(turns);
        let mut body = client.stream(&Request::get(&server.url), &cancel)?;
        let mut bytes = Vec::new();
        body.read_to_end(&mut bytes).map_err(|error| Error::new(Kind::Network, error.to_string()))?;
        Ok::<_, Error>(bytes)
    };
    assert_eq!(read(vec![reply("503 Busy", &[], b""), ok(b"<a/>")]).unwrap(), b"<a/>");
    assert_eq!(read(vec![reply("200 OK", &["Content-Encoding: gzip"], &gzip(b"<a/>"))]).unwrap(), b"<a/>");
    let cut = Turn::Say(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<a>".to_vec());
    assert!(read(vec![cut]).unwrap_err().message().contains("ended before"));
    assert!(read(vec![reply("404 Not Found", &[], b"")]).unwrap_err().message().contains("404"));
}

#[test]
fn the_caller_can_stop_it_at_any_moment() {
    let half = || Turn::Say(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<a>".to_vec());
    let slow = Options { backoff: Duration::from_secs(600), max_wait: Duration::from_secs(900), ..quick() };
    let waiting = reply("503 Busy", &["Retry-After: 600"], b"");
    for (what, turn) in [("reading", Turn::Hang), ("backing off", half()), ("waiting", waiting)] {
        let server = Server::new(vec![turn]);
        let cancel = Cancel::new(false);
        let client = Client::new(slow.clone()).unwrap();
        std::thread::scope(|scope| {
            let asked = scope.spawn(|| client.send(&Request::get(&server.url), &cancel));
            std::thread::sleep(Duration::from_millis(300));
            cancel.store(true, Ordering::Relaxed);
            let start = Instant::now();
            assert_eq!(asked.join().unwrap().unwrap_err().kind(), &Kind::Interrupted, "{what}");
            assert!(start.elapsed() < Duration::from_secs(60), "long before the wait is over: {what}");
        });
    }
}

#[test]
fn what_can_t_be_reached_is_said_in_words() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = send(quick(), &Request::get(format!("http://{closed}/oai"))).unwrap_err();
    assert_eq!(error.message(), format!("{closed} refuses connections (tried 2 more times)"));
    let error = send(quick(), &Request::get("http://no-such-host.invalid/oai")).unwrap_err();
    assert!(error.message().starts_with("there is no host no-such-host.invalid"), "{error}");
    let server = Server::new(vec![Turn::Hang]);
    let options = Options { timeout: Duration::from_millis(100), retries: 0, ..quick() };
    let error = send(options, &Request::get(&server.url)).unwrap_err();
    assert!(error.message().contains("has sent nothing for 0.1 s"), "{error}");
}

#[test]
fn options_that_can_t_be_are_refused() {
    let refused = |options| Client::new(options).unwrap_err();
    let header = ("X-Key".to_owned(), "sec\nret".to_owned());
    let errors = [
        refused(Options { rate: Some(0.0), ..quick() }),
        refused(Options { timeout: Duration::ZERO, ..quick() }),
        refused(Options { contact: Some("a\nb".to_owned()), ..quick() }),
        refused(Options { proxy: Some("no proxy".to_owned()), ..quick() }),
        refused(Options { headers: vec![header], ..quick() }),
    ];
    for error in errors {
        assert_eq!(error.kind(), &Kind::Value);
        assert!(!error.message().contains("ret"), "{error}");
    }
}
