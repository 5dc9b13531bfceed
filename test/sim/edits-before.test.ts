// An edit may let a message arrive right before an event, earlier or later than it would have.
import { describe, expect, it } from 'vitest';
import { createWorld, forkWorld } from '../../src/sim/create.js';
import type { Edit } from '../../src/sim/edit.js';
import { advance } from '../../src/sim/loop.js';
import { resultOf } from '../../src/sim/result.js';
import { acts, halves, keyOf, plain, run, second2, send } from '../support/three-messages.js';
import { acting, digestOfRun, effectsOf, type Setting, specOf, watch } from '../support/worlds.js';

describe('an edit that lets a message arrive before an event', () => {
  /** The key of the event at which the message with this number arrives. */
  const aheadOf = (n: number, setting: Setting = {}): Edit[] => [
    { edit: 'deliver-before', message: second2(setting), event: keyOf(run([], setting), n) },
  ];

  it('brings it forward, right before the event', () => {
    const { notes, steps, result } = run(aheadOf(1));
    expect(notes).toEqual(['11000 n1 a n0 2', plain[0], plain[2]]);
    expect(result.edits).toEqual([true]);
    const fates = effectsOf(steps, 'send').map(({ fate }) => fate.fate);
    expect(fates).toEqual(['sent', 'waits', 'sent']);
  });

  it('keeps it back until then', () => {
    const third = run(aheadOf(3));
    expect(third.notes).toEqual([plain[0], '13000 n1 a n0 2', plain[2]]);
    expect(third.result.counts.messages.all).toMatchObject({ sent: 3, delivered: 3, dropped: 0 });
  });

  it('comes first of all that is due in that instant', () => {
    const event = run([]).steps.find(({ atUs }) => atUs === 3_000)?.key ?? '';
    const { notes } = run([{ edit: 'deliver-before', message: second2(), event }]);
    expect(notes).toEqual(['3000 n1 a n0 2', plain[0], plain[2]]);
  });

  it('keeps the order of several that wait for the same event', () => {
    const event = keyOf(run([]), 3);
    const edits = [2, 1].map((n): Edit => {
      return { edit: 'deliver-before', message: keyOf(run([]), n), event };
    });
    expect(run(edits).notes).toEqual(['13000 n1 a n0 1', '13000 n1 a n0 2', plain[2]]);
  });

  it.each([
    ['loss', { network: { lossPpm: 1_000_000 } }],
    ['a partition', { faults: [halves] }],
    ['a broken connection', { faults: [halves], network: { transport: 'connection' } }],
  ] as [string, Setting][])('does so in spite of %s', (_, setting) => {
    const event = run([]).steps.find(({ atUs }) => atUs === 3_000)?.key ?? '';
    const edits: Edit[] = [{ edit: 'deliver-before', message: second2(setting), event }];
    expect(run(edits, setting).notes[0]).toBe('3000 n1 a n0 2');
  });

  it('lets it wait for good where the event does not come', () => {
    const edits: Edit[] = [
      { edit: 'deliver-before', message: second2(), event: '0123456789abcdef' },
    ];
    const { notes, result } = run(edits);
    expect(notes).toEqual([plain[0], plain[2]]);
    expect(result.edits).toEqual([false]);
  });

  it('arrives first where several events are due in the instant of the event', () => {
    const together = [2_000, 3_000, 3_000, 3_000].map((atUs, n) => send(atUs, n));
    const setting: Setting = { protocol: acting(together) };
    const before = watch(setting);
    const edit = { edit: 'deliver-before', message: keyOf(before, 0), event: keyOf(before, 1) };
    const { notes } = watch({ ...setting, edits: [edit as Edit] });
    expect(notes).toEqual([0, 1, 2, 3].map((n) => `13000 n1 a n0 ${n}`));
  });

  it('arrives in a world that was forked while it waited, too', () => {
    const spec = { protocol: acting(acts), edits: aheadOf(3) };
    const world = createWorld(specOf(spec));
    while (world.awaiting.size === 0) advance(world, 1);
    const fork = forkWorld(world);
    const digests = [world, fork].map((each) => {
      while (advance(each, 1_000));
      return resultOf(each).digest;
    });
    expect(digests[1]).toBe(digests[0]);
    expect(digests[0]).toBe(digestOfRun(spec));
  });
});
