// Photos: on their way over a bad line, without one, on a ticket, and with what is on them.
import { expect, test, type Page } from '@playwright/test';
import { enterAsStaff, enterAsUser, expectNoBarriers, expectToFit, settle, uniqueWord } from './desk';
import { cardOf, choosePhotos, closeTicket, labelled, makePhoto, reportWithPhotos, type Photo } from './photo';

const gallery = (page: Page) => page.getByRole('region', { name: 'Photos' });
const thumbs = (page: Page) => gallery(page).locator('.thumb img');
const sendReport = (page: Page) => page.getByRole('button', { name: 'Send report' }).click();

/** A line that takes so many kbit/s from the browser. */
async function slowDown(page: Page, kbits: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', { offline: false, latency: 40, downloadThroughput: 1e6, uploadThroughput: (kbits * 1000) / 8 });
}

/** Puts files on the page, as from the clipboard or from another window. */
async function bring(page: Page, how: 'paste' | 'drop', photo: Photo): Promise<void> {
  await page.evaluate(
    ({ how, name, type, base64 }) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, { type }));
      const event = how === 'paste' ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }) : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
      document.querySelector('main')!.dispatchEvent(event);
    },
    { how, name: photo.name, type: photo.mimeType, base64: photo.buffer.toString('base64') },
  );
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('over a slow line two photos outlive a reload, and are on the ticket with their labels', async ({ page }) => {
    test.setTimeout(120_000);
    await enterAsUser(page);
    const photos = [
      await makePhoto(page, { name: 'tap.jpg', width: 900, height: 600, noise: 60 }),
      await makePhoto(page, { name: 'window.jpg', width: 600, height: 900, noise: 60 }),
    ];
    await slowDown(page, 400);
    await page.getByLabel('What is wrong?').fill('Water runs from the tap onto the floor below the window.');
    await choosePhotos(page, photos);
    const bar = cardOf(page, 'tap.jpg').getByRole('progressbar');
    const share = async () => Number(await bar.evaluate((one: HTMLProgressElement) => one.value));
    await expect.poll(share).toBeGreaterThan(0.1);
    const before = await share();
    await expect.poll(share).toBeGreaterThan(before);
    expect(await share()).toBeLessThan(1);
    await page.screenshot({ path: 'pictures/photos-sending-phone.png', fullPage: true });

    await page.reload();
    for (const { name } of photos) {
      const preview = page.getByRole('img', { name });
      await expect(preview).toBeVisible();
      await expect.poll(() => preview.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(0);
    }
    await expect(page.getByLabel('What is wrong?')).toHaveValue(/^Water runs/);
    await expect(page.getByText('Uploaded.', { exact: true })).toHaveCount(2, { timeout: 60_000 });
    await expect(cardOf(page, 'tap.jpg').getByText('Water')).toBeVisible({ timeout: 30_000 });
    await page.screenshot({ path: 'pictures/photos-there-phone.png', fullPage: true });
    await expectNoBarriers(page);
    await expectToFit(page);

    await sendReport(page);
    await page.getByRole('link', { name: /^Open ticket #/ }).click();
    await expect(thumbs(page)).toHaveCount(2);
    await expect(gallery(page).getByText('Water')).toBeVisible();
    await expect(gallery(page).getByText('Window')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Water, Tap' })).toBeVisible();
    await page.goto('/report');
    await expect(page.getByRole('button', { name: 'Add photos' })).toBeVisible();
    await expect(page.locator('.photo-cards > li')).toHaveCount(0);
  });
});

test('a report with a photo that is made without a network arrives with it, once', async ({ context, page }) => {
  await enterAsUser(page);
  const title = `The shelf has fallen ${uniqueWord()}`;
  const photo = await makePhoto(page, { name: 'shelf.jpg' });
  await expect(page.getByRole('button', { name: 'Add photos' })).toBeVisible();
  await context.setOffline(true);
  await choosePhotos(page, [photo]);
  await expect(cardOf(page, 'shelf.jpg').getByText('The desk cannot be reached.')).toBeVisible();
  await page.getByLabel('What is wrong?').fill('The shelf in the corridor lies on the floor.');
  await page.getByLabel('Title (optional)').fill(title);
  await sendReport(page);
  await expect(page.getByRole('heading', { name: 'Your report is kept and will be sent.' })).toBeVisible();
  await page.getByRole('link', { name: 'My reports' }).last().click();
  await expect(page.getByText('Photos: 1')).toBeVisible();

  const sent: string[] = [];
  page.on('response', (response) => {
    if (response.request().method() === 'POST' && response.status() === 201) sent.push(new URL(response.url()).pathname);
  });
  await context.setOffline(false);
  await expect(page.getByRole('list', { name: 'Not sent yet' }).getByRole('listitem')).toHaveCount(0, { timeout: 40_000 });
  await page.getByRole('link', { name: title }).click();
  await expect(thumbs(page)).toHaveCount(1);
  expect(sent.filter((path) => path === '/api/v1/images')).toHaveLength(1);
  expect(sent.filter((path) => path === '/api/v1/tickets')).toHaveLength(1);
});

test('a report that is sent while its photos still go up waits for them, also over a reload', async ({ page }) => {
  test.setTimeout(120_000);
  await enterAsUser(page);
  const title = `The blind is torn ${uniqueWord()}`;
  const photos = [await makePhoto(page, { name: 'blind.jpg', width: 900, height: 600, noise: 60 })];
  await slowDown(page, 400);
  await page.getByLabel('What is wrong?').fill('The blind in the reading room is torn.');
  await page.getByLabel('Title (optional)').fill(title);
  await choosePhotos(page, photos);
  await expect(page.getByText(/^Uploading/).first()).toBeVisible();
  await sendReport(page);
  await expect(page.getByRole('button', { name: 'Sending…' })).toBeVisible();
  await expect(page.getByRole('img', { name: 'blind.jpg' })).toBeVisible();
  await page.goto('/mine');
  await expect(page.getByRole('link', { name: title })).toBeVisible({ timeout: 60_000 });
  await page.getByRole('link', { name: title }).click();
  await expect(thumbs(page)).toHaveCount(1);
});

test('photos that the desk has forgotten meanwhile are sent anew', async ({ page }) => {
  await enterAsUser(page);
  const title = `The stair is loose ${uniqueWord()}`;
  await choosePhotos(page, [await makePhoto(page, { name: 'stair.jpg' })]);
  await expect(page.getByText('Uploaded.', { exact: true })).toBeVisible();
  const bodies: any[] = [];
  await page.route('**/api/v1/tickets', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    bodies.push(route.request().postDataJSON());
    if (bodies.length > 1) return route.fallback();
    const fields = [{ field: 'images', code: 'not_found', params: {}, message: 'A photo is gone.' }];
    const problem = { type: 'urn:campusdesk:problem:invalid_input', title: 'Invalid', status: 422, detail: 'A photo is gone.', kind: 'invalid_input', fields, request_id: null };
    return route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify(problem) });
  });
  await page.getByLabel('What is wrong?').fill('A stair in the tower is loose.');
  await page.getByLabel('Title (optional)').fill(title);
  const sentAnew = page.waitForResponse((response) => response.url().endsWith('/api/v1/images') && response.request().method() === 'POST');
  await sendReport(page);
  await page.getByRole('link', { name: 'My reports' }).last().click();
  await page.getByRole('button', { name: 'Try now' }).click();
  expect((await sentAnew).ok()).toBe(true);
  await page.getByRole('link', { name: title }).click();
  await expect(thumbs(page)).toHaveCount(1);
  expect(bodies).toHaveLength(2);
});

test('photos can be pasted and dropped, stopped, tried again and removed', async ({ page }) => {
  await enterAsUser(page);
  const [pasted, dropped] = [await makePhoto(page, { name: 'pasted.png', type: 'image/png' }), await makePhoto(page, { name: 'dropped.jpg', width: 900, height: 900, noise: 60 })];
  await expect(page.getByRole('button', { name: 'Add photos' })).toBeVisible();
  await bring(page, 'paste', pasted);
  await expect(cardOf(page, 'pasted.png').getByText('Uploaded.', { exact: true })).toBeVisible();
  await slowDown(page, 400);
  await bring(page, 'drop', dropped);
  const card = cardOf(page, 'dropped.jpg');
  await expect(card.getByText(/^Uploading/)).toBeVisible();
  // By keyboard: the focus stays where the button was.
  await card.getByRole('button', { name: 'Cancel: dropped.jpg' }).press('Enter');
  await expect(card.getByText('Stopped. It does not go along.')).toBeVisible();
  await expect(card.getByRole('button', { name: 'Try again: dropped.jpg' })).toBeFocused();
  await page.reload();
  await expect(card.getByText('Stopped. It does not go along.')).toBeVisible();
  await card.getByRole('button', { name: 'Try again: dropped.jpg' }).click();
  await expect(card.getByText('Uploaded.', { exact: true })).toBeVisible({ timeout: 40_000 });
  await card.getByRole('button', { name: 'Remove: dropped.jpg' }).click();
  await expect(card).toHaveCount(0);
  await page.reload();
  await expect(cardOf(page, 'pasted.png')).toBeVisible();
  await expect(card).toHaveCount(0);
});

test('a photo that is stopped in one tab is not sent by another', async ({ context, page }) => {
  await enterAsUser(page);
  const id = await reportWithPhotos(page, `The clock is late ${uniqueWord()}`, [await makePhoto(page, { name: 'a.jpg' })]);
  const other = await context.newPage();
  for (const one of [page, other]) {
    await one.goto(`/tickets/${id}`);
    await expect(thumbs(one)).toHaveCount(1);
  }
  const sent: string[] = [];
  context.on('requestfinished', (request) => request.method() === 'POST' && sent.push(new URL(request.url()).pathname));
  await slowDown(page, 400);
  await choosePhotos(page, [await makePhoto(page, { name: 'clock.jpg', width: 900, height: 900, noise: 60 })]);
  await page.getByRole('button', { name: 'Send photos' }).click();
  await expect(cardOf(page, 'clock.jpg').getByText(/^Uploading/)).toBeVisible();
  await expect(cardOf(other, 'clock.jpg')).toBeVisible();
  await cardOf(page, 'clock.jpg').getByRole('button', { name: 'Cancel: clock.jpg' }).click();
  for (const one of [page, other]) await expect(cardOf(one, 'clock.jpg').getByText('Stopped. It does not go along.')).toBeVisible();
  // What is sent by one is sent once.
  await cardOf(other, 'clock.jpg').getByRole('button', { name: 'Try again: clock.jpg' }).click();
  for (const one of [page, other]) await expect(cardOf(one, 'clock.jpg')).toHaveCount(0, { timeout: 30_000 });
  await expect(thumbs(other)).toHaveCount(2);
  expect(sent.filter((path) => path === `/api/v1/tickets/${id}/images`)).toHaveLength(1);
});

test('text that comes with a picture of itself is pasted as text', async ({ page }) => {
  await enterAsUser(page);
  await expect(page.getByRole('button', { name: 'Add photos' })).toBeVisible();
  const isLeftAlone = await page.getByLabel('What is wrong?').evaluate((field) => {
    const data = new DataTransfer();
    data.setData('text/plain', 'Room 12');
    data.items.add(new File(['x'], 'image.png', { type: 'image/png' }));
    return field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  expect(isLeftAlone).toBe(true);
  await expect(page.locator('.photo-cards > li')).toHaveCount(0);
});

test('what is no photo and what is too large says so beside it, and the report goes all the same', async ({ page }) => {
  await enterAsUser(page);
  const good = await makePhoto(page, { name: 'good.jpg' });
  const damaged = { ...good, name: 'damaged.jpg', buffer: good.buffer.subarray(0, 200) };
  const text = { name: 'letter.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('Dear help desk, the tap drips.') };
  // What the browser can show and the desk cannot read goes as JPEG, as a HEIC does where the browser knows that.
  const gif = { name: 'dot.gif', mimeType: 'image/gif', buffer: Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64') };
  const heic = { name: 'phone.heic', mimeType: 'image/heic', buffer: Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1') };
  const large = { name: 'large.jpg', mimeType: 'image/jpeg', buffer: Buffer.concat([good.buffer, Buffer.alloc(13 << 20)]) };
  await choosePhotos(page, [good, text, heic, large, damaged, gif]);
  await expect(cardOf(page, 'letter.jpg').getByText('This is no photo. JPEG, PNG and WebP can be sent.')).toBeVisible();
  await expect(cardOf(page, 'phone.heic').getByText('The photo is a HEIC or AVIF file. Save it as JPEG and send that.')).toBeVisible();
  await expect(cardOf(page, 'large.jpg').getByText('This is larger than 12 MB.')).toBeVisible();
  await expect(cardOf(page, 'damaged.jpg').getByText('This photo is damaged and cannot be read.')).toBeVisible();
  await expect(cardOf(page, 'good.jpg').getByText('Uploaded.', { exact: true })).toBeVisible();
  await expect(cardOf(page, 'dot.gif').getByText('Uploaded.', { exact: true })).toBeVisible();
  await page.screenshot({ path: 'pictures/photos-refused-desk.png', fullPage: true });
  await expectNoBarriers(page);
  await page.getByLabel('What is wrong?').fill('The carpet in the hall is torn.');
  await sendReport(page);
  await expect(page.getByRole('heading', { name: /^Thank you\./ })).toBeVisible();
  await expect(page.getByText('Your report has arrived without these photos:')).toBeVisible();
  await page.getByRole('button', { name: 'All right' }).click();
  await expect(page.getByText('Your report has arrived without these photos:')).toHaveCount(0);
  await page.getByRole('link', { name: /^Open ticket #/ }).click();
  await expect(thumbs(page)).toHaveCount(2);
});

test('the ninth photo is told from the first eight, and moves up when one of them goes', async ({ page }) => {
  await enterAsUser(page);
  const photos = [];
  for (let n = 1; n <= 9; n += 1) photos.push(await makePhoto(page, { name: `photo-${n}.jpg`, width: 120, height: 90 }));
  await choosePhotos(page, photos);
  await expect(page.getByText('Uploaded.', { exact: true })).toHaveCount(8);
  await expect(cardOf(page, 'photo-9.jpg').getByText('There are 8 photos already.')).toBeVisible();
  await page.reload();
  await expect(page.locator('.photo-cards .photo-name')).toHaveText(photos.map(({ name }) => name));
  await cardOf(page, 'photo-3.jpg').getByRole('button', { name: 'Remove: photo-3.jpg' }).press('Enter');
  await expect(cardOf(page, 'photo-4.jpg').getByRole('button', { name: 'Remove: photo-4.jpg' })).toBeFocused();
  await expect(cardOf(page, 'photo-9.jpg').getByText('Uploaded.', { exact: true })).toBeVisible();
  await page.getByLabel('What is wrong?').fill('Eight tiles of the roof are loose.');
  await page.getByRole('button', { name: 'Send report' }).press('Enter');
  await page.getByRole('link', { name: /^Open ticket #/ }).waitFor();
  await expect(page.locator('main')).toBeFocused();
  await page.getByRole('link', { name: /^Open ticket #/ }).click();
  await expect(thumbs(page)).toHaveCount(8);
  await expect(gallery(page).getByText('A ticket has room for 8 photos, and they are taken.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add photos' })).toHaveCount(0);
});

test('whoever adds a photo to a ticket that was closed meanwhile is told so, and can take it away', async ({ page }) => {
  await enterAsUser(page);
  const id = await reportWithPhotos(page, `The bell is silent ${uniqueWord()}`, [await makePhoto(page, { name: 'a.jpg' })]);
  await page.goto(`/tickets/${id}`);
  await choosePhotos(page, [await makePhoto(page, { name: 'bell.jpg' })]);
  await expect(cardOf(page, 'bell.jpg').getByText('Not sent yet.')).toBeVisible();
  await closeTicket(page, id);
  await page.getByRole('button', { name: 'Send photos' }).press('Enter');
  await expect(cardOf(page, 'bell.jpg').getByText('The ticket is closed. It takes no more photos.')).toBeVisible();
  await cardOf(page, 'bell.jpg').getByRole('button', { name: 'Remove: bell.jpg' }).click();
  await expect(cardOf(page, 'bell.jpg')).toHaveCount(0);
});

test('the gallery is looked at by keyboard, and one who reads the ticket adds to it', async ({ page }) => {
  await enterAsUser(page);
  const id = await reportWithPhotos(page, `The lamp flickers ${uniqueWord()}`, [
    await makePhoto(page, { name: 'a.jpg', width: 1800, height: 1200 }),
    await makePhoto(page, { name: 'b.jpg', width: 500, height: 900 }),
  ]);
  await labelled(page, id);
  await page.goto(`/tickets/${id}`);
  const first = page.getByRole('button', { name: 'Water, Tap' });
  await first.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'photo 1 of 2' });
  await expect(dialog.getByRole('img', { name: 'Water, Tap' })).toBeVisible();
  await expect.poll(() => dialog.getByRole('img').evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(1600);
  await expectNoBarriers(page);
  await page.screenshot({ path: 'pictures/photos-viewer-desk.png' });
  const place = () => page.getByRole('button', { name: 'Next', exact: true }).boundingBox();
  const before = await place();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('dialog', { name: 'photo 2 of 2' }).getByRole('img', { name: 'Window, Glass' })).toBeVisible();
  expect(await place(), 'the button stays under the finger').toEqual(before);
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('dialog', { name: 'photo 1 of 2' })).toBeVisible();
  await page.keyboard.press('End');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Window, Glass' })).toBeFocused();

  await choosePhotos(page, [await makePhoto(page, { name: 'c.jpg', width: 400, height: 400 })]);
  await expect(cardOf(page, 'c.jpg').getByText('Not sent yet.')).toBeVisible();
  await page.reload();
  await expect(cardOf(page, 'c.jpg').getByText('Not sent yet.')).toBeVisible();
  await page.getByRole('button', { name: 'Send photos' }).click();
  await expect(thumbs(page)).toHaveCount(3);
  await expect(cardOf(page, 'c.jpg')).toHaveCount(0);
  await expect(gallery(page).getByText('Door')).toBeVisible();
});

test('staff confirm, take off and add labels, find the ticket by one, and remove a photo for good', async ({ page }) => {
  const word = uniqueWord();
  await enterAsStaff(page);
  const id = await reportWithPhotos(page, 'Something is wet', [await makePhoto(page, { name: 'a.jpg' }), await makePhoto(page, { name: 'b.jpg', width: 480, height: 640 })]);
  await labelled(page, id);
  await page.goto(`/tickets/${id}`);
  const shot = gallery(page).locator('.shot').first();
  await shot.getByRole('button', { name: /^water .*: confirm$/i }).click();
  await expect(shot.locator('.chip.sure')).toHaveText(/water/i);
  await shot.getByRole('button', { name: 'Take off “tap”' }).click();
  await expect(shot.getByText('Tap')).toHaveCount(0);
  await shot.getByLabel(/^Add a label/).fill(`puddle ${word}`);
  await shot.getByLabel(/^Add a label/).press('Enter');
  await expect(shot.locator('.chip.sure')).toHaveCount(2);
  await expect(shot.getByRole('button', { name: new RegExp(`^(water, puddle ${word}|puddle ${word}, water)$`) })).toBeVisible();
  await page.screenshot({ path: 'pictures/photos-staff-desk.png', fullPage: true });
  await expectNoBarriers(page);

  await page.goto(`/search?q=${word}`);
  await expect(page.getByRole('link', { name: 'Something is wet' }).first()).toBeVisible();
  await expect(page.locator('mark').getByText(word)).toBeVisible();

  await page.goto(`/tickets/${id}`);
  const second = gallery(page).locator('.shot').nth(1);
  await second.getByRole('button', { name: /^Redact: / }).click();
  await second.getByRole('button', { name: 'Remove for good' }).press('Enter');
  await expect(gallery(page).locator('.shot.gone')).toHaveText('This photo was removed by the help desk.');
  await expect(gallery(page).locator('button:focus'), 'the focus is not lost').toHaveCount(1);
  await page.getByRole('button', { name: 'History' }).click();
  await expect(page.getByText('redacted a photo')).toBeVisible();
  await expect(page.getByText('added a photo').first()).toBeVisible();
});

test('nearly the same photo leads to the ticket that has it', async ({ browser, page }) => {
  const title = `The door is broken ${uniqueWord()}`;
  await enterAsUser(page);
  const look = { name: 'door.jpg', width: 800, height: 600, seed: Math.floor(Math.random() * 2 ** 31) };
  const id = await reportWithPhotos(page, title, [await makePhoto(page, look)]);
  const again = await makePhoto(page, { ...look, quality: 0.6, width: 720, height: 540 });
  await choosePhotos(page, [again]);
  const similar = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: title }) });
  await expect(similar.getByRole('button', { name: 'Me too' })).toBeVisible();
  await page.screenshot({ path: 'pictures/photos-similar-desk.png', fullPage: true });

  const other = await reportWithPhotos(page, `Cannot get in ${uniqueWord()}`, [await makePhoto(page, { ...look, quality: 0.7, width: 760, height: 570 })]);
  const staff = await (await browser.newContext()).newPage();
  await enterAsStaff(staff);
  await staff.goto(`/tickets/${other}`);
  await settle(staff);
  await expect(staff.getByText('Nearly the same photo is on')).toBeVisible();
  await staff.getByRole('link', { name: `#${id}`, exact: true }).click();
  await expect(staff.getByRole('heading', { level: 1 })).toContainText(title);
});

test.describe('with its worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('photos are taken without a network too, once they were there before', async ({ context, page }) => {
    await enterAsUser(page);
    await expect(page.getByRole('button', { name: 'Add photos' })).toBeVisible();
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (!navigator.serviceWorker.controller) await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
    });
    const keptFiles = () => page.evaluate(async () => (await (await caches.open('campusdesk-apps')).keys()).map(({ url }) => new URL(url).pathname));
    await expect.poll(async () => (await keptFiles()).some((name) => name.startsWith('/photos-'))).toBe(true);
    const title = `The gate is stuck ${uniqueWord()}`;
    await context.setOffline(true);
    await page.goto('/report');
    await choosePhotos(page, [await makePhoto(page, { name: 'gate.jpg' })]);
    await page.getByLabel('What is wrong?').fill('The gate does not open any more.');
    await page.getByLabel('Title (optional)').fill(title);
    await sendReport(page);
    await expect(page.getByRole('heading', { name: 'Your report is kept and will be sent.' })).toBeVisible();
    await page.reload();
    await context.setOffline(false);
    await page.goto('/mine');
    await page.getByRole('link', { name: title }).click();
    await expect(thumbs(page)).toHaveCount(1);
    expect((await keptFiles()).some((name) => name.startsWith('/photos-'))).toBe(true);
  });
});
