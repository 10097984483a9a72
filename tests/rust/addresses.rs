//! Every tool of Creative Commons in every spelling of its address that is met.

use naturalia::license::{parse, uris};

const SCHEMES: &[&str] =
    &["https://", "http://", "https://www.", "http://www.", "", "www.", "HTTP://", "//", "http:/", "http:///"];

const TAILS: &[&str] = &[
    "",
    "/",
    "//",
    "/deed",
    "/deed.nl",
    "/deed.de",
    "/deed.uk",
    "/deed.pt_BR",
    "/deed.zh-hant",
    "/legalcode",
    "/legalcode.en",
    "/legalcode.txt",
    "/rdf",
    "/?ref=chooser-v1",
    "#deed",
    "/.",
    "/).",
    "/;",
    "/'",
    "/88x31.png",
];

/// The address `path` at the host, in all its spellings.
fn spellings(path: &str) -> Vec<String> {
    let address = format!("http://creativecommons.org/{path}");
    let mut found: Vec<String> = Vec::new();
    found.extend(SCHEMES.iter().map(|scheme| format!("{scheme}creativecommons.org/{path}/")));
    found.extend(TAILS.iter().map(|tail| format!("{address}{tail}")));
    let escaped = |slash: &str, colon: &str| format!("{address}/").replace('/', slash).replacen(':', colon, 1);
    found.extend([
        address.to_uppercase(),
        escaped("%2F", "%3A"),
        escaped("%252F", "%253A"),
        escaped("&#x2F;", ":"),
        escaped("\\/", ":"),
        format!("<a rel=\"license\" href=\"{address}/\">License</a>"),
        format!("({address}/)"),
        format!("see {address}/."),
    ]);
    if let Some(rest) = path.strip_prefix("licenses/") {
        found.push(format!("http://creativecommons.org/licences/{rest}/"));
        found.push(format!("https://i.creativecommons.org/l/{rest}/88x31.png"));
        found.push(format!("https://licensebuttons.net/l/{rest}/80x15.png"));
    }
    found
}

#[test]
fn every_tool_is_read_in_every_spelling_of_its_address() {
    let (mut tools, mut least) = (0, usize::MAX);
    for uri in uris() {
        let Some(path) = uri.strip_prefix("https://creativecommons.org/") else { continue };
        let expected = parse(&uri).id();
        let spellings = spellings(path.trim_end_matches('/'));
        for spelling in &spellings {
            assert_eq!(parse(spelling).id(), expected, "{spelling}");
        }
        tools += 1;
        least = least.min(spellings.len());
    }
    assert_eq!(tools, 639);
    assert!(least >= 20);
}

#[test]
fn a_host_that_only_looks_like_creative_commons_is_none() {
    for uri in uris().filter(|uri| uri.contains("creativecommons")) {
        for other in ["creativecommons.org.example", "notcreativecommons.org", "a.example/creativecommons.org"] {
            let spelling = uri.replace("creativecommons.org", other);
            assert_eq!(parse(&spelling).id(), None, "{spelling}");
        }
    }
}
