// The story the desk is made for, in two browser windows.
import { expect, test, type Page } from '@playwright/test';
import { enterAsStaff, enterAsUser, report, settle, uniqueWord } from './desk';

/** How many tickets of the last hour are not closed, as the analytics page says. */
async function countOpen(page: Page): Promise<number> {
  const number = page
    .getByLabel('Totals')
    .locator('div')
    .filter({ has: page.getByText('not yet closed', { exact: true }) })
    .locator('dd');
  return Number((await number.innerText()).replace(/\D/g, ''));
}

/** Asks the analytics again until the number is what it should be. */
async function expectOpen(page: Page, expected: number): Promise<void> {
  await page.goto('/analytics?name=open-in-period&last=1h');
  await expect(async () => {
    await page.getByRole('button', { name: 'Ask again' }).click();
    await settle(page);
    expect(await countOpen(page)).toBe(expected);
  }).toPass();
}

test('a user reports, staff work on it to the end, the user learns how it ended, and the charts move', async ({ browser }) => {
  const word = uniqueWord();
  const title = `The tap in the tea kitchen drips ${word}`;
  const user = await (await browser.newContext()).newPage();
  const staff = await (await browser.newContext()).newPage();

  const member = await enterAsStaff(staff);
  await staff.goto('/analytics?name=open-in-period&last=1h');
  await settle(staff);
  const before = await countOpen(staff);

  await enterAsUser(user, 'Ada');
  const id = await report(user, title, 'Water drips from the tap in the kitchen day and night.');
  await user.getByRole('link', { name: `Open ticket #${id}` }).click();
  await expect(user.getByRole('heading', { level: 1 })).toContainText(title);
  await user.goto('/tickets');
  await expect(user.getByRole('link', { name: title })).toBeVisible();

  await expectOpen(staff, before + 1);
  await staff.goto('/queue');
  await staff.getByRole('link', { name: title }).click();
  await staff.getByRole('button', { name: 'Assign to me' }).click();
  await expect(staff.getByText('The ticket was assigned.')).toBeVisible();
  await staff.getByRole('button', { name: 'Start work' }).click();
  await expect(staff.getByText('The ticket is now active.')).toBeVisible();
  await staff.getByLabel('Internal note: only staff see it').check();
  await staff.getByLabel('Your answer').fill(`Third time this year ${word}`);
  await staff.getByRole('button', { name: 'Add note' }).click();
  await expect(staff.getByText('Your note was added.')).toBeVisible();
  await staff.getByLabel('Internal note: only staff see it').uncheck();
  await staff.getByLabel('Your answer').fill('A plumber comes this afternoon.');
  await staff.getByRole('button', { name: 'Send answer' }).click();
  await expect(staff.getByText('Your answer was sent.')).toBeVisible();

  await user.goto(`/tickets/${id}`);
  await expect(user.getByText('A plumber comes this afternoon.')).toBeVisible();
  await expect(user.getByLabel('About this ticket').getByText(member)).toBeVisible();
  await expect(user.getByText(`Third time this year ${word}`)).toHaveCount(0);
  await user.getByLabel('Your answer').fill('Thank you, the door is open.');
  await user.getByRole('button', { name: 'Send answer' }).click();
  await expect(user.getByText('Thank you, the door is open.')).toBeVisible();

  await staff.reload();
  await expect(staff.getByText('Thank you, the door is open.')).toBeVisible();
  await staff.getByLabel('What was done?').fill('The washer was replaced.');
  await staff.getByRole('button', { name: 'Close ticket' }).click();
  await expect(staff.getByText('The ticket is now closed.')).toBeVisible();
  await expect(staff.getByText('The washer was replaced.')).toBeVisible();

  await user.goto('/tickets');
  await settle(user);
  await expect(user.getByRole('link', { name: title })).toHaveCount(0);
  await user.goto(`/tickets/${id}`);
  await expect(user.getByRole('heading', { level: 1 })).toHaveText(`Ticket #${id} is not here`);
  await user.goto('/mine');
  const mine = user.getByRole('listitem').filter({ hasText: title });
  await expect(mine.getByText('The washer was replaced.')).toBeVisible();
  await expect(mine.getByText('Closed', { exact: true })).toBeVisible();

  await expectOpen(staff, before);
});
