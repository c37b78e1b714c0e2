//! Every table as lines, in the order of its key: a backup that fits either database, and digests that are the same on
//! another machine.

use crate::{Error, Store};
use futures_util::TryStreamExt as _;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Row as _};

/// A table, its columns in the order of a line, and those of its key. `Column::Number` where it is one.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns, key first.
    pub columns: &'static [(&'static str, Column)],
    /// How many of them are the key.
    pub key: usize,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// A whole number or nothing.
    MaybeNumber,
}

use Column::{MaybeNumber, Number, Text};

/// Every table that is backed up. Sessions, failed attempts and held forms are not: they belong to a running server.
pub const TABLES: &[Table] = &[
    Table {
        name: "tenant",
        columns: &[("id", Text), ("name", Text), ("settings", Text)],
        key: 1,
    },
    Table {
        name: "event",
        columns: &[
            ("tenant", Text),
            ("kind", Text),
            ("stream", Text),
            ("version", Number),
            ("at", Text),
            ("actor", Text),
            ("name", Text),
            ("body", Text),
        ],
        key: 4,
    },
    Table {
        name: "stream",
        columns: &[
            ("tenant", Text),
            ("kind", Text),
            ("id", Text),
            ("version", Number),
            ("at", Text),
            ("body", Text),
        ],
        key: 3,
    },
    Table {
        name: "audit",
        columns: &[
            ("tenant", Text),
            ("seq", Number),
            ("at", Text),
            ("actor", Text),
            ("action", Text),
            ("subject", Text),
            ("detail", Text),
            ("mac", Text),
        ],
        key: 2,
    },
    Table {
        name: "audit_head",
        columns: &[("tenant", Text), ("seq", Number), ("mac", Text)],
        key: 1,
    },
    Table {
        name: "counter",
        columns: &[("tenant", Text), ("name", Text), ("value", Number)],
        key: 2,
    },
    Table {
        name: "case_row",
        columns: &[
            ("tenant", Text),
            ("number", Text),
            ("household", Text),
            ("child", Text),
            ("round", Text),
            ("kind", Text),
            ("channel", Text),
            ("arrived", Text),
            ("on_time", Number),
            ("entered", Text),
            ("name", Text),
            ("kana", Text),
            ("name_key", Text),
            ("kana_key", Text),
            ("birth", Text),
            ("age", Number),
            ("first_choice", Text),
            ("stage", Text),
            ("points", MaybeNumber),
            ("points_text", Text),
            ("unconfirmed", Number),
            ("corrections", Number),
            ("papers", Number),
            ("certified", Text),
            ("protected", Number),
        ],
        key: 2,
    },
    Table {
        name: "case_closed",
        columns: &[("tenant", Text), ("household", Text), ("account", Text)],
        key: 3,
    },
    Table {
        name: "similar_key",
        columns: &[
            ("tenant", Text),
            ("key", Text),
            ("number", Text),
            ("household", Text),
        ],
        key: 3,
    },
    Table {
        name: "login",
        columns: &[("tenant", Text), ("login", Text), ("account", Text)],
        key: 2,
    },
    Table {
        name: "secret",
        columns: &[
            ("tenant", Text),
            ("account", Text),
            ("id", Text),
            ("kind", Text),
            ("body", Text),
            ("created", Text),
        ],
        key: 3,
    },
    Table {
        name: "job",
        columns: &[
            ("tenant", Text),
            ("id", Text),
            ("kind", Text),
            ("state", Text),
            ("input", Text),
            ("done", Number),
            ("total", Number),
            ("cancel", Number),
            ("result", Text),
            ("actor", Text),
            ("created", Text),
            ("finished", Text),
        ],
        key: 2,
    },
    Table {
        name: "saved_view",
        columns: &[
            ("tenant", Text),
            ("id", Text),
            ("owner", Text),
            ("room", Text),
            ("name", Text),
            ("query", Text),
        ],
        key: 2,
    },
];

/// Order of keys that both databases agree on: by bytes.
fn order(table: &Table, kind: crate::Kind) -> String {
    let key = table.columns[..table.key].iter();
    let by = |(name, column): &(&str, Column)| match (column, kind) {
        (Text, crate::Kind::Postgres) => format!("{name} COLLATE \"C\""),
        _ => (*name).to_owned(),
    };
    key.map(by).collect::<Vec<_>>().join(", ")
}

impl Store {
    /// Gives every row of every table, as of one moment, as JSON arrays in the order of [`TABLES`] and of their keys.
    ///
    /// # Errors
    /// The database could not; what `line` gives.
    pub async fn dump<E: From<Error>>(
        &self,
        mut line: impl FnMut(&'static Table, &str) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut snapshot = self.snapshot().await?;
        for table in TABLES {
            let columns: Vec<&str> = table.columns.iter().map(|c| c.0).collect();
            let sql = format!(
                "SELECT {} FROM {} ORDER BY {}",
                columns.join(", "),
                table.name,
                order(table, self.kind())
            );
            let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(&mut *snapshot);
            let reading = || Error::query("reading a table");
            while let Some(row) = rows.try_next().await.map_err(reading())? {
                let cells = table.columns.iter().enumerate();
                let cells: Vec<Value> = cells
                    .map(|(at, (_, column))| match column {
                        Text => row.get::<String, _>(at).into(),
                        Number => row.get::<i64, _>(at).into(),
                        MaybeNumber => row.get::<Option<i64>, _>(at).into(),
                    })
                    .collect();
                line(table, &Value::Array(cells).to_string())?;
            }
        }
        Ok(())
    }

    /// A table that has rows, of those that are backed up; `None`: nothing is stored yet.
    ///
    /// # Errors
    /// The database could not.
    pub async fn filled(&self) -> Result<Option<&'static str>, Error> {
        for table in TABLES {
            let sql = format!(
                "SELECT COUNT(*) FROM (SELECT 1 FROM {} LIMIT 1) t",
                table.name
            );
            let n: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
                .fetch_one(self.read())
                .await
                .map_err(Error::query("asking whether the database is empty"))?;
            if n > 0 {
                return Ok(Some(table.name));
            }
        }
        Ok(None)
    }

    /// Whether nothing is stored yet.
    ///
    /// # Errors
    /// The database could not.
    pub async fn is_empty(&self) -> Result<bool, Error> {
        Ok(self.filled().await?.is_none())
    }

    /// Puts rows back into an empty database, all or none. Each is a table's name and its JSON array.
    ///
    /// # Errors
    /// [`Error::NotEmpty`]; a line that fits no table; the database could not. Nothing is stored then.
    pub async fn restore<E: From<Error>>(
        &self,
        lines: impl Iterator<Item = Result<(String, String), E>>,
    ) -> Result<u64, E> {
        if let Some(table) = self.filled().await? {
            return Err(Error::NotEmpty { table }.into());
        }
        let mut tx = self.begin("").await?;
        let mut count = 0;
        for line in lines {
            let (name, text) = line?;
            let damaged = |source| Error::Damaged {
                table: "backup",
                row: name.clone(),
                source,
            };
            let cells: Vec<Value> = serde_json::from_str(&text).map_err(damaged)?;
            let Some(table) = TABLES.iter().find(|t| t.name == name) else {
                let source = serde::de::Error::custom("no such table");
                return Err(damaged(source).into());
            };
            if cells.len() != table.columns.len() {
                let source = serde::de::Error::custom("another number of columns");
                return Err(damaged(source).into());
            }
            let columns: Vec<&str> = table.columns.iter().map(|c| c.0).collect();
            let places: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
            let sql = format!(
                "INSERT INTO {} ({}) VALUES ({})",
                table.name,
                columns.join(", "),
                places.join(", ")
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for (cell, (name, column)) in cells.iter().zip(table.columns) {
                let bound = match (column, cell) {
                    (Text, Value::String(text)) => Some(query.bind(text.clone())),
                    (Number | MaybeNumber, Value::Number(n)) if n.is_i64() => {
                        Some(query.bind(n.as_i64()))
                    }
                    (MaybeNumber, Value::Null) => Some(query.bind(None::<i64>)),
                    _ => None,
                };
                let Some(bound) = bound else {
                    let source =
                        serde::de::Error::custom(format!("column {name} holds another type"));
                    return Err(damaged(source).into());
                };
                query = bound;
            }
            query
                .execute(&mut *tx.inner)
                .await
                .map_err(Error::query("putting a row back"))?;
            count += 1;
        }
        tx.commit().await?;
        Ok(count)
    }
}
