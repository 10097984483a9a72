//! What nested columns hold: a tree made of a flat table of paths.

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Text.
    Text,
    /// Any JSON value, kept as its text.
    Json,
    /// Yes or no.
    Flag,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A moment.
    Instant,
    /// Any number of values.
    List(Box<Shape>, Bare),
    /// Named values.
    Group(Vec<Member>),
}

/// What may stand in the place of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bare {
    /// Nothing: a list of one is written as a list.
    No,
    /// Its only item: a list of one is written as that item.
    Item,
    /// An object whose keys are the member of this name of its items.
    Keyed(&'static str),
}

/// A named value of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The name of its column.
    pub name: &'static str,
    /// Its key in a document.
    pub key: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Other spellings of its name, read and kept.
    pub also: Vec<&'static str>,
}

impl Shape {
    /// The tree of a table of paths, as tab-separated values: a header, then path, type, and any
    /// further columns; the fourth holds other spellings of the last name of the path. A path is
    /// names joined with dots; `[]` after a name says there may be several. The types are `text`
    /// (as are `uri`, `date` and `enum …`), `integer`, `number`, `boolean`, `instant` and `json`;
    /// `text*` is a list that is written as a plain value when it has one item. The spelling `{}`
    /// says that an object may stand for the list, with this path as the keys; `@name` names the
    /// column where that can't be the key.
    #[must_use]
    pub fn of_table(table: &'static str) -> Self {
        let mut root = Vec::new();
        for line in table.lines().skip(1) {
            let mut cells = line.split('\t');
            let (Some(path), Some(kind)) = (cells.next(), cells.next()) else { continue };
            let also = cells.nth(1).unwrap_or_default();
            insert(&mut root, path, kind, also);
        }
        Self::Group(root)
    }

    /// The members of a group, none otherwise.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        match self {
            Self::Group(members) => members,
            _ => &[],
        }
    }

    /// The member of this name, or with this spelling.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<usize> {
        let members = self.members();
        let own = members.iter().position(|member| member.key == key);
        own.or_else(|| members.iter().position(|member| member.also.contains(&key)))
    }
}

fn insert(members: &mut Vec<Member>, path: &'static str, kind: &str, also: &'static str) {
    let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
    let (name, many) = step.strip_suffix("[]").map_or((step, false), |name| (name, true));
    let at = members.iter().position(|member| member.name == name).unwrap_or_else(|| {
        let inner = if rest.is_some() { Shape::Group(Vec::new()) } else { leaf(kind) };
        let shape = if many { Shape::List(Box::new(inner), Bare::No) } else { inner };
        members.push(Member { name, key: name, shape, also: Vec::new() });
        members.len() - 1
    });
    let member = &mut members[at];
    let Some(rest) = rest else {
        for spelling in also.split(' ').filter(|spelling| !matches!(*spelling, "" | "{}")) {
            match spelling.strip_prefix('@') {
                Some(name) => member.name = name,
                None => member.also.push(spelling),
            }
        }
        return;
    };
    let inner = match &mut member.shape {
        Shape::List(items, bare) => {
            if also == "{}" && !rest.contains('.') {
                *bare = Bare::Keyed(rest);
            }
            items
        }
        shape => shape,
    };
    if let Shape::Group(members) = inner {
        insert(members, rest, kind, also);
    }
}

fn leaf(kind: &str) -> Shape {
    match kind {
        "integer" => Shape::Integer,
        "number" => Shape::Number,
        "boolean" => Shape::Flag,
        "instant" => Shape::Instant,
        "json" => Shape::Json,
        "text*" => Shape::List(Box::new(Shape::Text), Bare::Item),
        _ => Shape::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::{Bare, Shape};

    #[test]
    fn a_flat_table_of_paths_is_a_tree() {
        let shape = Shape::of_table("path\ttype\tx\talso\na.b[].c\tinteger\t\tC cc\na.b[].d\ttext\t\t{}\ne\ttext*\n");
        let a = &shape.members()[0];
        let Shape::List(items, bare) = &a.shape.members()[0].shape else { panic!("b is no list") };
        assert_eq!(*bare, Bare::Keyed("d"));
        assert_eq!(items.member("cc"), Some(0));
        assert_eq!(shape.members()[1].shape, Shape::List(Box::new(Shape::Text), Bare::Item));
    }
}
