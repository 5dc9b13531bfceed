// What becomes of one message: the answer of `route`, choice by choice.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { cutOf, setRules } from '../../src/network/network.js';
import type { Rule } from '../../src/network/rules.js';
import { decide, decideAll, everywhere, isLikely, networkOf, onLinks } from '../support/routes.js';

const count = 100_000;

describe('route', () => {
  it('sends everything in its latency when nothing is wrong', () => {
    const decision = decide(networkOf({}), 0);
    expect(decision).toMatchObject({
      outcome: 'sent',
      delayUs: 10_000,
      copyDelayUs: -1,
      touched: [],
    });
  });

  it('draws the same latency for a message whether the network is quiet or not', () => {
    const latency = { shape: 'uniform', minUs: 0, maxUs: 1_000_000 } as const;
    const elsewhere = onLinks([[5, 6]], { kind: 'drop' });
    const delaysOf = (rules: readonly Rule[]): number[] =>
      decideAll(networkOf({ latency }, rules), 100).map(({ delayUs }) => delayUs);
    expect(delaysOf([elsewhere])).toEqual(delaysOf([]));
    expect(new Set(delaysOf([])).size).toBe(100);
  });

  const trouble = {
    latency: { shape: 'uniform', minUs: 0, maxUs: 1_000 },
    lossPpm: 200_000,
    duplicatePpm: 200_000,
    reorderPpm: 200_000,
    reorderWindowUs: 5_000,
  } as const;

  test.prop([fc.array(fc.nat(50), { minLength: 1 }), fc.nat(50)], { seed: 1 })(
    'answers for a datagram as if there were no other',
    (others, number) => {
      const [alone, crowded] = [networkOf(trouble), networkOf(trouble)];
      for (const other of others) decide(crowded, other, { nowUs: other });
      const { why: _, broke: __, ...rest } = decide(crowded, number);
      expect(decide(alone, number)).toMatchObject(
        rest.outcome === 'sent' ? rest : { outcome: rest.outcome },
      );
    },
  );

  it.each([0, 1_000, 50_000, 500_000, 1_000_000])('loses %i messages in a million', (lossPpm) => {
    const lost = decideAll(networkOf({ lossPpm }), count).filter(
      ({ outcome }) => outcome === 'lost',
    );
    expect(isLikely(lost.length, count, lossPpm)).toBe(true);
    expect(lost.every(({ why, touched }) => why === 'lost by chance' && touched.length === 0)).toBe(
      true,
    );
  });

  it.each([0, 50_000, 1_000_000])('duplicates %i datagrams in a million', (duplicatePpm) => {
    const decisions = decideAll(networkOf({ duplicatePpm }), count);
    const copies = decisions.filter(({ copyDelayUs }) => copyDelayUs >= 0).length;
    expect(isLikely(copies, count, duplicatePpm)).toBe(true);
  });

  it('sends a copy its own way, with a latency of its own', () => {
    const latency = { shape: 'uniform', minUs: 0, maxUs: 1_000_000 } as const;
    const decisions = decideAll(networkOf({ latency, duplicatePpm: 1_000_000 }), 1_000);
    const before = decisions.filter(({ delayUs, copyDelayUs }) => copyDelayUs < delayUs).length;
    expect(before).toBeGreaterThan(400);
    expect(before).toBeLessThan(600);
  });

  it('decides about loss, duplicates and reordering independently', () => {
    const network = networkOf({
      duplicatePpm: 500_000,
      lossPpm: 500_000,
      reorderPpm: 500_000,
      reorderWindowUs: 1_000_000,
    });
    const sent = decideAll(network, count).filter(({ outcome }) => outcome === 'sent');
    const copied = sent.filter(({ copyDelayUs }) => copyDelayUs >= 0);
    const late = copied.filter(({ delayUs }) => delayUs > 10_000);
    expect(isLikely(copied.length, sent.length, 500_000)).toBe(true);
    expect(isLikely(late.length, copied.length, 500_000)).toBe(true);
  });

  it('holds some messages back within the window, so that others overtake them', () => {
    const network = networkOf({ reorderPpm: 300_000, reorderWindowUs: 50_000 });
    const delays = decideAll(network, count).map(({ delayUs }) => delayUs);
    const late = delays.filter((delayUs) => delayUs !== 10_000);
    expect(isLikely(late.length, count, 300_000)).toBe(true);
    expect(Math.min(...late)).toBeGreaterThan(10_000);
    expect(Math.max(...late)).toBeLessThan(60_000);
    expect(late.reduce((sum, us) => sum + us, 0) / late.length).toBeCloseTo(35_000, -3);
  });
});

describe('rules', () => {
  it('lose what falls to them beyond what is lost anyway, and say whose it was', () => {
    const network = networkOf({ lossPpm: 100_000 }, [everywhere({ kind: 'loss', ppm: 200_000 })]);
    const lost = decideAll(network, count).filter(({ outcome }) => outcome === 'lost');
    const touched = lost.filter((decision) => decision.touched.includes(7));
    expect(isLikely(lost.length, count, 300_000)).toBe(true);
    expect(isLikely(touched.length, count, 200_000)).toBe(true);
  });

  it.each([
    ['duplicate', { kind: 'duplicate', ppm: 200_000 }],
    ['hold back', { kind: 'reorder', ppm: 200_000, windowUs: 1_000 }],
  ] as const)('%s what falls to them beyond what happens anyway', (_, does) => {
    const spec = { duplicatePpm: 100_000, reorderPpm: 100_000, reorderWindowUs: 1_000 };
    const touched = decideAll(networkOf(spec, [everywhere(does)]), count).filter(
      (decision) => decision.touched.length > 0,
    );
    expect(isLikely(touched.length, count, 200_000)).toBe(true);
  });

  it('add up, each loss being one fault’s', () => {
    const network = networkOf({}, [
      everywhere({ kind: 'loss', ppm: 100_000 }, 1),
      everywhere({ kind: 'loss', ppm: 200_000 }, 2),
    ]);
    const touched = decideAll(network, count).flatMap((decision) => decision.touched);
    expect(isLikely(touched.filter((fault) => fault === 1).length, count, 100_000)).toBe(true);
    expect(isLikely(touched.filter((fault) => fault === 2).length, count, 200_000)).toBe(true);
  });

  it('take away no message that survives without them', () => {
    const [calm, lossy] = [
      networkOf({ lossPpm: 100_000 }),
      networkOf({ lossPpm: 100_000 }, [everywhere({ kind: 'loss', ppm: 200_000 })]),
    ];
    const survivors = (outcomes: { outcome: string }[]): number[] =>
      outcomes.flatMap(({ outcome }, number) => (outcome === 'sent' ? [number] : []));
    const left = new Set(survivors(decideAll(calm, 1_000)));
    expect(survivors(decideAll(lossy, 1_000)).every((number) => left.has(number))).toBe(true);
  });

  it.each([
    ['duplicate', { kind: 'duplicate', ppm: 1_000_000 }, { copyDelayUs: 10_000 }],
    ['slow down by a factor', { kind: 'slow', factor: 2.5, extraUs: 0 }, { delayUs: 25_000 }],
    ['slow down by a time', { kind: 'slow', factor: 1, extraUs: 7 }, { delayUs: 10_007 }],
    ['cut', { kind: 'drop' }, { outcome: 'lost', why: 'the link is cut' }],
    ['hold', { kind: 'hold' }, { outcome: 'held' }],
  ] as const)('%s what they cover, and nothing else', (_, does, changed) => {
    const network = networkOf({}, [onLinks([[0, 1]], does)]);
    expect(decide(network, 0)).toMatchObject({ ...changed, touched: [7] });
    const back = decide(network, 0, { source: 1, target: 0 });
    expect(back).toMatchObject({ outcome: 'sent', delayUs: 10_000, copyDelayUs: -1, touched: [] });
  });

  it('that slow nothing down touch nothing', () => {
    const network = networkOf({}, [everywhere({ kind: 'slow', factor: 1, extraUs: 0 })]);
    expect(decide(network, 0).touched).toEqual([]);
  });

  it('slow down the copy as well', () => {
    const network = networkOf({ duplicatePpm: 1_000_000 }, [
      everywhere({ kind: 'slow', factor: 3, extraUs: 0 }),
    ]);
    expect(decide(network, 0)).toMatchObject({ delayUs: 30_000, copyDelayUs: 30_000 });
  });

  it('slow down one after the other, in the order in which they came', () => {
    const network = networkOf({}, [
      everywhere({ kind: 'slow', factor: 2, extraUs: 0 }, 1),
      everywhere({ kind: 'slow', factor: 1, extraUs: 5 }, 2),
    ]);
    expect(decide(network, 0)).toMatchObject({ delayUs: 20_005, touched: [1, 2] });
  });

  it('are gone when they are replaced', () => {
    const network = networkOf({}, [everywhere({ kind: 'drop' })]);
    setRules(network, []);
    expect(network.quiet).toBe(true);
    expect(decide(network, 0)).toMatchObject({ outcome: 'sent', touched: [] });
  });
});

describe('cutOf', () => {
  it('finds the first cut of a link, whether it drops or holds', () => {
    const [drop, hold] = [
      onLinks([[0, 1]], { kind: 'drop' }, 1),
      onLinks([[0, -1]], { kind: 'hold' }, 2),
    ];
    const network = networkOf({}, [everywhere({ kind: 'loss', ppm: 1 }), drop, hold]);
    expect([cutOf(network, 0, 1), cutOf(network, 0, 2), cutOf(network, 1, 0)]).toEqual([
      drop,
      hold,
      undefined,
    ]);
  });
});

describe('link overrides', () => {
  const slow = { shape: 'constant', us: 99_000 } as const;
  const slower = { shape: 'constant', us: 999_000 } as const;

  it.each([
    ['one link', 'p0', 'p1', [99_000, 10_000, 10_000, 10_000]],
    ['what one party sends', 'p0', '*', [99_000, 99_000, 10_000, 10_000]],
    ['what one party receives', '*', 'p1', [99_000, 10_000, 10_000, 99_000]],
    ['every link', '*', '*', [99_000, 99_000, 99_000, 99_000]],
  ])('give %s a latency of its own', (_, from, to, expected) => {
    const network = networkOf({ links: [{ from, to, latency: slow }] });
    const links = [
      [0, 1],
      [0, 2],
      [1, 0],
      [2, 1],
    ] as const;
    const delays = links.map(([source, target]) => decide(network, 0, { source, target }).delayUs);
    expect(delays).toEqual(expected);
  });

  it('count in their order: the first that fits', () => {
    const links = [
      { from: 'p0', to: 'p1', latency: slow },
      { from: '*', to: '*', latency: slower },
    ];
    const network = networkOf({ links });
    expect(decide(network, 0).delayUs).toBe(99_000);
    expect(decide(network, 0, { target: 2 }).delayUs).toBe(999_000);
  });
});

describe('bandwidth', () => {
  const network = () => networkOf({ bytesPerSecond: 1_000 });
  const body = { type: 'x', text: 'a'.repeat(1_000) };

  it('makes a message take the time that its bytes take', () => {
    const { delayUs } = decide(network(), 0, { body });
    expect(delayUs).toBeGreaterThan(1_000_000 + 10_000);
    expect(delayUs).toBeLessThan(1_050_000 + 10_000);
  });

  it('lets messages of one link queue, and no others', () => {
    const busy = network();
    const first = decide(busy, 0, { body }).delayUs;
    expect(decide(busy, 1, { body }).delayUs).toBe(2 * first - 10_000);
    expect(decide(busy, 2, { body, source: 1, target: 0 }).delayUs).toBe(first);
    expect(decide(busy, 3, { body, nowUs: 10_000_000 }).delayUs).toBe(first);
  });

  it('is not spent on what is lost', () => {
    const lossy = networkOf({ bytesPerSecond: 1_000 }, [onLinks([[0, 1]], { kind: 'drop' })]);
    for (let number = 0; number < 5; number++) decide(lossy, number, { body });
    setRules(lossy, []);
    expect(decide(lossy, 6, { body }).delayUs).toBe(decide(network(), 6, { body }).delayUs);
  });
});

describe('edits', () => {
  const cut = onLinks([[0, 1]], { kind: 'drop' });

  it.each([
    ['a loss', {}, [], { loss: true }, { outcome: 'lost', why: 'dropped by an edit' }],
    ['a loss on a cut link', {}, [cut], { loss: true }, { outcome: 'lost', touched: [] }],
    ['no loss', { lossPpm: 1_000_000 }, [], { loss: false }, { outcome: 'sent', delayUs: 10_000 }],
    ['a latency', {}, [], { latencyUs: 3 }, { outcome: 'sent', delayUs: 3 }],
    ['a delay', {}, [], { moreUs: 5 }, { delayUs: 10_005 }],
    ['a copy', {}, [], { copyAfterUs: 5 }, { delayUs: 10_000, copyDelayUs: 10_005 }],
    ['a duplicate', {}, [], { duplicate: true }, { copyDelayUs: 10_000 }],
    ['no duplicate', { duplicatePpm: 1_000_000 }, [], { duplicate: false }, { copyDelayUs: -1 }],
    ['delivery', { lossPpm: 1_000_000 }, [cut], { now: true }, { outcome: 'sent', delayUs: 0 }],
    ['delivery and a copy', {}, [], { now: true, copyAfterUs: 9 }, { delayUs: 0, copyDelayUs: 9 }],
    ['no loss, on a cut link', {}, [cut], { loss: false }, { outcome: 'lost', touched: [7] }],
  ] as const)('decide %s', (_, spec, rules, forced, expected) => {
    expect(decide(networkOf(spec, rules), 0, { forced })).toMatchObject(expected);
  });

  it('leave the other choices of the message alone', () => {
    const spec = {
      latency: { shape: 'uniform', minUs: 0, maxUs: 1_000 },
      duplicatePpm: 500_000,
    } as const;
    for (let number = 0; number < 200; number++) {
      const [free, forced] = [
        decide(networkOf(spec), number),
        decide(networkOf(spec), number, { forced: { loss: false } }),
      ];
      expect(forced).toEqual(free);
    }
  });
});
