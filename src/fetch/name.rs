//! Names of files that every file system takes, made of what metadata says.

use ring::digest::{SHA256, digest};
use unicode_normalization::UnicodeNormalization;

/// Stands in a name for the number `{n}`; no name of a file can have it.
pub const N: char = '\0';
/// Bytes of a name, without its ending; file systems take 255 with it and with what sidecars add.
const LONGEST: usize = 200;
/// Bytes of a name that file systems take.
const LONGEST_OF_SYSTEMS: usize = 255;
/// What Windows keeps for devices, whatever ending follows.
const DEVICES: [&str; 8] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$", "CONFIG$"];

/// The path with every part of it made portable; parts are separated by `/`.
#[must_use]
pub fn portable(path: &str) -> String {
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// One part of a path: no separators, devices, control characters or marks of direction; not hidden, not empty, no
/// longer than file systems take; composed, as most of them want it.
fn part(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.nfc() {
        match sign {
            sign if is_separator(sign) => out.push('_'),
            sign if is_unseen(sign) => {}
            sign if sign.is_whitespace() => out.push(' '),
            sign if sign.is_control() => {}
            sign => out.push(sign),
        }
    }
    let trimmed = out.trim_matches(' ').trim_end_matches([' ', '.']);
    let mut name =
        if trimmed.starts_with(['.', '-', '~']) { format!("_{}", &trimmed[1..]) } else { trimmed.to_owned() };
    if is_device(&name) {
        name.insert(0, '_');
    }
    if name.len() > LONGEST {
        // The digest keeps names apart that begin alike.
        let full = digest(&SHA256, name.as_bytes());
        let mark = super::file::hex(&full.as_ref()[..4]);
        let end = (0..=LONGEST - 9).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
        name = format!("{}~{mark}", name[..end].trim_end_matches([' ', '.']));
    }
    if name.is_empty() { "_".to_owned() } else { name }
}

/// Whether a path, as a manifest has it, is one that [`portable`] gives: relative, without `..`, separators of any
/// system, drive letters, devices, control characters or marks of direction in any of its parts.
#[must_use]
pub fn is_portable(path: &str) -> bool {
    path.split('/').all(|part| {
        let refused = |sign: char| {
            is_separator(sign) || is_unseen(sign) || sign.is_control() || (sign.is_whitespace() && sign != ' ')
        };
        (1..=LONGEST_OF_SYSTEMS).contains(&part.len())
            && !part.contains(refused)
            && !part.starts_with([' ', '.', '-', '~'])
            && !part.ends_with([' ', '.'])
            && !is_device(part)
    })
}

/// Characters that some system takes for a separator or a pattern.
fn is_separator(sign: char) -> bool {
    matches!(sign, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*')
}

/// Characters that take no room and can make one name look like another.
fn is_unseen(sign: char) -> bool {
    matches!(sign, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let numbered = |stem: &str| {
        let end = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
        end.is_some_and(|end| {
            end.chars().count() == 1 && end.chars().all(|sign| sign.is_ascii_digit() || "¹²³".contains(sign))
        })
    };
    DEVICES.contains(&&*stem) || numbered(&stem)
}

/// The name as file systems see it that mind neither case nor composition.
#[must_use]
pub fn folded(name: &str) -> String {
    name.to_uppercase().to_lowercase().nfc().collect()
}

/// The name of a wish with its number: `wish` has [`N`] where the number goes, of at least `width` digits.
#[must_use]
pub fn numbered(wish: &str, n: i64, width: usize) -> String {
    portable(&wish.replace(N, &format!("{n:0width$}")))
}

/// The name of a wish without its number, folded: what is counted together.
#[must_use]
pub fn family(wish: &str) -> String {
    // A name that is cut keeps its digest, so long names are one family only if they are the same.
    folded(&portable(&wish.replace(N, "")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_every_day_stay_as_they_are() {
        for name in ["RMNH.AVES.140023_2", "Helix pomatia (Linnaeus, 1758)", "Zoölogie", "鳥_1", "a/b"] {
            assert_eq!(portable(name), name);
        }
    }

    #[test]
    fn what_some_system_refuses_is_replaced() {
        for (given, name) in [
            ("../../etc/passwd", "_/_/etc/passwd"),
            ("a:b", "a_b"),
            ("CON", "_CON"),
            ("con.jpg", "_con.jpg"),
            ("LPT¹", "_LPT¹"),
            ("COM", "COM"),
            ("name. . ", "name"),
            ("", "_"),
            ("...", "_"),
            (".hidden", "_hidden"),
            ("-rf", "_rf"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("e\u{301}te\u{301}", "été"),
            ("a\u{0}b\tc\nd", "ab c d"),
            ("C:\\temp\\x", "C__temp_x"),
        ] {
            assert_eq!(portable(given), name, "{given:?}");
        }
    }

    #[test]
    fn names_that_lead_elsewhere_are_not_portable() {
        for path in [
            "../victim",
            "a/../victim",
            "a/..",
            "/etc/passwd",
            "//server/share",
            "C:victim",
            "C:/victim",
            "..\\victim",
            "a\\b",
            "a\0b",
            "a//b",
            "a/",
            "",
            ".",
            ".hidden",
            "NUL",
            "a/com1.jpg",
            "a.",
            "a\nb",
            "\u{202e}gpj.exe",
        ] {
            assert!(!is_portable(path), "{path:?}");
        }
        for path in ["a.jpg", "a/b.jpg.json.part", "Helix pomatia (Linnaeus, 1758).tif", "鳥_1.png"] {
            assert!(is_portable(path), "{path:?}");
        }
    }

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let (one, two) = (format!("{}1", "é".repeat(300)), format!("{}2", "é".repeat(300)));
        assert!(portable(&one).len() <= LONGEST && portable(&one) != portable(&two));
    }

    #[test]
    fn names_that_differ_in_case_or_composition_are_one() {
        assert_eq!(folded("Été"), folded("E\u{301}TÉ"));
        assert_eq!(folded("straße"), folded("STRASSE"));
    }

    proptest! {
        #[test]
        fn no_text_makes_a_name_that_leaves_the_folder_or_that_a_system_refuses(text in ".{0,400}") {
            let path = portable(&text);
            for name in path.split('/') {
                prop_assert!(!name.is_empty() && name != "." && name != ".." && name.len() <= LONGEST);
                let wrong = |sign: char| "<>:\"\\|?*".contains(sign) || sign.is_control() || is_unseen(sign);
                prop_assert!(!name.contains(wrong), "{name:?}");
                prop_assert!(!name.ends_with(['.', ' ']) && !name.starts_with([' ', '.']) && !is_device(name));
            }
            prop_assert_eq!(portable(&path), path.clone());
            prop_assert!(is_portable(&path));
        }
    }
}
