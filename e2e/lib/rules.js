// Rules of accessibility, checked on a page as it is.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

// Fails with a readable list if axe finds anything. `except` turns rules off by id; say why where it is used.
export async function axe(page, { except = [] } = {}) {
  // Evaluated by the debugger, which the page's content policy does not concern.
  await page.evaluate(AXE);
  const rules = Object.fromEntries(except.map((id) => [id, { enabled: false }]));
  const result = await page.evaluate(
    ([tags, rules]) => globalThis.axe.run(document, { runOnly: { type: "tag", values: tags }, rules, resultTypes: ["violations"] }),
    [TAGS, rules],
  );
  assert.ok(result.passes.length > 5, "axe looked at hardly anything");
  const lines = result.violations.flatMap((v) => [
    `${v.id} (${v.impact}): ${v.help}`,
    ...v.nodes.map((n) => `    ${n.target.join(" ")}\n      ${n.html.slice(0, 200)}\n      ${n.failureSummary.replaceAll("\n", "\n      ")}`),
  ]);
  assert.equal(lines.length, 0, `${page.url()} breaks rules of accessibility:\n${lines.join("\n")}`);
}

// Fails if the page is wider than its window. Boxes that scroll by themselves may hold more.
export async function reflows(page) {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const found = [...document.querySelectorAll("body *")]
      .filter((e) => e.getBoundingClientRect().right > width + 1 && !e.closest(".scroll"))
      .map((e) => `${e.tagName.toLowerCase()}.${e.className} reaches ${Math.round(e.getBoundingClientRect().right)} of ${width}`);
    return found.length ? found : [`something reaches ${document.documentElement.scrollWidth} of ${width}`];
  });
  assert.deepEqual(wide, [], `${page.url()} must be scrolled sideways`);
}

// Fails if a control to press is smaller than 24 by 24 CSS px (WCAG 2.5.8, but for links in text).
export async function pressable(page) {
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("button, select, input:not([type=hidden]), nav a, .button, summary")]
      .filter((e) => e.checkVisibility({ visibilityProperty: true }))
      .map((e) => [e, (e.closest("label.choice") ?? e).getBoundingClientRect()])
      .filter(([, box]) => box.width < 24 || box.height < 24)
      .map(([e, box]) => `${e.outerHTML.slice(0, 80)}: ${Math.round(box.width)}×${Math.round(box.height)}`),
  );
  assert.deepEqual(small, [], `${page.url()}: too small to press`);
}
