// The queue: as long as the desk has tickets, and usable without a mouse.
import { expect, test } from '@playwright/test';
import { enterAsStaff, settle } from './desk';

test('the queue goes on as one scrolls, without repeats and with few rows in the page', async ({ page }) => {
  await enterAsStaff(page);
  await settle(page);
  const numbers = new Set<string>();
  const rows = page.locator('table.rows tbody tr:not(.gap)');
  for (let step = 0; step < 40; step++) {
    const seen = await rows.locator('.number').allInnerTexts();
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeLessThanOrEqual(200);
    seen.forEach((number) => numbers.add(number));
    if (numbers.size > 400) break;
    await page.mouse.wheel(0, 2500);
    await settle(page);
  }
  expect(numbers.size).toBeGreaterThan(400);
  await page.keyboard.press('Home');
  await expect(rows.first().locator('.number')).toBeInViewport();
});

test('a ticket is found, selected and opened by keyboard alone', async ({ page }) => {
  await enterAsStaff(page);
  await settle(page);
  await page.keyboard.press('?');
  await expect(page.getByText('Select the ticket, or not')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Select the ticket, or not')).toHaveCount(0);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(page.getByText('Selected: 1', { exact: true })).toBeVisible();
  const second = page.locator('table.rows tbody tr:not(.gap)').nth(1);
  const number = await second.locator('.number').innerText();
  await expect(second.getByRole('link')).toBeFocused();
  await page.keyboard.press('k');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/tickets/${number.slice(1)}$`));
});

test('letters do nothing once the keys are switched off', async ({ page }) => {
  await enterAsStaff(page);
  await settle(page);
  const first = page.locator('table.rows tbody').getByRole('link').first();
  await page.keyboard.press('j');
  await expect(first).toBeFocused();
  await page.getByRole('button', { name: 'Keys' }).click();
  await page.getByLabel('Use these keys').uncheck();
  await page.reload();
  await settle(page);
  await page.keyboard.press('j');
  await expect(first).not.toBeFocused();
});

test('filters are kept as a view under a name, found again and forgotten', async ({ page }) => {
  await enterAsStaff(page);
  await settle(page);
  await page.getByLabel('Status').selectOption('active');
  await page.getByRole('button', { name: 'Save this view' }).click();
  await page.getByLabel('Name of this view').fill('Under way');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const current = page.locator('.views [aria-current]');
  await expect(current).toHaveCount(1);
  await page.goto('/queue');
  await expect(page.getByRole('link', { name: 'Under way' })).toBeVisible();
  await expect(current).toHaveCount(0);
  await page.getByRole('list', { name: 'Saved views' }).getByRole('link', { name: 'Under way' }).click();
  await expect(page).toHaveURL(/\/queue\?status=active$/);
  await expect(page.getByLabel('Status')).toHaveValue('active');
  await page.getByRole('button', { name: 'Forget the view Under way' }).click();
  await expect(page.getByRole('link', { name: 'Under way' })).toHaveCount(0);
});

test('rows are dense or airy, as chosen before', async ({ page }) => {
  await enterAsStaff(page);
  await settle(page);
  const row = page.locator('table.rows tbody tr:not(.gap)').nth(3);
  const height = async () => (await row.boundingBox())?.height;
  expect(await height()).toBeCloseTo(36, 0);
  await page.getByRole('button', { name: 'Airy rows' }).click();
  await expect.poll(height).toBeCloseTo(48, 0);
  await page.reload();
  await settle(page);
  expect(await height()).toBeCloseTo(48, 0);
});

test('light and dark are chosen and kept', async ({ page }) => {
  await enterAsStaff(page);
  const switchButton = page.getByRole('button', { name: /^Colours: / });
  await expect(switchButton).toHaveAccessibleName('Colours: as the system has them');
  await switchButton.click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await switchButton.click();
  await switchButton.click();
  await expect(page.locator('html')).not.toHaveAttribute('data-theme', /./);
});
