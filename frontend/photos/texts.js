// What the photos say, in the reader's language. The build puts the texts of locales/*/photos.json into the next line;
// `trunk serve` has them as files.
const TEXTS = Object.fromEntries(await Promise.all(['en', 'de', 'ar'].map(async (one) => [one, await (await fetch(`/locales/${one}/photos.json`)).json()])));

/** The reader's language, as the page has it. */
const own = () => TEXTS[document.documentElement.lang] ?? TEXTS.en;

/** A text by its key, with what it has room for. */
export const say = (key, given = {}) => own()[key].replace(/{{ (\w+) }}/g, (room, name) => given[name] ?? room);

/** A share between 0 and 1 in whole percent; nothing that is predicted is certain. */
export const percent = (share) => new Intl.NumberFormat(tag(), { style: 'percent' }).format(Math.min(share, 0.99));

/** Date and time in the reader's own time zone. */
export const dateTime = (at) => new Intl.DateTimeFormat(tag(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));

// With the digits that ticket numbers have, as the rest of the app.
const tag = () => ({ ar: 'ar-u-nu-latn', de: 'de' })[document.documentElement.lang] ?? 'en-GB';
