// Going through a page with the keyboard alone.

import assert from "node:assert/strict";

// What has the focus: { tag, id, name, text, href, ring }; `ring`: whether an outline or the like shows it.
export function focused(page) {
  return page.evaluate(() => {
    const e = document.activeElement;
    const style = getComputedStyle(e);
    const box = e.getBoundingClientRect();
    return {
      tag: e.tagName.toLowerCase(),
      id: e.id,
      name: e.getAttribute("name") ?? "",
      type: e.getAttribute("type") ?? "",
      text: (e.innerText ?? "").trim(),
      href: e.getAttribute("href") ?? "",
      value: e.value ?? "",
      ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      inSight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
  });
}

// Presses Tab until `found(focus)` is true; every stop on the way must be visible. Gives the stops.
export async function tabTo(page, found, { most = 200 } = {}) {
  const stops = [];
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    stops.push(at);
    assert.ok(at.tag === "body" || at.ring, `nothing shows that the focus is on ${JSON.stringify(at)}`);
    assert.ok(at.tag === "body" || at.inSight, `the focus is out of sight on ${JSON.stringify(at)}`);
    if (found(at)) return stops;
  }
  throw new Error(`not reached with ${most} tabs; stops: ${stops.map((s) => s.id || s.href || s.text || s.tag).join(", ")}`);
}

// Tabs once through everything after the start of the page. Gives the stops; fails where the keyboard is trapped.
export async function tabThrough(page, { most = 400 } = {}) {
  await page.evaluate(() => { document.activeElement?.blur(); });
  await page.evaluate(() => { getSelection().removeAllRanges(); scrollTo(0, 0); });
  return tabTo(page, (at) => at.tag === "body", { most });
}
