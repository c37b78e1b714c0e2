// Every component in every state (crates/web/examples/gallery.rs), in all sizes, with and without scripts.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { openBrowser, print, shot } from "../lib/browser.js";
import { focused, tabThrough, tabTo } from "../lib/keyboard.js";
import { axe, pressable, reflows } from "../lib/rules.js";
import { start } from "../lib/server.js";

const SCREENS = ["/", "/?flash=note", "/?flash=problem", "/list", "/list?page=7&sort=index&desc=1", "/list?q=nobody", "/form", "/form?wrong=1", "/entry", "/plain"];
const inEnglish = (screen) => `${screen}${screen.includes("?") ? "&" : "?"}lang=en`;
const named = (screen) => screen.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "parts";

let server;
let browser;

before(async () => {
  const target = process.env.CARGO_TARGET_DIR ?? new URL("../../target", import.meta.url).pathname;
  server = await start(`${target}/debug/examples/gallery`, ["{port}"]);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(() => assert.deepEqual(browser.faults(), [], "a page complained on the console"));

const open = async (page, screen) => {
  const answer = await page.goto(server.url + screen);
  assert.equal(answer.status(), 200, screen);
  return page;
};

describe("every screen", () => {
  for (const size of ["office", "phone", "zoomed", "narrow"]) {
    for (const screen of SCREENS.flatMap((s) => [s, inEnglish(s)])) {
      it(`${screen} keeps the rules at ${size} size`, async () => {
        const page = await open(await browser.newPage(size), screen);
        assert.equal(await page.locator("html").getAttribute("lang"), screen.includes("lang=en") ? "en" : "ja");
        await shot(page, `${named(screen)}-${size}`);
        await axe(page);
        await reflows(page);
        await pressable(page);
        await page.context().close();
      });
    }
  }

  for (const screen of ["/", "/list", "/form?wrong=1"]) {
    it(`${screen} keeps the rules with forced colours`, async () => {
      const page = await open(await browser.newPage("office", { forcedColors: "active" }), screen);
      await shot(page, `${named(screen)}-forced`);
      await axe(page);
      await page.context().close();
    });

    it(`${screen} can be printed`, async () => {
      const page = await open(await browser.newPage(), screen);
      assert.equal((await print(page, named(screen))).subarray(0, 5).toString(), "%PDF-");
      await page.emulateMedia({ media: "print" });
      assert.equal(await page.locator("nav.main-nav").isVisible(), false);
      assert.equal(await page.locator("h1").isVisible(), true);
      await page.context().close();
    });
  }
});

describe("the keyboard alone", () => {
  for (const screen of ["/", "/list", "/form", "/entry"]) {
    it(`reaches everything on ${screen} and sees where it is`, async () => {
      const page = await open(await browser.newPage(), screen);
      const stops = await tabThrough(page);
      assert.equal(stops[0].href, "#main");
      // A group of radio buttons is one stop.
      const names = await page.locator("input:not([type=hidden]), select, textarea").evaluateAll((all) => all.map((e) => e.name));
      for (const name of new Set(names)) assert.ok(stops.some((s) => s.name === name), `${name} is not reached`);
      await page.context().close();
    });
  }

  it("skips to the main part", async () => {
    const page = await open(await browser.newPage(), "/list");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await tabTo(page, (at) => at.name === "q", { most: 1 });
    await page.context().close();
  });

  it("sorts a list, and the table says how", async () => {
    const page = await open(await browser.newPage(), "/list");
    const headings = page.locator("th[aria-sort]");
    assert.equal(await headings.count(), 0);
    for (const order of ["ascending", "descending"]) {
      await tabTo(page, (at) => at.href.includes("sort=index"));
      await page.keyboard.press("Enter");
      await page.waitForURL(/sort=index/);
      await page.waitForSelector(`th[aria-sort=${order}]`);
      assert.equal(await headings.count(), 1);
    }
    await page.context().close();
  });

  it("opens and closes the help", async () => {
    const page = await open(await browser.newPage(), "/");
    await page.keyboard.press("Control+/");
    assert.equal(await page.locator("#keys").isVisible(), true);
    await axe(page);
    await shot(page, "keys", { fullPage: false });
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#keys").isVisible(), false);
    await page.context().close();
  });

  it("goes on with Enter where many cases are entered, and sends with Ctrl+Enter", async () => {
    const page = await open(await browser.newPage(), "/entry");
    await page.locator("[name=name]").focus();
    await page.keyboard.type("見本 花");
    await page.keyboard.press("Enter");
    assert.equal((await focused(page)).name, "birth");
    await page.keyboard.type("5060502");
    await page.keyboard.press("Shift+Enter");
    assert.equal((await focused(page)).name, "name");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("status").filter({ hasText: "見本 花 5060502" }).waitFor();
    await page.context().close();
  });
});

describe("problems", () => {
  it("are read first, lead to their fields, and nothing typed is lost", async () => {
    const page = await open(await browser.newPage(), "/form?wrong=1");
    assert.equal((await focused(page)).id, "errors");
    const links = page.locator("#errors a");
    const wrong = ["name", "kana", "number", "birth", "entry", "reason", "hours", "days", "shift", "remarks", "papers", "password", "agree"];
    assert.equal(await links.count(), wrong.length);
    for (const name of wrong) {
      const target = page.locator(`[id="f-${name}"]`);
      assert.equal(await page.locator(`#errors a[href="#f-${name}"]`).count(), 1, name);
      // The field itself or its group says that it is wrong, and in which words.
      const by = await target.evaluate((e) => {
        const of = e.closest("fieldset.field") ?? e;
        const own = of.getAttribute("aria-describedby") ?? "";
        return {
          invalid: Boolean(of.matches("[aria-invalid=true]") || e.matches("[aria-invalid=true]")),
          text: own.split(" ").map((id) => document.getElementById(id)?.innerText ?? `no ${id}`).join(" "),
        };
      });
      assert.ok(by.invalid, name);
      assert.match(by.text, /＊/, name);
      assert.doesNotMatch(by.text, /no f-/, name);
    }
    await page.locator('#errors a[href="#f-reason"]').click();
    assert.equal((await focused(page)).name, "reason");
    assert.equal(await page.locator("[name=birth]").inputValue(), "R6.2.30");
    assert.equal(await page.locator("[name=reason]:checked").inputValue(), "work");
    assert.equal(await page.locator("[name=days]:checked").count(), 2);
    await page.context().close();
  });

  it("are shown without scripts, too", async () => {
    const page = await open(await browser.noScript(), "/entry");
    await page.locator("[name=name]").fill("見本 <花>");
    await page.locator("button.primary").click();
    assert.equal(await page.locator("#errors li").count(), 1);
    assert.equal(await page.locator("[name=name]").inputValue(), "見本 <花>");
    assert.equal(await page.locator("#keys-open").isVisible(), false);
    await shot(page, "entry-no-script");
    await page.locator("[name=birth]").fill("R6.5.2");
    await page.locator("button.primary").click();
    await page.getByRole("status").filter({ hasText: "見本 <花> R6.5.2" }).waitFor();
    await page.context().close();
  });
});

describe("the script", () => {
  const DATES = [
    ["4050101", "平成5年1月1日（金）・西暦1993年"],
    ["R9.4.1", "令和9年4月1日（木）・西暦2027年"],
    ["r9/4/1", "令和9年4月1日（木）・西暦2027年"],
    ["2027-04-01", "令和9年4月1日（木）・西暦2027年"],
    ["20270401", "令和9年4月1日（木）・西暦2027年"],
    ["２０２７年４月１日", "令和9年4月1日（木）・西暦2027年"],
    ["令和元年5月1日", "令和元年5月1日（水）・西暦2019年"],
    ["平成31年4月30日", "平成31年4月30日（火）・西暦2019年"],
    ["平成31年5月1日", "日付として読み取れません"],
    ["S64.1.7", "昭和64年1月7日（土）・西暦1989年"],
    ["2026-02-29", "日付として読み取れません"],
    ["2028-02-29", "令和10年2月29日（火）・西暦2028年"],
    ["明治5年12月31日", "日付として読み取れません"],
    ["明治45年7月29日", "明治45年7月29日（月）・西暦1912年"],
    ["3011225", "昭和元年12月25日（土）・西暦1926年"],
    ["2201-01-01", "日付として読み取れません"],
    ["きのう", "日付として読み取れません"],
    ["", ""],
  ];

  it("says what a date was understood as", async () => {
    const page = await open(await browser.newPage(), "/entry");
    const field = page.locator("[name=birth]");
    for (const [typed, expect] of DATES) {
      await field.fill(typed);
      await field.evaluate((e) => e.dispatchEvent(new Event("change")));
      assert.equal(await page.locator("output").innerText(), expect, typed);
    }
    await page.context().close();
    const english = await open(await browser.newPage(), "/entry?lang=en");
    await english.locator("[name=birth]").fill("R1.5.1");
    assert.equal(await english.locator("output").innerText(), "2019-5-1 (Wed), Reiwa 1");
    await english.context().close();
  });

  it("does not call half a date wrong while it is typed", async () => {
    const page = await open(await browser.newPage(), "/entry");
    await page.locator("[name=birth]").pressSequentially("R9.4");
    assert.equal(await page.locator("output").innerText(), "");
    await page.context().close();
  });

  it("asks before something typed is left, and not otherwise", async () => {
    const page = await open(await browser.newPage(), "/entry");
    const asked = [];
    page.on("dialog", async (dialog) => {
      asked.push(dialog.type());
      await dialog.accept();
    });
    await page.locator("nav.main-nav a").first().click();
    await page.waitForURL(`${server.url}/?lang=ja`);
    assert.deepEqual(asked, []);
    await open(page, "/entry");
    await page.locator("[name=name]").pressSequentially("見本");
    await page.locator("nav.main-nav a").first().click();
    await page.waitForURL(`${server.url}/?lang=ja`);
    assert.deepEqual(asked, ["beforeunload"]);
    await open(page, "/entry");
    await page.locator("[name=name]").fill("見本");
    await page.locator("button.primary").click();
    await page.locator("#errors").waitFor();
    assert.equal(asked.length, 1, "sending is not leaving");
    await page.locator("nav.main-nav a").first().click();
    await page.waitForURL(`${server.url}/?lang=ja`);
    assert.equal(asked.length, 2, "a form that came back is left");
    await page.context().close();
  });
});

it("nothing is loaded from elsewhere, and nothing is kept in the browser", async () => {
  const page = await browser.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).origin));
  await open(page, "/form?wrong=1");
  assert.deepEqual([...new Set(asked)], [server.url]);
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);
  await page.context().close();
});
