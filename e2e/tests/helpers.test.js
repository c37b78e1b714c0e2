// The helpers find what they are for: a check that finds nothing on a broken page is none.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openBrowser } from "../lib/browser.js";
import { tabThrough, tabTo } from "../lib/keyboard.js";
import { axe, pressable, reflows } from "../lib/rules.js";
import { freePort, start } from "../lib/server.js";

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser?.close());

const GOOD = "<html lang=ja><title>見本</title><main><h1>見本</h1><button>送る</button><p>文です。</main>";
const RING = "<style>:focus{outline:3px solid #b45309}button{min-height:2rem}</style>";

async function shown(html, size = "office", options = {}) {
  const page = await browser.newPage(size, options);
  await page.setContent(html);
  return page;
}

describe("rules", () => {
  const CASES = [
    [axe, "<html lang=ja><title>見本</title><main><h1>見本</h1><input></main>", /label \(critical\)/],
    [axe, "<html><title>見本</title><main><h1>見本</h1></main>", /html-has-lang/],
    [axe, "<html lang=ja><title>見本</title><h1>見本</h1>", /landmark-one-main|region/],
    [axe, "<html lang=ja><title>見本</title><main><h1>見本</h1><p style='color:#aaa'>うすい</main>", /color-contrast/],
    [reflows, `${GOOD}<div style='width:2000px'>x</div>`, /reaches 2008 of 1366/],
    [pressable, `${GOOD}<button style='width:10px;height:10px;padding:0'></button>`, /10×10/],
    [tabThrough, `<style>*{outline:none!important}</style>${GOOD}`, /nothing shows/],
    [tabThrough, `${RING}${GOOD}<a href=# style='position:fixed;left:-900px'>x</a>`, /out of sight/],
  ];
  for (const [check, html, complaint] of CASES) {
    it(`${check.name} finds ${complaint}`, async () => {
      await assert.rejects(async () => check(await shown(html)), complaint);
    });
  }

  it("are silent on a page that keeps them", async () => {
    const page = await shown(GOOD.replace("<main>", `${RING}<main>`));
    await axe(page);
    await reflows(page);
    await pressable(page);
    await tabThrough(page);
    await assert.rejects(tabTo(page, (at) => at.id === "nowhere", { most: 3 }), /not reached with 3 tabs; stops: 送る/);
  });
});

it("faults of a page are kept until asked for", async () => {
  await (await shown(`${GOOD}<script>throw new Error("made up")</script>`)).waitForTimeout(100);
  assert.match(browser.faults().join(), /made up/);
  assert.deepEqual(browser.faults(), []);
});

it("a context without scripts runs none", async () => {
  const page = await browser.noScript();
  await page.setContent(`${GOOD}<script>document.querySelector("h1").textContent = "script"</script>`);
  assert.equal(await page.locator("h1").innerText(), "見本");
});

describe("starting a server", () => {
  it("tells what a program said that ends at once", async () => {
    await assert.rejects(start("bash", ["-c", "echo port {port} is bad; exit 3"]), /ended with 3\nport \d+ is bad/);
  });
  it("tells of a program that is not there", async () => {
    await assert.rejects(start("/no/such/program"), /starting \/no\/such\/program: .*ENOENT/);
  });
  it("gives ports that can be used", async () => {
    assert.notEqual(await freePort(), 0);
  });
});
