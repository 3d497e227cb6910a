// A photo at its full size, over the page: by keyboard, and back to where one was.
import { button, draw, quoted } from './parts.js';
import { dateTime, say } from './texts.js';

/** Opens the dialog at one of several photos, and answers it. `closed` is called with the place of the one that was looked at last. */
export function view(photos, start, closed) {
  let at = start;
  const picture = draw('img');
  const caption = draw('p', { className: 'viewer-caption', attributes: { 'aria-live': 'polite' } });
  const go = (to) => {
    at = (to + photos.length) % photos.length;
    const { alt, title, source, width, height, author, at: added } = photos[at];
    picture.removeAttribute('src');
    Object.assign(picture, { alt, width, height, src: source, hidden: false });
    // Each in its own direction: a Latin name would tear an Arabic date apart.
    const facts = [say('of', { place: at + 1, count: photos.length }), author, dateTime(added)].filter(Boolean).flatMap((fact) => [' · ', quoted(fact, 'bdi')]);
    caption.replaceChildren(draw('strong', { dir: 'auto' }, title), draw('span', { className: 'muted small' }, ...facts.slice(1)));
    alone.href = source;
    dialog.ariaLabel = say('of', { place: at + 1, count: photos.length });
  };
  picture.onerror = () => {
    picture.hidden = true;
    caption.append(draw('span', { className: 'error' }, say('not_shown')), button(say('try_again'), () => go(at)));
  };
  // A long or wide one is too small in a dialog; by itself it can be made larger.
  const alone = draw('a', { target: '_blank', rel: 'noopener', className: 'button quiet' }, say('alone'));
  const steps = photos.length > 1 ? [button(say('previous'), () => go(at - 1)), button(say('next'), () => go(at + 1))] : [];
  const close = button(say('close'), () => dialog.close(), { autofocus: true });
  const dialog = draw('dialog', { className: 'viewer' }, picture, caption, draw('p', { className: 'actions' }, ...steps, alone, close));
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
  return dialog;
}
