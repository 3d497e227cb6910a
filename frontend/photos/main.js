// Photos: taken in, sent and shown, in elements that draw themselves. Loaded when a page has one of them, since a first
// visit has not: index.html says how, src/api/photos.rs asks. The build makes one file of this folder, in the order
// that xtask/src/build/photos.rs names.
import { again, arrived, attach } from './engine.js';
import { PhotoField } from './field.js';
import { PhotoGallery } from './gallery.js';
import { PhotoLeft } from './left.js';

export { again, arrived, attach };

// The build puts styles/photos.css here; `trunk serve` has it in the page.
const STYLES = '';
document.head.append(Object.assign(document.createElement('style'), { textContent: STYLES }));
customElements.define('photo-field', PhotoField);
customElements.define('photo-gallery', PhotoGallery);
customElements.define('photo-left', PhotoLeft);

// For the next visit without a network, as the app itself. A name without a hash stands for something else tomorrow.
const isForGood = /-[0-9a-f]{12,}\.js$/.test(import.meta.url);
if (isForGood) globalThis.caches?.open('campusdesk-apps').then((kept) => kept.add(import.meta.url)).catch(() => {});
