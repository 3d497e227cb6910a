// Opens the app without a network: the page and the files it names are kept, everything else goes to the desk.
// Another name since there are two apps, so that nobody keeps the one of before.
const KEPT = 'campusdesk-apps';

/** What not everyone loads, the whole app and the photos: kept where somebody here has loaded it. */
const partOf = (file) => /^\/(frontend-(?!user-)|photos-)/.exec(file)?.[1];

/** The files of the app that a page names: those with a hash, which never change. */
const filesOf = (page) => [...page.matchAll(/["'](\/[\w.-]+-[0-9a-f]{12,}(?:_bg)?\.(?:css|js|wasm|svg))["']/g)].map((found) => found[1]);

/** Keeps a page with its files, and lets go of the files of pages before it. Anything but the app is left alone. */
async function keep(page) {
  const isPage = page.ok && !page.redirected && page.headers.get('content-type')?.startsWith('text/html');
  const files = new Set(isPage ? filesOf(await page.clone().text()) : []);
  if (![...files].some((file) => file.endsWith('.wasm'))) return;
  const cache = await caches.open(KEPT);
  const kept = await cache.keys();
  const known = new Set(kept.map(({ url }) => new URL(url).pathname));
  const parts = new Set([undefined, ...[...known].map(partOf)]);
  await cache.addAll([...files].filter((file) => !known.has(file) && parts.has(partOf(file))));
  await cache.put('/', page);
  // Only now, when the new page is whole: one that is still open has its files already.
  const isOld = ({ url }) => new URL(url).pathname !== '/' && !files.has(new URL(url).pathname);
  await Promise.all(kept.filter(isOld).map((old) => cache.delete(old)));
}

/** One after the other, so that an older page never ends up in the place of a newer one. */
let keeping = Promise.resolve();
const keepInTurn = (page) => (keeping = keeping.then(() => keep(page)).catch(() => {}));

// On a first visit the browser has just loaded the page, and need not load it again.
addEventListener('install', (event) => event.waitUntil(fetch('/', { cache: registration.active ? 'default' : 'force-cache' }).then(keepInTurn).then(() => skipWaiting())));
addEventListener('activate', (event) => event.waitUntil(caches.delete('campusdesk-app').then(() => clients.claim())));

async function open(event) {
  const kept = () => caches.match('/', { ignoreVary: true });
  try {
    const page = await fetch(event.request);
    // A proxy in front of a desk that is away: the app can still take a report.
    if (page.status >= 500) return (await kept()) ?? page;
    event.waitUntil(keepInTurn(page.clone()));
    return page;
  } catch {
    return (await kept()) ?? Response.error();
  }
}

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || /^\/(api|analytics\/v1|health|metrics)(\/|$)/.test(pathname)) return;
  if (request.mode === 'navigate') event.respondWith(open(event));
  else event.respondWith(caches.match(request, { ignoreVary: true }).then((file) => file ?? fetch(request)));
});
