// Photos on their way. Each is kept in this browser before its first byte is sent, and until the desk has its ticket.
//
// A photo is *held* (it waits for a press of a button), *waiting*, *sending*, *there*, *stopped* by hand or *refused*.
// One with a ticket goes to that; one without belongs to the report in the form, or to one in the outbox.
import { refusal, upload } from './api.js';
import { MOST, prepare } from './picture.js';
import { forget, inOutbox, keep, load, loadAll, locked, mark } from './store.js';

/** One after the other: they arrive in the order in which they were chosen, and the first is there soonest. */
const AT_ONCE = 1;
const LONGEST_PAUSE_S = 30;
/** What was chosen for a ticket and not sent, or not taken, is kept so long: the ticket may be gone. */
const KEPT_FOR_A_TICKET_MS = 30 * 24 * 3_600_000;

const photos = new Map();
const tabs = globalThis.BroadcastChannel && new BroadcastChannel('campusdesk.photos');
/** Tells that a photo changed or is gone: `detail` is the photo. */
export const changes = new EventTarget();

export const stateOf = (photo) => {
  if (photo.refused) return 'refused';
  if (photo.image) return 'there';
  if (photo.stopped) return 'stopped';
  if (photo.held) return 'held';
  return photo.running ? 'sending' : 'waiting';
};

/** Those of a ticket, or without one those of the report in the form. */
export function photosOf(ticket) {
  const away = ticket ? '' : inOutbox();
  return inOrder().filter((one) => one.ticket === ticket && !one.left && !away.includes(one.key));
}

/** As they were chosen, also after a reload. */
const inOrder = () => [...photos.values()].sort((one, other) => one.at - other.at);

/** Those that a report went without, until somebody has seen it. */
export const leftOut = () => inOrder().filter((one) => one.left);

const tell = (photo) => changes.dispatchEvent(new CustomEvent('change', { detail: photo }));

async function save(photo) {
  const { key, ticket, who, name, at, blob, held, stopped, refused, left, image } = photo;
  mark(true);
  tell(photo);
  photo.isLoose = !(await keep({ key, ticket, who, name, at, blob, held, stopped, refused, left, image }));
  if (photo.isLoose) tell(photo);
  tabs?.postMessage(key);
}

/** Forgets a photo: it arrived, or nobody wants it. */
export async function drop(photo) {
  photo.stop?.abort();
  photos.delete(photo.key);
  mark(photos.size > 0);
  photo.isGone = true;
  tell(photo);
  await forget(photo.key);
  tabs?.postMessage(photo.key);
}

/** Takes files in, for a ticket that has `taken` photos already or for the report in the form. */
export async function add(files, { who, ticket, taken = 0 }) {
  let room = MOST - taken - photosOf(ticket).filter((one) => !one.refused).length;
  const now = Date.now();
  const taking = [...files].slice(0, 3 * MOST).map((file, order) => {
    room -= 1;
    const photo = { key: newKey(), ticket, who, name: file.name, at: now + order, held: !!ticket, isNew: true };
    photos.set(photo.key, photo);
    tell(photo);
    return { photo, file, refused: room < 0 ? 'too_many' : undefined };
  });
  for (const { photo, file, refused } of taking) {
    Object.assign(photo, { refused }, await prepare(file));
    if (photo.isGone) continue;
    await save(photo);
    photo.isNew = false;
    pump();
  }
}

/** Those that found no room move up where there is some again. */
export function moveUp(ticket, taken = 0) {
  const all = photosOf(ticket);
  const room = MOST - taken - all.filter((one) => !one.refused).length;
  for (const photo of all.filter((one) => one.refused === 'too_many' && one.blob).slice(0, Math.max(room, 0))) {
    Object.assign(photo, { refused: undefined, held: !!ticket });
    save(photo).then(pump);
  }
}

// randomUUID is there over TLS and on localhost only.
const newKey = () => '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

export function stop(photo) {
  photo.stopped = true;
  photo.stop?.abort();
  return save(photo);
}

export function retry(photo) {
  Object.assign(photo, { held: false, stopped: false, refused: undefined, failed: 0, pauseEnds: 0 });
  const saved = save(photo);
  pump();
  return saved;
}

/** Begins what can begin now. */
function pump() {
  const [all, now] = [inOrder(), Date.now()];
  let busy = all.filter((one) => one.running).length;
  for (const photo of all) {
    if (busy >= AT_ONCE || stateOf(photo) !== 'waiting' || photo.isNew || photo.pauseEnds > now) continue;
    busy += 1;
    run(photo).then(pump);
  }
}

async function run(photo) {
  Object.assign(photo, { running: true, sent: 0 });
  tell(photo);
  // Another tab may be sending it. What became of it is kept before the other may look.
  await locked(`campusdesk.photo.${photo.key}`, async () => {
    await send(photo);
    photo.running = false;
    if (!photo.isGone) await save(photo);
  });
}

async function send(photo) {
  const kept = await load(photo.key);
  // Meanwhile another tab may have stopped it, or removed it, or its ticket has it.
  if (!kept && photo.isLoose === false) {
    photos.delete(photo.key);
    tell(Object.assign(photo, { isGone: true }));
  }
  if (kept?.image && !photo.again) photo.image = kept.image;
  photo.stopped ||= kept?.stopped;
  if (photo.image || photo.isGone || photo.stopped) return;
  photo.stop = new AbortController();
  try {
    photo.image = await upload(photo, photo.stop.signal, (sent) => tell(Object.assign(photo, { sent })));
    photo.failed = 0;
    changes.dispatchEvent(new CustomEvent('there', { detail: photo }));
    // A photo of a ticket has arrived; one of a report has when that has.
    if (photo.ticket) await drop(photo);
  } catch (failure) {
    if (photo.stopped || photo.isGone) return;
    photo.refused = refusal(failure, photo.ticket);
    photo.failed = (photo.failed ?? 0) + 1;
    const pause = 1000 * Math.min(2 ** photo.failed, LONGEST_PAUSE_S);
    photo.pauseEnds = Date.now() + pause;
    setTimeout(pump, pause);
  }
}

/** Those with these keys; a sign before a key says that its photo was not meant to go along. */
const named = (keys) => keys.split(' ').map((key) => photos.get(key.replace(/^-/, ''))).filter(Boolean);

/** Waits until a photo is there or never will be; fails where the desk cannot be reached. */
function settled(photo) {
  const failed = photo.failed ?? 0;
  return new Promise((resolve, reject) => {
    const look = () => {
      const isOver = photo.isGone || ['there', 'refused', 'stopped'].includes(stateOf(photo));
      if (!isOver && (photo.failed ?? 0) <= failed) return;
      changes.removeEventListener('change', look);
      if (isOver) resolve();
      else reject(new Error('away'));
    };
    changes.addEventListener('change', look);
    look();
  });
}

/** Sends what is missing of a report's photos; the answer is the JSON list of their numbers. */
export async function attach(keys) {
  await ready;
  const all = named(keys);
  all.forEach((photo) => (photo.pauseEnds = 0));
  pump();
  await Promise.all(all.map(settled));
  // One that was sent anew and belongs to another ticket went along with that.
  return JSON.stringify(all.filter(({ image, again }) => image && !(again && image.ticket_id)).map(({ image }) => image.id));
}

/** The desk does not know them any more: they are to be sent anew. */
export async function again(keys) {
  await ready;
  await Promise.all(named(keys).map((photo) => save(Object.assign(photo, { image: undefined, again: true }))));
}

/** Their report has arrived. Those that the desk would not have are told of. */
export async function arrived(keys) {
  await ready;
  await Promise.all(named(keys).map((photo) => (photo.refused && !photo.left ? save(Object.assign(photo, { left: true, blob: undefined })) : drop(photo))));
}

/** What the other tabs made of it, and what a tab that is gone left undone. */
async function readAgain() {
  const records = (await loadAll()).sort((one, other) => one.at - other.at);
  const isOver = ({ ticket, at }) => ticket && at < Date.now() - KEPT_FOR_A_TICKET_MS;
  records.filter(isOver).forEach(({ key }) => forget(key));
  const kept = new Map(records.filter((record) => !isOver(record)).map((record) => [record.key, record]));
  for (const [key, record] of kept) {
    const photo = photos.get(key) ?? {};
    if (photo.running || photo.isNew) continue;
    photos.set(key, Object.assign(photo, record, { isLoose: false }));
    tell(photo);
  }
  for (const photo of [...photos.values()].filter((one) => one.isLoose === false && !kept.has(one.key) && !one.running)) {
    photos.delete(photo.key);
    tell(Object.assign(photo, { isGone: true }));
  }
  pump();
}

/** Goes on where a former page was broken off. */
export const ready = readAgain().then(() => mark(photos.size > 0));
if (tabs) tabs.onmessage = readAgain;
addEventListener('online', () => {
  photos.forEach((photo) => (photo.pauseEnds = 0));
  pump();
});
