// The photos that have not arrived, kept in this browser over reloads. Where it keeps nothing, they live as long as the page.
const NAME = 'photos';
/** Says to the page that there is something to go on with, before any of this is loaded. */
const MARK = 'campusdesk.photos';

let opened;
const open = () =>
  (opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('campusdesk', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(NAME, { keyPath: 'key' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  }));

/** Does one thing with the kept photos; nothing where that cannot be. */
async function within(mode, act) {
  try {
    const transaction = (await open()).transaction(NAME, mode);
    const request = act(transaction.objectStore(NAME));
    return await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } catch {
    return undefined;
  }
}

export const loadAll = async () => (await within('readonly', (kept) => kept.getAll())) ?? [];
export const load = (key) => within('readonly', (kept) => kept.get(key));
export const keep = (record) => within('readwrite', (kept) => kept.put(record));
export const forget = (key) => within('readwrite', (kept) => kept.delete(key));

/** Notes whether anything is kept. */
export function mark(some) {
  try {
    if (some) localStorage.setItem(MARK, '1');
    else localStorage.removeItem(MARK);
  } catch {
    // A browser that keeps nothing has nothing to go on with.
  }
}

/** Which photos go with reports that wait in the outbox: those are no part of a draft any more. */
export function inOutbox() {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith('campusdesk.outbox.'));
    return keys.map((key) => localStorage.getItem(key)).join();
  } catch {
    return '';
  }
}

/** Does something while no other tab does the same; at once where there are no locks. */
export const locked = (name, work) => navigator.locks?.request(name, work) ?? work();
