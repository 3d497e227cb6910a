// Whatever people write is shown as text, and breaks no page.
import { expect, test } from '@playwright/test';
import { enterAsStaff, enterAsUser, expectToFit, settle, uniqueWord } from './desk';

const HOSTILE = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>&amp;{{1+1}}';
const RIGHT_TO_LEFT = 'الصنبور في المطبخ يقطر \u202Eabc\u202C منذ أسبوع';
const EMOJI = '🚰👩🏽‍🔧🇩🇪 e\u0301';
const WORD = 'Donaudampfschiff'.repeat(12);

/** Text of about so many characters with everything in it, in one overlong word and in lines. */
function text(word: string, length: number): string {
  const whole = `${word} ${HOSTILE} ${RIGHT_TO_LEFT} ${EMOJI}\n${WORD} `;
  return whole.repeat(Math.ceil(length / whole.length)).slice(0, length).trim();
}

for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
  test(`text of every kind in every field is shown as text, ${viewport.width} pixels wide`, async ({ browser }) => {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    const word = uniqueWord();
    const harmless = async () => {
      await settle(page);
      await expectToFit(page);
      expect(await page.evaluate(() => (window as any).harmed)).toBeUndefined();
    };

    await enterAsUser(page, `${word} ${HOSTILE}`.slice(0, 80));
    await page.goto('/report');
    await page.getByLabel('What is wrong?').fill(text(word, 10_000));
    await page.getByLabel('Title (optional)').fill(`${word} ${WORD}`.slice(0, 200));
    await page.getByLabel(/^Where/).fill(`${RIGHT_TO_LEFT} ${HOSTILE}`.slice(0, 200));
    await harmless();
    await page.getByRole('button', { name: 'Send report' }).click();
    await page.getByRole('link', { name: /^Open ticket #/ }).click();
    await expect(page.getByText(`${word} ${HOSTILE}`).first()).toBeVisible();
    await harmless();
    const address = page.url();
    await page.getByLabel('Your answer').fill(text(word, 5_000));
    await page.getByRole('button', { name: 'Send answer' }).click();
    await expect(page.getByText('Your answer was sent.')).toBeVisible();
    await harmless();
    for (const path of ['/tickets', '/mine']) {
      await page.goto(path);
      await expect(page.locator('main').getByText(word).first()).toBeVisible();
      await harmless();
    }

    await enterAsStaff(page);
    await expect(page.locator('table.rows').getByText(word).first()).toBeVisible();
    await harmless();
    await page.goto(address);
    await harmless();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await harmless();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Start work' }).click();
    await page.getByLabel('What was done?').fill(text(word, 2_000));
    await page.getByRole('button', { name: 'Close ticket' }).click();
    await expect(page.getByText('The ticket is now closed.')).toBeVisible();
    await harmless();
    await page.getByRole('button', { name: 'History' }).click();
    await harmless();
    await context.close();
  });
}
