//! Codes that are broken up, misspelt or written in letters that only look like theirs: `N-C`, `n . d`,
//! `NС` with a Cyrillic letter. They name no licence, but what they may deny is never granted.

use crate::license::data::tables::el;
use crate::license::lex::fold::{Folded, Kind};

/// The longest code is `ccbyncndsa`; the cut between two of its letters makes a word.
const LETTERS: usize = 10;

/// The elements that the words from `i` on may stand for, and the next word.
pub(crate) fn split(f: &Folded, i: usize) -> Option<(u16, usize)> {
    let first = *f.bytes.get(f.words.get(i)?.start as usize)?;
    if first.is_ascii() && !matches!(first, b'b' | b'c' | b'n' | b's') {
        return None;
    }
    let mut letters = [0u8; LETTERS];
    let mut n = 0;
    let mut best = None;
    for (at, word) in f.words.iter().enumerate().skip(i) {
        if word.kind != Kind::Letters {
            break;
        }
        for c in std::str::from_utf8(f.text(word)).unwrap_or("?").chars() {
            let (Some(c), true) = (look_alike(c), n < LETTERS) else {
                return best;
            };
            letters[n] = c;
            n += 1;
        }
        match elements(&letters[..n]) {
            Read::Whole(bits) => best = Some((bits, at + 1)),
            Read::Part => {}
            Read::Never => break,
        }
    }
    best
}

enum Read {
    Whole(u16),
    Part,
    Never,
}

/// The elements that letters spell, where at least one of them denies something.
fn elements(letters: &[u8]) -> Read {
    let mut rest = letters.strip_prefix(b"cc").unwrap_or(letters);
    let mut bits = 0;
    loop {
        bits |= match rest {
            [] => break,
            [b'b', b'y', ..] => el::BY,
            [b'n', b'c', ..] => el::NC,
            [b'n', b'd', ..] => el::ND,
            [b's', b'a', ..] => el::SA,
            [b'b' | b'n' | b's' | b'c'] => return Read::Part,
            _ => return Read::Never,
        };
        rest = &rest[2..];
    }
    match bits & (el::NC | el::ND | el::SA) {
        0 => Read::Part,
        denied => Read::Whole(denied),
    }
}

/// The letter of a code that a letter is, or looks like.
fn look_alike(c: char) -> Option<u8> {
    Some(match c {
        'a' | 'α' | 'а' | 'ᴀ' | 'ɑ' => b'a',
        'b' | 'β' | 'в' | 'ь' | 'ʙ' => b'b',
        'c' | 'ϲ' | 'с' | 'ᴄ' => b'c',
        'd' | 'ԁ' | 'ᴅ' => b'd',
        'n' | 'ν' | 'п' | 'ɴ' | 'η' => b'n',
        's' | 'ѕ' | 'ꜱ' => b's',
        'y' | 'у' | 'γ' | 'υ' | 'ʏ' => b'y',
        _ => return None,
    })
}

/// What a misspelt word may deny: `NonComercal`, `NoDerivitives`.
pub(crate) fn misspelt(word: &[u8]) -> u16 {
    if !word.starts_with(b"no") {
        return 0;
    }
    let starts = |heads: &[&str]| heads.iter().any(|head| word.starts_with(head.as_bytes()));
    if starts(&["noncom", "nocom", "nonkom", "nokom", "noncm"]) {
        el::NC
    } else if starts(&["noder", "nonder", "nodir", "noadapt", "nonadapt", "nomod"]) {
        el::ND
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use crate::license::{Grant, parse};

    const BASES: [&str; 7] = [
        "CC BY",
        "CC BY 4.0",
        "cc-by-4.0",
        "https://creativecommons.org/licenses/by/4.0/",
        "Creative Commons Attribution 4.0 International",
        "Naamsvermelding 4.0 Internationaal",
        "CC0",
    ];

    const BETWEEN: [&str; 30] = [
        " ", "-", "--", " - ", ".", ". ", "_", "\u{a0}", "\u{2010}", "\u{2011}", "\u{2012}", "–", "—", "\u{2212}", "/",
        ",", ":", "·", "•", "|", "\n", "\u{200b}", "\u{ad}", "\u{fffd}", "+", "*", "'", ") (", "&nbsp;", "\u{3000}",
    ];

    #[test]
    fn a_broken_code_never_grants_what_it_denies() {
        let mut granted = Vec::new();
        for (base, between) in BASES.iter().flat_map(|base| BETWEEN.map(|between| (base, between))) {
            for code in ["NC", "ND", "nc", "nd", "Nc", "NCND", "NCSA", "ncnd"] {
                let broken: Vec<String> = code.chars().map(String::from).collect();
                let broken = broken.join(between);
                let denied = code.to_uppercase();
                for text in [format!("{base} {broken}"), format!("{base}-{broken}"), format!("{broken} {base}")] {
                    let p = parse(&text).permissions();
                    let commercial = denied.contains("NC") && p.commercial == Grant::Yes;
                    if commercial || (denied.contains("ND") && p.derivatives == Grant::Yes) {
                        granted.push(text);
                    }
                }
            }
        }
        assert!(granted.is_empty(), "{}: {granted:#?}", granted.len());
    }

    #[test]
    fn look_alikes_and_misspellings_deny_too() {
        for text in [
            "CC BY NС 4.0",
            "CC BY ΝС",
            "CC BY ɴᴄ",
            "CC BY ＮＣ",
            "CC BY-NCN-D 4.0",
            "CC BY NonComercal 4.0",
            "CC B-Y-N-C 4.0",
            "C C B Y N C 4.0",
            "CC Attribution Non-Commerciall 4.0",
        ] {
            assert_ne!(parse(text).permissions().commercial, Grant::Yes, "{text}");
        }
    }

    #[test]
    fn initials_name_no_licence() {
        for text in ["Photo by N. C. Person", "Museum S. A.", "N. D. Person"] {
            assert_eq!(parse(text).id(), None, "{text}");
        }
    }
}
