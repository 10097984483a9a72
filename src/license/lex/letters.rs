//! Letters without case and accents, and classes of separators.

use crate::license::lex::fold::sep;

/// The separator class of an ASCII character.
pub(crate) fn class(b: u8) -> u16 {
    match b {
        b' ' | b'\t' => sep::SPACE,
        b'-' | b'_' => sep::DASH,
        b'.' => sep::DOT,
        b',' => sep::COMMA,
        b';' | b'|' => sep::STRONG,
        b'\n' | b'\r' => sep::LINE,
        b'/' => sep::SLASH,
        b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'<' | b'>' | b'"' | b'\'' | b'`' => sep::PAREN,
        b':' | b'=' => sep::COLON,
        b'+' => sep::PLUS,
        b'!' => sep::OTHER,
        _ => sep::MASK,
    }
}

/// Whether a mark stands for a comparison, a denial or an empty box: `< 4.0`, `>= 3.0`, `!CC`, `[ ]`.
pub(crate) fn changes_meaning(bytes: &[u8], i: usize) -> bool {
    let next = bytes.get(i + 1).copied().unwrap_or(b'\n');
    let before = i.checked_sub(1).and_then(|p| bytes.get(p)).copied().unwrap_or(b'\n');
    match bytes[i] {
        b'<' => matches!(next, b'=' | b' '),
        b'>' => next == b'=' || (before == b' ' && next == b' '),
        b'!' => next.is_ascii_alphanumeric(),
        b'[' => next == b']' || (next == b' ' && bytes.get(i + 2) == Some(&b']')),
        _ => false,
    }
}

pub(crate) fn wide_class(c: char) -> u16 {
    match c {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => sep::SPACE,
        '‐'..='―' | '─' | '━' | '−' | '・' | '·' | '⁃' => sep::DASH,
        '\u{fffd}' => sep::LOSSY,
        '。' | '｡' => sep::DOT | sep::SPACE,
        '，' | '、' | '،' => sep::COMMA,
        '；' | '•' | '؛' => sep::STRONG,
        '\u{2028}' | '\u{2029}' | '\u{85}' => sep::LINE,
        '（' | '）' | '«' | '»' | '‹' | '›' | '“' | '”' | '„' | '‟' | '‘' | '’' | '‚' | '「' | '」' | '『' | '』'
        | '【' | '】' | '《' | '》' | '〈' | '〉' => sep::PAREN,
        '：' => sep::COLON,
        '®' | '™' | '℠' | '！' | '→' => sep::OTHER,
        _ => sep::MASK,
    }
}

/// The letters that a sign of Creative Commons stands for.
pub(crate) fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{1f16d}' => "cc",
        '\u{1f16e}' => "publicdomain",
        '\u{1f16f}' => "by",
        '\u{1f10f}' => "nc",
        '\u{229c}' => "nd",
        '\u{1f10e}' => "sa",
        '\u{1f10d}' => "cczero",
        _ => return None,
    })
}

pub(crate) fn digit(c: char) -> Option<u8> {
    let base = match c {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        '\u{966}'..='\u{96f}' => 0x966,
        '\u{9e6}'..='\u{9ef}' => 0x9e6,
        _ => return None,
    };
    u8::try_from(c as u32 - base).ok().map(|d| d + b'0')
}

pub(crate) fn letter(c: char) -> bool {
    c.is_alphabetic()
        || matches!(c, '\u{900}'..='\u{dff}' | '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// Scripts written without spaces: every character may begin or end a name.
pub(crate) fn ideograph(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{e00}'..='\u{eff}'
        | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{20000}'..='\u{3ffff}')
}

/// The letter without its accent; empty when it has none, NUL to drop it.
pub(crate) fn plain(c: char) -> &'static str {
    match c {
        '\u{300}'..='\u{36f}' => "\u{0}",
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ' | 'ả' | 'ấ' | 'ầ' | 'ẩ' | 'ẫ' | 'ậ' | 'ắ' | 'ằ' | 'ẳ' | 'ẵ' | 'ặ' => {
            "a"
        }
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ' | 'ẻ' | 'ẽ' | 'ế' | 'ề' | 'ể' | 'ễ' | 'ệ' => {
            "e"
        }
        'ĝ' | 'ğ' | 'ġ' | 'ģ' | 'ǧ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ỉ' | 'ị' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö'
        | 'ø'
        | 'ō'
        | 'ŏ'
        | 'ő'
        | 'ơ'
        | 'ọ'
        | 'ỏ'
        | 'ố'
        | 'ồ'
        | 'ổ'
        | 'ỗ'
        | 'ộ'
        | 'ớ'
        | 'ờ'
        | 'ở'
        | 'ỡ'
        | 'ợ' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ß' => "ss",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ţ' | 'ť' | 'ț' | 'ŧ' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ụ' | 'ủ' | 'ứ' | 'ừ' | 'ử' | 'ữ' | 'ự' => {
            "u"
        }
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' | 'ỳ' | 'ỵ' | 'ỷ' | 'ỹ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ά' => "α",
        'έ' => "ε",
        'ή' => "η",
        'ί' | 'ϊ' | 'ΐ' => "ι",
        'ό' => "ο",
        'ύ' | 'ϋ' | 'ΰ' => "υ",
        'ώ' => "ω",
        'ς' => "σ",
        'й' => "и",
        'ё' => "е",
        'ї' => "і",
        'أ' | 'إ' | 'آ' => "ا",
        _ => "",
    }
}
