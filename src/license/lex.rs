//! From text to tokens: folded words, character references, numbers, names and codes.

pub(in crate::license) mod broken_codes;
pub(in crate::license) mod fold;
pub(in crate::license) mod kinds;
pub(in crate::license) mod letters;
pub(in crate::license) mod lexicon;
pub(in crate::license) mod number;
pub(in crate::license) mod references;
pub(in crate::license) mod tokens;
pub(in crate::license) mod words;
