// The whole way of a ticket without a mouse.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { settle, uniqueWord } from './desk';

/** Goes on with the tab key until the focus is there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let step = 0; step < 80; step++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('the tab key does not lead there');
}

async function press(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}

async function type(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.type(text);
}

test('a ticket is reported, answered and closed by keyboard alone', async ({ page }) => {
  const title = `The door of the lab sticks ${uniqueWord()}`;
  await page.goto('/');
  await press(page, page.getByRole('button', { name: 'Enter as user' }));
  await expect(page).toHaveURL(/\/report$/);
  // The focus went along to the new page.
  await expect(page.locator('main')).toBeFocused();
  await type(page, page.getByLabel('What is wrong?'), 'It takes two people to open the door of the lab.');
  await type(page, page.getByLabel('Title (optional)'), title);
  await press(page, page.getByRole('button', { name: 'Send report' }));
  await press(page, page.getByRole('link', { name: /^Open ticket #/ }));
  await expect(page.getByRole('heading', { level: 1 })).toContainText(title);
  const path = new URL(page.url()).pathname;

  await page.goto('/');
  await press(page, page.getByRole('button', { name: 'Enter as staff' }));
  await press(page, page.getByRole('list', { name: 'Roster' }).getByRole('button').first());
  await expect(page).toHaveURL(/\/queue$/);
  await settle(page);
  await page.keyboard.press('j');
  await press(page, page.getByRole('link', { name: title }));
  await expect(page).toHaveURL(new RegExp(`${path}$`));
  await type(page, page.getByLabel('Your answer'), 'Somebody comes today.');
  await press(page, page.getByRole('button', { name: 'Send answer' }));
  await expect(page.getByText('Your answer was sent.')).toBeVisible();
  await press(page, page.getByRole('button', { name: 'Start work' }));
  await type(page, page.getByLabel('What was done?'), 'The hinge was oiled.');
  await press(page, page.getByRole('button', { name: 'Close ticket' }));
  await expect(page.getByText('The ticket is now closed.')).toBeVisible();
});
