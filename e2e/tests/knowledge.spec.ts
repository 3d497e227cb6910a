// Finding what is there: a report somebody wrote already, an answer, a ticket by its words; and merging what is the same.
import { expect, test } from '@playwright/test';
import { enterAsStaff, enterAsUser, report, uniqueWord } from './desk';

test('who writes a report that exists joins it, and the count rises in another window', async ({ browser, page }) => {
  const word = uniqueWord();
  await enterAsUser(page);
  const id = await report(page, `Kettle ${word}`, `The kettle ${word} in the tea kitchen leaks all over the counter`);

  const other = await (await browser.newContext()).newPage();
  await enterAsUser(other);
  await other.goto('/report');
  await other.getByLabel('What is wrong?').fill(`Somebody should look at the kettle ${word}, it leaks`);
  const suggestions = other.locator('.similar');
  await expect(suggestions.getByRole('heading', { name: 'Is it one of these?' })).toBeVisible();
  const first = suggestions.getByRole('listitem').filter({ hasText: word });
  await expect(first.getByText('Open')).toBeVisible();

  await page.goto(`/tickets/${id}`);
  await expect(page.getByRole('heading', { level: 1, name: word })).toBeVisible();
  await expect(page.getByText('Others affected:')).toHaveCount(0);
  await first.getByRole('button', { name: 'Me too' }).click();
  await expect(page.getByText('Others affected: 1')).toBeVisible();

  // Undone, and done again, each once.
  await first.getByRole('button', { name: 'Not me any more' }).click();
  await expect(page.getByText('Others affected:')).toHaveCount(0);
  await first.getByRole('button', { name: 'Me too' }).click();
  await expect(page.getByText('Others affected: 1')).toBeVisible();

  // What staff answer reaches who joined.
  const desk = await (await browser.newContext()).newPage();
  await enterAsStaff(desk);
  await desk.goto(`/tickets/${id}`);
  await desk.getByLabel('Your answer').fill(`A new kettle comes on Friday, ${word}.`);
  await desk.getByRole('button', { name: 'Send answer' }).click();
  await expect(desk.getByText('Your answer was sent.')).toBeVisible();
  await other.goto('/mine');
  const card = other.getByRole('listitem').filter({ hasText: word });
  await expect(card.getByText('You joined this')).toBeVisible();
  await expect(card.getByText(`A new kettle comes on Friday, ${word}.`)).toBeVisible();
  await desk.context().close();
  await other.context().close();
});

test('a search goes from the header by keyboard to the ticket', async ({ page }) => {
  const word = uniqueWord();
  await enterAsUser(page);
  const id = await report(page, `Blackboard ${word}`, 'The blackboard squeaks');
  await page.goto('/tickets');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Search' })).toBeFocused();
  await page.keyboard.type(`blackbord ${word}`);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/search\?q=/);
  const found = page.getByRole('list', { name: 'Results' }).getByRole('link', { name: word });
  await expect(found).toBeVisible();
  await expect(page.locator('mark').first()).toBeVisible();
  // Goes on while one types, and keeps what is typed in the address.
  const box = page.getByRole('searchbox', { name: 'What to look for' });
  await box.fill(`#${id}`);
  await expect(page.getByRole('list', { name: 'Results' }).getByRole('link').first()).toContainText(word);
  await box.press('Tab');
  await page.getByRole('link', { name: word }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/tickets/${id}$`));
});

test('an article made from a closed ticket is found by who begins the same report', async ({ browser, page }) => {
  const word = uniqueWord();
  await enterAsStaff(page);
  const id = await report(page, `Scanner ${word} is offline`, `The scanner ${word} says offline`);
  await page.goto(`/tickets/${id}`);
  await page.getByRole('button', { name: 'Start work' }).click();
  await page.getByLabel('What was done?').fill(`Hold the green button of the scanner ${word} for ten seconds.`);
  await page.getByRole('button', { name: 'Close ticket' }).click();
  await page.getByRole('link', { name: 'Make an article from this ticket' }).click();
  await expect(page.getByLabel('Title')).toHaveValue(`Scanner ${word} is offline`);
  await expect(page.getByLabel('Text')).toHaveValue(new RegExp(`Hold the green button of the scanner ${word}`));
  await page.getByLabel('Published').check();
  await page.getByRole('button', { name: 'Save the article' }).click();
  await expect(page).toHaveURL(/\/articles\/\d+$/);
  await expect(page.getByRole('heading', { level: 1, name: word })).toBeVisible();

  const user = await (await browser.newContext()).newPage();
  await enterAsUser(user);
  await user.goto('/report');
  await user.getByLabel('What is wrong?').fill(`My scanner ${word} is offline again`);
  const answer = user.locator('.similar').getByRole('link', { name: `Scanner ${word} is offline` });
  const [article] = await Promise.all([user.waitForEvent('popup'), answer.click()]);
  await article.getByRole('button', { name: /^Yes/ }).click();
  await expect(article.getByText('Thank you.')).toBeVisible();
  await expect(article.getByRole('button', { name: 'Yes 1' })).toBeVisible();

  // Who leaves the form now was helped, which staff see.
  const counted = user.waitForResponse((answer) => answer.url().endsWith('/api/v1/reports/outcomes'));
  await user.getByRole('link', { name: 'Tickets' }).click();
  expect((await counted).status()).toBe(204);
  const rows = await (await user.request.get(`/api/v1/reports/outcomes?from=2020-01-01`, { headers: { 'desk-role': 'staff' } })).json();
  expect(rows.items.find((row: any) => row.title.includes(word))).toMatchObject({ shown: 1, opened: 1, stopped: 1 });
  await user.context().close();
});

test('two tickets about one thing become one, and two again', async ({ browser, page }) => {
  const word = uniqueWord();
  await enterAsStaff(page);
  const first = await report(page, `Gate ${word} stuck`, `The gate ${word} is stuck`);
  const other = await (await browser.newContext()).newPage();
  await enterAsUser(other);
  const second = await report(other, `Gate ${word} does not open`, `The gate ${word} does not open at all`);
  await page.goto(`/tickets/${second}`);
  await page.getByLabel('Your answer').fill(`It is the motor, ${word}.`);
  await page.getByRole('button', { name: 'Send answer' }).click();
  await expect(page.getByText('Your answer was sent.')).toBeVisible();

  await page.getByLabel('Merge into ticket').fill(`#${first}`);
  await expect(page.locator('.merging').getByText(`Gate ${word} stuck`)).toBeVisible();
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/tickets/${first}$`));
  await expect(page.locator('.messages').getByText(`It is the motor, ${word}.`)).toBeVisible();
  await expect(page.getByText('Others affected: 1')).toBeVisible();

  // Who reported it reads the same, and the old address leads here.
  await other.goto('/mine');
  await expect(other.getByText(`is now part of #${first}`)).toBeVisible();
  await other.context().close();
  await page.goto(`/tickets/${second}`);
  await expect(page).toHaveURL(new RegExp(`/tickets/${first}$`));
  await page.getByRole('button', { name: `Undo the merge of #${second}` }).click();
  await expect(page.getByText(`#${second} is a ticket of its own again.`)).toBeVisible();
  await expect(page.locator('.messages').getByText(`It is the motor, ${word}.`)).toHaveCount(0);
  await page.goto(`/tickets/${second}`);
  await expect(page.getByRole('heading', { level: 1, name: 'does not open' })).toBeVisible();
  await expect(page.locator('.messages').getByText(`It is the motor, ${word}.`)).toBeVisible();
});
