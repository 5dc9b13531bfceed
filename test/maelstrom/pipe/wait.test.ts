// How long a program has been waited for, where the machine has been busy with others.
import { describe, expect, it } from 'vitest';
import { Wait } from '../../../src/maelstrom/pipe/wait.js';

/** A wait whose clock goes on by one of these spans at each look; `starved`: of it, nobody ran. */
function looks(spans: readonly number[], starved = (_spent: number): number => 0): Wait {
  let nowMs = 1_000;
  const wait = new Wait(
    () => starved(nowMs - 1_000),
    () => nowMs,
  );
  for (const span of spans) {
    nowMs += span;
    wait.spentMs();
  }
  return wait;
}

const quietIn = (quiescentMs: number) => ({ quiescentMs, awaitedMs: 10_000 });

const everyMs = Array.from({ length: 300 }, () => 1);

describe('a wait', () => {
  it('is over when its time is', () => {
    expect(looks(everyMs).isOver(quietIn(299))).toBe(true);
    expect(looks(everyMs).isOver(quietIn(301))).toBe(false);
  });

  it('does not count what a machine that stood still has taken', () => {
    expect(looks([...everyMs, 10_000]).isOver(quietIn(400))).toBe(false);
    expect(looks([...everyMs, 10_000]).spentMs()).toBe(350);
  });

  it('does not count time in which the program had no processor', () => {
    const half = (spent: number): number => spent / 2;
    expect(looks(everyMs, half).isOver(quietIn(165))).toBe(false);
    expect(looks(everyMs, half).isOver(quietIn(155))).toBe(true);
  });

  it('is patient until what is awaited is said, and then begins anew', () => {
    let nowMs = 0;
    const wait = new Wait(
      () => 0,
      () => nowMs,
    );
    const overAfter = (ms: number, awaits: boolean): boolean => {
      for (const endMs = nowMs + ms; nowMs < endMs; nowMs++) wait.spentMs();
      return wait.isOver(quietIn(200), awaits);
    };
    expect(overAfter(5_000, true)).toBe(false);
    expect(overAfter(0, false)).toBe(false);
    expect(overAfter(190, false)).toBe(false);
    expect(overAfter(20, false)).toBe(true);
  });

  it('asks what the program has starved no more often than that can matter', () => {
    let asked = 0;
    const wait = looks(everyMs, (spent) => {
      asked++;
      return spent / 2;
    });
    expect(wait.isOver(quietIn(250))).toBe(false);
    const askedBefore = asked;
    expect(wait.isOver(quietIn(250))).toBe(false);
    expect(asked).toBe(askedBefore);
  });

  it('counts what the program starved before it only before', () => {
    expect(looks(everyMs, () => 5_000).isOver(quietIn(299))).toBe(true);
  });
});
