//! What made-up facts should look like.

use enmusubi_domain::facts::Entity;
use jiff::civil::{Date, date};

/// The round and the make-up of its people for [`crate::facts()`]. Shares are in thousandths and are
/// drawn household by household, so a small round may be off by chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactOptions {
    /// Equal seed, options and town give equal facts on every machine.
    pub seed: u64,
    /// 全国地方公共団体コード; none for a made-up city.
    pub municipality: Option<String>,
    /// Day of entry (入所日), the first of a month.
    pub entry_date: Date,
    /// 何回目の選考.
    pub number: u32,
    /// 基準日.
    pub base_date: Date,
    /// 申込締切日.
    pub deadline: Date,
    /// How the municipality's form asks about siblings.
    pub form: Form,
    /// Nothing that a criteria file could ask for stays blank where an answer exists: a guardian
    /// without a job has 0 working hours, an adult of another city has an area. Without it, such
    /// cells are blank as on paper.
    pub complete: bool,
    /// Cells that could be blank on paper and mean "nobody knows" there, and are blanked, in
    /// thousandths of the cells. For trying out what happens to undecided applicants.
    pub missing: u32,
    /// Households with a single parent.
    pub single: u32,
    /// Households in a similar position (準ひとり親).
    pub quasi: u32,
    /// Households in positions that many published criteria do not name, so that staff must decide:
    /// a guardian who lives apart or is absent stands on the form, a guardian is in vocational
    /// training.
    pub unusual: u32,
    /// Households that live outside and do not move in.
    pub outside: u32,
    /// Households that move in before the entry.
    pub moving_in: u32,
    /// Households on leave that would rather extend it (育休延長許容), of those on leave.
    pub extension: u32,
    /// Children with a special need.
    pub special_need: u32,
    /// Age-3 applicants who finish a facility that ends at age 2.
    pub graduates: u32,
    /// Households in which a sibling who does not apply is enrolled at a facility.
    pub enrolled_siblings: u32,
    /// Sibling households that left the sibling question blank.
    pub blank_wish: u32,
    /// Facilities with shared seats (定員グループ).
    pub shared: u32,
    /// Every applicant drew a lottery number beforehand.
    pub lottery: bool,
    /// Pools (枠) that the criteria know and some classes have.
    pub pools: Vec<PoolShare>,
    /// Rows of the criteria that staff judge.
    pub discretion: Vec<DiscretionItem>,
}

impl Default for FactOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            municipality: None,
            entry_date: date(2027, 4, 1),
            number: 1,
            base_date: date(2026, 10, 23),
            deadline: date(2026, 10, 23),
            form: Form::default(),
            complete: true,
            missing: 0,
            single: 60,
            quasi: 7,
            unusual: 0,
            outside: 15,
            moving_in: 35,
            extension: 80,
            special_need: 20,
            graduates: 350,
            enrolled_siblings: 190,
            blank_wish: 40,
            shared: 120,
            lottery: true,
            pools: Vec::new(),
            discretion: Vec::new(),
        }
    }
}

impl FactOptions {
    /// The same round some years earlier or later. (29 February becomes 28.)
    #[must_use]
    pub fn shifted(mut self, years: i16) -> Self {
        for day in [
            &mut self.entry_date,
            &mut self.base_date,
            &mut self.deadline,
        ] {
            *day = day.saturating_add(jiff::Span::new().years(years));
        }
        self
    }

    /// Everything that cannot be built as asked, in Japanese, for a command to print.
    ///
    /// # Errors
    /// One message per wrong option.
    pub fn check(&self) -> Result<(), Vec<String>> {
        let mut wrong = Vec::new();
        if self.entry_date.day() != 1 {
            wrong.push(format!(
                "入所日「{}」は使えません。月の初日（例：2027-04-01）で指定してください。",
                self.entry_date
            ));
        }
        if self.base_date > self.entry_date || self.deadline > self.entry_date {
            wrong.push(format!(
                "基準日（{}）と申込締切日（{}）は、入所日（{}）より前の日にしてください。",
                self.base_date, self.deadline, self.entry_date
            ));
        }
        // Dates of a life are counted back and forth from here.
        if !(1950..=2200).contains(&self.entry_date.year())
            || !(1950..=2200).contains(&self.base_date.year())
            || !(1950..=2200).contains(&self.deadline.year())
        {
            wrong.push("日付の年は 1950 から 2200 までで指定してください。".to_owned());
        }
        for (name, value) in [
            ("missing", self.missing),
            ("single", self.single),
            ("quasi", self.quasi),
            ("unusual", self.unusual),
            ("outside", self.outside),
            ("moving_in", self.moving_in),
            ("extension", self.extension),
            ("special_need", self.special_need),
            ("graduates", self.graduates),
            ("enrolled_siblings", self.enrolled_siblings),
            ("blank_wish", self.blank_wish),
            ("shared", self.shared),
        ] {
            if value > 1000 {
                wrong.push(format!(
                    "{name} の値「{value}」は千分率ではありません。0 から 1000 までの整数で指定してください。"
                ));
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

/// How the form asks about siblings, with the texts a family may answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// One list of codes. The texts stand for the seven wishes in the order of the public layout's
    /// codes: same nursery together, in turn older first, in turn younger first; any nursery
    /// together, in turn, the same preferred; together, in turn, by choice order. `None` where the
    /// form lacks one.
    Codes([Option<String>; 7]),
    /// Timing, place, who first.
    Fields(Box<FieldTexts>),
}

/// Answers of a form with three questions; an empty text where the form lacks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldTexts {
    /// Timing: only together; one may come first.
    pub timing: [String; 2],
    /// Place: only the same nursery; the same preferred; the order of choices preferred.
    pub place: [String; 3],
    /// If not together: the older first; the younger first; whichever.
    pub first: [String; 3],
}

impl Form {
    /// Circled numbers of a form with one list. さいたま's ⑤ and ⑥ are codes 6 and 5 here.
    #[must_use]
    pub fn circled() -> Self {
        Self::Codes(["①", "②", "③", "④", "⑥", "⑤", "⑦"].map(|t| Some(t.to_owned())))
    }

    /// Three questions, as on the form of the made-up example city.
    #[must_use]
    pub fn fields() -> Self {
        let own = |t: &str| t.to_owned();
        Self::Fields(Box::new(FieldTexts {
            timing: ["同時のみ", "順次でもよい"].map(own),
            place: ["同じ園のみ", "同じ園を優先", "希望順位を優先"].map(own),
            first: ["上の子から", "下の子から", "どちらでも"].map(own),
        }))
    }

    /// Three questions, as 藤沢's form has them; it does not ask for "whichever".
    #[must_use]
    pub fn fujisawa() -> Self {
        let own = |t: &str| t.to_owned();
        Self::Fields(Box::new(FieldTexts {
            timing: ["同時でなければならない", "同時でなくてもよい"].map(own),
            place: ["同じ園に限る", "同じ園を優先", "希望順位を優先"].map(own),
            first: ["上の子から", "下の子から", ""].map(own),
        }))
    }
}

impl Default for Form {
    fn default() -> Self {
        Self::fields()
    }
}

/// A pool that some classes have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolShare {
    /// Id as in the criteria.
    pub id: String,
    /// Classes with it, in thousandths.
    pub classes: u32,
    /// Its seats, in thousandths of the class's (at least 1).
    pub seats: u32,
    /// The youngest age class that has it.
    pub from_age: u8,
}

/// A row of the criteria that staff judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscretionItem {
    /// What the row is evaluated for: household, guardian or child.
    pub entity: Entity,
    /// Id of the row.
    pub item: String,
    /// Lowest value.
    pub min: i64,
    /// Highest value.
    pub max: i64,
    /// Subjects that have one, in thousandths.
    pub subjects: u32,
}
