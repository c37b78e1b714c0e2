//! Keys about this very round: whether a household's new applicants enter together (南風原).
//!
//! Such a key belongs to the family's outcome, not to a child. Every choice of the household is
//! therefore in the market twice, at the same class and rank: once with the priority the child
//! has where all new applicants of the household are placed, and right after it once with the
//! priority it has elsewhere ([`super::people::People::apart`]). The family's list of combinations says which
//! outcome uses which: a tuple that newly places every new applicant uses the first copies, any
//! other tuple the second. No two tuples of the list give the same classes, so a placement still
//! says which of them was obtained.

use super::CompileError;
use enmusubi_market::{FamilyIx, Market, Slot, Wish, WishFields, tuples::tuples};

/// Most tuples of one household that are written out.
const TUPLES_MAX: usize = 100_000;

/// Writes out the lists of the families that have their choices twice. Returns what they asked
/// for, by family, where that was said in fields.
pub(super) fn write_out(
    market: &mut Market,
    apart: &[bool],
    families: &[FamilyIx],
    errors: &mut Vec<CompileError>,
) -> Vec<(FamilyIx, WishFields)> {
    let mut asked = Vec::new();
    for &f in families {
        let is_new: Vec<bool> = market
            .children_of(f)
            .iter()
            .map(|c| c.current.is_none())
            .collect();
        let once = |x: u32| !apart[x as usize];
        let mut list: Vec<Box<[Slot]>> = Vec::new();
        for tuple in tuples(market, f, once) {
            if list.len() == TUPLES_MAX {
                errors.push(CompileError::TooMany {
                    what: "きょうだいの組み合わせ",
                });
                break;
            }
            let together = tuple
                .iter()
                .zip(&is_new)
                .all(|(slot, new)| !new || *slot != Slot::AsNow);
            let copy = |slot: &Slot| match *slot {
                Slot::Choice(x) if !together => Slot::Choice(x + 1),
                slot => slot,
            };
            list.push(tuple.iter().map(copy).collect());
        }
        let family = &mut market.families[f as usize];
        if let Wish::Fields(fields) = family.wish {
            asked.push((f, fields));
        }
        family.wish = Wish::Listed(list);
    }
    asked
}
