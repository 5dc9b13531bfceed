// Beliefs about members form a lattice: in whatever order and however often they are heard, they
// come to one view.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  believe,
  prevails,
  type Standing,
  type Status,
  type Table,
  type Update,
  updatesOf,
} from '../../../src/protocols/membership/standing.js';

const status = fc.constantFrom<Status>('alive', 'suspect', 'failed', 'left');
const update: fc.Arbitrary<Update> = fc.record({
  node: fc.constantFrom('n0', 'n1', 'n9'),
  status,
  incarnation: fc.nat(3),
});
const updates = fc.array(update, { maxLength: 12 });

function viewAfter(heard: readonly Update[]): Update[] {
  const table: Table = { members: ['n0', 'n1'], entries: new Map() };
  for (const one of heard) believe(table, one);
  return updatesOf(table).sort((a, b) => (a.node < b.node ? -1 : 1));
}

describe('beliefs', () => {
  test.prop([updates, fc.nat()], { seed: 1 })('commute', (heard, turn) => {
    const at = turn % (heard.length + 1);
    expect(viewAfter([...heard.slice(at), ...heard.slice(0, at)].reverse())).toEqual(
      viewAfter(heard),
    );
  });

  test.prop([updates], { seed: 2 })('are idempotent', (heard) => {
    expect(viewAfter([...heard, ...heard])).toEqual(viewAfter(heard));
  });

  test.prop([updates, updates], { seed: 3 })('only grow', (heard, more) => {
    const now = new Map(viewAfter([...heard, ...more]).map((one) => [one.node, one]));
    for (const old of viewAfter(heard)) {
      expect(prevails(old, now.get(old.node) as Update)).toBe(false);
    }
  });
});

it('go by incarnation, then alive, suspect, failed, left', () => {
  const order: readonly Standing[] = [0, 1].flatMap((incarnation) =>
    (['alive', 'suspect', 'failed', 'left'] as const).map((of) => ({ status: of, incarnation })),
  );
  for (const [index, higher] of order.entries()) {
    for (const lower of order.slice(0, index)) {
      expect([prevails(higher, lower), prevails(lower, higher)]).toEqual([true, false]);
    }
  }
});
