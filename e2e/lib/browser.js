// One Chromium for a test file, and pages in the sizes people work with.

import { existsSync } from "node:fs";
import { mkdtemp, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const SIZES = {
  // The screen of most offices.
  office: { width: 1366, height: 768 },
  phone: { width: 390, height: 844 },
  // The office screen at 200 % zoom: half as many CSS pixels.
  zoomed: { width: 683, height: 384 },
  // 400 % zoom of 1280 px, the width WCAG 1.4.10 asks for.
  narrow: { width: 320, height: 640 },
};

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// What Chromium asks for in `/favicon.ico` style is no fault of a page; everything on the console else is.
const HARMLESS = [/favicon\.ico/];

export async function openBrowser() {
  const program = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(program)) throw new Error(`${program} is missing: run e2e/run, or install chromium`);
  const profile = await mkdtemp(join(tmpdir(), "enmusubi-e2e-"));
  const main = await chromium.launchPersistentContext(profile, { executablePath: program, args: FLAGS, headless: true });
  const browser = main.browser();
  const faults = [];

  // A new page of a size in a context of its own. Options are Playwright's, such as { javaScriptEnabled: false },
  // { forcedColors: "active" } or { reducedMotion: "reduce" }.
  async function newPage(size = "office", options = {}) {
    const context = await browser.newContext({
      viewport: SIZES[size],
      locale: "ja-JP",
      timezoneId: "Asia/Tokyo",
      isMobile: false,
      hasTouch: size === "phone",
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error" && !HARMLESS.some((h) => h.test(message.text() + message.location().url))) {
        faults.push(`${page.url()}: ${message.text()}`);
      }
    });
    return page;
  }

  return {
    newPage,
    // A page where scripts are off, as in some offices.
    noScript: (size = "office") => newPage(size, { javaScriptEnabled: false }),
    // What pages complained about since the last time this was asked: script errors, refused files.
    faults: () => faults.splice(0),
    async close() {
      await main.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

// Saves a picture if a folder for them is given (E2E_SHOTS).
export async function shot(page, name, options = {}) {
  const folder = process.env.E2E_SHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, ...options });
}

// Saves the page as printed on A4 if a folder is given, and gives the bytes.
export async function print(page, name) {
  const folder = process.env.E2E_SHOTS;
  if (folder) await mkdir(folder, { recursive: true });
  return page.pdf({ preferCSSPageSize: true, printBackground: false, ...(folder && { path: join(folder, `${name}.pdf`) }) });
}
