//! Guardians: reasons, jobs, leave, illness, care.

use super::{
    calendar::{self, Calendar},
    pen::{Pen, Who, quarters},
    work::{self, Contract},
};
use crate::rng::Rng;
use enmusubi_domain::facts::{Entity, Exact, derived::days_between};
use jiff::civil::Date;

/// What guardians need to know of their household.
pub(super) struct Home {
    pub(super) household: Who,
    pub(super) calendar: Calendar,
    /// Birth of the youngest child, whether it applies, its class.
    pub(super) youngest: Date,
    pub(super) youngest_applies: bool,
    pub(super) youngest_class: i32,
    /// The youngest is at a facility: nobody is on leave for it.
    pub(super) youngest_enrolled: bool,
    /// Birth of the oldest child.
    pub(super) oldest: Date,
}

/// Place of a guardian in the household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The main earner of two.
    First,
    /// The other one, who was pregnant.
    Second,
    /// The other one, in vocational training.
    Training,
    /// The only one.
    Single,
    /// Not there: died, left, unknown.
    Absent,
    /// Lives apart while a divorce is under way.
    Separated,
}

/// What the household needs to know of a guardian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    /// Last year's pay.
    pub(super) pay: i64,
    /// Full-time contract.
    pub(super) full_time: bool,
    /// On leave, to return with the entry.
    pub(super) returning: bool,
    /// On leave of any kind.
    pub(super) on_leave: bool,
    pub(super) main: &'static str,
    /// Cares for a relative who lives with the family.
    pub(super) cares_at_home: bool,
    /// A job as nursery teacher or so in the city.
    pub(super) teaches_here: bool,
    /// Works in the city.
    pub(super) works_here: bool,
    /// Has a job now.
    pub(super) employed: bool,
}

/// Reasons by role, in thousandths: first, second with a baby, second, single.
const REASONS: [(&str, [u64; 4]); 8] = [
    ("employment", [962, 868, 812, 852]),
    ("job_offer", [4, 22, 32, 34]),
    ("seeking", [9, 48, 72, 58]),
    ("birth", [0, 14, 30, 4]),
    ("illness", [9, 14, 18, 24]),
    ("disability", [5, 6, 7, 10]),
    ("care", [4, 10, 13, 5]),
    ("study", [4, 12, 11, 10]),
];

/// Adds one guardian and states its facts.
pub(super) fn write(pen: &mut Pen, rng: &mut Rng, home: &Home, id: &str, role: Role) -> Told {
    let g = pen.push(Entity::Guardian, id, Some(home.household.1));
    let age = [22, 26, 29, 32, 36][rng.weighted(&[8, 25, 32, 25, 10])] + rng.below(4) as i64;
    let birth = calendar::days(
        calendar::months(home.oldest, -12 * age),
        -(rng.below(360) as i64),
    );
    pen.set(g, "birth_date", birth);
    if matches!(role, Role::Absent | Role::Separated) {
        return elsewhere(pen, g, role);
    }
    let mut draft = Draft {
        home,
        g,
        role,
        told: Told {
            pay: 0,
            full_time: false,
            returning: false,
            on_leave: false,
            main: "employment",
            cares_at_home: false,
            teaches_here: false,
            works_here: false,
            employed: false,
        },
        reasons: Vec::with_capacity(2),
        contract: None,
    };
    draft.reason(pen, rng);
    draft.finish(pen);
    draft.told
}

/// A guardian who does not live here: named, without a job on any paper.
fn elsewhere(pen: &mut Pen, g: Who, role: Role) -> Told {
    let absent = role == Role::Absent;
    pen.set(g, "presence", if absent { "absent" } else { "separated" });
    pen.set(g, "reasons", &["absent"][..]);
    pen.set(g, "main_reason", "absent");
    pen.set(g, "proof", "certificate");
    pen.set(g, "income", 0i64);
    pen.evidence(
        g,
        if absent {
            "戸籍"
        } else {
            "調停期日通知書"
        },
    );
    Told {
        pay: 0,
        full_time: false,
        returning: false,
        on_leave: false,
        main: "absent",
        cares_at_home: false,
        teaches_here: false,
        works_here: false,
        employed: false,
    }
}

/// A guardian being written.
struct Draft<'a> {
    home: &'a Home,
    g: Who,
    role: Role,
    told: Told,
    reasons: Vec<&'static str>,
    contract: Option<Contract>,
}

impl Draft<'_> {
    fn reason(&mut self, pen: &mut Pen, rng: &mut Rng) {
        let column = match self.role {
            Role::First => 0,
            Role::Second if self.home.youngest_class <= 1 => 1,
            Role::Second => 2,
            _ => 3,
        };
        let main = match self.role {
            Role::Training => "training",
            _ => REASONS[rng.weighted(&REASONS.map(|(_, shares)| shares[column]))].0,
        };
        self.told.main = main;
        self.reasons.push(main);
        match main {
            "employment" => self.employment(pen, rng),
            "job_offer" => self.job_offer(pen, rng),
            "seeking" => self.seeking(pen, rng),
            "birth" => self.birth(pen, rng),
            "illness" => self.illness(pen, rng),
            "disability" => self.disability(pen, rng),
            "care" => self.care(pen, rng),
            _ => self.study(pen, rng),
        }
    }

    fn employment(&mut self, pen: &mut Pen, rng: &mut Rng) {
        let g = self.g;
        let full = match self.role {
            Role::First => 965,
            Role::Single => 640,
            _ if self.home.youngest_class <= 1 => 730,
            _ if self.home.youngest_class == 2 => 600,
            _ => 500,
        };
        self.job(pen, rng, rng_chance(full));
        self.told.employed = true;
        self.leave(pen, rng);
        if self.role == Role::First && rng.chance(12) {
            pen.set(g, "presence", "posted");
            pen.set(g, "posted_away", true);
            pen.set(g, "posted_months", 6 + rng.below(31) as i64);
            pen.set(g, "posted_off_island", rng.chance(250));
        } else if self.role == Role::First && rng.chance(1) {
            pen.set(g, "seafarer", true);
        }
        // A second reason beside a short job: a relative to care for, or a course.
        if !self.told.full_time && !self.told.on_leave && rng.chance(30) {
            pen.set(g, "second_reason", true);
            if rng.chance(600) {
                self.reasons.push("care");
                self.care_facts(pen, rng);
            } else {
                self.reasons.push("study");
                self.study_facts(pen, rng);
            }
        }
        pen.set(g, "leaving_job", rng.chance(2));
        let proof = if self.self_employed(pen) {
            ["certificate", "self_declared"][rng.weighted(&[65, 35])]
        } else {
            ["certificate", "none"][rng.weighted(&[997, 3])]
        };
        pen.set(g, "proof", proof);
        let paper = match proof {
            "certificate" => "就労証明書",
            "self_declared" => "就労状況申告書",
            _ => "",
        };
        let issued = calendar::days(self.home.calendar.deadline, -(rng.below(45) as i64));
        if !paper.is_empty() {
            pen.evidence(g, &format!("{paper} {issued}"));
        }
    }

    /// Whether the kind of employment stated is one's own business.
    fn self_employed(&self, pen: &Pen) -> bool {
        let value = pen.get(self.g, "employment_kind");
        let kinds = &enmusubi_domain::facts::vocabulary::EMPLOYMENT_KIND;
        [
            "officer",
            "self_employed",
            "self_employed_family",
            "family_worker",
            "piecework",
            "commission",
        ]
        .iter()
        .any(|k| kinds.of_name(k).map(enmusubi_domain::facts::Value::Enum) == Some(value))
    }

    /// Contract, kind, place and pay of a job.
    fn job(&mut self, pen: &mut Pen, rng: &mut Rng, full: impl Fn(&mut Rng) -> bool) {
        let g = self.g;
        self.told.full_time = full(rng);
        let first = self.role == Role::First;
        let (contract, kind) = if self.told.full_time {
            const KINDS: [(&str, u64); 8] = [
                ("regular", 820),
                ("contract", 40),
                ("dispatched", 40),
                ("self_employed", 50),
                ("officer", 15),
                ("fiscal_year", 10),
                ("commission", 15),
                ("self_employed_family", 10),
            ];
            (
                Contract::full_time(rng),
                KINDS[rng.weighted(&KINDS.map(|k| k.1))].0,
            )
        } else {
            const KINDS: [(&str, u64); 10] = [
                ("part_time", 640),
                ("regular", 90),
                ("fiscal_year", 70),
                ("dispatched", 50),
                ("contract", 40),
                ("temporary", 30),
                ("self_employed", 35),
                ("self_employed_family", 25),
                ("family_worker", 10),
                ("piecework", 10),
            ];
            (
                Contract::part_time(rng),
                KINDS[rng.weighted(&KINDS.map(|k| k.1))].0,
            )
        };
        self.contract = Some(contract);
        pen.set(g, "employment_kind", kind);
        let own = self.self_employed(pen);
        let home = kind == "piecework" || rng.chance(if own { 400 } else { 15 });
        pen.set(g, "work_place", if home { "home" } else { "outside" });
        let area = if home {
            "in_city"
        } else {
            AREAS[rng.weighted(&[35, 30, 35])]
        };
        self.told.works_here = area == "in_city";
        pen.set(g, "work_area", area);
        let commute = match (home, area) {
            (true, _) => 0,
            (_, "in_city") => 5 + 5 * rng.below(6) as i64,
            (_, "neighbouring") => 15 + 5 * rng.below(8) as i64,
            _ => 30 + 5 * rng.below(13) as i64,
        };
        pen.set(g, "commute_minutes", commute);
        pen.set(g, "works_outside_8_18", rng.chance(220));
        pen.set(g, "minimum_wage_unmet", own && rng.chance(60));
        pen.set(g, "looks_after_at_work", own && home && rng.chance(80));
        self.childcare_job(pen, rng, area);
        self.told.pay = if self.told.full_time {
            work::full_time_pay(rng, first)
        } else {
            work::part_time_pay(rng, contract)
        };
        let long = contract.hours_per_day() >= Exact::whole(8);
        let six = contract.hours_per_day() > Exact::whole(6);
        let pause = if long {
            4
        } else if six {
            3
        } else {
            0
        };
        pen.set(g, "overtime_break_per_day", quarters(pause));
    }

    fn childcare_job(&mut self, pen: &mut Pen, rng: &mut Rng, area: &str) {
        let share = if self.role == Role::First { 3 } else { 48 };
        if !rng.chance(share) {
            return;
        }
        const JOBS: [(&str, u64); 4] = [
            ("nursery_teacher", 62),
            ("kindergarten_teacher", 12),
            ("aide", 14),
            ("other_staff", 12),
        ];
        let job = JOBS[rng.weighted(&JOBS.map(|j| j.1))].0;
        pen.set(self.g, "childcare_job", job);
        let here = area == "in_city";
        let place = match (here, rng.chance(90)) {
            (true, true) => "unlicensed_in_city",
            (true, false) => "in_city",
            (false, _) => "outside",
        };
        pen.set(self.g, "childcare_job_place", place);
        self.told.teaches_here = here;
    }

    /// Since when, what was worked lately, and leave for the youngest child.
    fn leave(&mut self, pen: &mut Pen, rng: &mut Rng) {
        let (g, home, calendar) = (self.g, self.home, self.home.calendar);
        let old = days_between(home.youngest, calendar.base);
        let second = matches!(self.role, Role::Second | Role::Single);
        // Leave is for employees.
        let employee = !self.self_employed(pen);
        let kind = match old {
            _ if !employee || home.youngest_enrolled => None,
            _ if !second => (57..365)
                .contains(&old)
                .then_some("childcare")
                .filter(|_| rng.chance(25)),
            // 42 days before the birth and 56 after it.
            -42..57 => Some("maternity"),
            57..365 => rng.chance(890).then_some("childcare"),
            365..550 => rng.chance(800).then_some("childcare"),
            550..730 => rng.chance(350).then_some("childcare"),
            _ => None,
        };
        let tenure = TENURE[rng.weighted(&[6, 14, 25, 25, 20, 10])] + rng.below(365) as i64;
        let mut began = calendar::days(calendar.base, -tenure);
        if let Some(kind) = kind {
            let since = if kind == "maternity" {
                calendar::days(home.youngest, -42)
            } else if second {
                calendar::days(home.youngest, 57)
            } else {
                calendar::days(calendar.base, -(20 + rng.below(30) as i64))
            };
            let back = calendar::days(calendar.entry, rng.below(30) as i64);
            pen.set(g, "leave", kind);
            pen.set(g, "leave_since", since);
            pen.set(g, "leave_until", calendar::days(back, -1));
            pen.set(g, "return_date", back);
            self.told.on_leave = true;
            // A leave for a child who stays at home goes on.
            self.told.returning = second && home.youngest_applies;
            pen.set(g, "returning_from_leave", self.told.returning);
            began = began.min(calendar::days(since, -400));
            if days_between(since, calendar.base) > 120 {
                // Part of last year without pay.
                self.told.pay = self.told.pay * (25 + rng.below(60) as i64) / 100 / 1_000 * 1_000;
            }
        } else if employee && second && home.youngest > calendar.base && home.youngest_applies {
            // Works until the birth, and comes back from leave with the entry.
            self.told.returning = true;
            pen.set(g, "returning_from_leave", true);
            pen.set(
                g,
                "return_date",
                calendar::days(calendar.entry, rng.below(30) as i64),
            );
        }
        pen.set(g, "job_start", began);
        pen.set(
            g,
            "job_continuous",
            days_between(began, calendar.base) >= 92,
        );
        let Some(contract) = self.contract else {
            return;
        };
        let days = contract.whole_days();
        let usual = contract.whole_hours();
        // Overtime of full-timers; a few worked far less than their contract says.
        let (days, hours) = match rng.weighted(&[12, 70, 18]) {
            0 => (days * 3 / 4, usual * 3 / 4),
            1 => (days, usual + rng.below(6) as i64),
            _ => (
                days,
                usual
                    + if self.told.full_time {
                        rng.below(40) as i64
                    } else {
                        0
                    },
            ),
        };
        pen.set(g, "actual_days_per_month", days);
        pen.set(g, "actual_hours_per_month", hours);
        if second && self.told.full_time && home.youngest_class <= 3 && rng.chance(380) {
            let day = [24, 26, 28][rng.weighted(&[60, 20, 20])];
            pen.set(g, "reduced_hours_per_month", quarters(day * 20));
        }
    }

    fn job_offer(&mut self, pen: &mut Pen, rng: &mut Rng) {
        let full = if self.role == Role::First { 900 } else { 400 };
        self.job(pen, rng, rng_chance(full));
        self.told.pay = self.told.pay * rng.below(60) as i64 / 100 / 1_000 * 1_000;
        let calendar = self.home.calendar;
        let begins = calendar::days(calendar.entry, -(rng.below(60) as i64));
        pen.set(
            self.g,
            "job_start",
            begins.max(calendar::days(calendar.base, 1)),
        );
        pen.set(self.g, "job_continuous", false);
        pen.set(self.g, "proof", "certificate");
        pen.evidence(self.g, "就労証明書（内定）");
    }

    fn seeking(&mut self, pen: &mut Pen, rng: &mut Rng) {
        pen.set(self.g, "dismissed", rng.chance(110));
        pen.set(
            self.g,
            "proof",
            ["certificate", "none"][rng.weighted(&[70, 30])],
        );
        if rng.chance(300) {
            self.told.pay = (30 + rng.below(150) as i64) * 10_000;
        }
        pen.evidence(self.g, "求職活動申告書");
    }

    fn birth(&mut self, pen: &mut Pen, rng: &mut Rng) {
        let (home, calendar) = (self.home, self.home.calendar);
        let earliest = calendar::days(home.youngest, 300).max(calendar.base);
        let latest = calendar::days(calendar.entry, 60);
        if earliest > latest {
            // The youngest was born too lately for another one.
            self.reasons[0] = "seeking";
            self.told.main = "seeking";
            return self.seeking(pen, rng);
        }
        pen.set(self.g, "due_date", calendar::between(rng, earliest, latest));
        pen.set(self.g, "multiple_pregnancy", rng.chance(15));
        pen.set(self.g, "proof", "certificate");
        pen.evidence(self.g, "母子健康手帳");
        if rng.chance(550) {
            // Employed as well, with the birth as the main reason until the leave.
            self.reasons.push("employment");
            self.job(pen, rng, rng_chance(550));
            self.told.employed = true;
            let began = calendar::days(calendar.base, -400 - rng.below(3_000) as i64);
            pen.set(self.g, "job_start", began);
            pen.set(self.g, "job_continuous", true);
            if let Some(contract) = self.contract {
                pen.set(self.g, "actual_days_per_month", contract.whole_days());
                pen.set(self.g, "actual_hours_per_month", contract.whole_hours());
            }
        }
    }

    fn illness(&mut self, pen: &mut Pen, rng: &mut Rng) {
        const STATES: [(&str, u64); 5] = [
            ("hospital", 12),
            ("bedridden", 5),
            ("mental", 38),
            ("home", 25),
            ("outpatient", 20),
        ];
        let state = STATES[rng.weighted(&STATES.map(|s| s.1))].0;
        let degree = match state {
            "hospital" | "bedridden" => 1,
            "outpatient" => 3,
            _ => 1 + rng.weighted(&[30, 50, 20]) as i64,
        };
        pen.set(self.g, "illness_state", state);
        pen.set(self.g, "illness_degree", degree);
        pen.set(self.g, "illness_months", 2 + rng.below(17) as i64);
        if state == "hospital" && rng.chance(500) {
            pen.set(self.g, "presence", "hospital");
        }
        self.certified(pen, rng, 150);
        pen.set(self.g, "proof", "certificate");
        pen.evidence(self.g, "診断書");
    }

    fn disability(&mut self, pen: &mut Pen, rng: &mut Rng) {
        self.certified(pen, rng, 1000);
        pen.set(self.g, "proof", "certificate");
        pen.evidence(self.g, "障害者手帳");
    }

    fn certified(&mut self, pen: &mut Pen, rng: &mut Rng, share: u64) {
        if !rng.chance(share) {
            return;
        }
        let grade = 1 + rng.weighted(&[20, 35, 25, 12, 5, 3]) as i64;
        pen.set(self.g, "disability_certificate", true);
        pen.set(self.g, "disability_grade", grade);
        pen.set(self.g, "disability_degree", (grade - 1).clamp(1, 3));
    }

    fn care(&mut self, pen: &mut Pen, rng: &mut Rng) {
        self.care_facts(pen, rng);
        pen.set(self.g, "proof", "certificate");
        pen.evidence(self.g, "介護状況申告書");
    }

    fn care_facts(&mut self, pen: &mut Pen, rng: &mut Rng) {
        let place = ["co_resident", "separate", "attendance"][rng.weighted(&[50, 30, 20])];
        self.told.cares_at_home = place == "co_resident";
        pen.set(self.g, "care_place", place);
        pen.set(
            self.g,
            "care_level",
            1 + rng.weighted(&[15, 25, 25, 20, 15]) as i64,
        );
        pen.set(
            self.g,
            "care_degree",
            1 + rng.weighted(&[30, 45, 25]) as i64,
        );
        let days = 3 + rng.below(3) as i64;
        let hours = 4 + rng.below(5) as i64;
        pen.set(self.g, "care_days_per_week", days);
        pen.set(self.g, "care_days_per_month", days * 4);
        pen.set(self.g, "care_hours_per_month", days * 4 * hours);
    }

    fn study(&mut self, pen: &mut Pen, rng: &mut Rng) {
        self.study_facts(pen, rng);
        pen.set(self.g, "study_planned", rng.chance(350));
        pen.set(self.g, "proof", "certificate");
        pen.evidence(self.g, "在学証明書・時間割");
    }

    fn study_facts(&mut self, pen: &mut Pen, rng: &mut Rng) {
        let days = 3 + rng.weighted(&[15, 30, 55]) as i64;
        let hours = 4 + rng.weighted(&[20, 20, 30, 20, 10]) as i64;
        pen.set(
            self.g,
            "study_degree",
            1 + rng.weighted(&[50, 35, 15]) as i64,
        );
        pen.set(self.g, "study_days_per_month", days * 4);
        pen.set(self.g, "study_hours_per_day", hours);
        pen.set(self.g, "study_hours_per_week", days * hours);
        pen.set(self.g, "study_hours_per_month", days * 4 * hours);
    }

    /// Reasons, hours and pay.
    fn finish(&mut self, pen: &mut Pen) {
        let g = self.g;
        pen.set(g, "reasons", self.reasons.as_slice());
        pen.set(g, "main_reason", self.told.main);
        pen.set(g, "income", self.told.pay);
        if let Some(c) = self.contract {
            pen.set(g, "work_days_per_week", c.days_week);
            pen.set(g, "work_days_per_month", c.days_per_month());
            pen.set(g, "work_hours_per_day", c.hours_per_day());
            pen.set(g, "work_hours_per_week", c.hours_per_week());
            pen.set(g, "work_hours_per_month", c.hours_per_month());
        }
    }
}

const AREAS: [&str; 3] = ["in_city", "neighbouring", "outside"];
/// Days in the present job, at least.
const TENURE: [i64; 6] = [10, 120, 400, 1_000, 2_000, 4_000];

/// A draw to be made later.
fn rng_chance(per_thousand: u64) -> impl Fn(&mut Rng) -> bool {
    move |rng| rng.chance(per_thousand)
}
