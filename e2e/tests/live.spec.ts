// What happens on the desk shows by itself, in every open window.
import { expect, test } from '@playwright/test';
import { enterAsStaff, enterAsUser, report, settle, uniqueWord } from './desk';

test('lists, tickets and threads come up to date without a click', async ({ browser }) => {
  const word = uniqueWord();
  const title = `The clock in the hall stands still ${word}`;
  const [reporter, reader, staff] = [
    await (await browser.newContext()).newPage(),
    await (await browser.newContext()).newPage(),
    await (await browser.newContext()).newPage(),
  ];
  await enterAsUser(reader);
  await reader.goto('/tickets');
  await settle(reader);
  await enterAsStaff(staff);
  await settle(staff);

  await enterAsUser(reporter);
  const id = await report(reporter, title, 'It shows ten past four all day.');
  await expect(reader.getByRole('link', { name: title })).toBeVisible();
  const row = staff.locator('table.rows tbody tr').filter({ hasText: title });
  await expect(row.getByText('Open', { exact: true })).toBeVisible();

  await reporter.goto(`/tickets/${id}`);
  await reader.getByRole('link', { name: title }).click();
  const typed = reader.getByLabel('Your answer');
  await typed.fill('It is the same upstairs');

  await row.getByRole('link').click();
  await staff.getByRole('button', { name: 'Start work' }).click();
  await expect(reader.locator('.glance').getByText('Active', { exact: true })).toBeVisible();
  await staff.getByLabel('Internal note: only staff see it').check();
  await staff.getByLabel('Your answer').fill(`Not again ${word}`);
  await staff.getByRole('button', { name: 'Add note' }).click();
  await staff.getByLabel('Internal note: only staff see it').uncheck();
  await staff.getByLabel('Your answer').fill(`A new battery is on its way ${word}`);
  await staff.getByRole('button', { name: 'Send answer' }).click();
  await expect(reader.getByText(`A new battery is on its way ${word}`)).toBeVisible();
  await expect(reader.getByText(`Not again ${word}`)).toHaveCount(0);
  // Whoever is writing goes on writing.
  await expect(typed).toHaveValue('It is the same upstairs');
  await expect(typed).toBeFocused();

  await reader.goto('/tickets');
  await expect(reader.getByRole('link', { name: title })).toBeVisible();
  await staff.getByLabel('What was done?').fill('It has a new battery.');
  await staff.getByRole('button', { name: 'Close ticket' }).click();
  await expect(reader.getByRole('link', { name: title })).toHaveCount(0);
});

test('staff at one ticket see who else is there and who is answering', async ({ browser }) => {
  const user = await (await browser.newContext()).newPage();
  await enterAsUser(user);
  const id = await report(user, `A window is stuck ${uniqueWord()}`, 'It does not open any more.');
  const ada = await (await browser.newContext()).newPage();
  const name = await enterAsStaff(ada);
  await ada.goto(`/tickets/${id}`);
  await settle(ada);
  const grace = await (await browser.newContext()).newPage();
  await enterAsStaff(grace);
  await grace.goto(`/tickets/${id}`);
  await expect(grace.getByText(`${name} is looking at this ticket.`)).toBeVisible();
  await expect(ada.getByText('is looking at this ticket.')).toBeVisible();
  await grace.getByLabel('Your answer').fill('We will come');
  await expect(ada.getByText('is answering this ticket.')).toBeVisible();
});

test('the tabs of one browser share one stream, and the next takes over when the first goes', async ({ context }) => {
  const streams: string[] = [];
  context.on('request', (request) => {
    if (request.url().includes('/api/v1/events')) streams.push(request.url());
  });
  const first = await context.newPage();
  await enterAsUser(first);
  await first.goto('/tickets');
  await settle(first);
  await expect.poll(() => streams.length).toBeGreaterThan(0);
  const second = await context.newPage();
  await second.goto('/tickets');
  await settle(second);
  const opened = streams.length;

  const title = `The bin is full ${uniqueWord()}`;
  const elsewhere = await context.newPage();
  await report(elsewhere, title, 'It has been full since Monday.');
  for (const page of [first, second]) await expect(page.getByRole('link', { name: title })).toBeVisible();
  expect(streams.length).toBe(opened);

  await first.close();
  await expect.poll(() => streams.length).toBe(opened + 1);
});

test('a lost connection is said, and the screen comes up to date when it is back', async ({ browser }) => {
  const context = await browser.newContext();
  await context.route('**/api/v1/events*', (route) => route.abort());
  const page = await context.newPage();
  await enterAsUser(page);
  await page.goto('/tickets');
  await settle(page);
  await expect(page.getByText('The connection to the desk is lost.')).toBeVisible();
  const title = `The tap is loose ${uniqueWord()}`;
  const elsewhere = await (await browser.newContext()).newPage();
  await enterAsUser(elsewhere);
  await report(elsewhere, title, 'It turns round and round.');
  await context.unroute('**/api/v1/events*');
  await expect(page.getByRole('link', { name: title })).toBeVisible();
  await expect(page.getByText('The connection to the desk is lost.')).toHaveCount(0);
});
