//! The DCMI encoding schemes of points and boxes, and boxes as other standards name their sides.

use super::{Axis, HALF, NOT_ONE, NOWHERE, TWICE, angle, decimal, number, placed, point};
use crate::value::function::{Narrows, Outcome, Rejected, Value, Why, unknown};
use std::borrow::Cow;

/// The fields of a DCMI encoding scheme, by name in lower case; `:` for `=` occurs, and commas between
/// fields.
pub(super) fn fields(text: &str) -> Option<Vec<(String, &str)>> {
    let separators: &[char] = match text {
        _ if text.contains([';', '*']) => &[';', '*'],
        _ if text.contains('\n') => &['\n'],
        _ => &[','],
    };
    let fields = text.split(separators).map(str::trim).filter(|field| !field.is_empty());
    fields
        .map(|field| {
            let (name, value) = field.split_once(['=', ':'])?;
            Some((name.trim().to_lowercase(), value.trim()))
        })
        .collect()
}

fn get<'a>(fields: &[(String, &'a str)], name: &str) -> Result<Option<&'a str>, Rejected> {
    let mut named = fields.iter().filter(|(known, _)| known == name).map(|(_, value)| *value);
    match (named.next(), named.next()) {
        (_, Some(_)) => Err(TWICE),
        (found, None) => Ok(found),
    }
}

/// Coordinates in degrees, as a projection or a datum names them; any other projection has its own
/// numbers.
#[rustfmt::skip]
const DATUMS: &[&str] = &[
    "wgs84", "wgs1984", "epsg4326", "4326", "crs84", "etrs89", "epsg4258", "nad83", "epsg4269", "nad27", "epsg4267",
    "ed50", "epsg4230", "osgb36", "bessel1841", "gcswgs1984", "geographic", "amersfoort", "agd66", "agd84", "gda94",
    "worldgeodeticsystem1984", "httpwwwopengisnetdefcrsepsg04326", "urnogcdefcrsepsg4326", "potsdam", "tokyo",
];

/// The datum that a scheme states; units other than degrees, and projections, are another scheme's.
fn datum(fields: &[(String, &str)]) -> Result<Option<String>, Rejected> {
    match get(fields, "units")?.map(str::to_lowercase).as_deref() {
        None | Some("signed decimal degrees" | "decimal degrees" | "degrees" | "") => {}
        Some(_) => return unknown("units that are not decimal degrees"),
    }
    let projection = get(fields, "projection")?.filter(|name| !name.is_empty());
    let bare = |name: &str| name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    match projection {
        Some(name) if !DATUMS.contains(&bare(name).as_str()) => {
            unknown("a projection whose numbers may not be degrees")
        }
        named => Ok(named.map(str::to_owned)),
    }
}

/// The elevation of a point in metres, which is what it is in unless the scheme says otherwise.
fn elevation(fields: &[(String, &str)]) -> Option<String> {
    let metres = ["", "m", "metres", "meters", "metre", "meter"];
    let unit = get(fields, "zunits").ok()?.unwrap_or_default().to_lowercase();
    get(fields, "elevation").ok()?.filter(|_| metres.contains(&unit.as_str())).and_then(decimal)
}

pub(super) fn dcmi_point(text: &str) -> Outcome<'static> {
    let fields = fields(text).ok_or(NOT_ONE)?;
    if ["south", "west"].iter().any(|side| find(&fields, side).next().is_some()) {
        return unknown("the sides of a box, not a point");
    }
    match (get(&fields, "north")?, get(&fields, "east")?) {
        (Some(north), Some(east)) => {
            let datum = datum(&fields)?.map(|datum| ("datum", datum));
            Ok(placed(point(north, east)?, elevation(&fields).map(|alt| ("alt", alt)).into_iter().chain(datum)))
        }
        (None, None) => Err(NOT_ONE),
        _ => Err(HALF),
    }
}

/// What a point or a box says that has no place in what is made of it: a name, an elevation in feet.
pub(in crate::value) const NARROWS: &[Narrows] = &[("geo.dcmi_point", point_loses), ("geo.dcmi_box", box_loses)];

fn point_loses(text: &str) -> bool {
    let fields = fields(text).unwrap_or_default();
    let alt = elevation(&fields).is_some();
    let read = |name: &str| match name {
        "north" | "east" | "projection" | "units" => true,
        "elevation" | "zunits" => alt,
        _ => false,
    };
    fields.iter().any(|(name, value)| !read(name) && !value.is_empty())
}

fn box_loses(text: &str) -> bool {
    let fields = fields(text).unwrap_or_default();
    let read = |name: &str| SIDES.iter().any(|side| is_side(name, side)) || matches!(name, "projection" | "units");
    fields.iter().any(|(name, value)| !read(name) && !value.is_empty())
}

/// The four sides, each a latitude or a longitude in turn.
pub(super) const SIDES: [&str; 4] = ["north", "east", "south", "west"];

/// How a side is called after its direction: by DCMI, by ISO 19115, by FGDC, by services.
const SIDE_NAMES: &[&str] = &[
    "",
    "limit",
    "bound",
    "bc",
    "bl",
    "boundlatitude",
    "boundlongitude",
    "boundingcoordinate",
    "latitude",
    "longitude",
];

fn is_side(name: &str, side: &str) -> bool {
    let letters: String = name.chars().filter(char::is_ascii_alphabetic).collect();
    letters.strip_prefix(side).is_some_and(|rest| SIDE_NAMES.contains(&rest))
}

/// The values stated for a side.
pub(super) fn find<'a>(fields: &[(String, &'a str)], side: &str) -> impl Iterator<Item = &'a str> {
    fields.iter().filter(move |(name, _)| is_side(name, side)).map(|(_, value)| *value)
}

fn sides(side: impl Fn(usize) -> Option<String>) -> Result<[String; 4], Rejected> {
    let mut sides: [String; 4] = Default::default();
    for (at, found) in sides.iter_mut().enumerate() {
        let axis = if at % 2 == 0 { Axis::Latitude } else { Axis::Longitude };
        *found = angle(&side(at).ok_or(NOT_ONE)?, axis)?;
    }
    let [north, east, south, west] = &sides;
    if number(north) < number(south) {
        return Err(Rejected::new(Why::Impossible, "its north is south of its south"));
    }
    if [north, east, south, west].iter().all(|side| number(side) == 0.0) { Err(NOWHERE) } else { Ok(sides) }
}

pub(super) fn dcmi_box(text: &str) -> Outcome<'static> {
    let fields = fields(text).ok_or(NOT_ONE)?;
    if SIDES.iter().any(|side| find(&fields, side).count() > 1) {
        return Err(TWICE);
    }
    let found = sides(|at| find(&fields, SIDES[at]).next().map(str::to_owned))?;
    let mut named: Vec<(&'static str, Cow<'static, str>)> =
        SIDES.iter().zip(found).map(|(name, side)| (*name, side.into())).collect();
    named.extend(datum(&fields)?.map(|datum| ("datum", datum.into())));
    Ok(Value::Fields(named))
}

pub(super) fn from_box<'a>(value: &'a Value<'_>, _: &[&str]) -> Outcome<'a> {
    let found = sides(|at| value.field(SIDES[at]).map(str::to_owned))?;
    let sides = SIDES.iter().zip(found).map(|(name, side)| format!("{name}limit={side}"));
    let datum = value.field("datum").map(|datum| format!("projection={datum}"));
    Ok(Value::one(sides.chain(datum).collect::<Vec<_>>().join("; ")))
}
