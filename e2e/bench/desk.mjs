// What the scripts beside this one share: where the desk is, how Chromium is started, and how one enters as staff.
// Everything on a page is found by its place and not by its words, which may be in any language.
export { chromiumOptions } from '../chromium.mjs';

/** Where the desk is. */
export const desk = process.env.BASE_URL ?? 'http://127.0.0.1:8080';

/** Enters through the door as the first member of the roster; the page may be one of Playwright's or one of Puppeteer's. */
export async function enterAsStaff(page) {
  await page.goto(desk);
  await clickOn(page, '.doors > div.panel > button');
  await clickOn(page, '.members button');
  await page.waitForSelector('.queue table.rows');
}

/** Prints what was measured as the one line that `cargo xtask bench` reads. */
export function print(figures) {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

async function clickOn(page, selector) {
  await page.waitForSelector(selector);
  await page.click(selector);
}
