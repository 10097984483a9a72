//! Whether a file has its end: a server that says too small a length cuts a file, and nobody notices.
//!
//! Only where the structure is understood up to a point after which the end must come, and does not, is a file called
//! cut; what is not understood is taken as it is.

use std::fs::File;
use std::io::{Read, Result, Seek, SeekFrom};

/// As far from its end as marks are looked for: some programs write after them.
const TAIL: u64 = 64 << 10;

/// Whether the file certainly stops before its end.
pub fn is_cut(file: &mut File, size: u64, mime: &str) -> Result<bool> {
    // Most files end as they should, and that is seen at once.
    let last = last(file, size)?;
    match mime {
        "image/jpeg" if last.ends_with(&[0xff, 0xd9]) => Ok(false),
        "image/png" if last.starts_with(b"IEND") => Ok(false),
        "image/gif" if last.ends_with(&[0x3b]) => Ok(false),
        "image/jpeg" => Ok(jpeg(file, size)? && !tail(file, size)?.windows(2).any(|pair| pair == [0xff, 0xd9])),
        "image/png" => png(file, size),
        "image/gif" => {
            let last = tail(file, size)?.into_iter().rev().find(|byte| *byte != 0);
            Ok(gif(file)? && last != Some(0x3b))
        }
        "image/webp" | "audio/x-wav" | "video/x-msvideo" => {
            let head = start::<8>(file)?;
            let said = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
            // A length that was never filled in says nothing.
            Ok(said != u32::MAX && u64::from(said) + 8 > size)
        }
        "video/mp4" | "video/quicktime" | "audio/m4a" | "video/x-m4v" => boxes(file, size),
        _ => Ok(false),
    }
}

fn start<const N: usize>(file: &mut File) -> Result<[u8; N]> {
    let mut head = [0; N];
    file.seek(SeekFrom::Start(0))?;
    let mut from = 0;
    while from < N {
        match file.read(&mut head[from..])? {
            0 => break,
            read => from += read,
        }
    }
    Ok(head)
}

/// The last eight bytes, or as many as there are.
fn last(file: &mut File, size: u64) -> Result<Vec<u8>> {
    file.seek(SeekFrom::Start(size.saturating_sub(8)))?;
    let mut last = Vec::with_capacity(8);
    file.take(8).read_to_end(&mut last)?;
    Ok(last)
}

fn tail(file: &mut File, size: u64) -> Result<Vec<u8>> {
    let from = size.saturating_sub(TAIL);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::with_capacity((size - from) as usize);
    file.take(TAIL).read_to_end(&mut tail)?;
    Ok(tail)
}

/// Whether the segments of a JPEG lead to its picture, or stop on the way there (ISO 10918-1 B.1.1.4).
fn jpeg(file: &mut File, size: u64) -> Result<bool> {
    let mut at = 2;
    let mut understood = false;
    for _ in 0..1000 {
        file.seek(SeekFrom::Start(at))?;
        let mut head = [0; 9];
        let read = file.read(&mut head)?;
        if read < 4 {
            return Ok(understood);
        }
        let length = u64::from(u16::from_be_bytes([head[2], head[3]]));
        match head[1] {
            _ if head[0] != 0xff => return Ok(false),
            0xff => at += 1,
            0xda => return Ok(true),
            0x01 | 0xd0..=0xd9 => return Ok(false),
            _ if length < 2 => return Ok(false),
            _ => {
                // Bytes at random lead anywhere: one segment has to be what it should, before the end counts.
                understood |= matches!(&head[4..], b"JFIF\0" | b"Exif\0" | b"Adobe" | b"http:") || at > 2;
                at += 2 + length;
                if at > size {
                    return Ok(understood);
                }
            }
        }
    }
    Ok(false)
}

/// Whether a block of a GIF stands where the first has to (`GIF89a`, 18 to 20).
fn gif(file: &mut File) -> Result<bool> {
    let head = start::<13>(file)?;
    let colours = if head[10] & 0x80 == 0 { 0 } else { 3 << ((head[10] & 7) + 1) };
    file.seek(SeekFrom::Start(13 + colours))?;
    let mut block = [0];
    Ok(file.read(&mut block)? == 1 && matches!(block[0], 0x21 | 0x2c))
}

/// Whether the chunks of a PNG stop before IEND.
fn png(file: &mut File, size: u64) -> Result<bool> {
    let mut at = 8;
    while at + 12 <= size {
        file.seek(SeekFrom::Start(at))?;
        let mut head = [0; 8];
        file.read_exact(&mut head)?;
        if &head[4..] == b"IEND" {
            return Ok(false);
        }
        if !head[4..].iter().all(u8::is_ascii_alphabetic) {
            return Ok(false);
        }
        at += 12 + u64::from(u32::from_be_bytes([head[0], head[1], head[2], head[3]]));
    }
    Ok(at > 8)
}

/// Whether the last box of an MP4 is longer than the file (ISO 14496-12 4.2).
fn boxes(file: &mut File, size: u64) -> Result<bool> {
    let mut at = 0;
    while at + 8 <= size {
        file.seek(SeekFrom::Start(at))?;
        let mut head = [0; 16];
        let read = file.read(&mut head)?;
        if read < 8 || !head[4..8].iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ') {
            return Ok(false);
        }
        let length = match u32::from_be_bytes([head[0], head[1], head[2], head[3]]) {
            0 => return Ok(false),
            1 if read == 16 => u64::from_be_bytes(head[8..].try_into().unwrap_or_default()),
            length => u64::from(length),
        };
        if length < 8 {
            return Ok(false);
        }
        at = at.saturating_add(length);
    }
    Ok(at > size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xfe\x00\x06note\
        \xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00picture\xff\xd9";
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x04IDATdataCRC.\x00\x00\x00\x00IENDCRC.";
    const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x00\x00\x00\x2c\x00\x00\x3b";
    const WEBP: &[u8] = b"RIFF\x0c\x00\x00\x00WEBPVP8 data";
    const MP4: &[u8] = b"\x00\x00\x00\x0cftypisom\x00\x00\x00\x0cmdatfilm";

    fn cut(bytes: &[u8], mime: &str) -> bool {
        // Tests run side by side: the name is of the bytes and the type.
        let name = format!("naturalia-whole-{}-{}-{:?}", bytes.len(), mime.replace('/', "-"), bytes.last());
        let path = std::env::temp_dir().join(name);
        File::create(&path).unwrap().write_all(bytes).unwrap();
        let found = is_cut(&mut File::open(&path).unwrap(), bytes.len() as u64, mime).unwrap();
        std::fs::remove_file(path).unwrap();
        found
    }

    #[test]
    fn a_file_that_stops_before_its_end_is_cut_wherever_it_stops() {
        for (whole, mime, from) in [
            (JPEG, "image/jpeg", 24),
            (PNG, "image/png", 21),
            (GIF, "image/gif", 14),
            (WEBP, "image/webp", 12),
            (MP4, "video/mp4", 20),
        ] {
            assert!(!cut(whole, mime), "{mime}");
            for end in from..whole.len() - 1 {
                // Where a PNG stops between two chunks it lacks IEND; an MP4 may end between two boxes.
                assert!(cut(&whole[..end], mime) || mime == "image/png" && end > 28, "{mime} at {end}");
            }
        }
    }

    #[test]
    fn what_is_not_understood_is_not_called_cut() {
        for (bytes, mime) in [
            (&b"\xff\xd8\xff\xe0xxxxxxxxxxxxxxxx"[..], "image/jpeg"),
            (b"\x89PNG\r\n\x1a\n\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c", "image/png"),
            (b"GIF89aaaaaaaaaaaaaaaaaaaaa", "image/gif"),
            (b"anything", "image/tiff"),
        ] {
            assert!(!cut(bytes, mime), "{mime}");
        }
    }
}
