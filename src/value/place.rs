//! Coordinates: ISO 6709, DCMI Point and Box, decimal degrees, degrees with minutes and seconds.

mod dcmi;

use super::function::{Class, Function, Guard, Outcome, Rejected, Value, Why, placeholder, text, unknown};
pub(super) use dcmi::NARROWS;
use dcmi::{SIDES, dcmi_box, dcmi_point, fields, find, from_box};
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "geo.iso6709",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| iso6709(text),
        backward: Some(|value, _| {
            let point = point_of(value)?;
            let signed = |number: &str| if number.starts_with('-') { number.to_owned() } else { format!("+{number}") };
            let alt = value.field("alt").map(signed).unwrap_or_default();
            Ok(Value::one(format!("{}{}{alt}", signed(&point.lat), signed(&point.lon))))
        }),
        doc: "`lat`, `lon` and `alt` from signed decimal degrees in a row, with or without the final solidus.",
        example: ("+52.3702+4.8952+0", &[]),
        source: "ISO 6709; Open Images, oi:location",
    },
    Function {
        name: "geo.dcmi_point",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| dcmi_point(text),
        backward: Some(|value, _| {
            let point = point_of(value)?;
            let datum = value.field("datum").map(|datum| format!("; projection={datum}")).unwrap_or_default();
            let alt = value.field("alt").map(|alt| format!("; elevation={alt}")).unwrap_or_default();
            Ok(Value::one(format!("east={}; north={}{alt}{datum}", point.lon, point.lat)))
        }),
        doc: "`lat` and `lon`, with the `alt` in metres and the `datum` where they are stated, from a DCMI Point.",
        example: ("east=4.8952; north=52.3702; projection=WGS84", &[]),
        source: "DCMI Point Encoding Scheme",
    },
    Function {
        name: "geo.dcmi_box",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| dcmi_box(text),
        backward: Some(from_box),
        doc: "`north`, `east`, `south` and `west` from a DCMI Box, its sides named as DCMI, ISO 19115 or FGDC name them.",
        example: ("northlimit=10.48; southlimit=10.4; westlimit=-64.66; eastlimit=-64.65", &[]),
        source: "DCMI Box Encoding Scheme",
    },
    Function {
        name: "geo.pair",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| pair(text),
        backward: Some(|value, _| point_of(value).map(|point| Value::one(format!("{}, {}", point.lat, point.lon)))),
        doc: "`lat` and `lon` from two numbers, latitude first, or from degrees with N, S, E and W.",
        example: ("52°22'12\"N 4°53'43\"E", &[]),
        source: "Darwin Core, verbatimCoordinates",
    },
    Function {
        name: "geo.lat",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| Ok(Value::one(angle(text, Axis::Latitude)?)),
        backward: Some(|value, _| Ok(Value::one(angle(text(value)?, Axis::Latitude)?))),
        doc: "A latitude in decimal degrees; beyond the poles it is rejected.",
        example: ("52.3702", &[]),
        source: "Darwin Core, decimalLatitude",
    },
    Function {
        name: "geo.lon",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| Ok(Value::one(angle(text, Axis::Longitude)?)),
        backward: Some(|value, _| Ok(Value::one(angle(text(value)?, Axis::Longitude)?))),
        doc: "A longitude in decimal degrees; beyond 180° it is rejected.",
        example: ("4.8952", &[]),
        source: "Darwin Core, decimalLongitude",
    },
];

pub(super) const GUARDS: &[Guard] = &[
    Guard {
        name: "geo.is_dcmi_point",
        test: |text| {
            let sides = |side: &str| fields(text).is_some_and(|fields| find(&fields, side).next().is_some());
            ["north", "east"].iter().all(|side| sides(side)) && !["south", "west"].iter().any(|side| sides(side))
        },
        doc: "Written as a DCMI Point, whether its values can be or not.",
    },
    Guard {
        name: "geo.is_dcmi_box",
        test: |text| fields(text).is_some_and(|fields| SIDES.iter().all(|side| find(&fields, side).next().is_some())),
        doc: "Written as a DCMI Box, whether its values can be or not.",
    },
];

const BEYOND: Rejected = Rejected::new(Why::Impossible, "beyond the poles or 180°");
const NOWHERE: Rejected = Rejected::new(Why::Impossible, "0, 0 stands for no place");
const HALF: Rejected = Rejected::new(Why::Unknown, "one angle, where a place has two");
const COMMA: Rejected = Rejected::new(Why::Ambiguous, "decimal commas, or commas between numbers");
const TWICE: Rejected = Rejected::new(Why::Ambiguous, "a part that is stated twice");
const NOT_ONE: Rejected = Rejected::new(Why::Unknown, "not a coordinate");

#[derive(Clone, Copy, PartialEq, Eq)]
enum Axis {
    Latitude,
    Longitude,
}

impl Axis {
    fn most(self) -> f64 {
        if self == Axis::Latitude { 90.0 } else { 180.0 }
    }

    fn letters(self) -> [char; 2] {
        if self == Axis::Latitude { ['N', 'S'] } else { ['E', 'W'] }
    }
}

/// The digits of a number, without a plus sign; its decimals stay as they are, for they say how
/// exact it is.
fn decimal(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix(['-', '−']) {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let numeral = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let proper =
        (!whole.is_empty() || !fraction.is_empty()) && numeral(whole) && numeral(fraction) && digits.len() < 25;
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    let zero = whole == "0" && fraction.bytes().all(|byte| byte == b'0');
    proper.then(|| format!("{}{whole}{point}{fraction}", if zero { "" } else { sign }))
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// An angle in decimal degrees, or in degrees, minutes and seconds.
fn angle(text: &str, axis: Axis) -> Result<String, Rejected> {
    let text = text.trim();
    if text.is_empty() {
        return placeholder("blank");
    }
    let degrees = match decimal(text) {
        Some(degrees) => degrees,
        None => sexagesimal(text, axis).ok_or(NOT_ONE)?,
    };
    if number(&degrees).abs() <= axis.most() { Ok(degrees) } else { Err(BEYOND) }
}

/// `52°22'12"N`, `4.8952° E`, `W 70 30`: a letter says which side, so it must be there.
fn sexagesimal(text: &str, axis: Axis) -> Option<String> {
    let upper = text.to_uppercase();
    let [positive, negative] = axis.letters();
    let bare = upper.trim_matches([positive, negative]).trim();
    let side = upper.chars().rev().chain(upper.chars()).find(|letter| [positive, negative].contains(letter))?;
    if bare.contains(char::is_alphabetic) {
        return None;
    }
    let parts: Vec<&str> =
        bare.split(|letter: char| "°º˚'’′\"”″ ".contains(letter)).filter(|part| !part.is_empty()).collect();
    let sign = if side == negative { "-" } else { "" };
    let proper = parts.iter().all(|part| !part.starts_with(['-', '+', '−']) && decimal(part).is_some());
    if !proper {
        return None;
    }
    let whole = |part: &str| !part.contains('.');
    match *parts.as_slice() {
        [degrees] => decimal(&format!("{sign}{degrees}")),
        [degrees, minutes] if whole(degrees) && number(minutes) < 60.0 => {
            decimal(&format!("{sign}{}", rounded(number(degrees) + number(minutes) / 60.0)))
        }
        [degrees, minutes, seconds]
            if whole(degrees) && whole(minutes) && number(minutes) < 60.0 && number(seconds) < 60.0 =>
        {
            let degrees = number(degrees) + number(minutes) / 60.0 + number(seconds) / 3600.0;
            decimal(&format!("{sign}{}", rounded(degrees)))
        }
        _ => None,
    }
}

/// Six decimals are a tenth of a metre, finer than a second of arc.
fn rounded(degrees: f64) -> String {
    format!("{degrees:.6}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

struct Point {
    lat: String,
    lon: String,
}

fn point(lat: &str, lon: &str) -> Result<Point, Rejected> {
    let (lat, lon) = (angle(lat, Axis::Latitude)?, angle(lon, Axis::Longitude)?);
    if number(&lat) == 0.0 && number(&lon) == 0.0 { Err(NOWHERE) } else { Ok(Point { lat, lon }) }
}

fn point_of(value: &Value<'_>) -> Result<Point, Rejected> {
    match (value.field("lat"), value.field("lon")) {
        (Some(lat), Some(lon)) => point(lat, lon),
        _ => unknown("there is no lat and lon"),
    }
}

fn placed(point: Point, more: impl IntoIterator<Item = (&'static str, String)>) -> Value<'static> {
    let fields = [("lat", point.lat), ("lon", point.lon)].into_iter().chain(more);
    Value::Fields(fields.map(|(name, text)| (name, Cow::Owned(text))).collect())
}

fn iso6709(text: &str) -> Outcome<'static> {
    let text = text.trim().trim_end_matches('/');
    if text.is_empty() {
        return placeholder("blank");
    }
    let starts: Vec<usize> = text.match_indices(['+', '-']).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let numbers: Vec<&str> = starts.iter().zip(ends).map(|(start, end)| &text[*start..end]).collect();
    let (lat, lon, alt) = match *numbers.as_slice() {
        [lat, lon] => (lat, lon, None),
        [lat, lon, alt] => (lat, lon, Some(alt)),
        _ => return Err(NOT_ONE),
    };
    // More than three digits before the point are degrees and minutes, which Open Images does not write.
    let degrees = |text: &str| text[1..].split('.').next().is_some_and(|whole| whole.len() <= 3);
    if starts[0] != 0 || decimal(lat).is_none() || decimal(lon).is_none() || !degrees(lat) || !degrees(lon) {
        return Err(NOT_ONE);
    }
    let alt = alt.map(|alt| decimal(alt).ok_or(NOT_ONE)).transpose()?;
    Ok(placed(point(lat, lon)?, alt.map(|alt| ("alt", alt))))
}

fn pair(text: &str) -> Outcome<'static> {
    let text = text.trim();
    if text.is_empty() {
        return placeholder("blank");
    }
    if has_decimal_comma(text) {
        return Err(COMMA);
    }
    let commas: Vec<&str> = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let (first, second) = match commas.as_slice() {
        [first, second] => (*first, *second),
        [one] if decimal(one).is_some() => return Err(HALF),
        [one] => side_by_side(one).ok_or(NOT_ONE)?,
        _ => return Err(NOT_ONE),
    };
    if second.trim().is_empty() {
        let one = [Axis::Latitude, Axis::Longitude].iter().any(|axis| angle(first, *axis).is_ok());
        return Err(if one { HALF } else { NOT_ONE });
    }
    // The letters tell which is which, whatever comes first.
    let side = |text: &str, letters: &[char]| text.to_uppercase().contains(letters);
    let turned = side(first, &['E', 'W']) && side(second, &['N', 'S']);
    let (lat, lon) = if turned { (second, first) } else { (first, second) };
    Ok(placed(point(lat, lon)?, None))
}

/// Whether a comma stands between digits where no number of the text has a decimal point: `52,37`.
fn has_decimal_comma(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let between = |at: usize| digit(at.checked_sub(1)) && digit(Some(at + 1));
    !text.contains('.') && text.match_indices(',').any(|(at, _)| between(at))
}

/// Two angles with a letter behind or before each, or two plain numbers with a blank between.
fn side_by_side(text: &str) -> Option<(&str, &str)> {
    let letters: Vec<usize> = text.match_indices(|sign: char| "NSEWnsew".contains(sign)).map(|(at, _)| at).collect();
    match *letters.as_slice() {
        [0, second] => Some(text.split_at(second)),
        [0] | [] => text.split_once(' '),
        [first, ..] => Some(text.split_at(first + 1)),
    }
}
