// Which links a set of links covers.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { covers, everyParty, linkOf, noParty } from '../../src/network/rules.js';

const party = fc.nat(2 ** 21);

describe('linkOf', () => {
  test.prop([party, party, party, party], { seed: 1 })(
    'gives each directed link a number of its own',
    (a, b, c, d) => {
      expect(linkOf(a, b) === linkOf(c, d)).toBe(a === c && b === d);
    },
  );

  it('tells a direction from the other, and every party from each', () => {
    const links = [
      linkOf(0, 1),
      linkOf(1, 0),
      linkOf(everyParty, 1),
      linkOf(1, everyParty),
      linkOf(everyParty, everyParty),
      linkOf(noParty, 1),
      linkOf(1, noParty),
      linkOf(noParty, noParty),
    ];
    expect(new Set(links).size).toBe(links.length);
  });
});

describe('covers', () => {
  const pairs = (...links: [number, number][]) =>
    ({ kind: 'pairs', pairs: new Set(links.map(([a, b]) => linkOf(a, b))) }) as const;

  it('covers everything with all', () => {
    expect(covers({ kind: 'all' }, 5, 6)).toBe(true);
  });

  it('covers a pair in its direction only', () => {
    const links = pairs([0, 1]);
    expect([covers(links, 0, 1), covers(links, 1, 0), covers(links, 0, 2)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each([
    ['from anybody', [everyParty, 1], true, false],
    ['to anybody', [0, everyParty], true, false],
    ['from anybody to anybody', [everyParty, everyParty], true, true],
    ['from nobody', [noParty, 1], false, false],
  ] as const)('covers links %s', (_, [from, to], there, back) => {
    const links = pairs([from, to]);
    expect([covers(links, 0, 1), covers(links, 1, 0)]).toEqual([there, back]);
  });

  it('covers links between groups, both ways, and none within', () => {
    const links = { kind: 'between', groups: [0, 0, 1] } as const;
    const covered = [
      [0, 1],
      [0, 2],
      [2, 1],
      [2, 2],
    ].map(([a, b]) => covers(links, a as number, b as number));
    expect(covered).toEqual([false, true, true, false]);
  });

  it('never covers parties of group −1, nor those that it does not know', () => {
    const links = { kind: 'between', groups: [0, -1, 1] } as const;
    expect(covers(links, 0, 1) || covers(links, 1, 2) || covers(links, 0, 9)).toBe(false);
  });
});
