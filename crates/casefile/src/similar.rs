//! Who might be the same applicant (重複の疑い): keys by which two entries of one child meet, however they were written.

use crate::{
    household::Household,
    person::{Part, address_key, search_key},
};

/// What two cases have in common where they share a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alike {
    /// Name and birth date.
    NameAndBirth,
    /// フリガナ and birth date.
    KanaAndBirth,
    /// Birth date and address.
    BirthAndAddress,
    /// Birth date and telephone.
    BirthAndPhone,
}

impl Alike {
    /// As stored and in message keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NameAndBirth => "name_birth",
            Self::KanaAndBirth => "kana_birth",
            Self::BirthAndAddress => "birth_address",
            Self::BirthAndPhone => "birth_phone",
        }
    }

    /// Of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        [
            Self::NameAndBirth,
            Self::KanaAndBirth,
            Self::BirthAndAddress,
            Self::BirthAndPhone,
        ]
        .into_iter()
        .find(|a| a.name() == name)
    }
}

/// Keys of a child that applies: (what they are made of, key). Twins share the last two, and differ in the first.
#[must_use]
pub fn keys(household: &Household, child: &str) -> Vec<(Alike, String)> {
    let Some(person) = household.person(child).filter(|p| p.part == Part::Child) else {
        return Vec::new();
    };
    let Some(birth) = person.birth else {
        return Vec::new();
    };
    let mut list = Vec::new();
    let mut add = |alike: Alike, key: String| {
        if !key.is_empty() {
            list.push((alike, format!("{}|{birth}|{key}", alike.name())));
        }
    };
    add(Alike::NameAndBirth, search_key(&person.name.written));
    add(Alike::KanaAndBirth, search_key(&person.name.kana));
    let address = address_key(&household.address.text);
    // A town's name alone is no address.
    if address.bytes().any(|b| b.is_ascii_digit()) {
        add(Alike::BirthAndAddress, address);
    }
    let digits = search_key(&household.contact.phone);
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    if digits.len() >= 10 {
        add(Alike::BirthAndPhone, digits);
    }
    list
}
