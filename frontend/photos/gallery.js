// <photo-gallery about="[who, ticket, subject, isOpen, round]">: a ticket's photos, what is on them, and a way to add some. The app
// counts `round` up when something may have changed.
import { ask, paths } from './api.js';
import { changes, photosOf, ready } from './engine.js';
import { MOST } from './picture.js';
import { button, chips, draw, failed, listener } from './parts.js';
import { Labels, knowledgeLine } from './labels.js';
import { say } from './texts.js';
import { view } from './viewer.js';

/** Longest side of a thumbnail. */
const SMALL = 320;

export class PhotoGallery extends HTMLElement {
  static observedAttributes = ['about'];
  #left;
  #asked = 0;
  #similar = new Map();

  connectedCallback() {
    this.#left = new AbortController();
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.#left.signal });
    this.shown = draw('div');
    this.learned = draw('p', { className: 'muted small' });
    this.heard = listener();
    this.foot = draw('div');
    this.full = draw('p', { className: 'muted small', hidden: true }, say('ticket_full'));
    this.replaceChildren(draw('h2', { id: 'photos-title' }, say('photos')), this.shown, this.learned, this.heard, this.full, this.foot);
    Object.assign(this, { role: 'region' });
    this.setAttribute('aria-labelledby', 'photos-title');
    this.shown.replaceChildren(draw('div', { className: 'loading', role: 'status' }, draw('span', { className: 'hidden' }, say('loading')), draw('span', { className: 'bone' })));
    on(changes, 'there', ({ detail }) => detail.ticket === this.#about.ticket && this.#read(say('added')));
    on(changes, 'change', () => this.#showFoot());
    on(globalThis, 'online', () => this.#read());
    ready.then(() => this.#showFoot());
    this.#read();
  }

  disconnectedCallback() {
    this.#left.abort();
  }

  attributeChangedCallback(name, before, now) {
    if (this.shown && before !== now) this.#read();
  }

  get #about() {
    const [who, ticket, subject, isOpen] = JSON.parse(this.getAttribute('about'));
    return { who, ticket, subject, isOpen, isStaff: who.role === 'staff' };
  }

  async #read(said) {
    const asked = (this.#asked += 1);
    try {
      const images = [];
      for (let next = ''; next !== null; ) {
        const page = await ask(this.#about.who, paths.ofTicket(this.#about.ticket) + (next && `?cursor=${encodeURIComponent(next)}`));
        images.push(...page.items);
        next = page.next;
      }
      if (asked !== this.#asked) return;
      this.images = images;
      this.#show();
      if (said) this.heard.textContent = said;
      this.#findSimilar();
    } catch (failure) {
      // What is there already stays.
      if (asked !== this.#asked || this.images) return;
      const sentence = say(navigator.onLine === false ? 'offline' : failure.status ? 'not_loaded' : 'unreachable');
      this.shown.replaceChildren(failed(sentence, () => this.#read()));
    }
  }

  /** What stands in the place of a photo for those who do not see it. */
  #alt(image, place, count) {
    const sure = image.labels.filter((one) => one.confirmed);
    const said = (sure.length ? sure : image.labels).map((one) => one.label).join(', ');
    return said || `${this.#about.subject}, ${say('of', { place, count })}`;
  }

  /** How many of the ticket's own eight there are; those of merged tickets stand beside them. */
  get #taken() {
    return this.images?.filter((image) => image.ticket_id === this.#about.ticket).length ?? 0;
  }

  #source = (image, part = '') => paths.image(image.id, part) + (this.#about.isStaff ? '?role=staff' : '');

  #show() {
    const state = JSON.stringify([this.images, this.#about.isStaff, this.#about.isOpen, [...this.#similar]]);
    // Whoever writes a label goes on writing where nothing has changed.
    if (state === this.state) return;
    this.state = state;
    const focus = this.shown.contains(document.activeElement) && document.activeElement.dataset.focus;
    const list = draw('ul', { className: 'shots' }, ...this.images.map((image, at) => this.#shot(image, at + 1)));
    this.shown.replaceChildren(this.images.length ? list : draw('p', { className: 'muted' }, say('none')));
    if (focus) this.#giveFocus(focus);
    // What was taken away is not looked at any longer, either.
    if (this.viewer?.open && this.images.some((image) => image.redacted && this.viewed.includes(image.id))) this.viewer.close();
    if (this.#about.isStaff && this.images.length) knowledgeLine(this.#about.who).then((line) => (this.learned.textContent = line));
    // A ticket that is over and never had any is not asked about them.
    this.hidden = !this.images.length && !this.#about.isOpen;
    this.#showFoot();
  }

  /** Back to where it was; where that is gone, to what is left of the photo: never to a button that takes something away. */
  #giveFocus(focus) {
    const find = (name) => this.shown.querySelector(`[data-focus="${CSS.escape(name)}"]`);
    const id = focus.split('-')[1];
    (find(focus) ?? find(`add-${id}`) ?? find(`open-${id}`) ?? this.querySelector('button'))?.focus();
  }

  #shot(image, place) {
    const alt = this.#alt(image, place, this.images.length);
    if (image.redacted) return draw('li', { className: 'shot gone' }, draw('p', {}, say('gone')));
    const shrink = Math.min(1, SMALL / Math.max(image.width, image.height));
    const [width, height] = [image.width, image.height].map((side) => Math.round(side * shrink));
    // What is much longer than high, or the other way round, would lose most of itself.
    const className = Math.max(width / height, height / width) > 2.2 ? 'whole' : '';
    const picture = draw('img', { alt, width, height, className, loading: 'lazy', src: this.#source(image, '/thumbnail') });
    const open = draw('button', { type: 'button', className: 'thumb', onclick: () => this.#open(image) }, picture);
    open.dataset.focus = `open-${image.id}`;
    const looking = image.state === 'pending' && draw('li', { className: 'muted small' }, say('looking'));
    const labels = this.#about.isStaff
      ? new Labels(image, alt, { who: this.#about.who, ticket: this.#about.ticket, isOpen: this.#about.isOpen, done: (said) => this.#read(said) }).draw(looking)
      : chips(image.labels, looking);
    return draw('li', { className: 'shot' }, open, this.#similarLine(image), labels);
  }

  #similarLine(image) {
    const hits = this.#similar.get(image.id) ?? [];
    if (!hits.length) return null;
    const links = hits.flatMap((hit) => [' ', draw('a', { href: `/tickets/${hit.id}`, title: hit.title }, `#${hit.id}`)]);
    return draw('p', { className: 'notice warn small' }, say('same_on'), ...links);
  }

  /** Staff hear of open tickets with nearly the same photo. */
  async #findSimilar() {
    if (!this.#about.isStaff || !this.#about.isOpen) return;
    for (const { id } of this.images.filter((image) => !image.redacted && !this.#similar.has(image.id))) {
      // A convenience: without it staff look themselves.
      const page = await ask(this.#about.who, paths.image(id, '/similar')).catch(() => null);
      this.#similar.set(id, (page?.items ?? []).filter((hit) => hit.id !== this.#about.ticket));
    }
    if (this.isConnected) this.#show();
  }

  #open(image) {
    const shown = this.images.filter((one) => !one.redacted);
    const photos = shown.map((one, at) => ({
      alt: this.#alt(one, at + 1, shown.length),
      title: one.labels.length ? this.#alt(one) : this.#about.subject,
      source: this.#source(one),
      width: one.width,
      height: one.height,
      author: one.author_name,
      at: one.created_at,
    }));
    this.viewed = shown.map(({ id }) => id);
    // By its number: what is drawn may be of a former answer that was the same.
    this.viewer = view(photos, this.viewed.indexOf(image.id), (at) => this.#giveFocus(`open-${this.viewed[at]}`));
  }

  /** A way to add some, where the ticket is open; and what was not sent, where it was closed meanwhile. */
  #showFoot() {
    const { who, ticket, isOpen } = this.#about;
    const isFull = this.#taken >= MOST;
    const isShown = (isOpen && this.images && !isFull) || photosOf(ticket).length > 0;
    const about = JSON.stringify([who, !isOpen, ticket, this.#taken]);
    this.full.hidden = !isOpen || !isFull;
    if (isShown && !this.field) {
      this.field = draw('photo-field', { attributes: { about } });
      this.foot.append(this.field);
    }
    if (isShown && this.field.getAttribute('about') !== about) this.field.setAttribute('about', about);
    if (!isShown) {
      this.field?.remove();
      this.field = undefined;
    }
  }
}
