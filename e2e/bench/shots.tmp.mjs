import { chromium } from '@playwright/test';
import { chromiumOptions, desk } from './desk.mjs';
const browser = await chromium.launch(chromiumOptions ?? {});
const out = process.argv[2];
async function shots(name, opts, run) {
  const ctx = await browser.newContext({ viewport: opts.phone ? { width: 390, height: 844 } : { width: 1280, height: 850 }, colorScheme: opts.dark ? 'dark' : 'light', locale: opts.locale ?? 'en' });
  const page = await ctx.newPage();
  page.on('pageerror', (e) => console.log(name, 'ERR', e.message));
  page.on('console', (m) => m.type() === 'error' && console.log(name, m.text()));
  try { await run(page); } catch (e) { console.log(name, 'FAILED', e.message.split('\n')[0]); }
  await page.waitForTimeout(600);
  await page.screenshot({ path: `${out}/${name}.png`, fullPage: true });
  await ctx.close();
}
const asUser = async (page) => { await page.goto(desk); await page.getByRole('button', { name: 'Enter as user' }).click(); await page.waitForURL(/report/); };
const asStaff = async (page) => { await page.goto(desk); await page.getByRole('button', { name: 'Enter as staff' }).click(); await page.locator('.members button').first().click(); await page.waitForURL(/queue/); };
for (const phone of [false, true]) for (const dark of [false, true]) {
  if (phone !== dark) { /* two of four for most */ }
  const t = `${phone ? 'phone' : 'desk'}-${dark ? 'dark' : 'light'}`;
  const o = { phone, dark };
  await shots(`report-${t}`, o, async (p) => { await asUser(p); await p.getByLabel('What is wrong?').fill('The projector in the lecture hall shows no picture, I tried HDMI'); await p.locator('.similar').waitFor({ timeout: 5000 }); });
  await shots(`search-${t}`, o, async (p) => { await asUser(p); await p.goto(desk + '/search?q=projector+library'); await p.locator('.found').first().waitFor(); });
  await shots(`searchstaff-${t}`, o, async (p) => { await asStaff(p); await p.goto(desk + '/search?q=heating'); await p.locator('.found').first().waitFor(); });
  await shots(`articles-${t}`, o, async (p) => { await asUser(p); await p.goto(desk + '/articles'); await p.locator('ul.shelf').first().waitFor(); });
  await shots(`article-${t}`, o, async (p) => { await asUser(p); await p.goto(desk + '/articles'); await p.locator('ul.shelf a').nth(3).click(); await p.locator('.markdown').waitFor(); });
  await shots(`write-${t}`, o, async (p) => { await asStaff(p); await p.goto(desk + '/articles/new'); await p.getByLabel('Text').fill('## Heading\n\n- one\n- **two** `x`\n\n<b>html</b> [bad](javascript:alert(1)) [good](https://example.org)'); });
  await shots(`ticket-${t}`, o, async (p) => { await asStaff(p); await p.goto(desk + '/queue?status=active'); await p.locator('.rows a').first().click(); await p.locator('.merging').waitFor(); });
}
await browser.close();
