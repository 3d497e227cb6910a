// Loads the app: all of it for staff, and for everybody else the part that they need.
// The names become those of the built files, with their hashes.
const whole = ['/frontend.js', '/frontend_bg.wasm'];
const forUsers = ['/frontend-user.js', '/frontend-user_bg.wasm'];
let staff = /^\/(queue|analytics|staff)(\/|$)/.test(location.pathname);
try {
  staff ||= !!JSON.parse(localStorage.getItem('campusdesk.session'))?.staff;
} catch {
  // A browser that keeps nothing knows of no staff.
}
const [script, wasm] = staff ? whole : forUsers;
// Both at once: the script would ask for the other only when it is here itself.
const loading = fetch(wasm);
const app = await import(script);
await app.default({ module_or_path: loading });
// For the next visit without a network. The browser has both files already.
globalThis.caches?.open('campusdesk-app').then((kept) => kept.addAll([script, wasm])).catch(() => {});
