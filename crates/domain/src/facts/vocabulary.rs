//! The vocabulary: every attribute a criteria file may speak of, with meaning, unit and the paper
//! that proves it. The columns of the round workbook, the type checker of the criteria, the
//! evaluators, the made-up rounds and `docs/vocabulary.md` all come from this one list.
//!
//! To add an attribute: one line in the list below ([`VOCABULARY`]), in the table of its entity. If it
//! follows from others, compute it in [`super::derived`].

use super::{unit::Unit, value::Value};
use std::{collections::HashMap, sync::LazyLock};

/// Position in [`VOCABULARY`].
pub type AttributeIx = u16;

/// What an attribute belongs to. Also the name of the variable in criteria files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Entity {
    /// 選考回: the round itself.
    Round,
    /// 世帯.
    Household,
    /// 保護者 (one or two of a household; never numbered).
    Guardian,
    /// 保護者以外の成人: grandparents and others who live with the household, and the four
    /// grandparents wherever they live.
    Adult,
    /// 児童: every child of the household under 18, applying or not.
    Child,
    /// 施設.
    Facility,
    /// 希望: one child × one facility it has chosen, with its rank.
    Choice,
    /// 過去の辞退等 of a child.
    Decline,
}

impl Entity {
    /// Every entity.
    pub const ALL: &'static [Self] = &[
        Self::Round,
        Self::Household,
        Self::Guardian,
        Self::Adult,
        Self::Child,
        Self::Facility,
        Self::Choice,
        Self::Decline,
    ];

    /// Name of the variable in criteria files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Round => "round",
            Self::Household => "household",
            Self::Guardian => "guardian",
            Self::Adult => "adult",
            Self::Child => "child",
            Self::Facility => "facility",
            Self::Choice => "choice",
            Self::Decline => "decline",
        }
    }

    /// Japanese name, also the name of the table in the round workbook.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Round => "選考回",
            Self::Household => "世帯",
            Self::Guardian => "保護者",
            Self::Adult => "同居者・祖父母",
            Self::Child => "児童",
            Self::Facility => "施設",
            Self::Choice => "希望",
            Self::Decline => "過去の辞退",
        }
    }
}

/// Type of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// はい／いいえ.
    Bool,
    /// A number without unit (a count, a grade, a rank).
    Number,
    /// A number with a unit.
    Quantity(Unit),
    /// A day.
    Date,
    /// One of a fixed list.
    Enum(&'static EnumType),
    /// Several of a fixed list.
    Set(&'static EnumType),
    /// A text or id, compared for equality (area, facility).
    Text,
    /// Several texts or ids.
    Texts,
}

/// A fixed list of values.
#[derive(Debug, PartialEq, Eq)]
pub struct EnumType {
    /// Name, for messages.
    pub name: &'static str,
    /// Values: name in criteria files, Japanese label (as in the workbook's drop-downs). At most 64.
    pub values: &'static [(&'static str, &'static str)],
}

impl EnumType {
    /// Position of a name as criteria files write it.
    #[must_use]
    pub fn of_name(&self, name: &str) -> Option<u8> {
        self.values
            .iter()
            .position(|(n, _)| *n == name)
            .and_then(|i| u8::try_from(i).ok())
    }

    /// Position of a label as the workbook writes it.
    #[must_use]
    pub fn of_label(&self, label: &str) -> Option<u8> {
        self.values
            .iter()
            .position(|(_, l)| *l == label)
            .and_then(|i| u8::try_from(i).ok())
    }
}

/// What a blank cell means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    /// Nobody knows: undecided.
    Unknown,
    /// The form has a box to tick: not ticked is "no".
    No,
    /// The form asks for a number of occurrences: none written is 0.
    Zero,
    /// The form asks which of a list applies, and its first value is "none".
    First,
    /// Nothing of the list applies.
    EmptySet,
}

/// Where an attribute comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A column of the workbook.
    Stated,
    /// Follows from others, by [`super::derived`]; never a column.
    Derived,
}

/// One attribute.
#[derive(Debug, PartialEq, Eq)]
pub struct Attribute {
    /// What it belongs to.
    pub entity: Entity,
    /// Name in criteria files, after the entity's: `guardian.work_hours_per_month`.
    pub name: &'static str,
    /// Header in the workbook.
    pub label: &'static str,
    /// Type and unit.
    pub ty: Type,
    /// What a blank means.
    pub blank: Blank,
    /// Stated or derived.
    pub origin: Origin,
    /// The paper that proves it.
    pub paper: &'static str,
    /// Meaning, in one or two sentences.
    pub doc: &'static str,
}

impl Attribute {
    /// Value of a blank.
    #[must_use]
    pub fn blank_value(&self) -> Value {
        match self.blank {
            Blank::Unknown => Value::Unknown,
            Blank::No => Value::Bool(false),
            Blank::Zero => Value::whole(0),
            Blank::First => Value::Enum(0),
            Blank::EmptySet => Value::Set(0),
        }
    }

    /// `guardian.work_hours_per_month`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}.{}", self.entity.name(), self.name)
    }
}

/// The attribute of a name.
#[must_use]
pub fn find(entity: Entity, name: &str) -> Option<AttributeIx> {
    // Asked dozens of times for each household whose facts are completed by themselves.
    static PLACES: LazyLock<HashMap<(Entity, &str), AttributeIx>> = LazyLock::new(|| {
        let names = VOCABULARY.iter().map(|a| (a.entity, a.name));
        names.zip(0..).collect()
    });
    PLACES.get(&(entity, name)).copied()
}

/// The attributes of an entity, with their positions.
pub fn of_entity(entity: Entity) -> impl Iterator<Item = (AttributeIx, &'static Attribute)> {
    VOCABULARY
        .iter()
        .enumerate()
        .filter(move |(_, a)| a.entity == entity)
        .map(|(i, a)| (i as AttributeIx, a))
}

macro_rules! enums {
    ($($id:ident = $name:literal { $($value:literal $label:literal),+ $(,)? })+) => {
        $(
            #[doc = concat!("Values of `", $name, "`.")]
            pub static $id: EnumType = EnumType { name: $name, values: &[$(($value, $label)),+] };
        )+
    };
}

enums! {
    REASON = "reason" {
        "employment" "就労", "job_offer" "就労内定", "seeking" "求職活動", "birth" "妊娠・出産",
        "illness" "疾病", "disability" "障害", "care" "介護・看護", "disaster" "災害復旧",
        "study" "就学", "training" "職業訓練", "abuse" "虐待・DV", "leave" "育児休業中の継続利用",
        "absent" "不存在", "attendance" "障害児の通園付添", "self_help" "自立支援", "other" "その他",
    }
    SINGLE_PARENT = "single_parent" { "none" "該当なし", "single" "ひとり親", "quasi" "準ひとり親" }
    SINGLE_CAUSE = "single_cause" {
        "divorce" "離婚", "death" "死別", "mediation" "離婚調停中", "unmarried" "未婚",
        "missing" "行方不明", "detained" "拘禁", "other" "その他",
    }
    RESIDENCE = "residence" { "resident" "市内在住", "moving_in" "転入予定", "outside" "市外在住" }
    PRESENCE = "presence" {
        "present" "在宅・同居", "posted" "単身赴任", "hospital" "長期入院", "absent" "不存在", "separated" "別居",
    }
    EMPLOYMENT_KIND = "employment_kind" {
        "regular" "正社員", "part_time" "パート・アルバイト", "dispatched" "派遣社員",
        "contract" "契約社員", "fiscal_year" "会計年度任用職員", "temporary" "非常勤・臨時職員",
        "officer" "役員", "self_employed" "自営業主", "self_employed_family" "自営業専従者",
        "family_worker" "家族従業者", "piecework" "内職", "commission" "業務委託", "other" "その他",
    }
    WORK_PLACE = "work_place" { "outside" "居宅外", "home" "居宅内" }
    AREA_OF_WORK = "area_of_work" { "in_city" "市内", "neighbouring" "隣接市町村", "outside" "その他" }
    PROOF = "proof" {
        "certificate" "就労証明書等あり", "self_declared" "自己申告のみ", "none" "書類なし",
    }
    LEAVE = "leave" {
        "none" "なし", "maternity" "産前産後休業", "childcare" "育児休業", "other" "その他の休業",
    }
    CHILDCARE_JOB = "childcare_job" {
        "none" "該当なし", "nursery_teacher" "保育士・保育教諭", "kindergarten_teacher" "幼稚園教諭",
        "aide" "保育補助者", "other_staff" "その他の職員",
    }
    CHILDCARE_JOB_PLACE = "childcare_job_place" {
        "in_city" "市内の認可施設", "outside" "市外の認可施設", "unlicensed_in_city" "市内の認可外施設",
        "same_facility" "希望する施設",
    }
    ILLNESS_STATE = "illness_state" {
        "none" "該当なし", "hospital" "入院", "bedridden" "常時病臥", "mental" "精神疾患", "home" "居宅療養",
        "outpatient" "通院",
    }
    CARE_PLACE = "care_place" {
        "none" "該当なし", "co_resident" "同居の親族", "separate" "別居の親族", "attendance" "施設への付添",
    }
    RELATION = "relation" {
        "paternal_grandfather" "父方祖父", "paternal_grandmother" "父方祖母",
        "maternal_grandfather" "母方祖父", "maternal_grandmother" "母方祖母", "other" "その他",
    }
    APPLICATION = "application" { "none" "申込なし", "new" "新規", "transfer" "転園" }
    PRESENT_CARE = "present_care" {
        "none" "保護者が家庭で保育", "licensed" "認可保育所等", "licensed_outside" "市外の認可保育所等",
        "area_type" "地域型保育", "certified" "認証・認定保育施設", "home_room" "家庭福祉員・保育ママ",
        "kindergarten" "幼稚園",
        "unlicensed" "認可外保育施設", "company" "企業主導型保育", "temporary" "一時預かり",
        "sitter" "ベビーシッター", "institution" "乳児院等", "relative" "親族", "acquaintance" "知人",
        "workplace" "職場に同伴",
    }
    SPECIAL_NEED = "special_need" {
        "none" "該当なし", "support" "支援が必要", "certificate" "障害者手帳等あり", "medical" "医療的ケア",
    }
    EARLIER_RESULT = "earlier_result" { "offered" "内定", "on_hold" "保留", "not_in_round" "申込なし" }
    FACILITY_KIND = "facility_kind" {
        "nursery" "認可保育所", "kodomoen" "認定こども園", "small" "小規模保育", "home_based" "家庭的保育",
        "employer" "事業所内保育", "infant" "乳児保育所", "other" "その他",
    }
    DECLINE_KIND = "decline_kind" {
        "declined" "内定辞退", "late_withdrawal" "期限後の取下げ", "left" "利用せず退園",
    }
}

macro_rules! ty {
    (bool) => {
        Type::Bool
    };
    (number) => {
        Type::Number
    };
    (date) => {
        Type::Date
    };
    (text) => {
        Type::Text
    };
    (texts) => {
        Type::Texts
    };
    ([$unit:ident]) => {
        Type::Quantity(Unit::$unit)
    };
    (($e:ident)) => {
        Type::Enum(&$e)
    };
    ({$e:ident}) => {
        Type::Set(&$e)
    };
}

macro_rules! vocabulary {
    ($($entity:ident { $($name:literal $label:literal $ty:tt $blank:ident $origin:ident $paper:literal $doc:literal;)* })*) => {
        /// Every attribute.
        pub static VOCABULARY: &[Attribute] = &[$($(
            Attribute {
                entity: Entity::$entity,
                name: $name,
                label: $label,
                ty: ty!($ty),
                blank: Blank::$blank,
                origin: Origin::$origin,
                paper: $paper,
                doc: $doc,
            },
        )*)*];
    };
}

vocabulary! {
Round {
    "fiscal_year" "年度" number Unknown Derived "募集要項" "入所月の属する年度（西暦）。";
    "entry_month" "入所月" number Unknown Derived "募集要項" "入所する月（1〜12）。";
    "entry_date" "入所日" date Unknown Stated "募集要項" "入所する日（月の初日）。";
    "number" "選考の回" number Unknown Stated "募集要項" "その入所月の何回目の選考か（一次は1、二次は2）。";
    "base_date" "基準日" date Unknown Stated "募集要項" "事実をどの日の時点で読むか。";
    "deadline" "申込締切日" date Unknown Stated "募集要項" "この選考の申込みの締切日。";
}
Household {
    "single_parent" "ひとり親" (SINGLE_PARENT) First Stated "児童扶養手当証書・戸籍" "ひとり親世帯か、それに準ずる世帯か。";
    "single_cause" "ひとり親の理由" (SINGLE_CAUSE) Unknown Stated "戸籍・調停の書類" "ひとり親になった理由。";
    "single_since" "ひとり親になった日" date Unknown Stated "戸籍" "離婚・死別などの日。";
    "residence" "居住" (RESIDENCE) Unknown Stated "住民票" "市内在住、転入予定、市外在住のいずれか。";
    "moving_contract" "転入の契約書" bool No Stated "売買・賃貸借契約書" "転入先の住所を示す契約書などがある。";
    "resident_since" "居住開始日" date Unknown Stated "住民票" "市内に住み始めた日。";
    "area" "居住地区" text Unknown Stated "住民票" "市が定める地区の名前またはコード。施設の地区と比べられる。";
    "welfare" "生活保護" bool No Stated "生活保護受給証明書" "生活保護を受けている。";
    "welfare_self_reliance" "自立につながる" bool No Stated "福祉事務所の意見書" "就労などにより自立につながると福祉事務所が認めている。";
    "tax_exempt" "住民税非課税" bool No Stated "課税証明書" "保護者がいずれも市区町村民税非課税である。";
    "tax_levy" "所得割額" [Yen] Unknown Stated "課税証明書" "選考に用いる年度の市区町村民税所得割額（世帯合計）。";
    "tax_levy_previous" "前年度所得割額" [Yen] Unknown Stated "課税証明書" "前年度の市区町村民税所得割額（世帯合計）。月により使う年度が変わる基準のため。";
    "fee_tier" "保育料階層" number Unknown Stated "利用者負担額の決定通知" "利用者負担額の階層。小さいほど負担が少ない。";
    "income" "世帯所得" [Yen] Unknown Stated "課税証明書" "保護者の所得の合計。";
    "arrears" "保育料滞納" bool No Stated "収納記録" "保育料に滞納があり、分納の約束もない。";
    "arrears_months" "滞納月数" [Months] Unknown Stated "収納記録" "保育料を滞納している月数。";
    "extension_acceptable" "育休延長許容" bool No Stated "申込書" "入所できなくても育児休業を延長できると答えた（入所保留を希望する場合を含む）。";
    "breadwinner_lost_job" "生計中心者の失業" bool No Stated "離職票" "生計を主に担う人が失業した。";
    "abuse" "虐待・DV" bool No Stated "児童相談所等の通知" "児童虐待またはDVのおそれがあると認められている。";
    "social_care" "社会的養護" bool No Stated "児童相談所等の通知" "社会的養護が必要と認められている。";
    "foster" "里親" bool No Stated "里親登録" "里親が養育している。";
    "notified" "児童相談所等からの通知" bool No Stated "児童相談所等の通知" "児童福祉法第26条などの通知により保育が必要とされた。";
    "papers_missing" "世帯書類不足" bool No Stated "提出書類一覧" "世帯の書類が期限までに揃っていない。";
    "grandparent_proof_missing" "祖父母書類不足" bool No Stated "提出書類一覧" "祖父母が保育できないことの書類がない。";
    "false_papers" "虚偽の申告" bool No Stated "調査記録" "申込みの内容に事実と異なる申告があった。";
    "outside_work_in_city" "市外在住で市内勤務" bool No Stated "就労証明書" "市外に住み、保護者が市内で働いている。";
    "nursery_pledge" "保育士等の誓約" bool No Stated "誓約書" "市内の施設で保育士等として働くことを誓約している。";
    "special_support" "支援が必要な家庭" bool No Stated "関係機関の意見書" "家庭として特に支援が必要と認められている。";
    "early_application" "初期申込み" bool No Stated "受付記録" "市が定める初期の申込期間に申し込んだ。";
    "fee_payment_rate" "保育料納付率" number Unknown Stated "収納記録" "保育料の納付率（パーセント）。";
    "guardians_count" "保護者数" number Unknown Derived "申込書" "表にある保護者の数。";
    "applicants_count" "申込児童数" number Unknown Derived "申込書" "この選考に申し込んでいる児童の数。";
    "new_applicants_count" "新規申込児童数" number Unknown Derived "申込書" "この選考に新規で申し込んでいる児童の数（転園を除く）。";
    "children_under_18" "18歳未満の子の数" number Unknown Derived "住民票" "基準日に18歳未満の子の数（申込児童を含む）。";
    "preschoolers" "未就学児の数" number Unknown Derived "住民票" "入所年度の4月1日に小学校就学前の子の数。";
    "children_to_grade_3" "小3以下の子の数" number Unknown Derived "住民票" "入所年度に小学3年生以下の子の数（未就学児を含む）。";
    "children_to_grade_6" "小6以下の子の数" number Unknown Derived "住民票" "入所年度に小学6年生以下の子の数（未就学児を含む）。";
}
Guardian {
    "reasons" "事由" {REASON} Unknown Stated "保育を必要とする事由の書類" "保育を必要とする事由。複数のときはすべて。";
    "main_reason" "主な事由" (REASON) Unknown Stated "保育を必要とする事由の書類" "事由のうち主なもの。事由が一つならそれ。";
    "presence" "状況" (PRESENCE) First Stated "申込書" "同居、単身赴任、長期入院、不存在、別居。";
    "birth_date" "生年月日" date Unknown Stated "住民票" "保護者の生年月日。";
    "proof" "書類の状況" (PROOF) Unknown Stated "提出書類一覧" "事由を示す書類が揃っているか。自営などの自己申告だけか、書類がないか。";
    "employment_kind" "雇用形態" (EMPLOYMENT_KIND) Unknown Stated "就労証明書 No.5" "雇用の形態。";
    "work_place" "就労場所" (WORK_PLACE) Unknown Stated "就労証明書 No.4" "居宅の外で働くか、居宅の中で働くか。";
    "work_area" "勤務地" (AREA_OF_WORK) Unknown Stated "就労証明書 No.4" "勤務地が市内か、隣接市町村か、それ以外か。";
    "work_days_per_month" "月就労日数" [DaysPerMonth] Unknown Stated "就労証明書 No.6" "契約上の月の就労日数（内定・予定では予定の日数）。";
    "work_days_per_week" "週就労日数" [DaysPerWeek] Unknown Stated "就労証明書 No.6" "契約上の週の就労日数。";
    "work_hours_per_day" "日就労時間" [HoursPerDay] Unknown Stated "就労証明書 No.6" "契約上の1日の就労時間（休憩を含み、残業を含まない）。短時間勤務の前の時間。";
    "work_hours_per_week" "週就労時間" [HoursPerWeek] Unknown Stated "就労証明書 No.6" "契約上の週の就労時間（休憩を含む）。短時間勤務の前の時間。";
    "work_hours_per_month" "月就労時間" [HoursPerMonth] Unknown Stated "就労証明書 No.6" "契約上の月の就労時間（休憩を含む）。短時間勤務の前の時間。";
    "actual_days_per_month" "実績日数" [DaysPerMonth] Unknown Stated "就労証明書 No.7" "直近3か月の月平均の就労日数（有給休暇を含む）。";
    "actual_hours_per_month" "実績時間" [HoursPerMonth] Unknown Stated "就労証明書 No.7" "直近3か月の月平均の就労時間（休憩・残業を含む）。";
    "reduced_hours_per_month" "短時間勤務の月時間" [HoursPerMonth] Unknown Stated "就労証明書 No.12" "育児のための短時間勤務を使うときの月の就労時間。";
    "overtime_break_per_day" "日休憩時間" [HoursPerDay] Unknown Stated "就労証明書 No.6" "1日の就労時間に含まれる休憩。";
    "job_start" "就労開始日" date Unknown Stated "就労証明書 No.3" "今の仕事を始めた（始める）日。";
    "job_continuous" "直近の就労継続" bool Unknown Stated "就労証明書 No.7" "市が定める期間、仕事が続いている。";
    "leaving_job" "退職予定" bool No Stated "就労証明書" "入所までに今の仕事を辞める予定である。";
    "dismissed" "解雇・倒産" bool No Stated "離職票" "解雇または倒産により離職した。";
    "commute_minutes" "通勤時間" [Minutes] Unknown Stated "申込書" "片道の通勤時間。";
    "works_outside_8_18" "8時〜18時以外の就労" bool No Stated "就労証明書 No.6" "8時から18時までの間以外にも働いている。";
    "income" "年収" [Yen] Unknown Stated "課税証明書" "前年の収入。";
    "second_reason" "二つ目の事由" bool No Stated "保育を必要とする事由の書類" "要件を満たす二つ目の事由がある。";
    "childcare_job" "保育の職" (CHILDCARE_JOB) First Stated "就労証明書 No.13" "保育士などとして働いているか、働く予定か。";
    "childcare_job_place" "保育の職の場所" (CHILDCARE_JOB_PLACE) Unknown Stated "就労証明書 No.13" "保育の職の勤務先。";
    "leave" "休業" (LEAVE) First Stated "就労証明書 No.8〜10" "基準日に取得している休業。";
    "leave_since" "休業開始日" date Unknown Stated "就労証明書 No.8〜10" "休業の初日。";
    "leave_until" "休業終了日" date Unknown Stated "就労証明書 No.8〜10" "休業の最終日（予定）。";
    "return_date" "復職日" date Unknown Stated "就労証明書 No.11" "復職する（した）日。";
    "returning_from_leave" "育休からの復職" bool No Stated "就労証明書 No.11" "入所にあわせて育児休業から復職する。";
    "illness_state" "療養の状態" (ILLNESS_STATE) First Stated "診断書" "入院、常時病臥、精神疾患、居宅療養、通院。";
    "illness_degree" "疾病の程度" number Unknown Stated "診断書" "市の基準表の疾病の欄で何番目の程度か（1が最も重い）。";
    "illness_months" "療養の見込み" [Months] Unknown Stated "診断書" "治療に要する期間。";
    "disability_degree" "障害の程度" number Unknown Stated "障害者手帳" "市の基準表の障害の欄で何番目の程度か（1が最も重い）。";
    "disability_grade" "手帳の等級" number Unknown Stated "障害者手帳" "身体障害者手帳等の等級（1が最も重い）。";
    "care_degree" "介護の程度" number Unknown Stated "介護保険証・診断書" "市の基準表の介護・看護の欄で何番目の程度か（1が最も重い）。";
    "care_place" "介護の相手" (CARE_PLACE) First Stated "介護状況申告書" "同居の親族、別居の親族、施設への付添いのいずれか。";
    "care_level" "要介護度" number Unknown Stated "介護保険証" "介護を受ける人の要介護度（1〜5）。";
    "care_days_per_month" "介護日数" [DaysPerMonth] Unknown Stated "介護状況申告書" "月の介護・看護の日数。";
    "care_days_per_week" "介護の週日数" [DaysPerWeek] Unknown Stated "介護状況申告書" "週の介護・付添いの日数。";
    "care_hours_per_month" "介護時間" [HoursPerMonth] Unknown Stated "介護状況申告書" "月の介護・看護の時間。";
    "study_days_per_month" "就学日数" [DaysPerMonth] Unknown Stated "在学証明書・時間割" "月の就学日数。";
    "study_hours_per_day" "日就学時間" [HoursPerDay] Unknown Stated "在学証明書・時間割" "1日の就学時間。";
    "study_hours_per_week" "週就学時間" [HoursPerWeek] Unknown Stated "在学証明書・時間割" "週の就学時間。";
    "study_hours_per_month" "月就学時間" [HoursPerMonth] Unknown Stated "在学証明書・時間割" "月の就学時間。";
    "study_degree" "就学の程度" number Unknown Stated "在学証明書・時間割" "市の基準表の就学の欄で何番目の程度か（1が最も優先）。";
    "study_planned" "就学予定" bool No Stated "合格通知書" "これから就学する。";
    "due_date" "出産予定日" date Unknown Stated "母子健康手帳" "出産（予定）日。";
    "multiple_pregnancy" "多胎妊娠" bool No Stated "母子健康手帳" "多胎の妊娠・出産である。";
    "posted_away" "単身赴任" bool No Stated "単身赴任証明書" "単身赴任している。";
    "posted_months" "単身赴任の期間" [Months] Unknown Stated "単身赴任証明書" "単身赴任の期間（予定を含む）。";
    "posted_off_island" "島外への赴任" bool No Stated "単身赴任証明書" "本島の外へ赴任している。";
    "seafarer" "船員" bool No Stated "就労証明書" "船員として長期に不在である。";
    "looks_after_at_work" "職場での保育" bool No Stated "申込書" "働きながら職場で子をみている。";
    "minimum_wage_unmet" "最低賃金に満たない" bool No Stated "確定申告書" "収入が就労時間に見合わない。";
    "disability_certificate" "手帳の有無" bool No Stated "障害者手帳" "障害者手帳などを持っている。";
    "abuse_reason" "虐待・DVの事由" bool No Stated "児童相談所等の通知" "虐待・DVを事由とする。";
    "spouse_death_months" "配偶者の死亡からの月数" [Months] Unknown Stated "戸籍" "配偶者の死亡から経過した月数。";
}
Adult {
    "relation" "続柄" (RELATION) Unknown Stated "申込書" "保護者または児童との続柄。";
    "birth_date" "生年月日" date Unknown Stated "住民票" "生年月日。";
    "age" "年齢" [Years] Unknown Derived "住民票" "入所年度の4月1日の満年齢。";
    "co_resident" "同居" bool No Stated "住民票" "児童と同居している（同一敷地・二世帯を含むかは市の定めによる）。";
    "able_to_care" "保育できる" bool Unknown Stated "祖父母の状況申告書" "児童を保育できる状態にある（就労・疾病などの事由がない）。";
    "deceased_or_absent" "死亡・不存在" bool No Stated "申込書" "死亡または不存在。";
    "disability_grade" "手帳の等級" number Unknown Stated "障害者手帳" "身体障害者手帳等の等級（1が最も重い）。";
    "care_level" "要介護度" number Unknown Stated "介護保険証" "要介護度（1〜5）。";
    "certificate" "手帳等あり" bool No Stated "障害者手帳・介護保険証" "障害者手帳を持つか、要介護認定を受けている。";
    "distance" "児童宅からの距離" [Metres] Unknown Stated "申込書" "児童の家からの距離。";
    "in_city" "市内に居住" bool Unknown Stated "申込書" "市内に住んでいる。";
}
Child {
    "application" "申込区分" (APPLICATION) First Stated "申込書" "この選考への申込み（新規・転園）。申込みのないきょうだいは「申込なし」。";
    "birth_date" "生年月日" date Unknown Stated "住民票" "生年月日（出生前は出産予定日）。";
    "unborn" "出生前" bool No Stated "母子健康手帳" "まだ生まれていない。";
    "age_class" "クラス年齢" number Unknown Derived "住民票" "入所年度の4月1日の満年齢（0〜5）。年齢は誕生日の前日の終わりに増える。";
    "age_months" "入所日の月齢" [Months] Unknown Derived "住民票" "入所日の満月齢。月齢は応当日の前日の終わりに増える。";
    "age_days" "入所日の日齢" [Days] Unknown Derived "住民票" "生まれた日を第1日とした、入所日の前日までの日数。";
    "age_years" "満年齢" [Years] Unknown Derived "住民票" "基準日の満年齢。";
    "school_grade" "学年" number Unknown Derived "住民票" "入所年度の学年（小学1年生が1、就学前は0以下）。";
    "on_time" "期限内申込み" bool Unknown Stated "受付記録" "申込みの締切までに受け付けた。空欄は未確認。";
    "applied_on" "申込日" date Unknown Stated "受付記録" "申込みを受け付けた日。";
    "desired_from" "希望開始日" date Unknown Stated "申込書" "利用を希望する最初の日。";
    "waiting_since" "待機開始日" date Unknown Stated "受付記録" "入所を待ち始めた日（保留となっている最初の選考の日）。";
    "multiple_birth" "多胎児" bool No Stated "住民票" "ふたごなど多胎児である。";
    "special_need" "特別な支援" (SPECIAL_NEED) First Stated "診断書・手帳" "障害などにより特別な支援が必要か。";
    "certificate_grade" "手帳の等級" number Unknown Stated "障害者手帳" "児童が持つ身体障害者手帳等の等級（1が最も重い）。";
    "notified" "26条通知" bool No Stated "児童相談所等の通知" "児童福祉法第26条などの通知の対象である。";
    "present_care" "現在の保育" (PRESENT_CARE) First Stated "在園証明書・利用契約書" "申込時に主に誰がどこで保育しているか。";
    "care_paid" "有料の保育" bool No Stated "利用契約書・領収書" "現在の保育が有料の契約による。";
    "care_days_per_week" "保育の週日数" [DaysPerWeek] Unknown Stated "利用契約書・領収書" "現在の保育の週の日数。";
    "care_hours_per_day" "保育の日時間" [HoursPerDay] Unknown Stated "利用契約書・領収書" "現在の保育の1日の時間。";
    "care_hours_per_month" "保育の月時間" [HoursPerMonth] Unknown Stated "利用契約書・領収書" "現在の保育の月の時間。";
    "care_since" "保育の開始日" date Unknown Stated "在園証明書" "現在の保育が始まった日。";
    "enrolled_facility" "在園施設" text Unknown Derived "在園記録" "在園している市内の施設のID（現在の在園の表から）。";
    "enrolled" "在園中" bool No Derived "在園記録" "市内の施設に在園している（現在の在園の表から）。";
    "enrolled_since" "入園日" date Unknown Derived "在園記録" "在園施設に入った日（現在の在園の表から）。";
    "enrolled_kind" "在園施設の種類" (FACILITY_KIND) Unknown Derived "在園記録" "在園施設の種類（現在の在園の表から）。";
    "graduating" "卒園予定" bool No Derived "在園記録" "在園施設の年齢の上限により、入所日までに卒園する。";
    "graduating_elsewhere" "施設外の卒園" bool No Stated "在園証明書" "表にない施設（市外・認可外など）を年齢の上限により卒園する。";
    "unlicensed_facility_becoming_licensed" "認可化施設の在園" bool No Stated "在園証明書" "認可に移行する施設に在園している。";
    "first_kind" "1号認定で在園" bool No Stated "支給認定証" "希望するこども園に1号認定で在園している。";
    "facility_closing" "施設の閉園" bool No Stated "在園記録" "在園施設が閉園・移転する。";
    "moved_home" "転居による転園" bool No Stated "住民票" "転居または転勤のため通えなくなった。";
    "siblings_split" "きょうだい別園" bool No Stated "在園記録" "きょうだいが別の園に分かれて在園している。";
    "left_for_leave" "育休による退園" bool No Stated "退園届" "きょうだいの育児休業のため退園し、再び申し込む。";
    "left_on" "退園日" date Unknown Stated "退園届" "退園した日。";
    "refused_before" "前回の保留" bool No Stated "選考記録" "以前の選考で保留となっている。";
    "earlier_result" "先の回の結果" (EARLIER_RESULT) Unknown Stated "選考記録" "同じ入所月の先の回の結果。";
    "earlier_facility" "先の回の内定施設" text Unknown Stated "選考記録" "同じ入所月の先の回で内定した施設のID。";
    "lottery_number" "抽選番号" number Unknown Stated "抽選記録" "申込時に引いた番号。小さいほど先。";
    "kept_at_home" "家庭で保育" bool No Stated "申込書" "申込みをせず、家庭または幼稚園で過ごす未就学児である。";
    "carer_unavailable" "今の保育者の不能" bool No Stated "申立書" "今まで児童を保育していた人（保護者以外）が保育できなくなる。";
    "waits_only" "一回限りの申込み" bool No Stated "申込書" "この選考だけに申し込み、次回へ持ち越さない。";
    "care_interviewed" "面接済み" bool No Stated "面接記録" "面接・健康診断を受けた。";
    "choices_count" "希望施設数" number Unknown Derived "申込書" "希望した施設の数。";
    "siblings_enrolled" "在園きょうだい数" number Unknown Derived "在園記録" "市内の施設に在園を続けるきょうだいの数（卒園予定を除く）。";
    "siblings_applying" "同時申込きょうだい数" number Unknown Derived "申込書" "この選考に申し込むほかのきょうだいの数。";
    "birth_order" "出生順" number Unknown Derived "住民票" "18歳未満のきょうだいの中で上から何番目か。";
    "waiting_days" "待機日数" [Days] Unknown Derived "受付記録" "待機開始日から基準日までの日数。";
    "declines_count" "辞退等の回数" number Unknown Derived "選考記録" "過去の辞退の表にある件数。";
}
Facility {
    "id" "施設ID" text Unknown Derived "施設一覧" "施設のID。";
    "name" "施設名" text Unknown Stated "施設一覧" "施設の名前。";
    "kind" "施設の種類" (FACILITY_KIND) Unknown Stated "施設一覧" "認可保育所、認定こども園、小規模保育など。";
    "area" "地区" text Unknown Stated "施設一覧" "市が定める地区の名前またはコード。世帯の地区と比べられる。";
    "business_area" "重点地区の施設" bool No Stated "施設一覧" "市が定める重点地区（事業区域）の施設である。";
    "last_age" "最終年齢" number Unknown Stated "施設一覧" "最も上のクラス年齢（小規模保育なら2）。";
    "min_months" "受入月齢" [Months] Unknown Stated "施設一覧" "受け入れる最も小さい月齢。空欄は定めなし。式では known で定めの有無を先に確かめる。";
    "min_days" "受入日齢" [Days] Unknown Stated "施設一覧" "受け入れる最も小さい日齢。空欄は定めなし。式では known で定めの有無を先に確かめる。";
    "linked" "連携施設" texts Unknown Stated "連携協定" "この施設の卒園児を受け入れる連携施設のID（複数可）。";
    "visit_required" "見学が必要" bool No Stated "募集要項" "見学していないと選考の対象にならない。";
    "accepts_special_need" "支援児の受入" bool Unknown Stated "募集要項" "特別な支援が必要な児童を受け入れられる。";
}
Choice {
    "rank" "希望順位" number Unknown Derived "申込書" "この児童の第何希望か（1から）。";
    "visited" "見学済み" bool No Stated "見学記録" "この施設を見学した。";
    "distance" "通園距離" [Metres] Unknown Stated "申込書" "家からこの施設までの距離。";
    "facilities_used" "世帯が通う施設の数" number Unknown Stated "申込書" "この児童がこの施設に入ったとき、世帯のきょうだいが通うことになる施設の数。";
    "special_need_refused" "受入困難" bool No Stated "受入検討会の記録" "この児童を安全に受け入れられないと判断された。";
    "siblings_enrolled_here" "この園のきょうだい数" number Unknown Derived "在園記録" "この施設に在園を続けるきょうだいの数（卒園予定を除く）。";
    "siblings_applying_here" "この園に申し込むきょうだい数" number Unknown Derived "申込書" "この施設を希望に含む、同時申込みのほかのきょうだいの数。";
    "siblings_placed_here" "この園に内定したきょうだい数" number Unknown Derived "選考記録" "先の回でこの施設に内定したきょうだいの数。先の回の結果が記録されていないときは未確認。";
    "linked_to_enrolled" "連携施設である" bool Unknown Derived "連携協定" "卒園予定の児童の在園施設が、この施設を連携施設としている。";
    "attends_now" "現在通う園" bool Unknown Derived "在園記録" "この児童が今通っている施設である。";
    "in_home_area" "居住地区の施設" bool Unknown Derived "住民票" "世帯の居住地区とこの施設の地区が同じである。";
}
Decline {
    "date" "年月日" date Unknown Stated "選考記録" "辞退・取下げ・退園の日。";
    "kind" "種別" (DECLINE_KIND) Unknown Stated "選考記録" "内定辞退、期限後の取下げ、利用せず退園。";
    "rank" "辞退した希望順位" number Unknown Stated "選考記録" "辞退した施設は第何希望だったか。";
}
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_and_labels_are_unique_in_their_table_and_everything_is_documented() {
        let mut names = BTreeSet::new();
        let mut labels = BTreeSet::new();
        for a in VOCABULARY {
            assert!(names.insert((a.entity, a.name)), "{}", a.path());
            assert!(
                labels.insert((a.entity, a.label)),
                "{} {}",
                a.path(),
                a.label
            );
            assert!(!a.doc.is_empty() && !a.paper.is_empty(), "{}", a.path());
            assert!(a.doc.ends_with('。'), "{}", a.path());
            assert_eq!(
                find(a.entity, a.name).map(|i| VOCABULARY[i as usize].path()),
                Some(a.path())
            );
            let fits = matches!(
                (a.blank, a.ty),
                (Blank::Unknown, _)
                    | (Blank::No, Type::Bool)
                    | (Blank::Zero, Type::Number | Type::Quantity(_))
                    | (Blank::First, Type::Enum(_))
                    | (Blank::EmptySet, Type::Set(_))
            );
            assert!(fits, "{}: blank does not fit the type", a.path());
            if let Type::Enum(e) | Type::Set(e) = a.ty {
                assert!(e.values.len() <= 64, "{}", a.path());
            }
        }
    }
}
