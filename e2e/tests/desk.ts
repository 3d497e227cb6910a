// What every test does: enter, report, wait until a page has settled, look for barriers with axe.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Enters through the door as somebody who has a problem. */
export async function enterAsUser(page: Page, name = ''): Promise<void> {
  await page.goto('/');
  await page.getByLabel('Your name (optional)').fill(name);
  await page.getByRole('button', { name: 'Enter as user' }).click();
  await expect(page).toHaveURL(/\/report$/);
}

/** Enters through the door as the first member of the roster; the answer is their name. */
export async function enterAsStaff(page: Page): Promise<string> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Enter as staff' }).click();
  const first = page.getByRole('list', { name: 'Roster' }).getByRole('button').first();
  const name = await first.innerText();
  await first.click();
  await expect(page).toHaveURL(/\/queue$/);
  return name;
}

/** Reports a problem; the answer is its number. */
export async function report(page: Page, title: string, description: string): Promise<number> {
  await page.goto('/report');
  await page.getByLabel('What is wrong?').fill(description);
  await page.getByLabel('Title (optional)').fill(title);
  await page.getByRole('button', { name: 'Send report' }).click();
  const thanks = page.getByRole('heading', { name: /^Thank you\. Your report is #\d+\.$/ });
  return Number(/#(\d+)/.exec(await thanks.innerText())?.[1]);
}

/** Waits until nothing on the page is being loaded. */
export async function settle(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
  await expect(page.locator('.loading, [aria-busy="true"]')).toHaveCount(0);
}

/** Fails if the page is wider than the screen. */
export async function expectToFit(page: Page): Promise<void> {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wider).toBeLessThanOrEqual(0);
}

/** Fails with the name, the place and the explanation of each barrier that axe finds. */
export async function expectNoBarriers(page: Page): Promise<void> {
  // Evaluated, not added as a script: the page's content security policy need not allow it.
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const results = await (window as any).axe.run(document, { runOnly: tags });
    return results.violations.flatMap((one: any) =>
      one.nodes.map((node: any) => `${one.id}: ${node.target.join(' ')}: ${node.failureSummary}`),
    );
  });
  expect(found).toEqual([]);
}

/** A word that no other test's ticket has. */
export function uniqueWord(): string {
  return `x${crypto.randomUUID().slice(0, 8)}`;
}
