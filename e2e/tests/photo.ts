// Photos for the tests: drawn in a page, so that they are real ones, each another.
import { expect, type Locator, type Page } from '@playwright/test';

export type Photo = { name: string; mimeType: string; buffer: Buffer };
type Look = { name: string; width?: number; height?: number; seed?: number; noise?: number; quality?: number; type?: string };

/** A photo. The seed decides what is on it, noise makes it heavier, and neither noise nor quality changes how it looks. */
export async function makePhoto(page: Page, look: Look): Promise<Photo> {
  const all = { width: 640, height: 480, seed: Math.floor(Math.random() * 2 ** 31), noise: 0, quality: 0.9, type: 'image/jpeg', ...look };
  const base64 = await page.evaluate(async ({ width, height, seed, noise, quality, type }) => {
    let state = seed;
    const random = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32);
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const pen = canvas.getContext('2d')!;
    const colour = () => `hsl(${random() * 360} 60% ${20 + random() * 60}%)`;
    pen.fillStyle = colour();
    pen.fillRect(0, 0, width, height);
    for (let n = 0; n < 14; n += 1) {
      pen.fillStyle = colour();
      pen.fillRect((random() - 0.2) * width, (random() - 0.2) * height, (0.1 + random() * 0.5) * width, (0.1 + random() * 0.5) * height);
    }
    if (noise) {
      const pixels = pen.getImageData(0, 0, width, height);
      for (let n = 0; n < pixels.data.length; n += 1) if (n % 4 < 3) pixels.data[n] += (Math.random() - 0.5) * noise;
      pen.putImageData(pixels, 0, 0);
    }
    const blob = await new Promise<Blob>((done) => canvas.toBlob((made) => done(made!), type, quality));
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  }, all);
  return { name: look.name, mimeType: all.type, buffer: Buffer.from(base64, 'base64') };
}

/** Chooses files, as one does after a press of the button. */
export async function choosePhotos(page: Page, files: Photo[]): Promise<void> {
  await expect(page.getByRole('button', { name: 'Add photos' })).toBeVisible();
  await page.locator('photo-field input[type=file]').setInputFiles(files);
}

/** The photo of that name in the form. */
export const cardOf = (page: Page, name: string): Locator => page.locator('.photo-cards > li').filter({ hasText: name });

/** A ticket with photos, made without a browser; the answer is its number. */
export async function reportWithPhotos(page: Page, title: string, photos: Photo[]): Promise<number> {
  const headers = { 'Desk-Role': 'user', 'Desk-Client': crypto.randomUUID() };
  const images: number[] = [];
  for (const image of photos) {
    const answer = await page.request.post('/api/v1/images', { headers, multipart: { image } });
    expect(answer.status(), await answer.text()).toBe(201);
    images.push((await answer.json()).id);
  }
  const answer = await page.request.post('/api/v1/tickets', { headers, data: { title, description: `${title}, as the photo shows.`, images } });
  expect(answer.status(), await answer.text()).toBe(201);
  return (await answer.json()).id;
}

/** A ticket with two photos and what is on them, for pages that are only looked at; the answer is its address. */
export async function pageWithPhotos(page: Page): Promise<string> {
  const looks = [{ name: 'a.jpg', seed: 7 }, { name: 'b.jpg', seed: 11, width: 480, height: 640 }];
  const id = await reportWithPhotos(page, '0815', await Promise.all(looks.map((look) => makePhoto(page, look))));
  await labelled(page, id);
  return `/tickets/${id}?with=photos`;
}

/** Waits until the desk knows what is on all photos of a ticket. */
export async function labelled(page: Page, id: number): Promise<void> {
  await expect
    .poll(async () => {
      const { items } = await (await page.request.get(`/api/v1/tickets/${id}/images`)).json();
      return items.every((one: any) => one.state === 'ready');
    })
    .toBe(true);
}

/** Has staff close a ticket, without a browser. */
export async function closeTicket(page: Page, id: number): Promise<void> {
  const headers = { 'Desk-Role': 'staff' };
  for (const data of [{ to: 'active' }, { to: 'closed', resolution: 'Done.' }]) {
    const ticket = await page.request.get(`/api/v1/tickets/${id}`, { headers });
    const answer = await page.request.post(`/api/v1/tickets/${id}/status`, { headers: { ...headers, 'If-Match': ticket.headers()['etag'] }, data });
    expect(answer.ok(), await answer.text()).toBe(true);
  }
}
