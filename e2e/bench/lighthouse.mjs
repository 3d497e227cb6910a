// What Lighthouse says of the door, the queue and the analyses: mobile preset, simulated throttling, each visit a cold one.
// `cargo xtask bench` installs Lighthouse, which the tests do not need, and runs this; LIGHTHOUSE is the folder it is in.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromiumOptions, desk, enterAsStaff, print } from './desk.mjs';

const RUNS = 5;
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const METRICS = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift', 'speed-index'];
/** Each page with what it shows when it is really that page, and not one that says who may see it. */
const PAGES = [
  { path: '/', shows: '.door form' },
  { path: '/queue', shows: '.queue table.rows' },
  { path: '/analytics', shows: '.analytics figure.chart' },
];

const folder = process.env.LIGHTHOUSE ?? fileURLToPath(new URL('../../target/tools/lighthouse', import.meta.url));
const require = createRequire(join(folder, 'any.js'));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { default: lighthouse } = await load('lighthouse');
const { default: puppeteer } = await load('puppeteer-core');

/** One visit. Lighthouse itself first drops all caches and the service worker; what one is here as stays. */
async function visit(page, { path, shows }) {
  const flags = { onlyCategories: CATEGORIES, disableFullPageScreenshot: true };
  const { lhr } = await lighthouse(`${desk}${path}`, flags, undefined, page);
  if (lhr.runtimeError) throw new Error(`Lighthouse could not see ${path}: ${lhr.runtimeError.message}`);
  if (!(await page.$(shows))) throw new Error(`${path} does not show ${shows}.`);
  return {
    scores: Object.fromEntries(CATEGORIES.map((name) => [name, percent(lhr.categories[name].score)])),
    metrics: Object.fromEntries(METRICS.map((name) => [name, lhr.audits[name].numericValue])),
    missed: CATEGORIES.slice(1).flatMap((name) => missedIn(lhr, lhr.categories[name])),
    version: lhr.lighthouseVersion,
  };
}

/** The audits that cost a category its hundred. */
const missedIn = (lhr, { auditRefs }) =>
  auditRefs.filter(({ id, weight }) => weight > 0 && (lhr.audits[id].score ?? 1) < 1).map(({ id }) => id);

/** Lighthouse has no score where one of the audits could not be made. */
const percent = (score) => (score === null ? null : Math.round(score * 100));

const browser = await puppeteer.launch({ ...chromiumOptions, args: [...chromiumOptions.args, '--lang=en-GB'] });
try {
  const page = await browser.newPage();
  const pages = [];
  for (const one of PAGES) {
    // The door is seen by somebody new, the others by staff.
    if (one.path === '/queue') await enterAsStaff(page);
    const visits = [];
    while (visits.length < RUNS) visits.push(await visit(page, one));
    pages.push({ path: one.path, visits });
  }
  print(pages);
} finally {
  await browser.close();
}
