//! What came out of reading a page, in a form that can be compared.

use naturalia::columns::Data;
use naturalia::oai::reader::{Options, PageReader};
use std::fmt::Write;

/// Everything that came out of a page, as text: rows, repairs, or the error.
pub fn outcome(bytes: &[u8], plain: bool, piece: usize) -> String {
    let mut reader = PageReader::new("page", Options { plain, ..Options::default() });
    let mut shown = String::new();
    let (mut from, mut want) = (0, piece);
    loop {
        let end = (from + want).min(bytes.len());
        let last = end == bytes.len();
        let used = match reader.feed(&bytes[from..end], last) {
            Ok(used) => used,
            Err(error) => {
                // What a piece before the fault held depends on the size of the pieces.
                return format!("{error:?}");
            }
        };
        for (_, columns) in reader.take() {
            for row in 0..columns.rows {
                // Before the first payload the format is not known: what is empty is not told.
                for column in columns.columns.iter().filter(|column| filled(&column.data, row)) {
                    write!(shown, " {}=", column.name).unwrap();
                    show(&column.data, row, &mut shown);
                }
                shown.push('\n');
            }
        }
        if last {
            break;
        }
        want = if used == 0 { want * 2 } else { piece };
        from += used;
    }
    write!(shown, "{:?} {:?}", reader.take_report(), reader.finish()).unwrap();
    shown
}

fn filled(data: &Data, row: usize) -> bool {
    match data {
        Data::List(offsets, ..) => !naturalia::columns::range(offsets, row).is_empty(),
        data => !data.is_null(row),
    }
}

fn show(data: &Data, row: usize, shown: &mut String) {
    if data.is_null(row) {
        shown.push_str("null");
        return;
    }
    match data {
        Data::Text(text) => write!(shown, "{:?}", text.raw(row)).unwrap(),
        Data::Flag(values, _) => write!(shown, "{}", values.value(row)).unwrap(),
        Data::Integer(values, _) | Data::Instant(values, _) => write!(shown, "{}", values[row]).unwrap(),
        Data::Number(values, _) => write!(shown, "{}", values[row]).unwrap(),
        Data::List(offsets, _, items) => {
            shown.push('[');
            for item in naturalia::columns::range(offsets, row) {
                show(items, item, shown);
                shown.push(',');
            }
            shown.push(']');
        }
        Data::Group(fields, ..) => fields.iter().for_each(|field| {
            write!(shown, "{}:", field.name).unwrap();
            show(&field.data, row, shown);
        }),
    }
}
