//! Lists of many things: table, order, pages.

use maud::{Markup, html};

use crate::words::Words;

/// A column of a table.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// By what the list can be sorted here; `None`: it cannot.
    pub key: Option<&'static str>,
    /// Heading.
    pub label: String,
    /// Whether the cells are numbers, to be set flush right.
    pub numeric: bool,
}

impl Column {
    /// A column of text.
    #[must_use]
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            ..Self::default()
        }
    }

    /// The list can be sorted by it.
    #[must_use]
    pub fn sorted_by(mut self, key: &'static str) -> Self {
        self.key = Some(key);
        self
    }

    /// Its cells are numbers.
    #[must_use]
    pub fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }
}

/// A row of a table.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// One for each column; the first names the row.
    pub cells: Vec<Markup>,
    /// Where the first cell leads.
    pub href: Option<String>,
}

/// Which part of a list is shown, in which order; all of it stands in the address.
#[derive(Debug, Clone, Default)]
pub struct ListState {
    /// Key of the column it is sorted by.
    pub sort: Option<String>,
    /// From the greatest down.
    pub descending: bool,
    /// 1 is the first page.
    pub page: u32,
    /// Rows on a page.
    pub per_page: u32,
    /// Rows on all pages.
    pub total: u64,
    /// What else stands in the address: filters, kept by every link.
    pub query: Vec<(String, String)>,
    /// Address of the list, without query.
    pub path: String,
}

impl ListState {
    /// What an address asks for: `sort`, `desc` and `page`; everything else is kept as filters. The total is set when
    /// it is known.
    #[must_use]
    pub fn of(path: impl Into<String>, query: Vec<(String, String)>, per_page: u32) -> Self {
        let mut state = Self {
            page: 1,
            per_page: per_page.max(1),
            path: path.into(),
            ..Self::default()
        };
        for (name, value) in query {
            match name.as_str() {
                "sort" => state.sort = Some(value).filter(|v| !v.is_empty()),
                "desc" => state.descending = !value.is_empty(),
                "page" => state.page = value.parse().unwrap_or(1).max(1),
                _ => state.query.push((name, value)),
            }
        }
        state
    }

    /// Rows before the page shown.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        u64::from(self.page.max(1) - 1) * u64::from(self.per_page)
    }

    /// The number of the last page, at least 1.
    #[must_use]
    pub fn last_page(&self) -> u32 {
        let pages = self.total.div_ceil(u64::from(self.per_page.max(1)));
        u32::try_from(pages).unwrap_or(u32::MAX).max(1)
    }

    /// The address of another page in this order.
    #[must_use]
    pub fn to_page(&self, page: u32) -> String {
        self.href(self.sort.as_deref(), self.descending, page)
    }

    /// The address of the first page sorted by a column: the other way round if it is sorted by it already.
    #[must_use]
    pub fn to_sort(&self, key: &str) -> String {
        let descending = self.sort.as_deref() == Some(key) && !self.descending;
        self.href(Some(key), descending, 1)
    }

    fn href(&self, sort: Option<&str>, descending: bool, page: u32) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.query);
        if let Some(sort) = sort {
            query.append_pair("sort", sort);
            if descending {
                query.append_pair("desc", "1");
            }
        }
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        let query = query.finish();
        if query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{query}", self.path)
        }
    }
}

/// A table. With a state, headings of columns that have a key are links that sort.
#[must_use]
pub fn table(
    words: &Words,
    caption: &str,
    columns: &[Column],
    rows: Vec<Row>,
    state: Option<&ListState>,
) -> Markup {
    let numeric = |n: usize| columns.get(n).is_some_and(|c| c.numeric);
    html! {
        // Wide tables scroll in their own box, which the keyboard must reach.
        div.scroll tabindex="0" role="group" aria-label=(caption) {
            table {
                caption { (caption) }
                thead { tr { @for column in columns { (heading(words, column, state)) } } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (n, cell) in row.cells.iter().enumerate() {
                                @if n == 0 {
                                    th scope="row" .number[numeric(n)] {
                                        @match &row.href {
                                            Some(href) => a href=(href) { (cell) },
                                            None => (cell),
                                        }
                                    }
                                } @else {
                                    td .number[numeric(n)] { (cell) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn heading(words: &Words, column: &Column, state: Option<&ListState>) -> Markup {
    let (Some(key), Some(state)) = (column.key, state) else {
        return html! { th scope="col" .number[column.numeric] { (column.label) } };
    };
    let sorted = state.sort.as_deref() == Some(key);
    let (order, mark) = match (sorted, state.descending) {
        (false, _) => (None, "↕"),
        (true, false) => (Some("ascending"), "▲"),
        (true, true) => (Some("descending"), "▼"),
    };
    let next = if sorted && !state.descending {
        words.t("list.sort_down")
    } else {
        words.t("list.sort_up")
    };
    html! {
        th scope="col" .number[column.numeric] aria-sort=[order] {
            a.sort href=(state.to_sort(key)) title=(next) {
                (column.label) span.mark aria-hidden="true" { (mark) }
            }
        }
    }
}

/// Links to the other pages, and which rows are shown.
#[must_use]
pub fn pages(words: &Words, state: &ListState) -> Markup {
    if state.total == 0 {
        return html! { p.shown { (words.t("list.none")) } };
    }
    let last = state.last_page();
    let page = state.page.clamp(1, last);
    let first_row = u64::from(page - 1) * u64::from(state.per_page.max(1)) + 1;
    let last_row = (u64::from(page) * u64::from(state.per_page.max(1))).min(state.total);
    let values: [(&str, &dyn std::fmt::Display); 3] = [
        ("total", &state.total),
        ("first", &first_row),
        ("last", &last_row),
    ];
    html! {
        div.paging {
            p.shown { (words.say("list.shown", &values)) }
            @if last > 1 {
                nav.pages aria-label=(words.t("list.pages")) {
                    ul role="list" {
                        @if page > 1 {
                            li { a rel="prev" href=(state.to_page(page - 1)) { (words.t("list.previous")) } }
                        }
                        @for entry in numbers(page, last) {
                            @match entry {
                                Some(n) => li {
                                    a href=(state.to_page(n)) aria-label=(words.say("list.page", &[("page", &n)]))
                                        aria-current=[(n == page).then_some("page")] { (n) }
                                },
                                None => li.gap aria-hidden="true" { "…" },
                            }
                        }
                        @if page < last {
                            li { a rel="next" href=(state.to_page(page + 1)) { (words.t("list.next")) } }
                        }
                    }
                }
            }
        }
    }
}

/// The pages to link: first, last, and those around the current one; `None` is a gap.
fn numbers(page: u32, last: u32) -> Vec<Option<u32>> {
    let mut found: Vec<Option<u32>> = Vec::new();
    let mut before = 0;
    let around =
        (page.saturating_sub(2)..=page.saturating_add(2)).filter(|n| (2..last).contains(n));
    for n in std::iter::once(1).chain(around).chain([last]) {
        if n == before {
            continue;
        }
        // A gap of one page is that page.
        if n == before + 2 {
            found.push(Some(n - 1));
        } else if n > before + 2 {
            found.push(None);
        }
        found.push(Some(n));
        before = n;
    }
    found
}

/// Nothing to show, and what one could do about it.
#[must_use]
pub fn empty(text: &str) -> Markup {
    html! { p.empty { (text) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_last_and_neighbours_are_linked() {
        let check = |page, last, expect: &str| {
            let show = |n: Option<u32>| n.map_or("…".to_owned(), |n| n.to_string());
            let found: Vec<String> = numbers(page, last).into_iter().map(show).collect();
            assert_eq!(found.join(" "), expect, "{page} of {last}");
        };
        check(1, 1, "1");
        check(1, 2, "1 2");
        check(1, 9, "1 2 3 … 9");
        check(5, 9, "1 2 3 4 5 6 7 8 9");
        check(6, 20, "1 … 4 5 6 7 8 … 20");
        check(20, 20, "1 … 18 19 20");
    }

    #[test]
    fn addresses_keep_filters_and_turn_the_order() {
        let query = |text: &str| {
            form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect::<Vec<_>>()
        };
        let check = |asked: &str, sort: &str, page: &str| {
            let state = ListState {
                total: 100,
                ..ListState::of("/list", query(asked), 10)
            };
            assert_eq!(state.to_sort("name"), format!("/list{sort}"), "{asked}");
            assert_eq!(state.to_page(3), format!("/list{page}"), "{asked}");
        };
        check("", "?sort=name", "?page=3");
        check("page=2&sort=name", "?sort=name&desc=1", "?sort=name&page=3");
        check("sort=name&desc=1", "?sort=name", "?sort=name&desc=1&page=3");
        check("sort=age", "?sort=name", "?sort=age&page=3");
        check(
            "q=%E5%9C%92+1&page=x",
            "?q=%E5%9C%92+1&sort=name",
            "?q=%E5%9C%92+1&page=3",
        );
    }
}
