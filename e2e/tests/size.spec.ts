// What a first visit has to load before anything can be done. Many come from a phone, on a bad network, once.
import { expect, test } from '@playwright/test';
import { settle } from './desk';

// The aim is 250 KiB. Until it is reached this keeps the app from growing unnoticed.
const MOST_KIB = 395;

test('a first visit loads no more than it did', async ({ page }) => {
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  const sizes = new Map<string, number>();
  const names = new Map<string, string>();
  network.on('Network.requestWillBeSent', ({ requestId, request }) => names.set(requestId, new URL(request.url).pathname));
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => sizes.set(requestId, encodedDataLength));
  await page.goto('/', { waitUntil: 'load' });
  await settle(page);
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const largest = [...sizes].sort((a, b) => b[1] - a[1]).slice(0, 3);
  const told = largest.map(([id, size]) => `${names.get(id)} ${(size / 1024).toFixed(1)}`).join(', ');
  console.log(`first visit: ${(bytes / 1024).toFixed(1)} KiB in ${sizes.size} requests (${told})`);
  expect(sizes.size).toBeGreaterThan(3);
  expect(bytes).toBeLessThanOrEqual(MOST_KIB * 1024);
});
