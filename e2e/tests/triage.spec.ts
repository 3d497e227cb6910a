// The category of a ticket: guessed, asked for where the guess is unsure, and decided with one tap.
import { expect, test } from '@playwright/test';
import { enterAsStaff, enterAsUser, report, uniqueWord } from './desk';

test('where the classifier is unsure the form asks one question, and the answer stands', async ({ page }) => {
  await enterAsUser(page);
  await page.getByLabel('What is wrong?').fill('🚿🚿🚿🚿🚿🚿🚿🚿🚿🚿');
  const question = page.getByRole('group', { name: 'We are not sure who this is for. Who should get it?' });
  await expect(question.getByRole('button')).toHaveCount(3);
  await question.getByRole('button', { name: /^Facility/ }).click();
  await expect(page.getByText('You said this is for Facility.')).toBeVisible();
  await page.getByRole('button', { name: 'Send report' }).click();
  await page.getByRole('link', { name: /^Open ticket/ }).click();
  await expect(page.getByText('chosen by the reporter')).toBeVisible();
});

test('who reported says «not right» with one tap, until staff decide with one', async ({ browser }) => {
  const reporter = await (await browser.newContext()).newPage();
  await enterAsUser(reporter);
  const id = await report(reporter, `The wifi drops ${uniqueWord()}`, 'My password for the wifi is refused.');
  await reporter.goto(`/tickets/${id}`);
  await expect(reporter.getByText(/^chosen automatically, \d+% sure/)).toBeVisible();
  const desks = (page: typeof reporter) => page.getByRole('group', { name: 'Category' });
  await expect(desks(reporter).getByRole('button', { name: 'IT', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await desks(reporter).getByRole('button', { name: 'Services' }).click();
  await expect(reporter.getByText('The ticket is now for Services.')).toBeVisible();
  await expect(reporter.getByText('chosen by the reporter')).toBeVisible();

  const staff = await (await browser.newContext()).newPage();
  await enterAsStaff(staff);
  await staff.goto(`/tickets/${id}`);
  await desks(staff).getByRole('button', { name: 'IT', exact: true }).click();
  await expect(staff.getByText('decided by staff')).toBeVisible();
  // The other window hears of it, and its buttons go.
  await expect(reporter.getByText('decided by staff')).toBeVisible();
  await expect(desks(reporter)).toHaveCount(0);
});

test('an edit that changes what a ticket is about changes its automatic category, and history says so', async ({ page }) => {
  await enterAsUser(page);
  const id = await report(page, 'Wifi', 'My password for the wifi is refused and the laptop finds no network.');
  await page.goto(`/tickets/${id}`);
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await page.getByLabel('Title').fill('Tap');
  await page.getByLabel('Description').fill('The tap in the washroom drips and the sink is blocked.');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('History', { exact: true }).click();
  await expect(page.getByText('so changed the automatic category from IT to Facility')).toBeVisible();
});
