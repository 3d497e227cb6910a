// Reporting, editing and answering when things go wrong on the way.
import { expect, test } from '@playwright/test';
import { enterAsUser, report, settle, uniqueWord } from './desk';

test('a report whose answer was lost is sent again and is there once', async ({ page }) => {
  const title = `The lift stands still ${uniqueWord()}`;
  let [tries, reachable] = [0, false];
  await enterAsUser(page);
  await page.route('**/api/v1/tickets', async (route) => {
    if (route.request().method() !== 'POST' || reachable) return route.fallback();
    tries += 1;
    // The desk gets the first, and the browser never hears of it.
    if (tries === 1) await route.fetch();
    await route.abort();
  });
  await page.getByLabel('What is wrong?').fill('The lift in the main hall does not move.');
  await page.getByLabel('Title (optional)').fill(title);
  await page.getByRole('button', { name: 'Send report' }).click();
  await expect(page.getByRole('heading', { name: 'Your report is kept and will be sent.' })).toBeVisible();
  await page.getByRole('link', { name: 'My reports' }).last().click();
  const before = tries;
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect.poll(() => tries).toBeGreaterThan(before);
  reachable = true;
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(page.getByRole('list', { name: 'Not sent yet' }).getByRole('listitem')).toHaveCount(0);

  await page.goto('/mine');
  await settle(page);
  await expect(page.getByRole('link', { name: title })).toHaveCount(1);
});

test('a report made without a network is sent once when it is back, even after the page was closed', async ({ context }) => {
  const title = `The bulb is dead ${uniqueWord()}`;
  const page = await context.newPage();
  await enterAsUser(page);
  await page.getByLabel('What is wrong?').fill('It is dark on the stairs.');
  await page.getByLabel('Title (optional)').fill(title);
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Send report' }).click();
  await expect(page.getByRole('heading', { name: 'Your report is kept and will be sent.' })).toBeVisible();
  await expect(page.getByText('A report of yours waits to be sent.')).toBeVisible();
  await page.close();

  await context.setOffline(false);
  const sent: string[] = [];
  context.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/v1/tickets')) sent.push(request.url());
  });
  const [one, other] = [await context.newPage(), await context.newPage()];
  await Promise.all([one.goto('/mine'), other.goto('/mine')]);
  for (const tab of [one, other]) {
    await expect(tab.getByRole('link', { name: title })).toHaveCount(1);
    await expect(tab.getByRole('list', { name: 'Not sent yet' }).getByRole('listitem')).toHaveCount(0);
  }
  expect(sent).toHaveLength(1);
});

test('what was typed is still there after the page was closed', async ({ page }) => {
  await enterAsUser(page);
  await page.getByLabel('What is wrong?').fill('The heating knocks at night.');
  await page.goto('/tickets');
  await page.goto('/report');
  await expect(page.getByLabel('What is wrong?')).toHaveValue('The heating knocks at night.');
});

test('the category shows while one types', async ({ page }) => {
  await enterAsUser(page);
  await page.getByLabel('What is wrong?').fill('My password for the university account is not accepted.');
  await expect(page.getByText(/this is for IT \(\d+%\)/)).toBeVisible();
  await page.getByRole('button', { name: 'Not right?' }).click();
  await page.getByRole('button', { name: /^Services/ }).click();
  await expect(page.getByText('You said this is for Services.')).toBeVisible();
});

test('two people who edit the same text both see both versions', async ({ browser }) => {
  const title = `The projector is dark ${uniqueWord()}`;
  const one = await (await browser.newContext()).newPage();
  const other = await (await browser.newContext()).newPage();
  await enterAsUser(one);
  await enterAsUser(other);
  const id = await report(one, title, 'No picture in the lecture hall.');
  for (const page of [one, other]) {
    await page.goto(`/tickets/${id}`);
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
  }
  await one.getByLabel('Description').fill('No picture in the lecture hall, and no sound.');
  await one.getByRole('button', { name: 'Save changes' }).click();
  await expect(one.getByText('Your changes are saved.')).toBeVisible();

  await other.getByLabel('Description').fill('No picture in the lecture hall since Monday.');
  await other.getByRole('button', { name: 'Save changes' }).click();
  await expect(other.getByText('No picture in the lecture hall, and no sound.')).toBeVisible();
  await expect(other.getByLabel('Description')).toHaveValue('No picture in the lecture hall since Monday.');
  await other.getByRole('button', { name: 'Save again' }).click();
  await expect(other.getByText('Your changes are saved.')).toBeVisible();
  await one.reload();
  await expect(one.getByText('No picture in the lecture hall since Monday.')).toBeVisible();
});

test('an edit that was not finished is still there after a reload, beside what others wrote meanwhile', async ({ browser }) => {
  const title = `The clock is slow ${uniqueWord()}`;
  const one = await (await browser.newContext()).newPage();
  const other = await (await browser.newContext()).newPage();
  await enterAsUser(one);
  await enterAsUser(other);
  const id = await report(one, title, 'The clock in the hall is slow.');
  await one.goto(`/tickets/${id}`);
  await one.getByRole('link', { name: 'Edit', exact: true }).click();
  await one.getByLabel('Description').fill('The clock in the hall is an hour slow.');
  await other.goto(`/tickets/${id}`);
  await other.getByRole('link', { name: 'Edit', exact: true }).click();
  await other.getByLabel('Location').fill('Great hall');
  await other.getByRole('button', { name: 'Save changes' }).click();
  await expect(other.getByText('Your changes are saved.')).toBeVisible();

  await one.reload();
  await expect(one.getByText('You had not finished this edit.')).toBeVisible();
  await expect(one.getByLabel('Description')).toHaveValue('The clock in the hall is an hour slow.');
  await expect(one.getByLabel('Location')).toHaveValue('Great hall');
  // What others wrote is still told apart after one more.
  await one.reload();
  await expect(one.getByText('Somebody changed this ticket while you were writing.')).toBeVisible();
  await one.getByRole('button', { name: 'Save again' }).click();
  await expect(one.getByText('Your changes are saved.')).toBeVisible();
  await one.reload();
  await expect(one.getByText('The clock in the hall is an hour slow.')).toBeVisible();
  await expect(one.getByText('You had not finished this edit.')).toHaveCount(0);
});

test('a desk that cannot be reached says so and offers to try again', async ({ page }) => {
  await enterAsUser(page);
  // Without live events nothing mends itself before somebody presses the button.
  await page.route('**/api/v1/events*', (route) => route.abort());
  await page.route('**/api/v1/tickets?*', (route) => route.abort());
  await page.route('**/api/v1/tickets', (route) => route.abort());
  await page.goto('/tickets');
  await expect(page.getByRole('alert')).toBeVisible();
  await page.unroute('**/api/v1/tickets?*');
  await page.unroute('**/api/v1/tickets');
  await page.getByRole('button', { name: /try again/i }).click();
  await expect(page.getByRole('list', { name: 'Tickets' }).getByRole('listitem').first()).toBeVisible();
});

test.describe('with its worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('the app itself opens without a network, and takes a report', async ({ context, page }) => {
    await enterAsUser(page);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (!navigator.serviceWorker.controller) {
        await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
      }
    });
    await context.setOffline(true);
    await page.goto('/report');
    await page.getByLabel('What is wrong?').fill('The network socket in the wall is dead.');
    await page.getByRole('button', { name: 'Send report' }).click();
    await expect(page.getByRole('heading', { name: 'Your report is kept and will be sent.' })).toBeVisible();
    await context.setOffline(false);
    await page.goto('/mine');
    await expect(page.getByRole('list', { name: 'Not sent yet' }).getByRole('listitem')).toHaveCount(0);
    await expect(page.getByRole('link', { name: 'The network socket in the wall is dead' })).toBeVisible();
  });
});
