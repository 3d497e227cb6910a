// Every page in both themes on a desk and on a phone: reachable by its address, without barriers, not wider than the
// screen. A picture of each is kept in e2e/pictures, to be looked at.
import { expect, test, type Page } from '@playwright/test';
import { enterAsStaff, enterAsUser, expectNoBarriers, expectToFit, settle } from './desk';
import { choosePhotos, makePhoto, pageWithPhotos } from './photo';

const USER_PAGES = ['/', '/report', '/tickets', '/mine', '/search?q=projector+library', '/articles', '/articles/1', '/nowhere'];
const STAFF_PAGES = ['/queue', '/analytics', '/analytics?name=resolution-time-by-month', '/analytics?name=active-by-category', '/analytics?name=triage-accuracy', '/analytics?name=searches-without-answer', '/search?q=heating', '/articles', '/articles/new', '/articles/1/edit', '/staff', '/staff/rooms'];
const SCREENS = [
  { name: 'desk', width: 1440, height: 900 },
  { name: 'phone', width: 390, height: 844 },
];

/** The pages of a user with the first ticket of their list, one with photos, and a photo in the form. */
async function userPages(page: Page): Promise<string[]> {
  await enterAsUser(page);
  await choosePhotos(page, [await makePhoto(page, { name: 'tap.jpg', seed: 3 })]);
  await expect(page.getByText('Uploaded.', { exact: true })).toBeVisible();
  const photos = await pageWithPhotos(page);
  await page.goto('/tickets');
  const first = page.getByRole('list', { name: 'Tickets' }).getByRole('link').first();
  return [...USER_PAGES, photos, (await first.getAttribute('href')) ?? ''];
}

/** The pages of staff with the first ticket of the queue, and one with photos. */
async function staffPages(page: Page): Promise<string[]> {
  await enterAsStaff(page);
  const photos = await pageWithPhotos(page);
  const first = page.locator('table.rows').getByRole('link').first();
  return [...STAFF_PAGES, photos, (await first.getAttribute('href')) ?? ''];
}

const PAGES = { user: userPages, staff: staffPages };

/** What a page is called in the name of its picture: its path, all tickets alike. */
function pictureName(path: string): string {
  const words = path.replace(/\/\d+$/, '-one').split(/[^a-z-]+/i).filter((word) => word && word !== 'name');
  return words.join('-') || 'door';
}

for (const { name, ...viewport } of SCREENS) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [role, findPages] of Object.entries(PAGES)) {
      test.describe(`on a ${name}, ${colorScheme}`, () => {
        test.use({ viewport, colorScheme });

        test(`${role} meets no barrier`, async ({ page }) => {
          for (const path of await findPages(page)) {
            await test.step(path, async () => {
              await page.goto(path);
              await settle(page);
              await page.screenshot({ path: `pictures/${role}-${pictureName(path)}-${name}-${colorScheme}.png` });
              await expectNoBarriers(page);
              await expectToFit(page);
            });
          }
        });
      });
    }
  }
}

test('something shows before the app is there, and it says so when the app does not come', async ({ page }) => {
  await page.route('**/*.wasm', (route) => route.abort());
  await page.goto('/');
  await expect(page.getByRole('link', { name: 'Campus Desk' })).toBeVisible();
  await expect(page.getByText('Campus Desk could not be loaded.')).toBeVisible();
  await page.unroute('**/*.wasm');
  await page.reload();
  await expect(page.getByRole('button', { name: 'Enter as user' })).toBeVisible();
  await expect(page.locator('#shell')).toHaveCount(0);
});

// The narrowest screen that WCAG 2.2 asks for (1.4.10), which is also a desk at 400 % zoom.
for (const [role, findPages] of Object.entries(PAGES)) {
  test.describe('on 320 pixels', () => {
    test.use({ viewport: { width: 320, height: 640 } });

    test(`${role} finds every page within the screen`, async ({ page }) => {
      for (const path of await findPages(page)) {
        await test.step(path, async () => {
          await page.goto(path);
          await settle(page);
          await expectToFit(page);
        });
      }
    });
  });
}
