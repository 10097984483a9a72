//! Documents read while they are judged: the same as judged first and read then, and nothing is left
//! of what turns out to be no JSON.

use naturalia::columns::{Columns, Data, range};
use naturalia::format::Vocabulary;
use naturalia::format::accept::accept;
use naturalia::format::document::Documents;
use proptest::prelude::*;

fn documents() -> Documents {
    Documents::new(Vocabulary::named("nba").unwrap()).unwrap()
}

/// The value of a row, written out.
fn value(data: &Data, row: usize) -> String {
    let each = |items: Vec<String>| format!("[{}]", items.join(", "));
    match data {
        _ if data.is_null(row) => "none".to_owned(),
        Data::Text(text) => format!("{:?}", text.get(row)),
        Data::Flag(values, _) => values.value(row).to_string(),
        Data::Integer(values, _) | Data::Instant(values, _) => values[row].to_string(),
        Data::Number(values, _) => values[row].to_string(),
        Data::List(offsets, _, items) => each(range(offsets, row).map(|at| value(items, at)).collect()),
        Data::Group(fields, ..) => each(fields.iter().map(|field| value(&field.data, row)).collect()),
    }
}

/// All values of columns, row by row.
fn told(columns: &Columns) -> String {
    let cell = |row: usize| columns.columns.iter().map(move |own| format!("{}: {}", own.name, value(&own.data, row)));
    (0..columns.rows).flat_map(cell).collect::<Vec<String>>().join("\n")
}

/// What becomes of whole documents.
fn pushed(texts: &[&str]) -> String {
    let mut documents = documents();
    for text in texts {
        documents.push(text, &[]);
    }
    told(&documents.freeze())
}

const WHOLE: &str = r#"{"unitID":"a","gatheringEvents":[{"country":"NL"}],"theme":["x","y"],"odd":[1]}"#;

/// Something like a document of the NBA, whole or not.
fn attempt() -> impl Strategy<Value = String> {
    let parts = proptest::sample::select(vec![
        "\"unitID\":",
        "\"title\":",
        "\"theme\":",
        "\"identifications\":",
        "\"gatheringEvents\":",
        "\"multiMediaPublic\":",
        "\"taxonCount\":",
        "\"modified\":",
        "\"unknown\":",
        "\"sourceSystem\":",
        "\"associatedSpecimen\":",
        "\"a\"",
        "\"b\\n\"",
        "\"\\u00e9\"",
        "\"\\x\"",
        "\"\u{1}\"",
        "\"",
        "1",
        "-0.50",
        "01",
        "1e5",
        "true",
        "null",
        "nul",
        "{}",
        "[]",
        "{",
        "}",
        "[",
        "]",
        "[null]",
        "[{\"country\":\"NL\"}]",
        "{\"code\":\"CRS\"}",
        "\"2018-07-17T11:24:22+0000\"",
        ",",
        ",",
        ":",
        " ",
        "\n",
        "\u{c}",
    ]);
    proptest::collection::vec(parts, 0..16).prop_map(|parts| format!("{{{}}}", parts.concat()))
}

/// A document of the NBA, with members in any order and of any type.
fn object() -> impl Strategy<Value = String> {
    let keys = proptest::sample::select(vec![
        "unitID",
        "title",
        "theme",
        "identifications",
        "gatheringEvents",
        "multiMediaPublic",
        "taxonCount",
        "sexes",
        "odd",
    ]);
    let values = proptest::sample::select(vec![
        "\"a\"",
        "\"\\ud83d\"",
        " 1.50",
        "true",
        "null",
        "{}",
        "[ ]",
        "[\"x\" , null]",
        "[{\"country\":\"NL\"},{}]",
        "[[1]]",
        "{\"a\":{\"b\":[1,\"]\"]}}",
        "[{\"scientificName\":{\"genusOrMonomial\":\"Larus\"}}]",
    ]);
    proptest::collection::vec((keys, values), 0..8).prop_map(|members| {
        let members: Vec<String> = members.iter().map(|(key, value)| format!("\"{key}\" :{value}")).collect();
        format!("{{{}}}", members.join(", "))
    })
}

proptest! {
    #[test]
    fn a_document_is_read_exactly_where_its_text_is_accepted(text in prop_oneof![attempt(), object()], cut in 0_usize..200) {
        for text in [&text[..], text.get(..cut).unwrap_or_default()] {
            if text.starts_with('{') {
                prop_assert_eq!(documents().read(text), accept(text, 0), "{}", text);
            }
        }
    }

    #[test]
    fn read_documents_are_what_accepted_ones_become(texts in proptest::collection::vec(object(), 1..4)) {
        let mut own = documents();
        for text in &texts {
            prop_assert_eq!(own.read(&format!("{text}, and more")), Some(text.len()));
            own.push(text, &[]);
        }
        let whole: Vec<&str> = texts.iter().map(String::as_str).collect();
        prop_assert_eq!(told(&own.freeze()), pushed(&whole));
    }

    #[test]
    fn nothing_is_left_of_what_was_not_pushed(texts in proptest::collection::vec(prop_oneof![attempt(), object()], 1..4)) {
        let mut own = documents();
        own.push(WHOLE, &[]);
        for text in &texts {
            own.read(text);
        }
        own.push(WHOLE, &[]);
        own.read(&texts[0]);
        prop_assert_eq!(told(&own.freeze()), pushed(&[WHOLE, WHOLE]));
    }
}
