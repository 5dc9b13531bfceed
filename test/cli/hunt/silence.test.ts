// How long a thread of a hunt has been silent, where the machine has been busy with others.
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { ownThread, type Share, Silence, shareOf } from '../../../src/cli/hunt/silence.js';

const lookMs = 200;

/** The silence after looks at a thread that never beats, each of which finds such a share. */
function after(shares: readonly (Share | undefined)[]): number {
  let at = -1;
  const silence = new Silence(7, () => shares[at]);
  let silentMs = 0;
  for (at = 0; at < shares.length; at++) silentMs = silence.look(7, lookMs);
  return silentMs;
}

/** Ten looks, at each of which the thread has had so much more; the first has nothing before it. */
function tenLooks(ranMs: number, waitedMs: number, ready: boolean): number {
  const share = (n: number) => ({ ranMs: n * ranMs, waitedMs: n * waitedMs, ready });
  return after(Array.from({ length: 11 }, (_, n) => share(n))) - lookMs;
}

describe('the silence of a thread', () => {
  it('is all the time where nobody knows what it had', () => {
    expect(after([undefined, undefined, undefined])).toBe(3 * lookMs);
  });

  it('is all the time of a thread that runs and says nothing', () => {
    expect(tenLooks(lookMs, 0, true)).toBe(10 * lookMs);
  });

  it('is all the time of a thread that sleeps, also of one that wakes now and then', () => {
    expect(tenLooks(0, 0, false)).toBe(10 * lookMs);
    expect(tenLooks(20, 0, false)).toBe(10 * lookMs);
  });

  it('is what it ran where others had the processors', () => {
    expect(tenLooks(30, 150, true)).toBe(300);
    expect(tenLooks(30, 150, false)).toBe(300);
  });

  it('does not grow while it waits and the kernel has not counted that yet', () => {
    expect(tenLooks(0, 0, true)).toBe(0);
  });

  it('begins anew with each sign of life', () => {
    const silence = new Silence(0, () => undefined);
    expect([0, 0, 1, 1].map((beats) => silence.look(beats, lookMs))).toEqual([200, 400, 0, 200]);
  });
});

describe.skipIf(ownThread() === 0)('the share of a thread', () => {
  it('grows while it runs', () => {
    const before = shareOf(ownThread())?.ranMs ?? Number.NaN;
    while ((shareOf(ownThread())?.ranMs ?? 0) < before + 20);
    expect(shareOf(ownThread())).toMatchObject({ ready: true });
  });

  it('is that of a thread alone, which says which it is', async () => {
    const code = `const { readlinkSync } = require('node:fs');
      const { parentPort } = require('node:worker_threads');
      parentPort.postMessage(readlinkSync('/proc/thread-self').split('/').at(-1));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`;
    const worker = new Worker(code, { eval: true });
    const thread = await new Promise((said) => worker.once('message', said));
    expect(Number(thread)).not.toBe(ownThread());
    while (shareOf(Number(thread))?.ready === true);
    expect(shareOf(Number(thread))?.ready).toBe(false);
    await worker.terminate();
    expect(shareOf(0)).toBeUndefined();
  });
});
