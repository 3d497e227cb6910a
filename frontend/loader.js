// Loads the app: all of it for staff and for who searches or reads articles, and for everybody else the part that they need.
// The names become those of the built files, with their hashes.
const whole = ['/frontend.js', '/frontend_bg.wasm', '/frontend-styles.css'];
const forUsers = ['/frontend-user.js', '/frontend-user_bg.wasm'];
let staff = /^\/(queue|analytics|staff|search|articles)(\/|$)|\/(history|edit)$/.test(location.pathname) || location.search === '?as=staff';
try {
  staff ||= !!JSON.parse(localStorage.getItem('campusdesk.session'))?.staff;
} catch {
  // A browser that keeps nothing knows of no staff.
}
const files = staff ? whole : forUsers;
const [script, wasm, styles] = files;
// All at once: each would ask for the next only when it is here itself.
const loading = fetch(wasm);
const styled = styles && new Promise((loaded) => {
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: styles, onload: loaded, onerror: loaded });
  document.head.append(link);
});
const app = await import(script);
await styled;
await app.default({ module_or_path: loading });
// For the next visit without a network. The browser has the files already.
globalThis.caches?.open('campusdesk-apps').then((kept) => kept.addAll(files)).catch(() => {});
