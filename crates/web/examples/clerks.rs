//! Clerks at work at once against a server that runs: how long list, search, cases and confirming take, by kind.
//!
//! ```sh
//! enmusubi serve --demo --demo-size 20000 --data D --key K &
//! cargo run --release -p enmusubi-web --example clerks -- 127.0.0.1:8080 [CLERKS] [REQUESTS EACH] [PAUSE MS] [LOGIN PASSWORD]
//! ```
//!
//! Without LOGIN, the accounts of the made-up city are read from its sign-in page; those that may list applications are used in
//! turn. Each clerk has a connection of its own that stays open. Server times are those of `Server-Timing`: from the request's
//! arrival to its answer; client times have the connection and the reading of the page besides.
#![expect(clippy::print_stdout, reason = "what it prints is its result")]

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Error, Read as _, Result, Write as _},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

/// What one account is asked for at the start.
#[derive(Clone)]
struct Login {
    tenant: String,
    login: String,
    password: String,
}

/// An answer.
struct Answer {
    status: u16,
    cookie: Option<String>,
    /// Milliseconds, as the server says.
    server: f64,
    /// Milliseconds, as seen from here.
    client: f64,
    body: String,
}

/// A connection that stays open.
struct Line {
    host: String,
    stream: BufReader<TcpStream>,
    cookie: String,
}

fn broken(what: impl Into<String>) -> Error {
    Error::other(what.into())
}

impl Line {
    fn open(host: &str) -> Result<Self> {
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            host: host.to_owned(),
            stream: BufReader::new(stream),
            cookie: String::new(),
        })
    }

    fn get(&mut self, path: &str) -> Result<Answer> {
        self.send("GET", path, None)
    }

    fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Result<Answer> {
        let mut body = form_urlencoded::Serializer::new(String::new());
        self.send("POST", path, Some(body.extend_pairs(form).finish()))
    }

    fn send(&mut self, method: &str, path: &str, body: Option<String>) -> Result<Answer> {
        let (host, cookie) = (&self.host, &self.cookie);
        let mut text = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\n"
        );
        if let Some(body) = &body {
            let length = body.len();
            text.push_str(&format!(
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n"
            ));
        }
        text.push_str("\r\n");
        text.push_str(&body.unwrap_or_default());
        let begun = Instant::now();
        self.stream.get_mut().write_all(text.as_bytes())?;
        self.answer(begun)
    }

    fn answer(&mut self, begun: Instant) -> Result<Answer> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok());
        let status = status.ok_or_else(|| broken(format!("no answer: {line}")))?;
        let (mut length, mut server, mut cookie) = (0usize, 0.0, None);
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().unwrap_or(0),
                "server-timing" => {
                    let duration = value.split("dur=").nth(1);
                    server = duration.and_then(|d| d.parse().ok()).unwrap_or(0.0);
                }
                "set-cookie" if value.starts_with("enmusubi=") => {
                    cookie = value.split(';').next().map(str::to_owned);
                }
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(Answer {
            status,
            cookie,
            server,
            client: begun.elapsed().as_secs_f64() * 1000.0,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    fn sign_in(&mut self, who: &Login) -> Result<Answer> {
        let form = [
            ("tenant", &*who.tenant),
            ("login", &who.login),
            ("password", &who.password),
        ];
        let answer = self.post("/sign-in", &form)?;
        self.cookie = answer.cookie.clone().unwrap_or_default();
        Ok(answer)
    }
}

/// Numbers to choose by, the same in every run.
struct Dice(u64);

impl Dice {
    /// Below `n`.
    fn roll(&mut self, n: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.roll(list.len())]
    }
}

/// What stands between two marks, each time.
fn between<'a>(text: &'a str, before: &'a str, after: char) -> impl Iterator<Item = &'a str> {
    text.split(before)
        .skip(1)
        .filter_map(move |t| t.split(after).next())
}

/// The accounts of the made-up city's sign-in page.
fn accounts(page: &str) -> Vec<Login> {
    let tenant = between(page, "name=\"tenant\" value=\"", '"')
        .next()
        .unwrap_or_default();
    let codes: Vec<&str> = between(page, "<code>", '<').collect();
    let pairs = codes.chunks_exact(2);
    pairs
        .map(|pair| Login {
            tenant: tenant.to_owned(),
            login: pair[0].to_owned(),
            password: pair[1].to_owned(),
        })
        .collect()
}

/// Milliseconds by kind: server, client.
type Times = BTreeMap<&'static str, Vec<(f64, f64)>>;

/// One clerk's work; the statuses that were no success besides.
fn work(
    host: &str,
    who: &Login,
    seed: u64,
    requests: usize,
    pause: Duration,
) -> Result<(Times, BTreeMap<u16, usize>)> {
    let mut dice = Dice(seed);
    let (mut times, mut statuses) = (Times::new(), BTreeMap::new());
    let mut line = Line::open(host)?;
    let mut note = |kind, answer: &Answer| {
        times
            .entry(kind)
            .or_default()
            .push((answer.server, answer.client));
        *statuses.entry(answer.status).or_default() += 1;
    };
    note("sign in", &line.sign_in(who)?);
    let mut cases: Vec<String> = Vec::new();
    let mut done = 0;
    while done < requests {
        thread::sleep(pause.mul_f64(dice.roll(200) as f64 / 100.0));
        done += 1;
        let kind = if cases.is_empty() { 0 } else { dice.roll(100) };
        if kind < 40 {
            let filter = match dice.roll(6) {
                0 => format!("age={}", dice.roll(6)),
                1 => format!(
                    "stage={}",
                    dice.of(&["facts", "correction", "approval", "ready"])
                ),
                2 => format!("channel={}", dice.of(&["paper", "counter", "online"])),
                3 => "on_time=yes".to_owned(),
                4 => "similar=yes".to_owned(),
                _ => String::new(),
            };
            let sort = dice.of(&[
                "number",
                "kana_key",
                "birth",
                "age",
                "channel",
                "arrived",
                "first_choice",
                "points",
                "stage",
            ]);
            let (down, page) = (dice.of(&["", "1"]), 1 + dice.roll(20));
            let name = match filter.as_str() {
                "" => "list, sorted",
                "similar=yes" => "list, maybe twice",
                _ => "list, filtered",
            };
            let answer = line.get(&format!(
                "/cases?{filter}&sort={sort}&desc={down}&page={page}"
            ))?;
            note(name, &answer);
            let found: Vec<String> = between(&answer.body, "href=\"/cases/", '"')
                .map(str::to_owned)
                .collect();
            if !found.is_empty() {
                cases = found;
            }
        } else if kind < 50 {
            let part = dice.of(&["さと", "すず", "たか", "なか", "やま", "田", "高"]);
            let part: String = form_urlencoded::byte_serialize(part.as_bytes()).collect();
            note("search", &line.get(&format!("/cases?q={part}"))?);
        } else if kind < 70 {
            let case = &cases[dice.roll(cases.len())];
            note("case: overview", &line.get(&format!("/cases/{case}"))?);
        } else if kind < 85 {
            let case = &cases[dice.roll(cases.len())];
            note("case: index", &line.get(&format!("/cases/{case}/index"))?);
        } else {
            let case = cases[dice.roll(cases.len())].clone();
            let answer = line.get(&format!("/cases/{case}/facts"))?;
            note("case: facts", &answer);
            let version = between(&answer.body, "name=\"version\" value=\"", '"').next();
            let id = between(&answer.body, "name=\"id\" value=\"", '"').next();
            if let Some((version, id)) = version.zip(id)
                && dice.roll(3) == 0
            {
                let form = [("version", version), ("id", id), ("act", "confirm")];
                note(
                    "confirm a fact",
                    &line.post(&format!("/cases/{case}/facts/confirm"), &form)?,
                );
                done += 1;
            }
        }
    }
    Ok((times, statuses))
}

/// The value below which so many of a hundred are.
fn part(sorted: &[f64], percent: usize) -> f64 {
    let at = (sorted.len() * percent).div_ceil(100);
    sorted.get(at.max(1) - 1).copied().unwrap_or(0.0)
}

fn main() -> Result<()> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, or: usize| given.get(at).and_then(|a| a.parse().ok()).unwrap_or(or);
    let host = given
        .first()
        .map_or("127.0.0.1:8080", String::as_str)
        .to_owned();
    let (clerks, requests) = (number(1, 20), number(2, 200));
    let pause = Duration::from_millis(number(3, 0) as u64);
    let page = Line::open(&host)?.get("/sign-in")?.body;
    let mut all = accounts(&page);
    if let (Some(login), Some(password)) = (given.get(4), given.get(5)) {
        let tenant = between(&page, "name=\"tenant\" value=\"", '"').next();
        all = vec![Login {
            tenant: tenant.unwrap_or_default().to_owned(),
            login: login.clone(),
            password: password.clone(),
        }];
    }
    // Only whoever may list applications is a clerk here.
    let mut able = Vec::new();
    for who in all {
        let mut line = Line::open(&host)?;
        line.sign_in(&who)?;
        if line.get("/cases")?.status == 200 {
            able.push(who);
        }
    }
    if able.is_empty() {
        return Err(broken("no account may list applications"));
    }
    let begun = Instant::now();
    let threads: Vec<_> = (0..clerks)
        .map(|n| {
            let (host, who) = (host.clone(), able[n % able.len()].clone());
            thread::spawn(move || work(&host, &who, n as u64, requests, pause))
        })
        .collect();
    let (mut times, mut statuses) = (Times::new(), BTreeMap::new());
    for thread in threads {
        let done = thread.join().map_err(|_| broken("a clerk fell over"))?;
        let (one, seen): (Times, BTreeMap<u16, usize>) = done?;
        for (kind, list) in one {
            times.entry(kind).or_default().extend(list);
        }
        for (status, n) in seen {
            *statuses.entry(status).or_insert(0) += n;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("| kind | count | server p50 | p95 | p99 | max | client p50 | p95 | p99 | max |");
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let mut total = 0;
    for (kind, list) in &times {
        total += list.len();
        let mut line = format!("| {kind} | {} |", list.len());
        for pick in [|t: &(f64, f64)| t.0, |t: &(f64, f64)| t.1] {
            let mut sorted: Vec<f64> = list.iter().map(pick).collect();
            sorted.sort_by(f64::total_cmp);
            for percent in [50, 95, 99, 100] {
                line.push_str(&format!(" {:.1} |", part(&sorted, percent)));
            }
        }
        println!("{line}");
    }
    println!(
        "{total} requests in {seconds:.1} s, {:.0} a second; statuses {statuses:?}",
        total as f64 / seconds
    );
    Ok(())
}
