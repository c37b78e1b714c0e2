//! Every component in every state, in both languages: `cargo run -p enmusubi-web --example gallery -- 8080`, then
//! <http://127.0.0.1:8080/>. The browser tests in `e2e/` go through it. All people are made up.

use axum::Router;
use axum::extract::{Form as Sent, Query};
use axum::routing::{get, post};
use enmusubi_web::assets;
use enmusubi_web::kit::{
    self, Column, Field, Flash, Form, ListState, Look, NavItem, Page, Row, Tone, UserBox, Width,
};
use enmusubi_web::words::{Lang, Words};
use maud::{Markup, html};

type Pairs = Vec<(String, String)>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|p| p.parse().ok());
    let address = ("127.0.0.1", port.unwrap_or(8080));
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("http://{}/", listener.local_addr()?);
    axum::serve(listener, assets::secured(routes())).await
}

fn routes() -> Router {
    Router::new()
        .route("/", get(parts))
        .route("/list", get(list))
        .route("/form", get(form).post(form_sent))
        .route("/entry", get(entry).post(entry_sent))
        .route("/plain", get(plain))
        .route("/sign-out", post(signed_out))
        .merge(assets::routes())
}

/// The language asked for, and a function that picks the text of it.
struct Asked {
    words: &'static Words,
}

impl Asked {
    fn of(query: &Pairs) -> Self {
        let tag = query.iter().find(|(n, _)| n == "lang");
        let lang = tag.and_then(|(_, t)| Lang::of(t)).unwrap_or_default();
        Self {
            words: Words::of(lang),
        }
    }

    fn s<'t>(&self, ja: &'t str, en: &'t str) -> &'t str {
        match self.words.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    fn page(
        &self,
        title: (&str, &str),
        place: kit::Place,
        flash: Option<Flash>,
        body: Markup,
    ) -> Markup {
        let item = |key, label: &str, href: &str, count| NavItem {
            key,
            label: label.to_owned(),
            href: format!("{href}?lang={}", self.words.lang.tag()),
            count,
        };
        let nav = [
            item("parts", self.s("部品", "Parts"), "/", None),
            item(
                "list",
                self.s("申込一覧", "Applications"),
                "/list",
                Some(247),
            ),
            item("form", self.s("申込の入力", "Application"), "/form", None),
            item("entry", self.s("連続入力", "Data entry"), "/entry", Some(3)),
        ];
        Page {
            words: self.words,
            title: self.s(title.0, title.1).to_owned(),
            place,
            nav: &nav,
            user: Some(UserBox {
                name: self.s("見本 花子", "Hanako Mihon").to_owned(),
                municipality: self.s("見本市", "Mihon City").to_owned(),
                roles: self
                    .s("保育課・審査", "Nursery section, examiner")
                    .to_owned(),
            }),
            flash,
            back: (place == "form").then(|| {
                let href = format!("/list?lang={}", self.words.lang.tag());
                (
                    href,
                    self.s("申込一覧へ戻る", "Back to applications").to_owned(),
                )
            }),
            wide: place == "list",
        }
        .render(body)
    }
}

async fn parts(Query(query): Query<Pairs>) -> Markup {
    let a = Asked::of(&query);
    let flash = match query
        .iter()
        .find(|(n, _)| n == "flash")
        .map(|(_, v)| v.as_str())
    {
        Some("note") => Flash::Note(
            a.s("締切は12月5日です。", "The deadline is 5 December.")
                .into(),
        ),
        Some("problem") => Flash::Problem(
            a.s(
                "送れませんでした。もう一度お試しください。",
                "It was not sent. Please try again.",
            )
            .into(),
        ),
        _ => Flash::Done(
            a.s("申込を1件保存しました。", "One application was saved.")
                .into(),
        ),
    };
    let tones = [
        (Tone::Plain, a.s("未着手", "Not begun")),
        (Tone::Good, a.s("確認済み", "Checked")),
        (Tone::Wait, a.s("書類待ち", "Waits for papers")),
        (Tone::Stop, a.s("取下げ", "Withdrawn")),
        (Tone::Info, a.s("二次選考へ", "To the second round")),
    ];
    let details = [
        (
            a.s("児童", "Child"),
            a.s(
                "見本 さくら（令和6年5月2日生・2歳児クラス）",
                "Sakura Mihon (born 2024-05-02, class of age 2)",
            ),
        ),
        (
            a.s("保護者", "Guardians"),
            a.s("見本 一郎、見本 花子", "Ichiro Mihon, Hanako Mihon"),
        ),
        (
            a.s("第1希望", "First choice"),
            a.s("ひばり保育園", "Hibari Nursery"),
        ),
        (
            a.s("基準指数", "Base index"),
            a.s("父20点・母20点", "father 20, mother 20"),
        ),
    ]
    .map(|(name, value)| (name.to_owned(), html! { (value) }));
    let events = vec![
        (
            "2026-11-04 10:12".into(),
            a.s("窓口 佐藤", "Sato, counter").into(),
            html! { (a.s("申込を受け付けました。", "The application was received.")) },
        ),
        (
            "2026-11-10 15:40".into(),
            a.s("審査 鈴木", "Suzuki, examiner").into(),
            html! { (a.s("就労証明書の日数を確かめました。", "The days on the work certificate were checked.")) " " (kit::badge(tones[1].1, Tone::Good)) },
        ),
    ];
    let body = html! {
        (kit::tabs("all", &[
            ("all", a.s("すべて", "All").into(), "/".into(), None),
            ("open", a.s("確認待ち", "To be checked").into(), "/?view=open".into(), Some(12)),
            ("done", a.s("確認済み", "Checked").into(), "/?view=done".into(), Some(235)),
        ]))
        (kit::beside(
            kit::section("details", a.s("申込の内容", "Application"), html! {
                (kit::details_list(&details))
                p { @for (tone, text) in tones { (kit::badge(text, tone)) " " } }
            }),
            kit::section("history", a.s("経過", "History"), html! {
                (kit::timeline(events))
                (kit::progress(235, 247, a.s("確認済みの申込", "Applications checked")))
                (kit::progress(0, 0, a.s("二次選考", "Second round")))
            }),
        ))
        (kit::section("notices", a.s("お知らせ", "Notices"), html! {
            @for (tone, text) in tones {
                (kit::notice(tone, text, html! { p { (a.s("就労証明書の3月分が空欄です。勤務先に確かめてください。", "The work certificate has no entry for March. Ask the employer.")) } }))
            }
        }))
        (kit::section("buttons", a.s("ボタン", "Buttons"), html! {
            (kit::post("/sign-out", kit::acts(html! {
                (kit::button(a.s("保存する", "Save"), Look::Primary))
                (kit::button_named("act", "later", a.s("あとで確かめる", "Check later"), Look::Secondary))
                (kit::button_named("act", "withdraw", a.s("取り下げる", "Withdraw"), Look::Danger))
                (kit::link_button("/list", a.s("一覧へ", "To the list"), Look::Secondary))
                (kit::link_button("/", a.s("やめる", "Cancel"), Look::Quiet))
            })))
            (kit::empty(a.s("この条件に合う申込はありません。条件を減らすと見つかることがあります。", "No application meets these conditions. Try fewer.")))
        }))
    };
    a.page(("部品の見本", "Parts"), "parts", Some(flash), body)
}

async fn list(Query(query): Query<Pairs>) -> Markup {
    let a = Asked::of(&query);
    let form = Form::of(query.clone()).speaking(a.words);
    let mut state = ListState::of("/list", query, 20);
    state.total = if form.get("q").is_empty() { 247 } else { 0 };
    let columns = [
        Column::new(a.s("申込番号", "Number")).sorted_by("number"),
        Column::new(a.s("児童", "Child")).sorted_by("child"),
        Column::new(a.s("クラス", "Class")).numeric(),
        Column::new(a.s("第1希望", "First choice")),
        Column::new(a.s("指数", "Index"))
            .sorted_by("index")
            .numeric(),
        Column::new(a.s("受付日", "Received")).sorted_by("received"),
        Column::new(a.s("状態", "State")),
    ];
    let states = [
        (a.s("確認済み", "Checked"), Tone::Good),
        (a.s("書類待ち", "Waits for papers"), Tone::Wait),
        (a.s("未着手", "Not begun"), Tone::Plain),
    ];
    let from = state.skipped().min(state.total);
    let to = (from + u64::from(state.per_page)).min(state.total);
    let rows = (from..to)
        .map(|n| {
            let (text, tone) = states[(n % 3) as usize];
            let nursery = [
                a.s("ひばり保育園", "Hibari Nursery"),
                a.s("見本第二こども園", "Mihon Second Children's Centre"),
            ];
            Row {
                cells: vec![
                    html! { "R9-" (format!("{:04}", n + 1)) },
                    html! { (a.s("見本", "Mihon")) " " (n + 1) },
                    html! { (n % 6) },
                    html! { (nursery[(n % 2) as usize]) },
                    html! { (40 - n % 7) },
                    html! { "R8.11." (n % 28 + 1) },
                    kit::badge(text, tone),
                ],
                href: Some(format!("/form?lang={}", a.words.lang.tag())),
            }
        })
        .collect();
    let body = html! {
        (kit::get_form("/list", html! {
            (kit::hidden("lang", a.words.lang.tag()))
            (kit::text(&form, Field::new("q", a.s("氏名・ふりがな", "Name"))))
            (kit::select(&form, Field::new("class", a.s("クラス", "Class")).width(Width::Short), &[("", a.s("すべて", "All")), ("0", a.s("0歳児", "Age 0")), ("1", a.s("1歳児", "Age 1"))]))
            (kit::button(a.s("絞り込む", "Filter"), Look::Secondary))
        }))
        @if state.total == 0 {
            (kit::pages(a.words, &state))
            (kit::empty(a.s("この条件に合う申込はありません。", "No application meets these conditions.")))
        } @else {
            (kit::table(a.words, a.s("令和9年4月入所の申込", "Applications for April 2027"), &columns, rows, Some(&state)))
            (kit::pages(a.words, &state))
        }
    };
    a.page(("申込一覧", "Applications"), "list", None, body)
}

/// Every kind of field, with what was typed and what is wrong with it.
fn fields(a: &Asked, form: &Form) -> Markup {
    let reasons = [
        ("work", a.s("就労", "Employment")),
        ("birth", a.s("妊娠・出産", "Birth")),
        ("illness", a.s("疾病・障害", "Illness or disability")),
    ];
    html! {
        (kit::error_summary(a.words, form))
        (kit::post_multipart(if a.words.lang == Lang::En { "/form?lang=en" } else { "/form" }, html! {
            (kit::group(a.s("児童", "Child"), Some(a.s("住民票のとおりに入力してください。", "As in the register of residents.")), html! {
                (kit::text(form, Field::new("name", a.s("氏名", "Name")).required().autocomplete("off")))
                (kit::text(form, Field::new("kana", a.s("ふりがな", "Name in kana")).required().hint(a.s("ひらがなで入力します。", "In hiragana."))))
                (kit::text(form, Field::new("number", a.s("申込番号", "Application number")).width(Width::Short).readonly()))
                (kit::date(form, Field::new("birth", a.s("生年月日", "Date of birth")).required().hint(a.s("例：R6.5.2、5060502、2024-05-02", "E.g. R6.5.2, 5060502, 2024-05-02"))))
                (kit::date_parts(form, Field::new("entry", a.s("入所を希望する日", "Wanted from")).required()))
            }))
            (kit::group(a.s("保護者", "Guardian"), None, html! {
                (kit::radios(form, Field::new("reason", a.s("保育を必要とする事由", "Reason")).required(), &reasons))
                (kit::number(form, Field::new("hours", a.s("1か月の就労時間", "Hours of work a month")).required().hint(a.s("休憩時間を含めます。", "Breaks included.")), a.s("時間", "hours")))
                (kit::checks(form, Field::new("days", a.s("就労する曜日", "Days of work")).required(), &[("mon", a.s("月", "Mon")), ("tue", a.s("火", "Tue")), ("wed", a.s("水", "Wed")), ("sat", a.s("土", "Sat"))]))
                (kit::select(form, Field::new("shift", a.s("勤務の形", "Kind of shift")).required(), &[("day", a.s("日勤", "Day")), ("night", a.s("夜勤", "Night"))]))
                (kit::area(form, Field::new("remarks", a.s("特に伝えたいこと", "Anything else")).width(Width::Long), 3))
                (kit::file(form, Field::new("papers", a.s("就労証明書", "Work certificate")).hint(a.s("PDF または画像。複数選べます。", "PDF or images; several may be chosen.")), ".pdf,image/*", true))
                (kit::password(form, Field::new("password", a.s("パスワード", "Password"))))
                (kit::check(form, Field::new("agree", a.s("市が税の情報を確かめることに同意します", "The city may look up tax data")).required()))
            }))
            (kit::acts(html! {
                (kit::button(a.s("確認へ進む", "Continue"), Look::Primary))
                (kit::button_named("act", "draft", a.s("下書きを保存", "Save draft"), Look::Secondary))
            }))
        }))
    }
}

async fn form(Query(query): Query<Pairs>) -> Markup {
    let a = Asked::of(&query);
    let mut form = Form::of(query).speaking(a.words);
    form.set("number", "R9-0012");
    if !form.get("wrong").is_empty() {
        form.set("birth", "R6.2.30");
        form.set("hours", "１２O");
        form.set("reason", "work");
        form.add("days", "mon");
        form.add("days", "sat");
        let empty = [
            ("name", "氏名を入力してください。", "Enter the name."),
            (
                "kana",
                "ふりがなを入力してください。",
                "Enter the name in kana.",
            ),
            (
                "number",
                "この申込番号はもう使われています。",
                "This number is taken.",
            ),
            (
                "entry",
                "入所を希望する日を入力してください。",
                "Enter the day wanted.",
            ),
            (
                "shift",
                "勤務の形を選んでください。",
                "Choose a kind of shift.",
            ),
            (
                "remarks",
                "1,000字以内で入力してください。",
                "At most 1,000 characters.",
            ),
            (
                "papers",
                "就労証明書を選んでください。",
                "Choose the certificate.",
            ),
            (
                "password",
                "パスワードが違います。",
                "The password is wrong.",
            ),
            (
                "agree",
                "同意がないと、課税証明書の提出が要ります。",
                "Without it, send the tax certificate.",
            ),
        ];
        for (name, ja, en) in empty {
            form.problem(name, a.s(ja, en));
        }
        form.problem(
            "birth",
            a.s(
                "令和6年2月30日という日はありません。",
                "There is no 30 February.",
            ),
        );
        form.problem(
            "hours",
            a.s(
                "数字で入力してください（例：120）。",
                "Digits only, e.g. 120.",
            ),
        );
        form.problem(
            "reason",
            a.s("事由を1つ選んでください。", "Choose one reason."),
        );
        form.problem(
            "days",
            a.s(
                "就労時間に合う曜日を選んでください。",
                "Choose days that fit the hours.",
            ),
        );
        form.problem_of_form(a.s(
            "この申込は別の画面で変更されました。",
            "This application was changed elsewhere.",
        ));
    }
    a.page(
        ("申込の入力", "Application"),
        "form",
        None,
        fields(&a, &form),
    )
}

/// The gallery keeps nothing and reads no files: it shows the form with every problem.
async fn form_sent(Query(mut query): Query<Pairs>) -> Markup {
    query.push(("wrong".into(), "1".into()));
    form(Query(query)).await
}

fn entry_fields(a: &Asked, form: &Form, flash: Option<Flash>) -> Markup {
    let action = if a.words.lang == Lang::En {
        "/entry?lang=en"
    } else {
        "/entry"
    };
    let body = html! {
        (kit::error_summary(a.words, form))
        (kit::post_entry(action, html! {
            (kit::text(form, Field::new("name", a.s("氏名", "Name")).required()))
            (kit::date(form, Field::new("birth", a.s("生年月日", "Date of birth")).required().hint(a.s("例：R6.5.2、5060502、2024-05-02", "E.g. R6.5.2, 5060502, 2024-05-02"))))
            (kit::number(form, Field::new("points", a.s("指数", "Index")), a.s("点", "points")))
            (kit::acts(kit::button(a.s("登録して次へ", "Save and next"), Look::Primary)))
        }))
    };
    a.page(("連続入力", "Data entry"), "entry", flash, body)
}

async fn entry(Query(query): Query<Pairs>) -> Markup {
    let a = Asked::of(&query);
    entry_fields(&a, &Form::new().speaking(a.words), None)
}

async fn entry_sent(Query(query): Query<Pairs>, Sent(values): Sent<Pairs>) -> Markup {
    let a = Asked::of(&query);
    let mut form = Form::of(values).speaking(a.words);
    for name in ["name", "birth"] {
        if form.get(name).trim().is_empty() {
            form.problem(name, a.s("入力してください。", "Please fill this in."));
        }
    }
    if form.has_problems() {
        return entry_fields(&a, &form, None);
    }
    let done = format!("{} {}", form.get("name"), form.get("birth"));
    entry_fields(&a, &Form::new().speaking(a.words), Some(Flash::Done(done)))
}

/// A page for somebody who is not signed in.
async fn plain(Query(query): Query<Pairs>) -> Markup {
    let a = Asked::of(&query);
    Page {
        words: a.words,
        title: a.s("ログイン", "Sign in").to_owned(),
        place: "",
        nav: &[],
        user: None,
        flash: None,
        back: None,
        wide: false,
    }
    .render(kit::post("/sign-out", html! {
        (kit::password(&Form::new().speaking(a.words), Field::new("password", a.s("パスワード", "Password")).required()))
        (kit::acts(kit::button(a.s("ログイン", "Sign in"), Look::Primary)))
    }))
}

async fn signed_out(Query(query): Query<Pairs>) -> Markup {
    plain(Query(query)).await
}
