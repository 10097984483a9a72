//! Functions on values: each keeps the law of its class on any text, and its page says what it does.

use naturalia::value::{self, Class, Function, Outcome, Value};
use proptest::prelude::*;
use std::fmt::Write;
use std::path::Path;

/// Arguments to call a function with: those of its example.
fn arguments(function: &Function) -> &'static [&'static str] {
    function.example.1
}

fn forward<'a>(function: &Function, text: &'a str) -> Outcome<'a> {
    (function.forward)(text, arguments(function))
}

/// The law of the class for one text of the format.
fn holds(function: &Function, text: &str) -> Result<(), String> {
    let Ok(value) = forward(function, text) else {
        return Ok(());
    };
    let Some(backward) = function.backward else {
        return if function.class == Class::OneWay { Ok(()) } else { Err("no way back".to_owned()) };
    };
    match (function.class, backward(&value, arguments(function))) {
        (Class::OneWay, _) => Err("one-way with a way back".to_owned()),
        (Class::Iso, Ok(Value::One(back))) if back == text => Ok(()),
        (Class::Canonical, Ok(Value::One(back))) if forward(function, &back).as_ref() == Ok(&value) => Ok(()),
        (Class::Lens, Ok(Value::One(back))) if forward(function, &back).is_ok() => Ok(()),
        // What the format has no word for stays in the residue.
        (Class::Lens, Err(_)) => Ok(()),
        (_, back) => Err(format!("{}: {text:?} gives {value:?}, back {back:?}", function.name)),
    }
}

/// What comes back from the hub reads as what was sent.
fn returns(function: &Function, value: &Value<'_>) -> Result<(), String> {
    let Some(Ok(Value::One(back))) = function.backward.map(|backward| backward(value, arguments(function))) else {
        return Ok(());
    };
    match (function.class, forward(function, &back)) {
        (Class::Iso, Ok(again)) if again == *value => Ok(()),
        (Class::Canonical, Ok(again)) => {
            let settled = function.backward.map(|backward| backward(&again, arguments(function)));
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

proptest! {
    #[test]
    fn every_function_keeps_the_law_of_its_class_on_any_text(text in any::<String>()) {
        all(|function| holds(function, &text))?;
    }

    #[test]
    fn what_comes_back_from_the_hub_reads_as_what_was_sent(text in any::<String>(), more in any::<String>()) {
        let one = Value::one(text.as_str());
        let many = Value::Many(vec![text.as_str().into(), more.as_str().into()]);
        let fields = Value::Fields(vec![("intro", text.as_str().into()), ("body", more.as_str().into())]);
        for value in [one, many, fields] {
            all(|function| returns(function, &value))?;
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
        assert!(forward(function, function.example.0).is_ok(), "{}", function.name);
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
        let shown = shown(&forward(function, function.example.0).unwrap());
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
