// What can be said about a file before it is sent, and what the browser can make of it.
export const MOST = 8;
const MOST_BYTES = 12 << 20;

const TAKEN = [/^\xff\xd8\xff/, /^\x89PNG\r\n\x1a\n/, /^RIFF[^]{4}WEBP/];
const HEIC = /^[^]{4}ftyp(he|mi|ms|av)/;

/** The file as it can be sent, or the key of the sentence why not. */
export async function prepare(file) {
  if (!file.size) return { refused: 'empty' };
  if (file.size > MOST_BYTES) return { refused: 'too_large' };
  let bytes;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    return { refused: 'unreadable' };
  }
  const head = String.fromCharCode(...new Uint8Array(bytes, 0, Math.min(16, bytes.byteLength)));
  // A copy: what the file's name stands for may be gone when it is sent.
  if (TAKEN.some((kind) => kind.test(head))) return { blob: new Blob([bytes], { type: file.type }) };
  const blob = await toJpeg(file).catch(() => null);
  if (!blob) return { refused: HEIC.test(head) ? 'heic' : 'no_photo' };
  return blob.size > MOST_BYTES ? { refused: 'too_large' } : { blob };
}

/** What this browser can show, the desk need not be able to read. */
async function toJpeg(file) {
  const bitmap = await createImageBitmap(file);
  const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
  const pen = canvas.getContext('2d');
  // JPEG knows nothing of what shows through.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, bitmap.width, bitmap.height);
  pen.drawImage(bitmap, 0, 0);
  bitmap.close();
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
}
