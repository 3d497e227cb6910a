// Every page in both themes on a desk and on a phone: reachable by its address, without barriers, not wider than the screen.
import { expect, test } from '@playwright/test';
import { enterAsStaff, enterAsUser, expectNoBarriers, settle } from './desk';

const USER_PAGES = ['/', '/report', '/tickets', '/mine', '/nowhere'];
const STAFF_PAGES = ['/queue', '/analytics', '/analytics?name=resolution-time-by-month', '/analytics?name=active-by-category', '/staff'];
const SCREENS = [
  { name: 'a desk', width: 1280, height: 900 },
  { name: 'a phone', width: 360, height: 740 },
];

for (const { name, ...viewport } of SCREENS) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`on ${name}, ${colorScheme}`, () => {
      test.use({ viewport, colorScheme });

      test('users meet no barrier', async ({ page }) => {
        await enterAsUser(page);
        await page.goto('/tickets');
        const first = await page.getByRole('list', { name: 'Tickets' }).getByRole('link').first().getAttribute('href');
        for (const path of [...USER_PAGES, first ?? '']) {
          await test.step(path, async () => {
            await page.goto(path);
            await settle(page);
            await expectNoBarriers(page);
            const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
            expect(wider).toBeLessThanOrEqual(0);
          });
        }
      });

      test('staff meet no barrier', async ({ page }) => {
        await enterAsStaff(page);
        const first = await page.locator('table.rows').getByRole('link').first().getAttribute('href');
        for (const path of [...STAFF_PAGES, first ?? '']) {
          await test.step(path, async () => {
            await page.goto(path);
            await settle(page);
            await expectNoBarriers(page);
            const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
            expect(wider).toBeLessThanOrEqual(0);
          });
        }
      });
    });
  }
}
