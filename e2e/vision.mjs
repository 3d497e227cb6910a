// Stands in for Google Cloud Vision while the browser tests run: speaks its `images:annotate`, and says of a photo what its shape
// tells. `node vision.mjs PORT` answers on this machine only.
// https://cloud.google.com/vision/docs/reference/rest/v1/images/annotate
import { createServer } from 'node:http';

const LABELS = {
  wide: [['Water', 0.97], ['Tap', 0.84]],
  tall: [['Window', 0.93], ['Glass', 0.71]],
  square: [['Door', 0.9], ['Lock', 0.66]],
};

/** Width and height of a WebP: each of its three kinds has them in another place. Source: RFC 9649. */
function sizeOf(webp) {
  const kind = webp.toString('latin1', 12, 16);
  if (kind === 'VP8X') return [webp.readUIntLE(24, 3) + 1, webp.readUIntLE(27, 3) + 1];
  if (kind === 'VP8L') return [(webp.readUInt32LE(21) & 0x3fff) + 1, ((webp.readUInt32LE(21) >> 14) & 0x3fff) + 1];
  return [webp.readUInt16LE(26) & 0x3fff, webp.readUInt16LE(28) & 0x3fff];
}

function annotate({ image, features }) {
  const [width, height] = sizeOf(Buffer.from(image.content, 'base64'));
  const shape = width > height ? 'wide' : width < height ? 'tall' : 'square';
  const most = features.find(({ type }) => type === 'LABEL_DETECTION')?.maxResults ?? 10;
  const labels = LABELS[shape].map(([description, score]) => ({ mid: `/m/${description.toLowerCase()}`, description, score, topicality: score }));
  return { labelAnnotations: labels.slice(0, most) };
}

const server = createServer(async (request, response) => {
  const answer = (status, body) => response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body));
  if (request.method !== 'POST' || request.url !== '/v1/images:annotate') return answer(404, { error: { code: 404, status: 'NOT_FOUND', message: 'no such method' } });
  if (request.headers['x-goog-api-key'] !== 'e2e') return answer(403, { error: { code: 403, status: 'PERMISSION_DENIED', message: 'no such key' } });
  const parts = await request.toArray();
  try {
    answer(200, { responses: JSON.parse(Buffer.concat(parts)).requests.map(annotate) });
  } catch (error) {
    answer(400, { error: { code: 400, status: 'INVALID_ARGUMENT', message: `${error}` } });
  }
});
server.listen(Number(process.argv[2]), '127.0.0.1');
