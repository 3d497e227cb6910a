// <photo-left>: says which photos a report went without, until somebody has read it.
import { changes, drop, leftOut, ready } from './engine.js';
import { button, draw } from './parts.js';
import { say } from './texts.js';

export class PhotoLeft extends HTMLElement {
  connectedCallback() {
    this.role = 'status';
    this.show = () => {
      const photos = leftOut();
      const line = (photo) => draw('li', {}, draw('strong', { dir: 'auto' }, photo.name), ` ${say(photo.refused)}`);
      const notice = () => draw('div', { className: 'notice warn' }, draw('p', {}, say('left_out')), draw('ul', {}, ...photos.map(line)), button(say('seen'), () => photos.forEach(drop)));
      this.replaceChildren(...(photos.length ? [notice()] : []));
    };
    changes.addEventListener('change', this.show);
    ready.then(this.show);
  }

  disconnectedCallback() {
    changes.removeEventListener('change', this.show);
  }
}
