// Small things that the field, the gallery and the dialog are drawn with.
import { percent, say } from './texts.js';

/** An element with its properties, attributes (those that are in `attributes`) and children. */
export function draw(name, { attributes = {}, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, value);
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

/** A button; `about` says of which photo, to those who do not see it beside the button. */
export const button = (text, onclick, { about, ...more } = {}) =>
  draw('button', { type: 'button', onclick, ...more, attributes: { 'aria-label': about && `${text}: ${about}`, ...more.attributes } }, text);

/** A line that is only heard. */
export const listener = () => draw('p', { className: 'hidden', role: 'status' });

/** A text of people's own, in its own direction. */
export const quoted = (text, name = 'span') => draw(name, { dir: 'auto' }, text);

/** One thing on a photo: confirmed ones are filled, guesses say how sure they are. */
export function chip({ label, confirmed, confidence }, ...buttons) {
  const share = !confirmed && confidence != null && ` ${percent(confidence)}`;
  return draw('li', { className: confirmed ? 'chip sure' : 'chip' }, quoted(label), share && draw('span', { className: 'muted' }, share), ...buttons);
}

/** What is on a photo, for those who only look. */
export function chips(labels, ...more) {
  const word = labels.length > 0 && draw('li', { className: 'muted', ariaHidden: 'true' }, `${say('labels')}:`);
  return draw('ul', { className: 'chips', attributes: { 'aria-label': say('labels') } }, word, ...labels.map((one) => chip(one)), ...more);
}

/** What went wrong, with a button to try again. */
export const failed = (sentence, retry) =>
  draw('div', { className: 'failure', role: 'alert' }, draw('div', {}, draw('p', {}, sentence), button(say('try_again'), retry)));
