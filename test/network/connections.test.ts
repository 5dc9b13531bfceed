// The transport `connection`: order within a pair, and what dies when a connection breaks.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  breakConnection,
  type Connections,
  epochOf,
  inOrder,
  peersOf,
} from '../../src/network/connections.js';
import { decide, decideAll, everywhere, networkOf, onLinks } from '../support/routes.js';

const latency = { shape: 'uniform', minUs: 0, maxUs: 100_000 } as const;

describe('a connection', () => {
  test.prop([fc.array(fc.nat(50_000), { minLength: 2 })], { seed: 1 })(
    'is first in, first out, however long each message takes',
    (gapsUs) => {
      const network = networkOf({ transport: 'connection', latency });
      let nowUs = 0;
      let lastUs = 0;
      for (const [number, gapUs] of gapsUs.entries()) {
        nowUs += gapUs;
        const arrivesUs = nowUs + decide(network, number, { nowUs }).delayUs;
        expect(arrivesUs).toBeGreaterThanOrEqual(lastUs);
        lastUs = arrivesUs;
      }
    },
  );

  it('has an order of its own in each direction and for each pair', () => {
    const connections: Connections = new Map();
    inOrder(connections, 0, 1, 100);
    const arrivals = [
      inOrder(connections, 0, 1, 50),
      inOrder(connections, 1, 0, 50),
      inOrder(connections, 0, 2, 50),
    ];
    expect(arrivals).toEqual([100, 50, 50]);
  });

  it('keeps its order when messages are held back by chance', () => {
    const network = networkOf({
      transport: 'connection',
      reorderPpm: 500_000,
      reorderWindowUs: 100_000,
    });
    const delays = decideAll(network, 200).map(({ delayUs }) => delayUs);
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
  });

  it('breaks on a loss: what was sent before is of an older epoch', () => {
    const network = networkOf({ transport: 'connection' });
    const { connections } = network;
    const before = epochOf(connections, 0, 1);
    expect(decide(network, 0, { forced: { loss: true } })).toMatchObject({ broke: true });
    expect(epochOf(connections, 0, 1)).toBeGreaterThan(before);
    expect(epochOf(connections, 1, 0)).toBe(epochOf(connections, 0, 1));
  });

  it.each([
    ['a loss by chance', { kind: 'loss', ppm: 1_000_000 }],
    ['a cut', { kind: 'drop' }],
  ] as const)('breaks on %s', (_, does) => {
    const network = networkOf({ transport: 'connection' }, [onLinks([[0, 1]], does)]);
    expect(decide(network, 0)).toMatchObject({ outcome: 'lost', broke: true, touched: [7] });
  });

  it('does not break when a cut holds its messages', () => {
    const network = networkOf({ transport: 'connection' }, [everywhere({ kind: 'hold' })]);
    const before = epochOf(network.connections, 0, 1);
    expect(decide(network, 0)).toMatchObject({ outcome: 'held', broke: false });
    expect(epochOf(network.connections, 0, 1)).toBe(before);
  });

  it('begins a new order when the next message opens a new one', () => {
    const connections: Connections = new Map();
    inOrder(connections, 0, 1, 1_000);
    breakConnection(connections, 1, 0);
    expect(inOrder(connections, 0, 1, 50)).toBe(50);
  });

  it('shows no duplicates but those of an edit', () => {
    const network = networkOf({ transport: 'connection', duplicatePpm: 1_000_000 });
    expect(decideAll(network, 100).some(({ copyDelayUs }) => copyDelayUs >= 0)).toBe(false);
    expect(decide(network, 0, { forced: { copyAfterUs: 1 } }).copyDelayUs).toBeGreaterThan(0);
  });

  it('of a party with itself works like any other', () => {
    const connections: Connections = new Map();
    inOrder(connections, 3, 3, 100);
    expect(inOrder(connections, 3, 3, 50)).toBe(100);
  });
});

describe('a datagram', () => {
  it('overtakes others', () => {
    const delays = decideAll(networkOf({ latency }), 200).map(({ delayUs }) => delayUs);
    expect(delays).not.toEqual(delays.toSorted((a, b) => a - b));
  });
});

describe('peersOf', () => {
  it('names those with whom there has been a connection', () => {
    const connections: Connections = new Map();
    for (const [a, b] of [
      [2, 0],
      [0, 1],
      [1, 2],
    ] as const) {
      inOrder(connections, a, b, 1);
    }
    expect([peersOf(connections, 0, 4), peersOf(connections, 3, 4)]).toEqual([[1, 2], []]);
  });
});
