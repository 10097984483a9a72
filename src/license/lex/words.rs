//! The words of a folded text: what they are made of, how they are written, what stands between them.

/// Separator classes, or-ed together for all characters between two words.
pub(crate) mod sep {
    /// White space inside a line.
    pub const SPACE: u16 = 1;
    /// Hyphens, dashes and the underscore.
    pub const DASH: u16 = 2;
    /// A full stop.
    pub const DOT: u16 = 4;
    /// A comma of any script.
    pub const COMMA: u16 = 8;
    /// Ends a statement: semicolon, bar, empty line, bullet.
    pub const STRONG: u16 = 16;
    /// A slash.
    pub const SLASH: u16 = 32;
    /// Brackets and quotes.
    pub const PAREN: u16 = 64;
    /// A colon or an equals sign.
    pub const COLON: u16 = 128;
    /// A plus sign.
    pub const PLUS: u16 = 256;
    /// Marks without a meaning of their own: `!`, `™`.
    pub const OTHER: u16 = 512;
    /// A line break, which may stand inside a name as well as between two values.
    pub const LINE: u16 = 1024;
    /// Two or more of the same mark, as where letters between them are missing: `BY--SA`.
    pub const REPEATED: u16 = 2048;
    /// A dash with a space on one side only: `BY- 4.0`.
    pub const LOPSIDED: u16 = 4096;
    /// Marks that may stand for letters or for doubt: `?`, `*`, `#`, an ellipsis, a struck letter.
    pub const MASK: u16 = 8192;
    /// The replacement of a character that an earlier program could not read.
    pub const LOSSY: u16 = 16384;
    /// What may stand inside one mention of a licence.
    pub const WEAK: u16 = SPACE | DASH | PAREN | COLON | OTHER | LINE;
    /// What ends a line or a statement.
    pub const BREAK: u16 = STRONG | LINE;
}

/// What a word is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// Letters.
    Letters,
    /// Digits.
    Digits,
    /// An address; `Word::start` is its number in [`Folded::urls`].
    Url,
    /// The copyright sign.
    Copyright,
}

/// How a word is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Case {
    /// All capitals.
    Upper,
    /// First letter a capital.
    Title,
    /// No capital first.
    Lower,
}

/// One word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    pub start: u32,
    pub end: u32,
    pub src: u32,
    pub src_end: u32,
    pub sep: u16,
    pub kind: Kind,
    pub case: Case,
    /// Whether a letter lost its accent: names are read without accents, codes are not.
    pub accented: bool,
}

/// A folded text.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    pub bytes: Vec<u8>,
    pub words: Vec<Word>,
    pub urls: Vec<(u32, u32)>,
    /// The separators behind the last word.
    pub tail: u16,
    /// The separators of all gaps together.
    pub all: u16,
}

impl Folded {
    /// The folded letters of a word.
    pub fn text(&self, word: &Word) -> &[u8] {
        if word.kind == Kind::Url {
            return b"";
        }
        self.bytes.get(word.start as usize..word.end as usize).unwrap_or_default()
    }

    /// The separators after word `i`; the end of the text is [`sep::STRONG`].
    pub fn sep_after(&self, i: usize) -> u16 {
        self.words.get(i + 1).map_or(sep::STRONG | self.tail, |w| w.sep)
    }
}
