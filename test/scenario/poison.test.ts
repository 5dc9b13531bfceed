// The poison works on everything it should, and nothing is left of it.
import { afterEach, describe, expect, it } from 'vitest';
import { poisoned } from '../../src/scenario/poison.js';

/** Everything that the poison touches. */
const originals = () => [
  Math.random,
  Date,
  performance.now,
  process.hrtime,
  process.uptime,
  crypto.randomUUID,
  crypto.getRandomValues,
  setTimeout,
  setInterval,
  setImmediate,
  queueMicrotask,
  fetch,
];

const before = originals();

afterEach(() => {
  expect(originals()).toEqual(before);
});

const sources: readonly (readonly [name: string, ask: () => unknown])[] = [
  ['Math.random', () => Math.random()],
  ['Date.now', () => Date.now()],
  ['new Date', () => new Date().toISOString()],
  ['the day of the week', () => new Date().getDay()],
  ['performance.now', () => performance.now()],
  ['process.hrtime', () => process.hrtime().join()],
  ['process.hrtime.bigint', () => process.hrtime.bigint()],
  ['process.uptime', () => process.uptime()],
  ['crypto.randomUUID', () => crypto.randomUUID()],
  ['crypto.getRandomValues', () => crypto.getRandomValues(new Uint8Array(8)).join()],
];

describe('the poison', () => {
  it.each(sources)('makes %s differ between two worlds', (_name, ask) => {
    const answers = poisoned((poison) => {
      poison.choose(0);
      const left = ask();
      poison.choose(1);
      return [left, ask()];
    });
    expect(answers[0]).not.toEqual(answers[1]);
  });

  it.each(sources)('lets %s answer the same each time', (_name, ask) => {
    const once = () => poisoned(() => [ask(), ask(), ask()]);
    expect(once()).toEqual(once());
  });

  it('keeps what those who ask expect of an answer', () => {
    poisoned(() => {
      for (let i = 0; i < 1_000; i++) {
        const drawn = Math.random();
        expect(drawn).toBeGreaterThanOrEqual(0);
        expect(drawn).toBeLessThan(1);
      }
      expect(crypto.randomUUID()).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(new Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z');
      expect(new Date()).toBeInstanceOf(Date);
    });
  });

  it('tells on those who defer work, and does not let them', () => {
    let ran = false;
    const told = poisoned((poison) => {
      setTimeout(() => {
        ran = true;
      }, 0);
      const first = poison.deferred();
      return [first, poison.deferred()];
    });
    expect(told).toEqual(['setTimeout', undefined]);
    expect(ran).toBe(false);
  });

  it('is taken away when what it was for throws', () => {
    const fails = () =>
      poisoned(() => {
        throw new Error('oh no');
      });
    expect(fails).toThrow('oh no');
  });
});
