// Notes about topos: which of two counts.
import { describe, expect, it } from 'vitest';
import type { Epoch } from '../../../src/protocols/seeding/epoch.js';
import {
  aboutTopo,
  compareNotes,
  mayBeNewer,
  type Note,
  type TopoNote,
  topoStamp,
} from '../../../src/protocols/seeding/notes.js';

function note(epoch: Epoch, version = 1): Note {
  const of = { status: 'assigned', epoch, owner: epoch[1], version } as const;
  const content: TopoNote = { kind: 'topo', topo: 't0', seeds: [], priority: 0, ...of };
  return { about: aboutTopo('t0'), stamp: topoStamp(content), content };
}

const owners = Array.from({ length: 8 }, (_, at) => `n${at}`);

describe('a note of a topo', () => {
  it('is newer by its epoch, whatever the owners are called', () => {
    for (const a of owners) {
      for (const b of owners) {
        expect(Math.sign(compareNotes(note([14, a]), note([14, b])))).toBe(
          a < b ? -1 : a > b ? 1 : 0,
        );
        expect(compareNotes(note([15, a]), note([14, b]))).toBeGreaterThan(0);
      }
    }
  });

  it('is exchanged both ways where stamps tell only that two owners differ', () => {
    const [a, b] = [note([14, 'n0']).stamp, note([14, 'n1']).stamp];
    expect([mayBeNewer(a, b), mayBeNewer(b, a), mayBeNewer(a, a)]).toEqual([true, true, false]);
  });

  it('is not asked for when it is older', () => {
    expect(mayBeNewer(note([13, 'n1']).stamp, note([14, 'n0']).stamp)).toBe(false);
    expect(mayBeNewer([1, 5], [1, 6])).toBe(false);
    expect(mayBeNewer([1, 6], [1, 5])).toBe(true);
  });
});
