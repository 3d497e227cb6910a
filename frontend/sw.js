// Opens the app without a network: the page and the files it names are kept, everything else goes to the desk.
const KEPT = 'campusdesk-app';

/** The files of the app that a page names: those with a hash, which never change. */
const filesOf = (page) => [...page.matchAll(/["'](\/[\w.-]+\.(?:css|js|wasm|svg))["']/g)].map((found) => found[1]);

/** Keeps a page with its files, and lets go of the files of pages before it. */
async function keep(page) {
  const cache = await caches.open(KEPT);
  const files = new Set(filesOf(await page.clone().text()));
  const kept = await cache.keys();
  const known = new Set(kept.map((request) => new URL(request.url).pathname));
  await cache.addAll([...files].filter((file) => !known.has(file)));
  await cache.put('/', page);
  // Only now, when the new page is whole: a page that is still open has its files already.
  await Promise.all(kept.filter(({ url }) => new URL(url).pathname !== '/' && !files.has(new URL(url).pathname)).map((old) => cache.delete(old)));
}

addEventListener('install', (event) => event.waitUntil(fetch('/').then(keep).then(() => skipWaiting())));
addEventListener('activate', (event) => event.waitUntil(clients.claim()));

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || /^\/(api|analytics\/v1|health|metrics)(\/|$)/.test(pathname)) return;
  if (request.mode === 'navigate') {
    const fresh = fetch(request).then((page) => {
      if (page.ok) event.waitUntil(keep(page.clone()).catch(() => {}));
      return page;
    });
    event.respondWith(fresh.catch(async () => (await caches.match('/')) ?? Response.error()));
  } else {
    event.respondWith(caches.match(request, { ignoreVary: true }).then((file) => file ?? fetch(request)));
  }
});
