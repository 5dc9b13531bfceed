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

const everyMs = Array.from({ length: 300 }, () => 1);

describe('a wait', () => {
  it('is over when its time is', () => {
    expect(looks(everyMs).isOver(299)).toBe(true);
    expect(looks(everyMs).isOver(301)).toBe(false);
  });

  it('does not count what a machine that stood still has taken', () => {
    expect(looks([...everyMs, 10_000]).isOver(400)).toBe(false);
    expect(looks([...everyMs, 10_000]).spentMs()).toBe(350);
  });

  it('does not count time in which the program had no processor', () => {
    const half = (spent: number): number => spent / 2;
    expect(looks(everyMs, half).isOver(165)).toBe(false);
    expect(looks(everyMs, half).isOver(155)).toBe(true);
  });

  it('counts what the program starved before it only before', () => {
    expect(looks(everyMs, () => 5_000).isOver(299)).toBe(true);
  });
});
