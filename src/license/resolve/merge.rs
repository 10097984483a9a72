//! Claims that say the same, some more fully than others.

use crate::license::data::other;
use crate::license::recognise::claim::{Claim, Jurisdiction, Rule, Stated, Subject};

/// Claims that agree, and what they say together; the members of one alone are left out.
pub(crate) struct Group {
    pub claim: Claim,
    pub members: Vec<Claim>,
}

/// As many places are kept as evidence.
const MEMBERS: usize = 64;

/// Joins claims that say the same, some more fully than others.
/// The flag tells whether an address disagrees with words.
pub(crate) fn merge(claims: &[Claim]) -> (Vec<Group>, bool) {
    let mut groups: Vec<Group> = Vec::with_capacity(1);
    // the fullest first, so that "CC BY" joins "CC BY 4.0" wherever it stands
    let mut order: Vec<&Claim> = claims.iter().collect();
    if claims.len() > 1 {
        order.sort_by_key(|c| (std::cmp::Reverse(fullness(c)), c.start));
    }
    for c in order {
        match groups.iter_mut().find(|g| agrees(&g.claim, c)) {
            Some(g) => {
                absorb(&mut g.claim, c);
                if g.members.len() < MEMBERS {
                    g.members.push(c.clone());
                }
            }
            None => groups.push(Group { claim: c.clone(), members: vec![c.clone()] }),
        }
    }
    let addresses = groups.iter().any(|g| g.members.iter().any(|m| m.rule == Rule::Address));
    let words = groups.iter().any(|g| g.members.iter().all(|m| m.rule != Rule::Address));
    groups.sort_by_key(|g| g.claim.start);
    let differ = groups.len() > 1 && addresses && words;
    (groups, differ)
}

fn fullness(c: &Claim) -> u8 {
    let subject = match c.subject {
        Subject::CreativeCommons | Subject::Nothing => 0,
        Subject::Family(_) => 1,
        Subject::Tool(_) if c.weak => 1,
        _ => 2,
    };
    let version = u8::from(c.version != Stated::Silent);
    let port = match c.jurisdiction {
        Jurisdiction::NotStated => 0,
        Jurisdiction::Generic => 1,
        _ => 2,
    };
    subject * 32 + version * 16 + port * 4 + u8::from(c.rule.rank() >= 5)
}

fn agrees(a: &Claim, b: &Claim) -> bool {
    let subjects = match (a.subject, b.subject) {
        (Subject::CreativeCommons, Subject::Tool(_) | Subject::CreativeCommons)
        | (Subject::Tool(_), Subject::CreativeCommons) => true,
        (Subject::Tool(x), Subject::Tool(y)) => x == y || (a.weak && x & !y == 0) || (b.weak && y & !x == 0),
        (Subject::Family(f), Subject::Other(o)) | (Subject::Other(o), Subject::Family(f)) => same_family(f, o),
        (x, y) => x == y,
    };
    let versions = match (&a.version, &b.version) {
        (Stated::Silent, _) | (_, Stated::Silent) => true,
        (x, y) => x == y,
    };
    let ports = match (&a.jurisdiction, &b.jurisdiction) {
        (Jurisdiction::NotStated, _) | (_, Jurisdiction::NotStated) => true,
        (x, y) => x == y,
    };
    subjects && versions && ports
}

fn same_family(family: u8, other: u8) -> bool {
    let f = other::families().get(usize::from(family));
    let o = other::others().get(usize::from(other));
    matches!((f, o), (Some(f), Some(o)) if o.id.starts_with(f.prefix))
}

/// Takes over what the other claim states more fully.
fn absorb(into: &mut Claim, c: &Claim) {
    match (into.subject, c.subject) {
        (Subject::CreativeCommons, Subject::Tool(_)) | (Subject::Family(_), Subject::Other(_)) => {
            into.subject = c.subject;
        }
        (Subject::Tool(a), Subject::Tool(b)) => into.subject = Subject::Tool(a | b),
        _ => {}
    }
    if into.version == Stated::Silent {
        into.version = c.version.clone();
    }
    if into.jurisdiction == Jurisdiction::NotStated {
        into.jurisdiction = c.jurisdiction.clone();
    }
    if into.deed.is_none() {
        into.deed.clone_from(&c.deed);
    }
    into.weak &= c.weak;
    into.warnings |= c.warnings;
}
