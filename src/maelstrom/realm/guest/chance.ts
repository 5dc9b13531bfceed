// The realm's chance: every draw is the event's own, so that the same event draws the same again.
import { argumentError, codedError, life, nextTick } from './state.js';

const twoTo26 = 2 ** 26;
const twoTo53 = 2 ** 53;

/** `Math.random`: 53 bits. */
export function random(): number {
  const high = life.host.draw() >>> 5;
  return (high * twoTo26 + (life.host.draw() >>> 6)) / twoTo53;
}

/** Fills bytes with chance. */
function fill<T extends ArrayBufferView>(view: T): T {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let word = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (i % 4 === 0) word = life.host.draw();
    bytes[i] = word & 255;
    word >>>= 8;
  }
  return view;
}

function getRandomValues<T extends ArrayBufferView>(view: T): T {
  if (!ArrayBuffer.isView(view)) throw argumentError('array', 'an integer typed array', view);
  return fill(view);
}

function randomUUID(): string {
  const bytes = fill(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

type Done<T> = (error: null, value: T) => void;

function randomBytes(size: number, done?: Done<Buffer>): Buffer | undefined {
  const bytes = fill(Buffer.alloc(size));
  if (done === undefined) return bytes;
  nextTick(() => done(null, bytes));
  return undefined;
}

function randomInt(first: number, second?: unknown, third?: unknown): number | undefined {
  const hasMin = typeof second === 'number';
  const [min, max] = hasMin ? [first, second] : [0, first];
  if (!(Number.isSafeInteger(min) && Number.isSafeInteger(max) && max > min)) {
    throw codedError('ERR_OUT_OF_RANGE', 'The value of "max" is out of range');
  }
  const value = min + Math.floor(random() * (max - min));
  const done = (hasMin ? third : second) as Done<number> | undefined;
  if (done === undefined) return value;
  nextTick(() => done(null, value));
  return undefined;
}

function randomFillSync(view: ArrayBufferView): ArrayBufferView {
  return fill(view);
}

function randomFill(view: ArrayBufferView, ...rest: unknown[]): void {
  const done = rest.at(-1) as Done<ArrayBufferView>;
  fill(view);
  nextTick(() => done(null, view));
}

/** The global `crypto`, without the parts that take time of their own. */
export const webCrypto = { getRandomValues, randomUUID };

/** What `node:crypto` draws. */
export const draws = {
  ...{ randomBytes, randomInt, randomFill, randomFillSync, randomUUID, getRandomValues },
  pseudoRandomBytes: randomBytes,
  webcrypto: webCrypto,
};
