//! Leaves: what is known of the order of their values, of their texts, and of pools of texts.

use naturalia::columns::Text;
use naturalia::columns::build::Texts;
use naturalia::columns::leaf::{Distinct, Leaf, Pool};
use proptest::prelude::*;

/// Values of one text at these rows and places, in this order.
fn leaf(depth: usize, stands: &[(u32, Vec<u32>)]) -> Leaf {
    let mut leaf = Leaf::new(["a", "a[]", "a[].b[]"][depth]);
    for (row, place) in stands {
        leaf.push(*row, &place[..depth], "x", 0);
    }
    leaf
}

/// A column of these texts.
fn column(texts: &[&str]) -> Text {
    let mut column = Texts::default();
    for text in texts {
        column.push(text);
    }
    column.freeze()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_values_is_what_it_says(
        depth in 0..3_usize,
        mut stands in prop::collection::vec((0..4_u32, prop::collection::vec(0..3_u32, 2)), 0..7),
        sorted in any::<bool>(),
    ) {
        if sorted {
            stands.sort();
        }
        let leaf = leaf(depth, &stands);
        let pairs = || stands.iter().zip(stands.iter().skip(1));
        let single = pairs().all(|((row, place), (next, other))| (row, &place[..depth]) < (next, &other[..depth]));
        prop_assert_eq!(leaf.is_single(), single);
        let item = |place: &[u32]| if depth == 0 { 0 } else { place[0] };
        let begins = stands.first().is_none_or(|(_, place)| item(place) == 0);
        let dense = begins && pairs().all(|((row, place), (next, other))| {
            let (before, own) = (item(place), item(other));
            if row == next { own == before || own == before + 1 } else { own == 0 }
        });
        prop_assert_eq!(leaf.is_dense(), dense);
    }

    #[test]
    fn a_text_has_one_number_whatever_it_ends_in(
        texts in prop::collection::vec("[ab]{0,3}(vogelkunde|collectie)?[ab]{0,1}", 0..60),
    ) {
        let mut distinct = Distinct::default();
        let numbers: Vec<u32> = texts.iter().map(|text| distinct.number(text)).collect();
        for (one, number) in texts.iter().zip(&numbers) {
            prop_assert_eq!(distinct.pool().get(*number), one);
            for (other, theirs) in texts.iter().zip(&numbers) {
                prop_assert_eq!(one == other, number == theirs);
            }
        }
    }

    #[test]
    fn texts_are_in_one_line_and_as_long_as_they_are(
        texts in prop::collection::vec("[a\n]{0,3}", 1..9),
        chosen in prop::collection::vec(0..9_usize, 0..9),
    ) {
        let mut leaf = Leaf::new("a[]");
        for (place, text) in texts.iter().enumerate() {
            leaf.push(0, &[place as u32], text, 0);
        }
        prop_assert_eq!(leaf.bytes(), texts.concat().len());
        for (number, text) in texts.iter().enumerate() {
            prop_assert_eq!(leaf.pool.is_one_line(number as u32), !text.contains('\n'));
        }
        let mut picked = leaf.clone();
        picked.texts = chosen.iter().map(|at| (at % texts.len()) as u32).collect();
        let sum: usize = chosen.iter().map(|at| texts[at % texts.len()].len()).sum();
        prop_assert_eq!(picked.bytes(), sum);
    }
}

#[test]
fn texts_of_a_column_are_shared_until_others_come() {
    let (first, second) = (column(&["één", "twee", "drie"]), column(&["vier"]));
    let mut pool = Pool::default();
    assert_eq!(pool.extend(&first, 1..3), 0);
    let shared = pool.shared(&[0, 1]).unwrap();
    assert_eq!((&*shared, shared.as_ptr()), ("tweedrie", first.bytes["één".len()..].as_ptr()));
    assert_eq!(pool.extend(&second, 0..1), 2);
    assert_eq!(pool.push("vijf"), 3);
    assert_eq!(pool.shared(&[0, 1]), None);
    let pool = pool.whole();
    assert_eq!(["twee", "drie", "vier", "vijf"], [0, 1, 2, 3].map(|number| pool.get(number)));
    assert_eq!(pool.shared(&[0, 1, 2, 3]).as_deref(), Some("tweedrieviervijf"));
    assert_eq!(pool.shared(&[1, 3]), None);
}

#[test]
fn texts_that_come_together_are_looked_at_for_a_second_line() {
    let mut pool = Pool::default();
    pool.extend(&column(&["one", "two"]), 0..2);
    assert!(pool.is_one_line(0));
    pool.extend(&column(&["three\nfour"]), 0..1);
    assert!(pool.is_one_line(1));
    assert!(!pool.is_one_line(2));
    let mut other = Pool::default();
    other.extend(&column(&["five"]), 0..1);
    other.append(&pool);
    assert!(!other.is_one_line(3));
    assert!(other.is_one_line(1));
}
