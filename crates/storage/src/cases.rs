//! Rows of the lists of applications: made from the case in the transaction that changes it, never the record.

use crate::{Error, Store, Tx};
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, Row as _, any::AnyRow};
use std::fmt::Write as _;

/// A row. Days and moments are ISO 8601.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRow {
    /// 受付番号.
    pub number: String,
    /// Stream of the case.
    pub household: String,
    /// The child in it.
    pub child: String,
    /// Round.
    pub round: String,
    /// `new`, `transfer`.
    pub kind: String,
    /// Channel.
    pub channel: String,
    /// Day it arrived.
    pub arrived: String,
    /// 1: in time.
    pub on_time: i64,
    /// Moment it was entered.
    pub entered: String,
    /// Name as shown.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// Search keys.
    pub name_key: String,
    /// Search key of the reading.
    pub kana_key: String,
    /// Birth date.
    pub birth: String,
    /// Age class.
    pub age: i64,
    /// First choice.
    pub first_choice: String,
    /// What it waits for.
    pub stage: String,
    /// Index in thousandths, to sort by; `None`: not worked out.
    pub points: Option<i64>,
    /// Index as shown.
    pub points_text: String,
    /// Facts nobody has confirmed.
    pub unconfirmed: i64,
    /// Open requests to the family.
    pub corrections: i64,
    /// Papers.
    pub papers: i64,
    /// Last day of the certification; empty: none.
    pub certified: String,
    /// 1: under protection.
    pub protected: i64,
    /// Other applications that might be the same, as far as whoever asked may know of them. Counted when it is read: what is
    /// similar to a case changes with other cases.
    pub similar: i64,
}

/// Columns, in the order of [`CaseRow`]; also those a list may be sorted by. The last one is not stored but counted.
const COLUMNS: [&str; 25] = [
    "number",
    "household",
    "child",
    "round",
    "kind",
    "channel",
    "arrived",
    "on_time",
    "entered",
    "name",
    "kana",
    "name_key",
    "kana_key",
    "birth",
    "age",
    "first_choice",
    "stage",
    "points",
    "points_text",
    "unconfirmed",
    "corrections",
    "papers",
    "certified",
    "protected",
    "similar",
];

/// Rows up to which a list counts similar applications for each row, and beyond which for all at once.
const PAGE: i64 = 500;

/// Which rows, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseQuery {
    /// Of a round; empty: of all.
    pub round: String,
    /// At a stage; empty: at all.
    pub stage: String,
    /// By a channel; empty: by all.
    pub channel: String,
    /// Of an age class.
    pub age: Option<i64>,
    /// First choice; empty: any.
    pub facility: String,
    /// In time or late.
    pub on_time: Option<bool>,
    /// Only with others that might be the same.
    pub similar: bool,
    /// Part of a name or reading, as a search key, or a number.
    pub text: String,
    /// Whether who asks may see protected cases.
    pub sees_protected: bool,
    /// Who asks: cases of the own family are not listed.
    pub account: String,
    /// Column to sort by; anything else: by number.
    pub sort: String,
    /// Downwards.
    pub descending: bool,
    /// Rows to pass over.
    pub skip: i64,
    /// At most.
    pub most: i64,
}

/// What a query may bind.
enum Bound<'q> {
    Text(&'q str),
    Own(String),
    Number(i64),
}

impl CaseQuery {
    /// Conditions, with what they bind.
    fn conditions<'q>(&'q self, tenant: &'q str) -> (String, Vec<Bound<'q>>) {
        let mut sql = String::from("tenant = $1");
        let mut bound = vec![Bound::Text(tenant)];
        let mut and = |sql: &mut String, text: &str, value: Bound<'q>| {
            bound.push(value);
            // Writing to a string cannot fail.
            let _ = write!(
                sql,
                " AND {}",
                text.replace('?', &format!("${}", bound.len()))
            );
        };
        for (column, value) in [
            ("round = ?", &self.round),
            ("stage = ?", &self.stage),
            ("channel = ?", &self.channel),
            ("first_choice = ?", &self.facility),
        ] {
            if !value.is_empty() {
                and(&mut sql, column, Bound::Text(value));
            }
        }
        if let Some(age) = self.age {
            and(&mut sql, "age = ?", Bound::Number(age));
        }
        if let Some(on_time) = self.on_time {
            and(&mut sql, "on_time = ?", Bound::Number(i64::from(on_time)));
        }
        if self.similar {
            let alike = self.alike("?");
            and(
                &mut sql,
                &format!("number IN (SELECT a.number FROM ({alike}) a)"),
                Bound::Text(&self.account),
            );
        }
        if !self.text.is_empty() {
            // SQLite's LIKE takes large and small letters for the same, PostgreSQL's does not; keys are small.
            let mut plain = self.text.to_lowercase();
            for special in ['\\', '%', '_'] {
                plain = plain.replace(special, &format!("\\{special}"));
            }
            and(
                &mut sql,
                r"(name_key LIKE ? ESCAPE '\' OR kana_key LIKE ? ESCAPE '\' OR lower(number) LIKE ? ESCAPE '\')",
                Bound::Own(format!("%{plain}%")),
            );
        }
        if !self.sees_protected {
            and(&mut sql, "protected = ?", Bound::Number(0));
        }
        if !self.account.is_empty() {
            and(
                &mut sql,
                // Not one question for each row: the few that are closed to somebody are looked up once.
                "household NOT IN (SELECT c.household FROM case_closed c WHERE c.tenant = $1 \
                 AND c.account = ?)",
                Bound::Text(&self.account),
            );
        }
        (sql, bound)
    }

    /// The expression that counts similar applications of one row that whoever asks may know of; `account`: where their
    /// account is bound.
    fn counted(&self, account: &str) -> String {
        format!(
            "(SELECT COUNT(DISTINCT o.number) {} AND m.number = case_row.number)",
            self.pairs(account)
        )
    }

    /// The query that counts them for every application that has some: (number, found). Keys that only one household has,
    /// nearly all, are passed over before they are paired.
    fn alike(&self, account: &str) -> String {
        format!(
            "SELECT m.number AS number, COUNT(DISTINCT o.number) AS found {} \
             AND m.key IN (SELECT k.key FROM similar_key k WHERE k.tenant = $1 \
             GROUP BY k.key HAVING MIN(k.household) <> MAX(k.household)) GROUP BY m.number",
            self.pairs(account)
        )
    }

    /// Pairs of similar applications `m` and `o`, of the municipality bound first.
    fn pairs(&self, account: &str) -> String {
        let protected = match self.sees_protected {
            true => "",
            false => "AND p.protected = 0 ",
        };
        format!(
            "FROM similar_key m \
             JOIN similar_key o ON o.tenant = m.tenant AND o.key = m.key AND o.household <> m.household \
             JOIN case_row p ON p.tenant = o.tenant AND p.number = o.number {protected}\
             WHERE m.tenant = $1 \
             AND NOT EXISTS (SELECT 1 FROM case_closed x WHERE x.tenant = o.tenant \
             AND x.household = o.household AND x.account = {account})"
        )
    }
}

/// Columns of a row that is read: the last one is counted.
fn columns(query: &CaseQuery, account: &str) -> String {
    let stored = &COLUMNS[..COLUMNS.len() - 1];
    format!("{}, {} AS found", stored.join(", "), query.counted(account))
}

macro_rules! bound {
    ($query:expr, $bound:expr) => {{
        let mut query = $query;
        for value in $bound {
            query = match value {
                Bound::Text(t) => query.bind(t),
                Bound::Own(t) => query.bind(t),
                Bound::Number(n) => query.bind(n),
            };
        }
        query
    }};
}

impl Store {
    /// Rows of a page.
    ///
    /// # Errors
    /// The database could not.
    pub async fn cases(&self, tenant: &str, query: &CaseQuery) -> Result<Vec<CaseRow>, Error> {
        let (conditions, bound) = query.conditions(tenant);
        let column = COLUMNS.iter().find(|c| **c == query.sort);
        let way = if query.descending { "DESC" } else { "ASC" };
        // Rows that have no value come last either way; SQLite and PostgreSQL agree on this form.
        let order = match column {
            Some(&"points") => format!("points {way} NULLS LAST, number"),
            Some(&"similar") => format!("found {way}, number"),
            Some(&"number") | None => format!("number {way}"),
            Some(column) => format!("{column} {way}, number"),
        };
        let n = bound.len();
        let account = format!("${}", n + 1);
        let page = format!("ORDER BY {order} LIMIT ${} OFFSET ${}", n + 2, n + 3);
        let columns = columns(query, &account);
        let sql = if query.sort == "similar" || query.most > PAGE {
            // All of them are counted, at once.
            let stored = COLUMNS[..COLUMNS.len() - 1].join(", ");
            let alike = query.alike(&account);
            format!(
                "SELECT {stored}, found FROM (SELECT case_row.*, COALESCE(a.found, 0) AS found \
                 FROM case_row LEFT JOIN ({alike}) a ON a.number = case_row.number \
                 WHERE case_row.tenant = $1) case_row WHERE {conditions} {page}"
            )
        } else {
            // Numbers first: what is counted for a row is counted for those of the page only, and nothing wide is sorted.
            format!(
                "SELECT {columns} FROM case_row WHERE tenant = $1 AND number IN \
                 (SELECT number FROM case_row WHERE {conditions} {page}) ORDER BY {order}"
            )
        };
        // Nothing in the text comes from outside: columns are listed above, values are bound.
        let rows = bound!(sqlx::query(AssertSqlSafe(sql)), bound)
            .bind(&query.account)
            .bind(query.most)
            .bind(query.skip)
            .fetch_all(self.read())
            .await
            .map_err(Error::query("listing applications"))?;
        Ok(rows.iter().map(row).collect())
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// The database could not.
    pub async fn count_cases(&self, tenant: &str, query: &CaseQuery) -> Result<i64, Error> {
        let (conditions, bound) = query.conditions(tenant);
        let sql = format!("SELECT COUNT(*) FROM case_row WHERE {conditions}");
        bound!(sqlx::query_scalar(AssertSqlSafe(sql)), bound)
            .fetch_one(self.read())
            .await
            .map_err(Error::query("counting applications"))
    }

    /// How many rows of a round there are at each stage. Protected ones count for everybody: totals never say where they
    /// are.
    ///
    /// # Errors
    /// The database could not.
    pub async fn stages(&self, tenant: &str, round: &str) -> Result<Vec<(String, i64)>, Error> {
        let rows = sqlx::query(
            "SELECT stage, COUNT(*) FROM case_row WHERE tenant = $1 AND round = $2 \
             GROUP BY stage ORDER BY stage",
        )
        .bind(tenant)
        .bind(round)
        .fetch_all(self.read())
        .await
        .map_err(Error::query("counting stages"))?;
        Ok(rows.iter().map(|r| (r.get(0), r.get(1))).collect())
    }

    /// The row of an application, whoever asks. Similar applications are counted as for somebody who may not see protected ones.
    ///
    /// # Errors
    /// The database could not.
    pub async fn case(&self, tenant: &str, number: &str) -> Result<Option<CaseRow>, Error> {
        let sql = format!(
            "SELECT {} FROM case_row WHERE tenant = $1 AND number = $2",
            columns(&CaseQuery::default(), "''")
        );
        let found = sqlx::query(AssertSqlSafe(sql))
            .bind(tenant)
            .bind(number)
            .fetch_optional(self.read())
            .await
            .map_err(Error::query("looking an application up"))?;
        Ok(found.as_ref().map(row))
    }

    /// Whether a case is closed to an account.
    ///
    /// # Errors
    /// The database could not.
    pub async fn is_closed(
        &self,
        tenant: &str,
        household: &str,
        account: &str,
    ) -> Result<bool, Error> {
        let found: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM case_closed \
             WHERE tenant = $1 AND household = $2 AND account = $3",
        )
        .bind(tenant)
        .bind(household)
        .bind(account)
        .fetch_one(self.read())
        .await
        .map_err(Error::query("asking whether a case is closed"))?;
        Ok(found > 0)
    }

    /// Applications that share a key with one: (number, household, key).
    ///
    /// # Errors
    /// The database could not.
    pub async fn similar(
        &self,
        tenant: &str,
        number: &str,
    ) -> Result<Vec<(String, String, String)>, Error> {
        let rows = sqlx::query(
            "SELECT o.number, o.household, o.key FROM similar_key m JOIN similar_key o \
             ON o.tenant = m.tenant AND o.key = m.key AND o.household <> m.household \
             WHERE m.tenant = $1 AND m.number = $2 ORDER BY o.number, o.key",
        )
        .bind(tenant)
        .bind(number)
        .fetch_all(self.read())
        .await
        .map_err(Error::query("looking for the same applicant"))?;
        Ok(rows
            .iter()
            .map(|r| (r.get(0), r.get(1), r.get(2)))
            .collect())
    }
}

/// What the rows of a case are made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Projected {
    /// Rows, one for each application.
    pub rows: Vec<CaseRow>,
    /// Keys to find the same applicant by: (key, number).
    pub keys: Vec<(String, String)>,
    /// Accounts the case is closed to.
    pub closed_to: Vec<String>,
}

impl Tx {
    /// Writes the rows of a case in place of those that are there.
    ///
    /// # Errors
    /// The database could not.
    pub async fn project(&mut self, household: &str, made: &Projected) -> Result<(), Error> {
        for sql in [
            "DELETE FROM similar_key WHERE tenant = $1 AND household = $2",
            "DELETE FROM case_closed WHERE tenant = $1 AND household = $2",
            "DELETE FROM case_row WHERE tenant = $1 AND household = $2",
        ] {
            sqlx::query(sql)
                .bind(&self.tenant)
                .bind(household)
                .execute(&mut *self.inner)
                .await
                .map_err(Error::query("clearing the rows of a case"))?;
        }
        for (key, number) in &made.keys {
            sqlx::query(
                "INSERT INTO similar_key (tenant, key, number, household) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (tenant, key, number) DO NOTHING",
            )
            .bind(&self.tenant)
            .bind(key)
            .bind(number)
            .bind(household)
            .execute(&mut *self.inner)
            .await
            .map_err(Error::query("writing a key of an application"))?;
        }
        for account in &made.closed_to {
            sqlx::query("INSERT INTO case_closed (tenant, household, account) VALUES ($1, $2, $3)")
                .bind(&self.tenant)
                .bind(household)
                .bind(account)
                .execute(&mut *self.inner)
                .await
                .map_err(Error::query("closing a case to an account"))?;
        }
        for row in &made.rows {
            self.insert_row(row).await?;
        }
        Ok(())
    }

    async fn insert_row(&mut self, r: &CaseRow) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO case_row (tenant, number, household, child, round, kind, channel, arrived, \
             on_time, entered, name, kana, name_key, kana_key, birth, age, first_choice, stage, \
             points, points_text, unconfirmed, corrections, papers, certified, protected) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
             $18, $19, $20, $21, $22, $23, $24, $25)",
        )
        .bind(&self.tenant)
        .bind(&r.number)
        .bind(&r.household)
        .bind(&r.child)
        .bind(&r.round)
        .bind(&r.kind)
        .bind(&r.channel)
        .bind(&r.arrived)
        .bind(r.on_time)
        .bind(&r.entered)
        .bind(&r.name)
        .bind(&r.kana)
        .bind(&r.name_key)
        .bind(&r.kana_key)
        .bind(&r.birth)
        .bind(r.age)
        .bind(&r.first_choice)
        .bind(&r.stage)
        .bind(r.points)
        .bind(&r.points_text)
        .bind(r.unconfirmed)
        .bind(r.corrections)
        .bind(r.papers)
        .bind(&r.certified)
        .bind(r.protected)
        .execute(&mut *self.inner)
        .await
        .map_err(Error::query("writing a row of an application"))?;
        Ok(())
    }

    /// Applications that share a key with one, within the transaction.
    ///
    /// # Errors
    /// The database could not.
    pub async fn count_similar(&mut self, keys: &[String], household: &str) -> Result<i64, Error> {
        let mut found = 0;
        for key in keys {
            let n: i64 = sqlx::query_scalar(
                "SELECT COUNT(*) FROM similar_key WHERE tenant = $1 AND key = $2 \
                 AND household <> $3",
            )
            .bind(&self.tenant)
            .bind(key)
            .bind(household)
            .fetch_one(&mut *self.inner)
            .await
            .map_err(Error::query("looking for the same applicant"))?;
            found += n;
        }
        Ok(found)
    }
}

fn row(r: &AnyRow) -> CaseRow {
    CaseRow {
        number: r.get(0),
        household: r.get(1),
        child: r.get(2),
        round: r.get(3),
        kind: r.get(4),
        channel: r.get(5),
        arrived: r.get(6),
        on_time: r.get(7),
        entered: r.get(8),
        name: r.get(9),
        kana: r.get(10),
        name_key: r.get(11),
        kana_key: r.get(12),
        birth: r.get(13),
        age: r.get(14),
        first_choice: r.get(15),
        stage: r.get(16),
        points: r.get(17),
        points_text: r.get(18),
        unconfirmed: r.get(19),
        corrections: r.get(20),
        papers: r.get(21),
        certified: r.get(22),
        protected: r.get(23),
        similar: r.get(24),
    }
}
