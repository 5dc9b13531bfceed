// Faults that wait for something to happen: at a note or a state, at one node or any, once.
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/nemesis/fault.js';
import { type Act, acting, milestone, type Setting, second, watch } from '../support/worlds.js';

const pauseThere: Fault = { f: 'pause', nodes: ['@node'] };

const note = (atUs: number, node: string, text: string): Act => [
  atUs,
  node,
  (ctx) => ctx.note(text),
];
const become = (atUs: number, node: string, role: string): Act => [
  atUs,
  node,
  (_, state) => {
    state.role = role;
  },
];

const leads = { milestones: { leader: (state: { role?: string }) => state.role === 'leader' } };

/** When and where `m0` struck, as `1000 n0`; nothing if it did not. */
function struck(
  acts: readonly Act[],
  parts: Parameters<typeof milestone>[0],
  setting: Setting = {},
) {
  const { result } = watch({
    protocol: acting(acts, leads),
    milestones: [milestone(parts)],
    ...setting,
  });
  const fault = result.faults.find(({ id }) => id === 'm0');
  if (fault?.startUs === undefined) return undefined;
  return `${fault.startUs} ${(fault.fault as Extract<Fault, { f: 'pause' }>).nodes}`;
}

describe('a milestone of a note', () => {
  const acts = [
    note(1_000, 'n1', 'commit 1'),
    note(2_000, 'n0', 'commit 2'),
    note(3_000, 'n1', 'commit 3'),
    note(4_000, 'n0', 'a commit'),
  ];
  const when = { note: 'commit' };

  it('is reached at the first note that begins so, and strikes there', () => {
    expect(struck(acts, { when, fault: pauseThere })).toBe('1000 n1');
  });

  it('may be the third one', () => {
    expect(struck(acts, { when, fault: pauseThere, count: 3 })).toBe('3000 n1');
  });

  it('may be at one node only', () => {
    expect(struck(acts, { when, fault: pauseThere, node: 'n0' })).toBe('2000 n0');
    expect(struck(acts, { when, fault: pauseThere, node: 'n1', count: 2 })).toBe('3000 n1');
  });

  it('may strike a while later', () => {
    expect(struck(acts, { when, fault: pauseThere, afterUs: 500 })).toBe('1500 n1');
  });

  it('strikes at nobody’s place when it names another', () => {
    expect(struck(acts, { when, fault: { f: 'pause', nodes: ['n0'] } })).toBe('1000 n0');
  });

  it('is not reached by other notes, nor too late', () => {
    expect(struck(acts, { when: { note: 'nothing' }, fault: pauseThere })).toBeUndefined();
    expect(struck(acts, { when, fault: pauseThere, count: 4 })).toBeUndefined();
  });

  it('is not reached once the main phase is over', () => {
    const { result } = watch({
      protocol: acting([note(10.5 * second, 'n0', 'commit')]),
      milestones: [milestone({ when, fault: pauseThere })],
    });
    expect(result.milestones).toEqual([{ id: 'm0', reachedUs: undefined }]);
    expect(result.faults).toEqual([]);
  });

  it('does not strike when it was reached in time but its delay is too long', () => {
    expect(struck(acts, { when, fault: pauseThere, afterUs: 20 * second })).toBeUndefined();
  });

  it('ends like any other fault', () => {
    const { result } = watch({
      protocol: acting(acts),
      milestones: [milestone({ when, fault: pauseThere, forUs: 700 })],
    });
    expect(result.faults).toMatchObject([{ id: 'm0', startUs: 1_000, endUs: 1_700 }]);
    expect(result.milestones).toEqual([{ id: 'm0', reachedUs: 1_000 }]);
  });

  it('is not reached by a handler that throws', () => {
    const thrower: Act = [
      1_000,
      'n0',
      (ctx) => {
        ctx.note('commit');
        throw new Error('no');
      },
    ];
    expect(struck([thrower], { when, fault: pauseThere })).toBeUndefined();
  });

  it('puts the node wherever its stand-in is', () => {
    const { result } = watch({
      protocol: acting(acts),
      milestones: [
        milestone({
          when,
          fault: {
            f: 'cut',
            links: [
              ['@node', '*'],
              ['*', '@node'],
            ],
            mode: 'drop',
          },
        }),
      ],
    });
    expect(result.faults[0]?.fault).toMatchObject({
      links: [
        ['n1', '*'],
        ['*', 'n1'],
      ],
    });
  });
});

describe('a milestone of a state', () => {
  const acts = [
    become(1_000, 'n0', 'leader'),
    become(2_000, 'n0', 'leader'),
    become(3_000, 'n1', 'leader'),
    become(4_000, 'n0', 'follower'),
    become(5_000, 'n0', 'leader'),
  ];
  const when = { state: 'leader' };

  it('is reached when the predicate becomes true', () => {
    expect(struck(acts, { when, fault: pauseThere })).toBe('1000 n0');
  });

  it('counts each time that it becomes true, not each time that it is', () => {
    expect(struck(acts, { when, fault: pauseThere, count: 2 })).toBe('3000 n1');
    expect(struck(acts, { when, fault: pauseThere, count: 3 })).toBe('5000 n0');
    expect(struck(acts, { when, fault: pauseThere, count: 2, node: 'n0' })).toBe('5000 n0');
  });

  it('is reached anew by the next life of a node', () => {
    const born = { init: () => ({ role: 'leader' }) };
    const { result } = watch({
      nodes: ['n0'],
      protocol: { ...leads, ...born },
      faults: [[second, { f: 'crash', nodes: ['n0'], lost: 'all' }, second]],
      milestones: [milestone({ when, fault: pauseThere, count: 2 })],
    });
    expect(result.milestones).toEqual([{ id: 'm0', reachedUs: 2 * second }]);
  });

  it('whose predicate throws is not reached, and that is on record', () => {
    const holds = (): boolean => {
      throw new Error('no role');
    };
    const { result } = watch({
      protocol: { milestones: { leader: holds } },
      milestones: [milestone({ when, fault: pauseThere })],
    });
    expect(result.crashes[0]).toMatchObject({ handler: 'milestones', message: 'no role' });
    expect(result.milestones).toEqual([{ id: 'm0', reachedUs: undefined }]);
    expect(result.end).toBe('done');
  });
});
