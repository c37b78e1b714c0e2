// The office as its people use it: paper entry → certificate read → facts confirmed → correction request → certification →
// index → seats confirmed, by reception, examiner, approver and nursery, on the built program.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { openBrowser, shot } from "../lib/browser.js";
import { axe, reflows } from "../lib/rules.js";
import { start } from "../lib/server.js";

const target = resolve(process.env.CARGO_TARGET_DIR ?? join(import.meta.dirname, "../../target"), "debug");
const program = process.env.ENMUSUBI ?? join(target, "enmusubi");
const certificate = process.env.ENMUSUBI_CERTIFICATE ?? join(target, "examples", "certificate");

const field = (name) => `[name="${name}"]`;

// SQLite always; PostgreSQL where a server is given.
const databases = [["SQLite", null]];
if (process.env.ENMUSUBI_TEST_POSTGRES) databases.push(["PostgreSQL", process.env.ENMUSUBI_TEST_POSTGRES]);
else if (process.env.CI) throw new Error("ENMUSUBI_TEST_POSTGRES is not set: run through scripts/with-postgres");

for (const [name, postgres] of databases) {
  describe(`the office on ${name}`, () => {
    let folder, server, browser, accounts, number;
    const pages = {};

    before(async () => {
      assert.ok(existsSync(program), `${program} is missing: cargo build -p enmusubi`);
      folder = await mkdtemp(join(tmpdir(), "enmusubi-office-"));
      const args = ["serve", "--demo", "--demo-size", "40", "--listen", "127.0.0.1:{port}", "--data", join(folder, "data")];
      if (postgres) {
        const database = `e2e_${process.pid}_${Date.now()}`;
        execFileSync("psql", [postgres, "-qc", `CREATE DATABASE ${database}`]);
        const url = new URL(postgres);
        url.pathname = `/${database}`;
        args.push("--database", url.href);
      }
      server = await start(program, args, { probe: "/sign-in" });
      browser = await openBrowser();
      const page = await browser.newPage();
      await page.goto(`${server.url}/sign-in`);
      const rows = await page.locator("#demo tbody tr").evaluateAll((all) =>
        all.map((row) => [...row.querySelectorAll("code")].map((c) => c.textContent)));
      accounts = Object.fromEntries(rows);
      await page.close();
    });

    after(async () => {
      await browser?.close();
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    // The page of an account, signed in once.
    async function as(login) {
      if (pages[login]) return pages[login];
      const page = await browser.newPage();
      await page.goto(`${server.url}/sign-in`);
      await page.fill(field("login"), login);
      await page.fill(field("password"), accounts[login]);
      await page.keyboard.press("Enter");
      await page.waitForURL(`${server.url}/`);
      pages[login] = page;
      return page;
    }

    async function fine(page, name) {
      await axe(page);
      await shot(page, `${name}-office`);
    }

    test("reception keys a paper", async () => {
      const page = await as("uketsuke1");
      await page.goto(`${server.url}/entry`);
      await fine(page, "entry");
      await page.fill(field("arrived"), "5081120");
      await page.fill(field("g1.kana"), "ミナモ　カツコ");
      await page.fill(field("g1.name"), "水端　葛\u{E0100}子");
      await page.fill(field("g1.birth"), "4050101");
      await page.check(`${field("g1.reasons")}[value="就労"]`);
      await page.fill(field("address.text"), "園むすび市みどり町一丁目2番3号");
      await page.fill(field("phone"), "090-0000-0001");
      await page.fill(field("c1.kana"), "ミナモ　ヒバリ");
      await page.fill(field("c1.name"), "水端　ひばり");
      await page.fill(field("c1.birth"), "令和7年6月31日");
      await page.selectOption(field("c1.kind"), "new");
      await page.fill(field("c1.choices"), "10001 10002 10003");
      await page.fill(field("c1.desired_from"), "R9.4.1");
      await page.getByRole("button", { name: "登録する" }).click();
      // A day that does not exist: told at its field, and nothing typed is lost.
      await page.getByText("という日はありません").first().waitFor();
      assert.equal(await page.inputValue(field("g1.kana")), "ミナモ　カツコ");
      await fine(page, "entry-problem");
      await page.fill(field("c1.birth"), "令和7年6月1日");
      await page.getByRole("button", { name: "登録する" }).click();
      if (await page.locator(field("seen")).count()) {
        await page.check(field("seen"));
        await page.getByRole("button", { name: "登録する" }).click();
      }
      await page.waitForURL(/\/cases\/R9-/);
      number = new URL(page.url()).pathname.split("/").pop();
      assert.match(await page.textContent("h1"), /水端/);
      await fine(page, "case");
    });

    test("a certificate becomes facts", async () => {
      const file = join(folder, "就労証明書.xlsx");
      execFileSync(certificate, [file, "水端　葛\u{E0100}子", "ミナモ　カツコ", "1993-01-01"]);
      const page = await as("uketsuke1");
      await page.goto(`${server.url}/cases/${number}`);
      await page.locator("summary", { hasText: "書類を付ける" }).click();
      await page.selectOption(field("kind"), "employment");
      await page.selectOption(`form[enctype] ${field("subject")}`, "g1");
      await page.setInputFiles(field("file"), file);
      await page.getByRole("button", { name: "付ける", exact: true }).click();
      await page.getByText("事実を読み取り").first().waitFor();
      await fine(page, "paper");
    });

    test("a renamed program is refused, and nothing is kept", async () => {
      const file = join(folder, "診断書.pdf");
      await writeFile(file, Buffer.concat([Buffer.from("MZ"), Buffer.alloc(4000)]));
      const page = await as("uketsuke1");
      await page.goto(`${server.url}/cases/${number}`);
      await page.locator("summary", { hasText: "書類を付ける" }).click();
      await page.selectOption(field("kind"), "medical");
      await page.selectOption(`form[enctype] ${field("subject")}`, "g1");
      await page.setInputFiles(field("file"), file);
      await page.getByRole("button", { name: "付ける", exact: true }).click();
      await page.getByText("登録できません").first().waitFor();
      await fine(page, "refused");
    });

    test("an examiner confirms facts", async () => {
      const page = await as("shinsa1");
      await page.goto(`${server.url}/cases/${number}/facts`);
      await page.locator("td", { hasText: "月就労時間" }).first().waitFor();
      await fine(page, "facts");
      // What a paper says is ticked already; everything else is a decision of its own.
      const boxes = page.locator('input[name="id"]');
      assert.ok((await boxes.count()) > (await page.locator('input[name="id"]:checked').count()));
      for (const box of await boxes.all()) await box.check();
      await page.getByRole("button", { name: "選んだ事実を確認する" }).click();
      await page.getByText("件の事実を確認しました").waitFor();
    });

    test("two clerks do not undo each other", async () => {
      const one = await as("shinsa1");
      const two = await as("shinsa2");
      for (const page of [one, two]) {
        await page.goto(`${server.url}/cases/${number}`);
        await page.locator("summary", { hasText: "電話・訪問の記録を書く" }).click();
        await page.fill(field("text"), "電話で希望を確かめた");
      }
      await one.getByRole("button", { name: "記録する" }).click();
      await one.getByText("記録しました。").first().waitFor();
      await two.getByRole("button", { name: "記録する" }).click();
      await two.getByText("ほかの人が先に変更しました").first().waitFor();
      await fine(two, "conflict");
      await two.goBack();
      assert.equal(await two.inputValue(field("text")), "電話で希望を確かめた");
    });

    test("a correction is asked for and settled", async () => {
      const page = await as("shinsa1");
      await page.goto(`${server.url}/cases/${number}`);
      await page.locator("summary", { hasText: "補正を依頼する" }).click();
      const form = page.locator(`form[action$="/corrections/ask"]`);
      await form.locator(field("subject")).selectOption("g1");
      await form.locator(field("paper")).selectOption("employment");
      await form.locator(field("what")).fill("就労日数の欄が空欄です");
      await form.getByRole("button").click();
      await page.getByText("補正依頼を登録しました").waitFor();
      await page.getByText("補正待ち").first().waitFor();
      await page.locator(field("how")).fill("窓口で受け取った");
      await page.getByRole("button", { name: "書類を受け取った" }).click();
      await page.getByText("補正依頼を終えました").waitFor();
    });

    test("a certification is proposed by one and approved by another", async () => {
      const examiner = await as("shinsa1");
      await examiner.goto(`${server.url}/cases/${number}/certification`);
      await fine(examiner, "certification");
      await examiner.check(`${field("certify")}[value="certify"]`);
      await examiner.getByRole("button", { name: "起案する" }).click();
      await examiner.getByText("起案しました").waitFor();
      const approver = await as("kessai1");
      await approver.goto(`${server.url}/certifications`);
      await approver.getByText(number).first().waitFor();
      await fine(approver, "certifications");
      await approver.goto(`${server.url}/cases/${number}/certification`);
      await approver.getByRole("button", { name: "承認する" }).click();
      await approver.getByText("認定番号").first().waitFor();
    });

    test("what the index still lacks is told, stated and confirmed", async () => {
      const page = await as("shinsa1");
      await page.goto(`${server.url}/cases/${number}/index`);
      await page.getByText("足りない事実").first().waitFor();
      await fine(page, "index-open");
      for (const [what, value] of [["h.residence", "市内在住"], ["h.income", "5200000"], ["g1.commute_minutes", "35"]]) {
        await page.goto(`${server.url}/cases/${number}/facts`);
        await page.locator("summary", { hasText: "手で加える" }).click();
        await page.selectOption(field("what"), what);
        await page.fill(field("value"), value);
        await page.locator(`form[action$="/facts/state"] ${field("reason")}`).fill("住民票・課税証明書を見た");
        await page.getByRole("button", { name: "加える", exact: true }).click();
        await page.getByText("加えました").waitFor();
      }
      for (const box of await page.locator('input[name="id"]').all()) await box.check();
      await page.getByRole("button", { name: "選んだ事実を確認する" }).click();
      await page.getByText("3件の事実を確認しました").waitFor();
    });

    test("the index is there with its derivation, and the case is ready", async () => {
      const page = await as("shinsa1");
      await page.goto(`${server.url}/cases/${number}/index`);
      await page.locator("summary", { hasText: "計算の全体" }).first().click();
      await page.locator("pre.derivation").first().waitFor();
      await fine(page, "index");
      await page.getByText("選考に参加できる").first().waitFor();
      await page.goto(`${server.url}/cases?q=${encodeURIComponent("みなもひばり")}`);
      await page.getByText(number).first().waitFor();
      await fine(page, "cases");
    });

    test("a nursery answers about its own seats only", async () => {
      const login = Object.keys(accounts).find((a) => a.startsWith("en"));
      const page = await as(login);
      await page.goto(`${server.url}/nursery`);
      await fine(page, "nursery");
      await page.getByRole("button", { name: "この枠で回答する" }).click();
      await page.getByText(/回答しました|理由を書いてください/).first().waitFor();
      assert.equal((await page.goto(`${server.url}/cases`)).status(), 403);
    });

    test("every page of every role is accessible, in both languages and on a phone", async () => {
      const rooms = {
        uketsuke1: ["/", "/entry", "/cases", "/seats", "/rounds", "/criteria", "/account"],
        shinsa1: ["/", "/cases?stage=facts", `/cases/${number}`, `/cases/${number}/history`, "/rounds/2027-04-1", "/rounds/new"],
        kessai1: ["/", "/certifications", "/seats"],
        kanri1: ["/", "/accounts", "/criteria"],
        kansa1: ["/", "/audit", "/audit/verify"],
      };
      for (const [login, paths] of Object.entries(rooms)) {
        const page = await as(login);
        for (const path of paths) {
          for (const size of [{ width: 1366, height: 768 }, { width: 390, height: 844 }, { width: 683, height: 384 }]) {
            await page.setViewportSize(size);
            await page.goto(server.url + path);
            await axe(page);
            await reflows(page);
            await shot(page, `${login}${path.replaceAll(/[/?=]/g, "_")}-${size.width}`);
          }
          await page.setViewportSize({ width: 1366, height: 768 });
        }
        await page.goto(`${server.url}/?lang=en`);
        await axe(page);
        await page.goto(`${server.url}/?lang=ja`);
      }
    });

    test("no page complained", () => assert.deepEqual(browser.faults().filter((f) => !/status of (403|409|422)/.test(f)), []));
  });
}
