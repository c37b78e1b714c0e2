// Help while typing. Every screen works without it; nothing is stored, nothing is sent.
"use strict";

// First days of the eras, in the order of the digits of a 7-digit date (4050101 is 1 January Heisei 5).
// Meiji begins for us with the Gregorian calendar in Japan, as where the server reads dates.
const ERA_STARTS = ["1873-01-01", "1912-07-30", "1926-12-25", "1989-01-08", "2019-05-01"];
const ERA_FIRST_YEARS = [1868, 1912, 1926, 1989, 2019];
const LAST_YEAR = 2200;
const ERA_LETTERS = "MTSHR";
const ERA_NAMES = ["明治", "大正", "昭和", "平成", "令和"];

const two = (n) => String(n).padStart(2, "0");
const iso = (year, month, day) => `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;

// ISO text of a day that exists, else nothing.
function day(year, month, date) {
  const at = new Date(Date.UTC(year, month - 1, date));
  at.setUTCFullYear(year);
  const same = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === date;
  const text = iso(year, month, date);
  return same && text >= ERA_STARTS[0] && year <= LAST_YEAR ? text : null;
}

// The last day of an era is the day before the next begins.
function ofEra(era, year, month, date) {
  const text = year >= 1 ? day(ERA_FIRST_YEARS[era] + year - 1, month, date) : null;
  const next = ERA_STARTS[era + 1];
  return text && text >= ERA_STARTS[era] && (!next || text < next) ? text : null;
}

// What was typed as an ISO date, else nothing.
function readDate(typed) {
  const text = typed.normalize("NFKC").replace(/\s/g, "");
  let m = /^([1-5])(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (m) return ofEra(m[1] - 1, Number(m[2]), Number(m[3]), Number(m[4]));
  m = /^(\d{4})(\d\d)(\d\d)$/.exec(text) || /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text);
  if (m) return day(Number(m[1]), Number(m[2]), Number(m[3]));
  m = /^([MTSHR]|明治|大正|昭和|平成|令和)(\d{1,2}|元)[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/i.exec(text);
  if (!m) return null;
  const letter = ERA_LETTERS.indexOf(m[1].toUpperCase());
  const era = letter >= 0 ? letter : ERA_NAMES.indexOf(m[1]);
  return ofEra(era, m[2] === "元" ? 1 : Number(m[2]), Number(m[3]), Number(m[4]));
}

function sayDate(text) {
  const words = document.body.dataset;
  const [year, month, date] = text.split("-").map(Number);
  const era = ERA_STARTS.findLastIndex((start) => start <= text);
  const years = year - ERA_FIRST_YEARS[era] + 1;
  const values = {
    era: words.eras.split(" ")[era],
    year: years === 1 ? words.first : years,
    month,
    day: date,
    western: year,
    weekday: words.weekdays.split(" ")[new Date(`${text}T00:00:00Z`).getUTCDay()],
  };
  return words.understood.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

for (const field of document.querySelectorAll("[data-date]")) {
  const input = field.querySelector("input");
  const output = field.querySelector("output");
  const show = (finished) => {
    const typed = input.value.trim();
    const date = readDate(typed);
    // Half a date is not yet a wrong one.
    const unread = Boolean(typed) && !date && finished;
    output.textContent = date ? sayDate(date) : unread ? document.body.dataset.unreadable : "";
    output.classList.toggle("unread", unread);
  };
  input.addEventListener("input", () => show(false));
  input.addEventListener("change", () => show(true));
  show(true);
}

// Leaving a form with something typed in it. The browser's own question is asked.
// A form that came back with problems holds what was typed before.
let typed = Boolean(document.getElementById("errors"));
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
}
addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});

// Forms for entering many cases: Enter goes on instead of sending half a case.
for (const form of document.querySelectorAll("form[data-entry]")) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.altKey || event.metaKey) return;
    if (event.ctrlKey) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (!event.target.matches("input, select")) return;
    event.preventDefault();
    const fields = [...form.elements].filter((e) => !e.disabled && e.type !== "hidden" && e.tabIndex >= 0 && e.matches("input, select, textarea, button"));
    const next = fields[fields.indexOf(event.target) + (event.shiftKey ? -1 : 1)];
    next?.focus();
    if (next?.matches('input:not([type="radio"], [type="checkbox"], [type="file"])')) next.select();
  });
}

const open = document.getElementById("keys-open");
const keys = document.getElementById("keys");
if (open && keys) {
  open.hidden = false;
  open.addEventListener("click", () => keys.showModal());
  addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "/" && !keys.open) {
      event.preventDefault();
      keys.showModal();
    }
  });
}

// Browsers do not always give the focus to a list of problems that asks for it.
document.getElementById("errors")?.focus();
