//! Functions on values: each keeps the law of its class on any text, and its page says what it does.

use naturalia::value::{self, Class, Function, Outcome, Value};
use proptest::prelude::*;
use std::fmt::Write;
use std::path::Path;

/// Arguments to call a function with: those of its example.
fn arguments(function: &Function) -> &'static [&'static str] {
    function.example.1
}

/// The law of the class for one text of the format.
fn holds(function: &Function, text: &str, arguments: &[&str]) -> Result<(), String> {
    let Ok(value) = (function.forward)(text, arguments) else {
        return Ok(());
    };
    let Some(backward) = function.backward else {
        return if function.class == Class::OneWay { Ok(()) } else { Err("no way back".to_owned()) };
    };
    match (function.class, backward(&value, arguments)) {
        (Class::OneWay, _) => Err("one-way with a way back".to_owned()),
        (Class::Iso, Ok(Value::One(back))) if back == text => Ok(()),
        (Class::Canonical, Ok(Value::One(back))) if (function.forward)(&back, arguments).as_ref() == Ok(&value) => {
            Ok(())
        }
        (Class::Lens, Ok(Value::One(back))) if (function.forward)(&back, arguments).is_ok() => Ok(()),
        // What the format has no word for stays in the residue.
        (Class::Lens, Err(_)) => Ok(()),
        (_, back) => Err(format!("{}: {text:?} gives {value:?}, back {back:?}", function.name)),
    }
}

/// What comes back from the hub reads as what was sent.
fn returns(function: &Function, value: &Value<'_>, arguments: &[&str]) -> Result<(), String> {
    let Some(Ok(Value::One(back))) = function.backward.map(|backward| backward(value, arguments)) else {
        return Ok(());
    };
    match (function.class, (function.forward)(&back, arguments)) {
        (Class::Iso, Ok(again)) if again == *value => Ok(()),
        (Class::Canonical, Ok(again)) => {
            let settled = function.backward.map(|backward| backward(&again, arguments));
            let same = settled == Some(Ok(Value::One(back.clone())));
            if same { Ok(()) } else { Err(format!("{}: {back:?} settles as {settled:?}", function.name)) }
        }
        (Class::Lens, Ok(_)) => Ok(()),
        (_, again) => Err(format!("{}: {value:?} went back as {back:?}, read as {again:?}", function.name)),
    }
}

fn all(check: impl Fn(&Function) -> Result<(), String>) -> Result<(), TestCaseError> {
    value::functions().try_for_each(|function| check(function).map_err(TestCaseError::fail))
}

/// Pieces of what functions read, so that generated texts come near to what they know.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    " ", "-", "/", ".", ",", ";", ":", "(", ")", "[", "]", "?", "~", "±", "+", "'", "\n\n", "T", "Z", "X", "..", "&",
    "1900", "1910", "1952", "0000", "05", "09", "31", "13", "22", "50", "1", "0", "4.", "52.37", "-180", "+4.9", "e",
    "ca. ", "circa ", "voor ", "na ", "begin ", "jaren ", " eeuw", "19", "20e", "th century", "s", "mei", " May ",
    "vii", "zomer", " of ", " or ", " tot ", "exacte datum onbekend", "onbekend", "00:00:00", "+0000", "+02:00",
    "PT", "P", "1H", "2M", "3S", "W", "D", "nl", "en", "dut", "Dutch", "Nederlands", "zxx", "-NL", "_", "US",
    "Jan", "de Vries", "van", "Jong", "J.", "(regie)", "(camera, regie)", "Museum", "Smith, J", " & ", "Foto: ",
    "image", "video/ogg", "Still Image", "ac:", "GOOD_QUALITY", "Thumbnail", "http://", "https://", "x.org/", "y.JPG",
    "medialib.naturalis.nl/file/id/", "/format/large", "10.5281/zenodo.1", "doi:", "ark:/", "urn:uuid:", "oai:", "hdl:",
    "north=", "east=", "westlimit=", "N", "E", "°", "Larus", "fuscus", "cf. ", "sp.", "aff. ", "×", "subsp. ", "L.",
    "(Linnaeus, 1758)", "var. ", "<p>", "</i>", "&amp;", "CC BY", "4.0", "CC0", "Jr.", " and ", "zh", "-yue", "-Latn",
    "before ", "20140820T101112", "siglo ", "9999", "elevation=", "projection=", "%2F", "%C3%A9", "doi.org/",
    "ISBN ", "0306406152", "urn:", "(Procrustes)", "dos Santos", "&", "#", "File:",
];

fn near() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(PIECES), 0..9).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_function_keeps_the_law_of_its_class_near_what_it_reads(text in near()) {
        all(|function| {
            holds(function, &text, arguments(function))?;
            let Ok(value) = (function.forward)(&text, arguments(function)) else { return Ok(()) };
            returns(function, &value, arguments(function))?;
            returns(function, &Value::one(text.as_str()), arguments(function))
        })?;
    }

    #[test]
    fn every_function_keeps_the_law_of_its_class_on_any_text(text in any::<String>()) {
        all(|function| holds(function, &text, arguments(function)))?;
    }

    #[test]
    fn what_comes_back_from_the_hub_reads_as_what_was_sent(text in any::<String>(), more in any::<String>()) {
        let one = Value::one(text.as_str());
        let many = Value::Many(vec![text.as_str().into(), more.as_str().into()]);
        let fields = Value::Fields(vec![("intro", text.as_str().into()), ("body", more.as_str().into())]);
        for value in [one, many, fields] {
            all(|function| returns(function, &value, arguments(function)))?;
        }
    }

    #[test]
    fn no_text_makes_a_guard_panic(text in any::<String>()) {
        for guard in value::guards() {
            let _ = (guard.test)(&text);
        }
    }
}

#[test]
fn names_are_said_once_and_examples_are_understood() {
    let mut names: Vec<_> = value::functions().map(|function| function.name).collect();
    names.extend(value::guards().map(|guard| guard.name));
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    for function in value::functions() {
        assert!(function.takes(arguments(function).len()), "{}", function.name);
        assert!((function.forward)(function.example.0, arguments(function)).is_ok(), "{}", function.name);
    }
}

/// A value as the page shows it.
fn shown(value: &Value<'_>) -> String {
    let code = |text: &str| format!("`{}`", format!("{text:?}").trim_matches('"'));
    match value {
        Value::One(text) => code(text),
        Value::Many(texts) => texts.iter().map(|text| code(text)).collect::<Vec<_>>().join(" · "),
        Value::Fields(fields) => {
            fields.iter().map(|(name, text)| format!("{name} {}", code(text))).collect::<Vec<_>>().join(" · ")
        }
    }
}

/// The two tables of `docs/values.md`.
fn tables() -> String {
    let mut page =
        "| function | class | what it does | for example | source |\n| --- | --- | --- | --- | --- |\n".to_owned();
    for function in value::functions() {
        let name = match function.arguments {
            [] => function.name.to_owned(),
            names => format!("{}({})", function.name, names.join(", ")),
        };
        let shown = shown(&(function.forward)(function.example.0, arguments(function)).unwrap());
        let text = format!("{:?}", function.example.0);
        let text = text.trim_matches('"');
        let (class, doc, source) = (function.class.id(), function.doc, function.source);
        writeln!(page, "| `{name}` | {class} | {doc} | `{text}` → {shown} | {source} |").unwrap();
    }
    page.push_str("\n| guard | true for |\n| --- | --- |\n");
    for guard in value::guards() {
        writeln!(page, "| `{}(value)` | {} |", guard.name, guard.doc).unwrap();
    }
    page
}

#[test]
fn the_page_of_functions_is_what_the_functions_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/values.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let marks = ["<!-- functions -->\n", "<!-- end -->\n"];
    let (before, rest) = page.split_once(marks[0]).unwrap();
    let (_, after) = rest.split_once(marks[1]).unwrap();
    let wanted = format!("{before}{}{}{}{after}", marks[0], tables(), marks[1]);
    if std::env::var_os("NATURALIA_WRITE_DOCS").is_some() {
        std::fs::write(path, wanted).unwrap();
    } else {
        assert!(page == wanted, "docs/values.md is out of date: NATURALIA_WRITE_DOCS=1 cargo test values writes it");
    }
}

/// `date.edtf(nl)` as a function and its arguments.
fn call(text: &str) -> (&'static Function, Vec<&str>) {
    let (name, arguments) = text.strip_suffix(')').and_then(|text| text.split_once('(')).unwrap_or((text, ""));
    let arguments = arguments.split(',').map(str::trim).filter(|argument| !argument.is_empty()).collect();
    (value::function(name).unwrap_or_else(|| panic!("{name}")), arguments)
}

/// An outcome as the vectors write it: a text, `a | b`, `name=text | …`, or `!why`.
fn written(outcome: &Outcome<'_>) -> String {
    match outcome {
        Ok(Value::One(text)) => text.to_string(),
        Ok(Value::Many(texts)) => texts.join(" | "),
        Ok(Value::Fields(fields)) => {
            fields.iter().map(|(name, text)| format!("{name}={text}")).collect::<Vec<_>>().join(" | ")
        }
        Err(rejected) => format!("!{}", rejected.why.id()),
    }
}

/// Calls, inputs and results of the tables in `tests/fixtures/values`.
fn vectors() -> Vec<[String; 3]> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/values");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let text: String = files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let rows = text.lines().filter(|line| !line.starts_with("call\t")).map(|line| {
        let cells: Vec<_> = line.split('\t').map(|cell| cell.replace("\\n", "\n").replace("\\t", "\t")).collect();
        assert!(cells.len() >= 3, "{line}");
        [cells[0].clone(), cells[1].clone(), cells[2].clone()]
    });
    rows.collect()
}

#[test]
fn every_vector_gives_its_result() {
    let mut wrong = Vec::new();
    for [call_text, input, result] in vectors() {
        let (function, arguments) = call(&call_text);
        assert!(function.takes(arguments.len()), "{call_text}");
        let outcome = written(&(function.forward)(&input, &arguments));
        if outcome != result {
            wrong.push(format!("{call_text} {input:?}: {outcome}, not {result}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_vector_keeps_the_law_of_its_class() {
    for [call_text, input, _] in vectors() {
        let (function, arguments) = call(&call_text);
        holds(function, &input, &arguments).unwrap();
        if let Ok(value) = (function.forward)(&input, &arguments) {
            returns(function, &value, &arguments).unwrap();
        }
    }
}

#[test]
fn only_what_is_certainly_a_species_is_one_among_free_subjects() {
    let certain = value::guard("taxon.is_certain").unwrap().test;
    for name in ["Colchicum autumnale", "Chamerion angustifolium (L.)", "Pica pica", "Larus cf. fuscus"] {
        assert!(certain(name), "{name}");
    }
    let subjects = [
        "Colchicum",
        "Camera obscura",
        "Green iguana",
        "Groene leguaan",
        "Noord-Holland",
        "totaal",
        "Stenodema spec",
        "Orientation analysis",
        "Literatura moderna",
        "Villa rustica",
        "Prins bernhard",
        "Larus sp.",
    ];
    for subject in subjects {
        assert!(!certain(subject), "{subject}");
    }
}

#[test]
fn a_port_or_a_mark_is_not_rounded_to_a_licence_of_the_nba() {
    let back = value::function("license.nba").unwrap().backward.unwrap();
    let port = Value::one("https://creativecommons.org/licenses/by-sa/3.0/nl/");
    assert_eq!(back(&port, &[]), Ok(Value::one("CC BY-SA")));
    let mark = Value::one("https://creativecommons.org/publicdomain/mark/1.0/");
    assert!(back(&mark, &[]).is_err());
}

#[test]
fn an_edited_date_or_role_wins_over_the_text_it_came_from() {
    let span = value::function("date.span").unwrap();
    let edited = Value::Fields(vec![("edtf", "1901".into()), ("verbatim", "omstreeks 1900".into())]);
    assert_eq!(span.backward.unwrap()(&edited, &[]), Ok(Value::one("1901")));
    let role = value::function("name.role").unwrap();
    let edited = vec![("name", "Bloemendal, Philip".into()), ("role", "camera".into()), ("verbatim", "x".into())];
    assert_eq!(role.backward.unwrap()(&Value::Fields(edited), &[]), Ok(Value::one("Bloemendal, Philip (camera)")));
}

#[test]
fn a_padded_date_says_that_its_precision_is_uncertain() {
    let span = value::function("date.span").unwrap().forward;
    let precision = |text, hints: &[&str]| span(text, hints).unwrap().field("precision").map(str::to_owned);
    assert_eq!(precision("1976-01-01", &["padded"]).as_deref(), Some("uncertain"));
    assert_eq!(precision("1976-01-01", &[]), None);
    assert_eq!(precision("1900-01-01T00:00:00+0000", &[]).as_deref(), Some("uncertain"));
    assert_eq!(precision("begin 20e eeuw", &[]).as_deref(), Some("part"));
}

#[test]
fn a_long_text_is_answered_soon() {
    for piece in ["1900-", "- ", "ca. ", "1900 of ", "(", "[", "Smith J, ", "52.1+", "<p", "1900;"] {
        let text = piece.repeat(20_000 / piece.len());
        for function in value::functions() {
            let _ = (function.forward)(&text, arguments(function));
        }
        for guard in value::guards() {
            let _ = (guard.test)(&text);
        }
    }
}

#[test]
fn one_odd_byte_anywhere_makes_no_address() {
    let is_url = value::guard("url.is").unwrap().test;
    for length in 1..50 {
        let address = format!("https://{}", "a".repeat(length));
        assert!(is_url(&address), "{address}");
        assert!(is_url(&format!(" {address}\n")));
        for at in 8..address.len() {
            let with = |odd: &str| format!("{}{odd}{}", &address[..at], &address[at + 1..]);
            for odd in ["<", ">", "\""] {
                assert!(!is_url(&with(odd)), "{}", with(odd));
            }
            for blank in [" ", "\u{a0}"].map(with) {
                assert_eq!(is_url(&blank), at == address.len() - 1 && length > 1, "{blank}");
            }
            assert!(is_url(&with("é")), "{}", with("é"));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// What is taken at a glance is taken, and one of the parts is the text itself.
    #[test]
    fn what_a_function_takes_at_a_glance_it_takes(text in "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?|.{0,9}") {
        for function in value::functions() {
            let glance = match value::takes(function) {
                Some(value::Stays::If(takes)) => takes(&text),
                Some(value::Stays::OneLine) => !text.contains('\n'),
                None => false,
            };
            if glance {
                match (function.forward)(&text, &[]) {
                    Ok(Value::Fields(parts)) => prop_assert!(parts.iter().any(|(_, part)| *part == text)),
                    other => prop_assert!(false, "{other:?}"),
                }
            }
        }
    }
}
