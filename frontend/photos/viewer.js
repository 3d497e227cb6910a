// A photo at its full size, over the page: by keyboard, and back to where one was.
import { button, draw } from './parts.js';
import { dateTime, say } from './texts.js';

/** Opens the dialog at one of several photos. `show` is called with the place of the one that was looked at last. */
export function view(photos, start, closed) {
  let at = start;
  const picture = draw('img');
  const caption = draw('p', { className: 'viewer-caption', attributes: { 'aria-live': 'polite' } });
  const go = (to) => {
    at = (to + photos.length) % photos.length;
    const { alt, source, width, height, author, at: added } = photos[at];
    picture.removeAttribute('src');
    Object.assign(picture, { alt, width, height, src: source });
    const facts = [say('of', { place: at + 1, count: photos.length }), author, dateTime(added)].filter(Boolean).join(' · ');
    caption.replaceChildren(draw('strong', { dir: 'auto' }, alt), draw('span', { className: 'muted small' }, facts));
    dialog.ariaLabel = say('of', { place: at + 1, count: photos.length });
  };
  picture.onerror = () => caption.append(draw('span', { className: 'error' }, say('not_shown')));
  const steps = photos.length > 1 ? [button(say('previous'), () => go(at - 1)), button(say('next'), () => go(at + 1))] : [];
  const close = button(say('close'), () => dialog.close(), { autofocus: true });
  const dialog = draw('dialog', { className: 'viewer' }, picture, caption, draw('p', { className: 'actions' }, ...steps, close));
  dialog.onkeydown = ({ key }) => {
    const forward = getComputedStyle(dialog).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const places = { [forward]: at + 1, Home: 0, End: photos.length - 1 };
    if (key.startsWith('Arrow') && /Left|Right/.test(key) && key !== forward) go(at - 1);
    else if (key in places) go(places[key]);
  };
  // Beside the photo is outside.
  dialog.onclick = ({ target }) => target === dialog && dialog.close();
  dialog.onclose = () => {
    dialog.remove();
    closed(at);
  };
  document.body.append(dialog);
  go(at);
  dialog.showModal();
}
