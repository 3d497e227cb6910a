// The app in the languages that it speaks besides English: all of it, the right way round, and as chosen.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { expectNoBarriers, expectToFit, settle } from './desk';
import { makePhoto, pageWithPhotos } from './photo';

const LOCALES = fileURLToPath(new URL('../../frontend/locales', import.meta.url));

/** All texts of a language by their keys. */
function textsOf(language: string): Map<string, string> {
  const texts = new Map<string, string>();
  const collect = (key: string, value: unknown) => {
    if (typeof value === 'string') texts.set(key, value);
    else for (const [name, inner] of Object.entries(value as object)) collect(`${key}.${name}`, inner);
  };
  for (const file of readdirSync(join(LOCALES, language))) {
    collect(file.replace('.json', ''), JSON.parse(readFileSync(join(LOCALES, language, file), 'utf8')));
  }
  return texts;
}

/** English texts that are others in this language, but for those with room for something. */
function englishOnly(language: string): Set<string> {
  const [english, own] = [textsOf('en'), textsOf(language)];
  const words = new Set(own.values());
  return new Set([...english].filter(([key, text]) => own.get(key) !== text && !text.includes('{{') && !words.has(text)).map(([, text]) => text));
}

/** What a page says: its texts, and the names of what has no text. */
async function saidOn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const said: string[] = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (!walk.currentNode.parentElement?.closest('script, noscript')) said.push(walk.currentNode.textContent ?? '');
    for (const name of ['aria-label', 'title', 'placeholder']) {
      for (const one of document.querySelectorAll(`[${name}]`)) said.push(one.getAttribute(name) ?? '');
    }
    return said.map((text) => text.trim()).filter(Boolean);
  });
}

/** Enters as the first member of the roster, whatever the language. */
async function enterAsStaff(page: Page): Promise<void> {
  const { items } = await (await page.request.get('/api/v1/staff')).json();
  const session = { role: 'staff', staff: { id: items[0].id, name: items[0].name }, user_name: null };
  await page.addInitScript((kept) => localStorage.setItem('campusdesk.session', kept), JSON.stringify(session));
}

/** The address of a ticket that is open. */
async function firstTicket(page: Page): Promise<string> {
  const { items } = await (await page.request.get('/api/v1/tickets?limit=1')).json();
  return `/tickets/${items[0].id}`;
}

const USER_PAGES = ['/', '/report', '/tickets', '/mine', '/search?q=projector', '/articles', '/articles/1', '/nowhere', '/queue'];
const STAFF_PAGES = ['/queue', '/analytics', '/analytics?name=resolution-time-by-month', '/analytics?name=triage-accuracy', '/analytics?name=searches-without-answer', '/search?q=heating', '/articles/new', '/staff', '/staff/rooms'];

for (const { locale, language, direction } of [
  { locale: 'de-AT', language: 'de', direction: 'ltr' },
  { locale: 'ar-EG', language: 'ar', direction: 'rtl' },
]) {
  test.describe(`in a browser that asks for ${locale}`, () => {
    test.use({ locale, viewport: { width: 390, height: 844 } });
    const foreign = englishOnly(language);

    for (const role of ['user', 'staff']) {
      test(`${role} reads ${language} on every page, without barriers`, async ({ page }) => {
        if (role === 'staff') await enterAsStaff(page);
        const pages = role === 'staff' ? STAFF_PAGES : USER_PAGES;
        const photo = await makePhoto(page, { name: '1.jpg', seed: 3 });
        for (const path of [...pages, await firstTicket(page), await pageWithPhotos(page)]) {
          await test.step(path, async () => {
            await page.goto(path);
            await settle(page);
            if (path === '/report') {
              await page.locator('photo-field input[type=file]').setInputFiles([photo]);
              await expect(page.locator('.photo-cards img')).toBeVisible();
            }
            await expect(page.locator('html')).toHaveAttribute('lang', language);
            await expect(page.locator('html')).toHaveAttribute('dir', direction);
            expect((await saidOn(page)).filter((text) => foreign.has(text))).toEqual([]);
            await page.screenshot({ path: `pictures/${language}-${role}-${path.split(/\W+/).filter(Boolean).join('-').replace(/\d+(?=-|$)/, 'one') || 'door'}.png` });
            await expectNoBarriers(page);
            await expectToFit(page);
          });
        }
      });
    }
  });
}

test('a language that was chosen stays, also for dates and numbers', async ({ page }) => {
  await page.goto('/report');
  await expect(page.getByLabel('What is wrong?')).toBeVisible();
  await page.getByLabel('What is wrong?').fill('The tap drips.');
  await page.getByLabel('Language').selectOption('Deutsch');
  // What was typed is still there, under a label in the other language.
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page.locator('textarea').first()).toHaveValue('The tap drips.');
  await page.reload();
  await expect(page.getByLabel('Sprache')).toHaveValue('de');
  await page.goto('/tickets');
  await expect(page.locator('time').first()).toHaveText(/^(vor|gerade)/);
  await page.getByLabel('Sprache').selectOption('العربية');
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
  await expect(page.locator('time').first()).toHaveText(/^(قبل|الآن)/);
});
