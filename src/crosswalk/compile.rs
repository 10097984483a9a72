//! Rules to a plan: what is moved where in one direction. Everything a rule set can get wrong is
//! found here, and told with file, row and column.

use super::domains;
use super::function::{RecordCondition, Shape, Step, When, pipeline, split_condition};
use super::otherwise;
use super::path::{Found, Path, Paths, Pick, Port};
use super::rule::{Direction, Rule, Rules};
use crate::columns::leaf::Scalar;
use crate::error::Result;
use crate::value::{self, Stays};

/// Which way a plan goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From the format to the hub.
    Forward,
    /// From the hub to the format.
    Backward,
}

/// What is moved where, in order.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The moves.
    pub moves: Vec<Move>,
    /// The lists that values are collected in, with where they come from.
    pub domains: Vec<Domain>,
    /// The list of which each item becomes a record of its own.
    pub each: Option<String>,
    /// The leaves whose values go through functions: there each different text counts once.
    pub computed: Vec<String>,
    /// Those of them that guards are asked about: these cost more than to compare long texts.
    pub guarded: Vec<String>,
}

/// One rule in one direction.
// Each flag answers a question of its own.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug, Clone)]
pub struct Move {
    /// The rule.
    pub rule: String,
    /// Where values come from: one place, or the members of a group.
    pub from: Vec<End>,
    /// Where they go.
    pub to: Vec<End>,
    /// The functions, in the order of the rule.
    pub steps: Vec<Step>,
    /// Whether the functions are read backward, last first.
    pub reversed: bool,
    /// On which values of the format.
    pub when: Option<When>,
    /// On values of which records.
    pub record: Vec<RecordCondition>,
    /// Whether the values of a row are one for the functions.
    pub gathers: bool,
    /// Whether it takes values away.
    pub drops: bool,
    /// Whether it says something besides: another rule keeps the value.
    pub derived: bool,
    /// What a rule of one direction declares lost.
    pub loss: Option<String>,
    /// Whether a language goes along, here or by another rule.
    pub keeps_lang: bool,
    /// Whether what it says of a value is said otherwise by a later rule, which then has nothing to say.
    pub answers: bool,
    /// Texts that it leaves as they are, both ways.
    pub stays: Option<Stays>,
    /// Whether nobody reads what it makes: only what became of the values is asked.
    pub unread: bool,
}

/// One end of a move.
#[derive(Debug, Clone)]
pub struct End {
    /// The name of the part, where a function has several.
    pub part: Option<String>,
    /// The leaf.
    pub leaf: String,
    /// The leaf of the list it stands in; the leaf itself outside lists.
    pub list: String,
    /// What each `[]` of it picks.
    pub picks: Vec<Pick>,
    /// What stands there; `None` for the language of a value.
    pub scalar: Option<Scalar>,
    /// The number of its domain in the plan, for an end with a free list.
    pub domain: Option<usize>,
}

/// Values of one list on their way into another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// The list they go to.
    pub into: String,
    /// The list they come from.
    pub from: String,
    /// The leaf they come from first.
    pub leaf: String,
    /// Whether a constant member tells them apart.
    pub keyed: bool,
    /// Whether its values only join items that others make.
    pub joins: bool,
    /// The leaves they fill: those of values that are said besides count only where there are no others.
    pub leaves: Vec<String>,
    /// Whether items keep their number; otherwise they close up.
    pub exact: bool,
}

impl Plan {
    /// Whether some rule reads this leaf.
    #[must_use]
    pub fn reads(&self, leaf: &str) -> bool {
        self.moves.iter().any(|made| made.from.iter().any(|end| end.leaf == leaf))
    }

    /// The leaves that tell items of a list apart: no values themselves.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        for end in self.moves.iter().flat_map(|made| made.from.iter().chain(&made.to)) {
            let mut cut = 0;
            for pick in &end.picks {
                cut += end.leaf[cut..].find("[]").map_or(0, |at| at + 2);
                if let Pick::Where(key, _) = pick {
                    keys.push(format!("{}.{key}", &end.leaf[..cut]));
                }
            }
        }
        keys
    }
}

/// Compiles one direction.
pub fn compile(rules: &Rules, format: &Paths, hub: &Paths, way: Way, custom: &[(String, bool)]) -> Result<Plan> {
    let mut plan =
        Plan { moves: Vec::new(), domains: Vec::new(), each: None, computed: Vec::new(), guarded: Vec::new() };
    for rule in &rules.rules {
        if rule.function == "each" {
            let port = find(rule, "nx_src", &rule.src, format)?;
            plan.each = (way == Way::Forward).then(|| port.leaf.clone());
            continue;
        }
        check(rule, custom)?;
        let asked = match way {
            Way::Forward => rule.direction != Direction::Back,
            Way::Backward => rule.direction != Direction::Forward && !rule.drops(),
        };
        // Ends are looked up in both directions, so that a wrong path is found whatever the way.
        let src = ends(rule, "nx_src", &rule.src, format)?;
        let dst = if rule.dst.is_empty() { Vec::new() } else { ends(rule, "nx_dst", &rule.dst, hub)? };
        let side = if rule.direction == Direction::Back { hub } else { format };
        let (record, when) = split_condition(&rule.when, side).map_err(|message| rule.error("nx_when", &message))?;
        if !record.is_empty() && rule.direction == Direction::Both {
            return Err(rule.error("nx_when", "asks about the record; give the rule one direction"));
        }
        if asked {
            let made = one(rule, way, (src, dst), (record, &when), custom)?;
            plan.moves.push(made);
        }
    }
    otherwise::contradictions(rules, &plan)?;
    domains::mark_derived(&mut plan);
    domains::assign(&mut plan);
    let tagged: Vec<String> = plan
        .moves
        .iter()
        .flat_map(|made| &made.from)
        .filter(|end| end.scalar.is_none())
        .map(|end| end.leaf.clone())
        .collect();
    for made in &mut plan.moves {
        let whole = made.to.iter().any(|end| end.scalar == Some(Scalar::Tagged));
        made.keeps_lang = whole || made.from.iter().any(|end| tagged.contains(&end.leaf));
    }
    otherwise::mark(&mut plan);
    let asks = |entry: &Move| entry.when.as_ref().is_some_and(|when| !when.is_cheap());
    plan.guarded = leaves(plan.moves.iter().filter(|entry| asks(entry)));
    plan.computed = leaves(plan.moves.iter().filter(|entry| !entry.steps.is_empty() || asks(entry)));
    Ok(plan)
}

/// The leaves that moves read, each once.
fn leaves<'m>(moves: impl Iterator<Item = &'m Move>) -> Vec<String> {
    let mut leaves: Vec<String> = moves.flat_map(|entry| &entry.from).map(|end| end.leaf.clone()).collect();
    leaves.sort_unstable();
    leaves.dedup();
    leaves
}

/// What can be wrong with a rule whatever the direction.
fn check(rule: &Rule, custom: &[(String, bool)]) -> Result<()> {
    if rule.src.is_empty() {
        return Err(rule.error("nx_src", "is empty"));
    }
    if rule.dst.is_empty() && rule.function != "drop" {
        return Err(rule.error("nx_dst", "is empty; only drop goes nowhere"));
    }
    if rule.drops() {
        if rule.loss.is_empty() {
            return Err(rule.error("nx_loss", "is empty; what is dropped needs a reason"));
        }
        return Ok(());
    }
    let steps = steps(rule, custom)?;
    if let Some(step) = steps.iter().find(|step| !step.returns())
        && rule.direction == Direction::Both
    {
        let message = format!("{step_name} has no way back; give the rule one direction", step_name = name(step));
        return Err(rule.error("nx_dir", &message));
    }
    Ok(())
}

fn name(step: &Step) -> &str {
    match step {
        Step::Call(function, ..) => function.name,
        Step::Join(_) => "join",
        Step::Enum(_) => "enum",
        Step::Custom(..) => "the function",
    }
}

fn steps(rule: &Rule, custom: &[(String, bool)]) -> Result<Vec<Step>> {
    pipeline(&rule.function, custom).map_err(|message| rule.error("nx_fn", &message))
}

fn find(rule: &Rule, column: &str, path: &str, paths: &Paths) -> Result<Port> {
    Path::parse(path).and_then(|path| paths.find(&path)).map_err(|message| rule.error(column, &message))
}

/// The ports of a cell: one path, or several with `|` between.
fn ends(rule: &Rule, column: &str, cell: &str, paths: &Paths) -> Result<Vec<Port>> {
    cell.split('|').map(|path| find(rule, column, path.trim(), paths)).collect()
}

fn one(
    rule: &Rule,
    way: Way,
    (src, dst): (Vec<Port>, Vec<Port>),
    (record, when): (Vec<RecordCondition>, &str),
    custom: &[(String, bool)],
) -> Result<Move> {
    let drops = rule.drops();
    let steps = if drops { Vec::new() } else { steps(rule, custom)? };
    let parts = steps.iter().find_map(|step| match step.shape() {
        Shape::Parts(parts) => Some(parts.clone()),
        _ => None,
    });
    let many = steps.iter().any(|step| *step.shape() == Shape::Many);
    let joins = steps.iter().any(|step| matches!(step, Step::Join(_)));
    // A rule of the way back alone may use a function that goes forward only.
    // Several fields of the format that are one value of the hub are parts of what goes back.
    let parted = src.len() > 1;
    let reversed = (way == Way::Backward) != parted && steps.iter().all(Step::returns);
    let spread = |ports: Vec<Port>, column: &str| -> Result<Vec<End>> {
        if let [port] = &ports[..] {
            return match (&port.found, &parts) {
                (Found::Groups(members), Some(fields)) => {
                    for field in fields {
                        if !members.iter().any(|(name, _)| name == field) {
                            let message = format!("{} gives {field:?}, which {} has not", rule.function, port.leaf);
                            return Err(rule.error(column, &message));
                        }
                    }
                    let end = |(name, scalar): &(String, Scalar)| End::new(&port.member(name, *scalar), Some(name));
                    Ok(members.iter().map(end).collect())
                }
                (Found::Groups(members), None) => {
                    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
                    let message = format!("{} is a group; name a member: {}", port.leaf, names.join(", "));
                    Err(rule.error(column, &message))
                }
                (_, Some(fields)) => Ok(vec![End::new(port, fields.first().copied())]),
                (_, None) => Ok(vec![End::new(port, None)]),
            };
        }
        let Some(fields) = &parts else {
            return Err(rule.error(column, "has several paths, but the function gives no parts"));
        };
        if fields.len() != ports.len() {
            let message = format!("has {} paths, but the function gives {} parts", ports.len(), fields.len());
            return Err(rule.error(column, &message));
        }
        Ok(ports.iter().zip(fields).map(|(port, name)| End::new(port, Some(name))).collect())
    };
    let outer = |ports: Vec<Port>, column: &str| -> Result<Vec<End>> {
        match &ports[..] {
            [port] if !matches!(port.found, Found::Groups(_)) => Ok(vec![End::new(port, None)]),
            _ => Err(rule.error(column, "has to name one value")),
        }
    };
    let (src, dst) = match (parted, dst.is_empty()) {
        (true, _) => (spread(src, "nx_src")?, outer(dst, "nx_dst")?),
        (false, true) => (outer(src, "nx_src")?, Vec::new()),
        (false, false) => (outer(src, "nx_src")?, spread(dst, "nx_dst")?),
    };
    let (from, to) = if way == Way::Forward { (src, dst) } else { (dst, src) };
    let stays = match &steps[..] {
        [Step::Call(function, ..)] => value::stays(function),
        _ => None,
    };
    let declared = (!rule.loss.is_empty() && rule.direction != Direction::Both).then(|| rule.loss.clone());
    Ok(Move {
        rule: rule.id.clone(),
        from,
        to,
        steps,
        reversed,
        when: match When::parse(when).map_err(|message| rule.error("nx_when", &message))? {
            // A rule for some records takes the values of these.
            None if !record.is_empty() => Some(When::All(Vec::new())),
            when => when,
        },
        record,
        gathers: if way == Way::Forward { joins } else { many && reversed && parts.is_none() },
        drops,
        derived: false,
        loss: declared,
        keeps_lang: false,
        answers: false,
        stays,
        unread: false,
    })
}

impl End {
    fn new(port: &Port, part: Option<&str>) -> Self {
        let scalar = match &port.found {
            Found::Values(scalar) => Some(*scalar),
            Found::Langs | Found::Groups(_) => None,
        };
        Self {
            part: part.map(str::to_owned),
            leaf: port.leaf.clone(),
            list: port.list().to_owned(),
            picks: port.picks.clone(),
            scalar,
            domain: None,
        }
    }

    /// The levels whose number is free.
    #[must_use]
    pub fn free(&self) -> Vec<usize> {
        (0..self.picks.len()).filter(|level| !matches!(self.picks[*level], Pick::At(_))).collect()
    }

    /// The levels whose number goes along to an end with `count` free ones: where there are more,
    /// an item picked by its member needs none.
    #[must_use]
    pub fn carried(&self, count: usize) -> Vec<usize> {
        let mut free = self.free();
        while free.len() > count.max(1)
            && let Some(at) = free.iter().rposition(|level| matches!(self.picks[*level], Pick::Where(..)))
        {
            free.remove(at);
        }
        free
    }
}
