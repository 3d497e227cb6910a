// What staff do with a photo: confirm, take off and add labels, and overwrite it for good.
import { ask, paths } from './api.js';
import { button, chip, draw, quoted } from './parts.js';
import { percent, say } from './texts.js';

const LONGEST = 40;
/** From so many labelled photos on the desk may know enough. */
const LEARNS_FROM = 24;

let knowledge;
/** What the desk has learned, asked for once for all photos of a page. */
const know = (who) => (knowledge ??= ask(who, paths.labels).catch(() => (knowledge = undefined)));

/** How well the desk's own labels do, where it is the desk that labels. */
export async function knowledgeLine(who) {
  const { source, photos, accuracy, measured_on: count } = (await know(who)) ?? {};
  if (source !== 'learned') return '';
  if (accuracy === null) return say(photos < LEARNS_FROM ? 'learns' : 'learns_still', { photos });
  return `${say('learned_from', { photos })} ${say('right_on', { right: Math.round(accuracy * count), count })}`;
}

/** The labels of one photo, with what can be done with them. */
export class Labels {
  constructor(image, alt, { who, ticket, isOpen, done }) {
    Object.assign(this, { image, alt, who, ticket, isOpen, done });
    this.failure = draw('p', { className: 'error', role: 'alert', hidden: true });
  }

  draw(...more) {
    const list = draw('ul', { className: 'chips', attributes: { 'aria-label': say('labels') } }, ...this.image.labels.map((one) => this.#chip(one)), ...more);
    return draw('div', {}, list, this.isOpen && this.#form(), this.failure, draw('p', { className: 'actions' }, ...this.#redact()));
  }

  /** Does something, and reads the photos again. */
  async #act(method, path, body, said) {
    try {
      await ask(this.who, path, method, body);
      knowledge = undefined;
      await this.done(said);
    } catch (failure) {
      this.failure.hidden = false;
      this.failure.textContent = failure.status ? say('not_done') : say('unreachable');
    }
  }

  #decide(label, confirmed) {
    const said = say(confirmed ? 'label_confirmed' : 'label_removed', { label });
    return this.#act('PUT', paths.image(this.image.id, '/labels'), { label, confirmed }, said);
  }

  #chip(one) {
    const { label, confirmed, confidence } = one;
    if (!this.isOpen) return chip(one);
    const remove = button('×', () => this.#decide(label, false), { className: 'quiet', attributes: { 'aria-label': say('remove_label', { label }) } });
    remove.dataset.focus = `remove-${this.image.id}-${label}`;
    if (confirmed) return chip(one, remove);
    const share = confidence === null ? '' : percent(confidence);
    const confirm = button('', () => this.#decide(label, true), { className: 'quiet', title: say('confirm_label'), attributes: { 'aria-label': `${label} ${share}: ${say('confirm_label')}` } });
    // What it does stands on it: a mark alone would look as if it were done.
    confirm.append(quoted(label), draw('span', { className: 'muted' }, ` ${share}`), draw('span', { className: 'do' }, ` ${say('confirm_label')}`));
    confirm.dataset.focus = `confirm-${this.image.id}-${label}`;
    return draw('li', { className: 'chip' }, confirm, remove);
  }

  #form() {
    const list = draw('datalist', { id: `labels-${this.image.id}` });
    const input = draw('input', { maxLength: LONGEST, autocomplete: 'off', placeholder: say('add_label'), attributes: { list: list.id, 'aria-label': `${say('add_label')}: ${this.alt}` } });
    input.dataset.focus = `add-${this.image.id}`;
    input.onfocus = async () => {
      const known = (await know(this.who))?.labels ?? [];
      list.replaceChildren(...known.map(({ label }) => draw('option', { value: label })));
    };
    const onsubmit = (event) => {
      event.preventDefault();
      const label = input.value.trim();
      if (label) this.#decide(label, true);
    };
    return draw('form', { className: 'add-label', onsubmit }, input, list, draw('button', {}, say('add_this')));
  }

  /** What cannot be undone is asked once more, in place. */
  #redact() {
    const place = draw('span');
    const act = () => this.#act('POST', paths.redact(this.ticket), { target: { image: this.image.id } }, say('gone'));
    const begin = button(say('redact'), () => {
      const keep = button(say('keep'), () => {
        place.replaceChildren(begin);
        begin.focus();
      }, { className: 'quiet' });
      const question = draw('span', { role: 'status' }, say('redact_question'));
      const confirm = button(say('redact_confirm'), act, { className: 'danger' });
      confirm.dataset.focus = `redact-${this.image.id}`;
      place.replaceChildren(draw('span', { className: 'confirm', role: 'group', ariaLabel: say('redact_question') }, question, confirm, keep));
      keep.focus();
    }, { className: 'quiet small', about: this.alt });
    place.append(begin);
    return [place];
  }
}
