// The analytics page: what is asked stands in the address, and the picture, the table and the file say the same.
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { enterAsStaff, settle } from './desk';

test('the analysis and the period are chosen, and the address leads back to them', async ({ page }) => {
  await enterAsStaff(page);
  await page.goto('/analytics');
  await settle(page);
  await page.getByRole('button', { name: '30 days' }).click();
  await expect(page).toHaveURL(/name=open-in-period&last=30d/);
  await page.getByLabel('Unit').selectOption('hours');
  await expect(page).toHaveURL(/last=30h/);
  await page.reload();
  await settle(page);
  await expect(page.getByLabel('Unit')).toHaveValue('h');
  await expect(page.locator('figure.chart svg')).toBeVisible();
});

test('the file has a line per row of the table', async ({ page }) => {
  await enterAsStaff(page);
  await page.goto('/analytics?name=resolution-time-by-month');
  await settle(page);
  const rows = await page.locator('table.data tbody tr').count();
  expect(rows).toBeGreaterThan(1);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  const file = await readFile(await (await download).path(), 'utf8');
  expect(file.trimEnd().split('\r\n')).toHaveLength(rows + 1);
});

test('the picture is saved as PNG, twice as large as it is shown', async ({ page }) => {
  await enterAsStaff(page);
  await page.goto('/analytics');
  await settle(page);
  const width = Number(await page.locator('.picture svg').first().getAttribute('width'));
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download PNG' }).click();
  const file = await readFile(await (await waiting).path());
  expect(file.subarray(1, 4).toString()).toBe('PNG');
  expect(file.readUInt32BE(16)).toBe(2 * width);
});

test('values are read from the picture by pointer and by keyboard', async ({ page }) => {
  await enterAsStaff(page);
  await page.goto('/analytics?name=open-in-period&last=365d');
  await settle(page);
  const reader = page.getByRole('slider', { name: 'Values, from left to right' });
  await reader.hover();
  await expect(page.locator('.reading dd')).toHaveCount(2);
  await page.mouse.move(0, 0);
  await expect(page.locator('.reading')).toHaveCount(0);
  await reader.focus();
  await reader.press('End');
  const last = page.locator('table.data tbody tr').last();
  const name = await last.getByRole('rowheader').innerText();
  await expect(reader).toHaveAttribute('aria-valuetext', new RegExp(`^${name}: `));
  await reader.press('Home');
  await expect(reader).toHaveAttribute('aria-valuenow', '1');
});

test('a user is not shown the staff pages', async ({ page }) => {
  await page.goto('/analytics');
  await expect(page.locator('figure.chart')).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});
