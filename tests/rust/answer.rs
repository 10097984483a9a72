//! What holds of the answer to any text; tests and fuzzing ask for it.

use naturalia::license::{Grant, Status, Use, Verdict, parse, parse_all};

/// Holds the answer to its laws; panics where it breaks one.
pub fn laws(text: &str) {
    let l = parse(text);
    assert_eq!(l.raw(), text);
    if let Some(span) = l.span() {
        assert!(text.get(span.clone()).is_some(), "{text:?} {span:?}");
        let chars = l.char_span().expect("a span in characters");
        assert_eq!(text.chars().skip(chars.start).take(chars.len()).collect::<String>(), text[span]);
    }
    match (l.status(), l.uri()) {
        (Status::Exact | Status::Partial, Some(uri)) => assert_eq!(parse(&uri).id(), l.id(), "{text:?}"),
        (_, uri) => assert_eq!(uri, None, "{text:?}"),
    }
    if matches!(l.status(), Status::None | Status::Invalid | Status::Statement | Status::Unclear | Status::Partial) {
        let p = l.permissions();
        assert!(![p.commercial, p.derivatives, p.redistribution].contains(&Grant::Yes), "{text:?}");
        for name in ["commons", "gbif", "europeana", "open_definition", "commercial", "derivatives", "open"] {
            let answer = l.check(Use::from_name(name).expect("a use"));
            assert_ne!(answer.verdict, Verdict::Yes, "{text:?} {name}");
        }
    }
    if l.status() == Status::Conflict {
        for part in l.parts() {
            let (whole, part) = (l.permissions(), part.permissions());
            assert!(whole.commercial <= part.commercial && whole.derivatives <= part.derivatives, "{text:?}");
        }
    }
    for part in parse_all(text) {
        assert!(part.span().is_none_or(|s| text.get(s).is_some()), "{text:?}");
    }
}
