// How soon the first page is usable, and whether scrolling or typing ever keeps the browser busy for too long.
// `cargo xtask bench` runs this; against a desk that runs already: BASE_URL=http://127.0.0.1:8080 node bench/pages.mjs
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import { chromiumOptions, desk, enterAsStaff, print } from './desk.mjs';

const VISITS = 5;
const RUNS = 3;

const CPU_SLOWED = 4;
const NETWORK = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };

const SCROLL_MS = 30_000;
const WHEEL_EVERY_MS = 50;
/** Three rows and a bit: 2,400 pixels a second, faster than anybody reads. */
const WHEEL_PIXELS = 120;

const KEY_EVERY_MS = 100;
/** A task that begins so soon after a key is held to be its work. */
const WORK_OF_A_KEY_MS = 200;
/** Sixty characters; long enough to be classified while it is typed. */
const TYPED = 'The projector in room 214 shows no picture since this monday';

/** Notes in the page, so that no polling of ours is counted, when one could click on the door's first button. */
function noteWhenUsable() {
  const isShown = (one) => one?.checkVisibility() && one.getBoundingClientRect().height > 0;
  window.usable = new Promise((tell, fail) => {
    setTimeout(() => fail(new Error('The door was not usable within a minute.')), 60_000);
    const look = () => {
      const button = document.querySelector('.door form button[type="submit"]');
      if (!button || button.disabled || !isShown(button) || !isShown(document.querySelector('h1'))) return;
      observer.disconnect();
      // What comes after the next frame comes when the button has been painted and the page is free for a click.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => tell(performance.now());
      requestAnimationFrame(() => port2.postMessage(null));
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { attributes: true, childList: true, subtree: true });
  });
}

/** Notes every task of more than 50 ms, and when a key was pressed. */
function noteLongTasks() {
  window.longTasks = [];
  window.keys = [];
  const note = (list) => {
    for (const { startTime, duration } of list.getEntries()) window.longTasks.push({ start: startTime, ms: duration });
  };
  new PerformanceObserver(note).observe({ type: 'longtask', buffered: true });
  addEventListener('keydown', (event) => window.keys.push(event.timeStamp), true);
}

/** Opens the page in a context of its own, which has seen nothing before, and closes that again. */
async function inNewContext(browser, work) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin' });
  try {
    return await work(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

/** Milliseconds from the start of the navigation until the door could be used. */
async function visitDoor(page, context) {
  await page.addInitScript(noteWhenUsable);
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', NETWORK);
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWED });
  await page.goto(desk, { waitUntil: 'commit' });
  return page.evaluate(() => window.usable);
}

/** Scrolls the queue at a steady pace: the long tasks, and how far it came. */
async function scrollQueue(page) {
  await page.addInitScript(noteLongTasks);
  await enterAsStaff(page);
  await page.goto(`${desk}/queue`);
  const row = page.locator('table.rows tbody tr:not(.gap)').first();
  const { height } = await row.boundingBox();
  await page.mouse.move(640, 400);
  // What opening the page itself costs is not the scrolling's.
  await sleep(1_000);
  const start = await page.evaluate(() => performance.now());
  const began = performance.now();
  for (let due = 0; due < SCROLL_MS; due += WHEEL_EVERY_MS) {
    await page.mouse.wheel(0, WHEEL_PIXELS);
    // A late step is not made up for by two at once.
    due = Math.max(due, performance.now() - began - WHEEL_EVERY_MS);
    await sleep(began + due + WHEEL_EVERY_MS - performance.now());
  }
  const { tasks, pixels } = await page.evaluate(() => ({ tasks: window.longTasks, pixels: scrollY }));
  if (pixels === 0) throw new Error('The queue did not scroll.');
  return { ...summary(tasks.filter((task) => task.start >= start)), rows: Math.round(pixels / height) };
}

/** Types a report at a steady pace: the long tasks that began soon after a key. */
async function typeReport(page) {
  await page.addInitScript(noteLongTasks);
  await page.goto(`${desk}/report`);
  const field = page.locator('#description');
  await field.click();
  await sleep(1_000);
  for (const character of TYPED) {
    await Promise.all([page.keyboard.press(character), sleep(KEY_EVERY_MS)]);
  }
  // The work of the last key may still be to come.
  await sleep(2 * WORK_OF_A_KEY_MS);
  const typed = await field.inputValue();
  if (typed !== TYPED) throw new Error(`The form has «${typed}».`);
  const { tasks, keys } = await page.evaluate(() => ({ tasks: window.longTasks, keys: window.keys }));
  const isWorkOf = (task) => (key) => task.start >= key && task.start <= key + WORK_OF_A_KEY_MS;
  return summary(tasks.filter((task) => keys.some(isWorkOf(task))));
}

/** How many long tasks there were, and the longest; the browser tells of none below 50 ms. */
const summary = (tasks) => ({
  long_tasks: tasks.length,
  longest_ms: tasks.length > 0 ? Math.max(...tasks.map((task) => task.ms)) : null,
});

async function times(count, work) {
  const results = [];
  while (results.length < count) results.push(await work());
  return results;
}

const browser = await chromium.launch(chromiumOptions);
try {
  print({
    usable_ms: await times(VISITS, () => inNewContext(browser, visitDoor)),
    scroll: await times(RUNS, () => inNewContext(browser, scrollQueue)),
    typing: await times(RUNS, () => inNewContext(browser, typeReport)),
    chromium: browser.version(),
  });
} finally {
  await browser.close();
}
