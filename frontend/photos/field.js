// <photo-field about="[who, isLocked, ticket, taken]">: takes photos in and shows how far each is. With a ticket, which has so many
// already, they wait for a press of a button; without one they go up at once and wait for their report.
//
// What the app needs to know stands in its attributes: `keys`, those of the photos of the report, each that will not go
// along behind a sign; and `hits`, the open tickets with nearly the same photo, with an event `photohits` on the window.
import { ask, paths } from './api.js';
import { add, changes, drop, moveUp, photosOf, ready, retry, stateOf, stop } from './engine.js';
import { button, chips, draw, listener, quoted } from './parts.js';
import { MOST } from './picture.js';
import { percent, say } from './texts.js';

/** When labels are asked for after an upload. Who predicts takes seconds; after a minute nobody waits for them. */
const ASK_AFTER_S = [2, 4, 8, 16, 30];

/** So many tickets with nearly the same photo are suggested, however many photos there are. */
const MOST_ALIKE = 3;

export class PhotoField extends HTMLElement {
  static observedAttributes = ['about'];
  #cards = new Map();
  #found = new Map();
  #left;

  get #about() {
    const [who, isLocked, ticket, taken] = JSON.parse(this.getAttribute('about'));
    return { who, isLocked, ticket, taken };
  }

  get #ticket() {
    return this.#about.ticket;
  }

  connectedCallback() {
    this.#left = new AbortController();
    this.#draw();
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.#left.signal });
    on(changes, 'change', ({ detail }) => this.#change(detail));
    on(changes, 'there', ({ detail }) => !detail.ticket && !this.#ticket && this.#look(detail));
    on(document, 'paste', (event) => this.#takeFrom(event, event.clipboardData));
    on(document, 'dragover', (event) => this.#hover(event, true));
    on(document, 'dragleave', (event) => event.relatedTarget ?? this.#hover(event, false));
    on(document, 'drop', (event) => {
      this.#hover(event, false);
      this.#takeFrom(event, event.dataTransfer);
    });
    ready.then(() => {
      this.#photos().forEach((photo) => this.#change(photo));
      if (!this.#ticket) this.#photos().forEach((photo) => photo.image && this.#look(photo));
    });
    this.#tellApp();
  }

  #draw() {
    // Without `capture`: a phone then offers both its camera and its gallery.
    const input = draw('input', { type: 'file', accept: 'image/*', multiple: true, hidden: true });
    input.onchange = () => {
      this.#take(input.files);
      input.value = '';
    };
    this.#cards.clear();
    this.list = draw('ul', { className: 'photo-cards' });
    this.heard = listener();
    this.send = button(say('send'), () => this.#photos().forEach((photo) => stateOf(photo) === 'held' && retry(photo)), { className: 'primary' });
    this.button = button(say('add'), () => input.click(), { attributes: { 'aria-describedby': 'photo-hint' } });
    const hint = draw('p', { className: 'hint', id: 'photo-hint' }, say(this.#ticket ? 'hint_ticket' : 'hint'));
    const label = !this.#ticket && draw('p', { className: 'photo-label', id: 'photo-label' }, say('optional'));
    this.replaceChildren(...[label, hint, this.list, draw('p', { className: 'actions' }, this.button, input, this.send), this.heard].filter(Boolean));
    Object.assign(this, { role: 'group', ariaLabel: say('photos') });
  }

  disconnectedCallback() {
    this.#cards.forEach(({ url }) => URL.revokeObjectURL(url));
    this.#left.abort();
  }

  attributeChangedCallback() {
    if (!this.button) return;
    this.#cards.forEach((card) => this.#show(card, card.photo));
    this.#tellApp();
  }

  get #isLocked() {
    return this.#about.isLocked;
  }

  /** While a report is sent, its photos are in the outbox already and still shown here. */
  #photos() {
    const shown = this.#isLocked && !this.#ticket ? [...this.#cards.values()].map(({ photo }) => photo).filter((photo) => !photo.isGone) : [];
    return [...new Set([...shown, ...photosOf(this.#ticket)])];
  }

  #take(files) {
    if (!this.#isLocked) add(files, this.#about);
  }

  /** Files that were pasted or dropped anywhere on the page; text goes where it is put. */
  #takeFrom(event, data) {
    if (!data?.files.length) return;
    // Cells and paragraphs come with a picture of themselves.
    const isText = event.type === 'paste' && data.types.includes('text/plain') && event.target.matches?.('input, textarea');
    if (isText) return;
    event.preventDefault();
    this.#take(data.files);
  }

  #hover(event, isOver) {
    if (![...(event.dataTransfer?.types ?? [])].includes('Files')) return;
    if (isOver) event.preventDefault();
    this.classList.toggle('over', isOver && !this.#isLocked);
  }

  #change(photo) {
    let card = this.#cards.get(photo.key);
    if (photo.isGone || !this.#photos().includes(photo)) {
      if (card) this.#removeCard(card);
      this.#cards.delete(photo.key);
      this.#found.delete(photo.key);
    } else {
      if (!card) this.#cards.set(photo.key, (card = this.#newCard(photo)));
      this.#show(card, photo);
    }
    this.#tellApp();
  }

  /** A button that is gone must not take the focus with it: it goes on to the next photo. */
  #removeCard({ element, url }) {
    const beside = element.nextElementSibling ?? element.previousElementSibling;
    if (element.contains(document.activeElement)) (beside?.querySelector('button:last-of-type') ?? this.button).focus();
    element.remove();
    URL.revokeObjectURL(url);
  }

  #newCard(photo) {
    const picture = draw('img', { alt: photo.name, className: 'photo-preview', onerror: () => (picture.hidden = true) });
    const [bar, said, labels, actions] = [draw('progress', { max: 1, ariaLabel: photo.name }), draw('p', { className: 'small' }), draw('div'), draw('p', { className: 'actions' })];
    const name = draw('p', { className: 'photo-name' }, quoted(photo.name));
    const element = draw('li', {}, picture, draw('div', {}, name, bar, said, labels, actions));
    this.list.append(element);
    return { photo, element, picture, bar, said, labels, actions };
  }

  #show(card, photo) {
    const state = stateOf(photo);
    card.picture.hidden ||= !!photo.refused && !photo.blob;
    if (photo.blob && !card.url) card.picture.src = card.url = URL.createObjectURL(photo.blob);
    card.bar.hidden = !['sending', 'waiting'].includes(state);
    card.bar.value = photo.sent ?? 0;
    const sentence = this.#sentence(photo, state);
    card.said.textContent = sentence;
    const look = [state, !!photo.failed, this.#isLocked, photo.labels].join();
    if (card.look === look) return;
    // Only now: a bar that moves must not take the focus off its button, nor be read out.
    if (card.look && card.state !== state) this.heard.textContent = `${photo.name}: ${sentence}`;
    Object.assign(card, { look, state });
    card.said.classList.toggle('error', state === 'refused');
    card.labels.replaceChildren(...(photo.labels?.length ? [chips(photo.labels)] : []));
    // A report that is being sent takes along what it has; from a ticket that is over, what is left can be taken away.
    const about = { about: photo.name, className: 'quiet', disabled: this.#isLocked && !this.#ticket };
    const hadFocus = card.actions.contains(document.activeElement);
    card.actions.replaceChildren(
      ...(state === 'stopped' ? [button(say('retry'), () => retry(photo), about)] : []),
      ['sending', 'waiting'].includes(state) ? button(say('cancel'), () => stop(photo), about) : button(say('remove'), () => this.#remove(photo), about),
    );
    if (hadFocus) card.actions.firstChild.focus();
  }

  #remove(photo) {
    drop(photo);
    if (!this.#isLocked) moveUp(this.#ticket, this.#about.taken);
  }

  #sentence(photo, state) {
    if (this.#ticket && state === 'refused' && photo.refused === 'too_many') return say('ticket_full');
    if (state === 'refused') return say(photo.refused);
    if (this.#ticket && this.#isLocked && state === 'held') return say('closed');
    if (state === 'sending') return photo.sent >= 1 ? say('arriving') : say('sending', { share: percent(photo.sent ?? 0) });
    if (state === 'waiting' && photo.failed) return say('waits_for_desk');
    return photo.isLoose ? `${say(state)} ${say('not_kept')}` : say(state);
  }

  #tellApp() {
    const all = this.#photos();
    const goes = (photo) => !['refused', 'stopped'].includes(stateOf(photo));
    this.setAttribute('keys', all.map((photo) => (goes(photo) ? photo.key : `-${photo.key}`)).join(' '));
    const isFull = this.#ticket && this.#about.taken + all.filter(goes).length >= MOST;
    this.button.disabled = this.#isLocked || isFull;
    const canSend = !this.#isLocked && all.some((photo) => stateOf(photo) === 'held');
    if (!canSend && document.activeElement === this.send) (this.list.querySelector('button') ?? this.button).focus();
    this.send.hidden = !canSend;
    const items = [...new Map([...this.#found.values()].flat().map((hit) => [hit.id, hit])).values()];
    const hits = JSON.stringify({ items: items.slice(0, MOST_ALIKE), next: null });
    if (this.#ticket || this.getAttribute('hits') === hits || !(items.length || this.hasAttribute('hits'))) return;
    this.setAttribute('hits', hits);
    dispatchEvent(new Event('photohits'));
  }

  /** Looks what is on a photo of the report, and for open tickets with nearly the same. */
  async #look(photo) {
    // Conveniences: without them one reports.
    const find = (part) => ask(photo.who, paths.image(photo.image?.id, part)).catch(() => null);
    find('/similar').then((page) => {
      this.#found.set(photo.key, page?.items ?? []);
      this.#change(photo);
    });
    for (const seconds of ASK_AFTER_S) {
      await new Promise((over) => setTimeout(over, seconds * 1000));
      if (photo.isGone || !photo.image || !this.isConnected) return;
      const said = await find('/predictions');
      if (said && said.state !== 'pending') return this.#change(Object.assign(photo, { labels: said.items }));
    }
  }
}
