// Requests about photos: the only ones that are not made in src/api, since only this can tell how far an upload is.
const API = '/api/v1';
/** A line over which nothing moved for so long is dead. */
const PATIENCE_MS = 60_000;

export const paths = {
  before: `${API}/images`,
  labels: `${API}/images/labels`,
  ofTicket: (ticket) => `${API}/tickets/${ticket}/images`,
  redact: (ticket) => `${API}/tickets/${ticket}/redact`,
  image: (id, part = '') => `${API}/images/${id}${part}`,
};

const heads = (who) => ({
  'Desk-Role': who.role,
  'Desk-Client': who.client,
  ...(who.name && { 'Desk-Name': encodeURIComponent(who.name) }),
});

/** Why there is no answer: its status, 0 without one, and the problem that the desk told. */
const failure = (status, problem) => Object.assign(new Error(`${status}`), { status, problem });

/** Asks the desk. */
export async function ask(who, path, method = 'GET', body = undefined) {
  const init = { method, headers: { ...heads(who), ...(body && { 'content-type': 'application/json' }) }, body: body && JSON.stringify(body) };
  const answer = await fetch(path, init).catch(() => Promise.reject(failure(0)));
  const json = await answer.json().catch(() => null);
  if (!answer.ok) throw failure(answer.status, json);
  return json;
}

/** Sends a photo, and tells how far it is; `signal` stops it. */
export function upload(photo, signal, tell) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), PATIENCE_MS);
    };
    const over = (act) => () => {
      clearTimeout(timer);
      act();
    };
    request.open('POST', photo.ticket ? paths.ofTicket(photo.ticket) : paths.before);
    for (const [name, value] of Object.entries({ ...heads(photo.who), 'Idempotency-Key': photo.key })) request.setRequestHeader(name, value);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => {
      alive();
      tell(loaded / total);
    };
    request.onload = over(() => (request.status < 300 && request.response ? resolve(request.response) : reject(failure(request.status, request.response))));
    request.onerror = request.onabort = over(() => reject(failure(0)));
    signal.addEventListener('abort', () => request.abort());
    const form = new FormData();
    form.append('image', photo.blob, photo.name);
    alive();
    request.send(form);
  });
}

/** Why the desk will not have a photo, for a ticket or not, as a key of the texts; nothing where trying again makes sense. */
export function refusal({ status, problem }, ticket) {
  if (status < 400 || status >= 500 || [408, 429].includes(status) || problem?.kind === 'in_progress') return undefined;
  const code = (field) => problem?.fields?.find((one) => one.field === field)?.code;
  if (status === 413) return 'too_large';
  if (status === 415) return /HEIC/.test(problem?.detail) ? 'heic' : 'no_photo';
  if (code('images') === 'too_long') return 'too_many';
  const known = { required: 'no_photo', out_of_range: 'too_many_pixels', invalid_format: 'damaged', not_allowed: 'removed' };
  // A ticket that is over is, to users, not there.
  if (problem?.kind === 'closed' || (ticket && status === 404)) return 'closed';
  return known[code('image')] ?? (problem?.kind === 'merged' ? 'merged' : 'not_taken');
}
