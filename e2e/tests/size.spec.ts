// What a first visit has to load before anything can be done. Many come from a phone, on a bad network, once.
import { connect, createServer, type AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { settle } from './desk';

const MOST_KIB = 250;

// With the service worker, which loads something as well.
test.use({ serviceWorkers: 'allow' });

test('a cold first visit transfers no more than 250 KiB', async ({ page, baseURL }) => {
  const desk = new URL(baseURL!);
  let bytes = 0;
  // Between the browser and the desk, so that nothing is missed, whoever asks for it: heads of answers, worker and stream.
  const counter = createServer((browser) => {
    const server = connect(Number(desk.port), desk.hostname);
    server.on('data', (chunk) => (bytes += chunk.length));
    browser.pipe(server).pipe(browser);
    browser.on('error', () => server.destroy());
    server.on('error', () => browser.destroy());
  });
  await new Promise<void>((listening) => counter.listen(0, '127.0.0.1', listening));
  const names: string[] = [];
  page.on('response', (response) => names.push(new URL(response.url()).pathname));

  await page.goto(`http://127.0.0.1:${(counter.address() as AddressInfo).port}/`, { waitUntil: 'load' });
  await settle(page);
  // The app is kept for a visit without a network: nothing is still to come.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(async () => (await (await caches.open('campusdesk-apps')).keys()).length)).toBeGreaterThan(3);

  console.log(`first visit: ${(bytes / 1024).toFixed(1)} KiB with the heads of answers (${names.join(', ')})`);
  expect(names.some((name) => name.endsWith('.wasm'))).toBe(true);
  expect(bytes).toBeLessThanOrEqual(MOST_KIB * 1024);
  await page.close();
  counter.close();
});
