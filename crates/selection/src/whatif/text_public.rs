//! The comparison as a table for publication.

use super::{
    public::{PublicComparison, PublicCount, PublicSide, PublicWhatIf},
    text::{Page, table},
};
use crate::{
    text_messages,
    text_summary::{Lang, grouped},
};

/// For publication.
#[must_use]
pub fn public_text(public: &PublicWhatIf, lang: Lang) -> String {
    let page = Page {
        words: text_messages::whatif(lang),
        lang,
    };
    let mut out = page.title("title-public", &public.entry_date, public.number);
    let labels = page.widest(&["base", "applied", "premise"]);
    let base = &public.base;
    let mechanism = page.mechanism(base.mechanism);
    let values = [("title", &*base.title), ("mechanism", &*mechanism)];
    let mut line = |key: &str, value: &str| page.line(&mut out, key, labels, value);
    line("base", &page.say("base-value-public", &values));
    line("applied", &page.maybe(base.children));
    line("premise", &page.say("premise-value", &[]));
    for (i, variant) in public.variants.iter().enumerate() {
        page.head(&mut out, i, &variant.name, &variant.words);
        match &variant.comparison {
            Some(c) => page.published(&mut out, base, c),
            None => out += &format!("  {}\n", page.say("public-not-compared", &[])),
        }
    }
    out.push('\n');
    out += &format!("  {}\n", page.say("blocking-note", &[]));
    let minimum = public.disclosure_minimum.to_string();
    out += &format!(
        "  {}\n",
        page.say("withheld-note", &[("minimum", &minimum)])
    );
    out
}

impl Page {
    fn maybe(self, count: Option<u32>) -> String {
        count.map_or_else(|| self.say("withheld", &[]), |n| self.people(n))
    }

    fn published(self, out: &mut String, base: &PublicSide, c: &PublicComparison) {
        let labels = self.counts_width();
        let count = |c: &PublicCount| [c.total, c.placement, c.choice].map(|n| self.maybe(n));
        let [all, placed, better] = count(&c.gained);
        let values = [("count", &*all), ("placed", &*placed), ("better", &*better)];
        self.line(out, "gained", labels, &self.say("gained-value", &values));
        let [all, placed, worse] = count(&c.lost);
        let values = [("count", &*all), ("placed", &*placed), ("worse", &*worse)];
        self.line(out, "lost", labels, &self.say("lost-value", &values));
        out.push('\n');
        let head = ["", "col-before", "col-after"].map(|k| match k {
            "" => String::new(),
            k => self.say(k, &[]),
        });
        let mean = |s: &PublicSide| {
            s.mean_rank
                .clone()
                .unwrap_or_else(|| self.say("withheld", &[]))
        };
        let families = |s: &PublicSide| match s.blocking_families {
            Some(n) => self.families(n as usize),
            None => self.say("withheld", &[]),
        };
        let row = |key: &str, a: String, b: String| [self.say(key, &[]), a, b];
        *out += &table(&[
            head,
            row(
                "with-class",
                self.maybe(base.with_class),
                self.maybe(c.after.with_class),
            ),
            row(
                "first-choice",
                self.maybe(base.first_choice),
                self.maybe(c.after.first_choice),
            ),
            row("mean-rank", mean(base), mean(&c.after)),
            row("blocking", families(base), families(&c.after)),
        ]);
        self.unproved(out, base.proved && c.after.proved);
        out.push('\n');
        let mut rows = vec![["col-group", "col-gained", "col-lost"].map(|k| self.say(k, &[]))];
        for g in &c.groups {
            let cell = |n: Option<u32>| n.map_or_else(|| self.say("withheld", &[]), grouped);
            rows.push([
                self.group(g.dimension, &g.group),
                cell(g.gained),
                cell(g.lost),
            ]);
        }
        *out += &table(&rows);
        out.push('\n');
        let values = [
            ("count", &*grouped(c.cut_offs.len())),
            ("same", &*grouped(c.cut_offs_unchanged)),
            ("withheld", &*grouped(c.cut_offs_withheld)),
        ];
        *out += &format!("  {}\n", self.say("cut-offs-public", &values));
        for k in &c.cut_offs {
            let class = self.class(&k.name, &k.facility, k.age, k.pool.as_deref());
            let values = [
                ("class", &*class),
                ("label", &*k.label),
                ("before", &*k.before),
                ("after", &*k.after),
            ];
            *out += &format!("    {}\n", self.say("cut-off", &values));
        }
    }
}
