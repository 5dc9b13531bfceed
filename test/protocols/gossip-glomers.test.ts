// The figures of the broadcast ladder against those that Maelstrom publishes and those that the
// Gossip Glomers challenges ask for: 25 nodes, 100 ms a hop, 100 operations a second for 20 s.
// Sources: Maelstrom, doc/03-broadcast; fly.io/dist-sys/3d and 3e.
import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/scenario/simulate.js';
import { figuresOf } from '../support/broadcast-figures.js';

/** Within `percent` of what is published: chance draws the operations there as well as here. */
function expectNear(found: number, published: number, percent: number): void {
  expect(found).toBeGreaterThan(published * (1 - percent / 100));
  expect(found).toBeLessThan(published * (1 + percent / 100));
}

describe('flooding costs what Maelstrom measures', () => {
  it('over a grid: 27.8 messages an operation, stable after 452 ms, 791 at worst', () => {
    const { perOp, perBroadcast, medianMs, maxMs } = figuresOf('broadcast/flood', 'grid');
    // 80 directed links, less one for each of the 24 nodes that learn from somebody.
    expect(perBroadcast).toBe(56);
    expectNear(perOp, 27.8, 6);
    expectNear(medianMs, 452, 8);
    expectNear(maxMs, 791, 4);
  });

  it('over a tree of four branches: 11.99 messages an operation, 386 ms, 505 at worst', () => {
    const { perOp, perBroadcast, medianMs, maxMs } = figuresOf('broadcast/flood', 'tree4');
    expect(perBroadcast).toBe(24);
    expectNear(perOp, 11.99, 6);
    expectNear(medianMs, 386, 6);
    expectNear(maxMs, 505, 4);
  });

  it('over a line: 12 messages an operation, and 24 hops at worst', () => {
    const { perOp, perBroadcast, maxMs } = figuresOf('broadcast/flood', 'line');
    expect(perBroadcast).toBe(24);
    expectNear(perOp, 12.0, 6);
    expect(maxMs).toBeLessThanOrEqual(2_400);
  });

  it('over all links: 290.6 messages an operation, 77 ms, 97 at worst', () => {
    const { perOp, perBroadcast, medianMs, maxMs } = figuresOf('broadcast/flood', 'total');
    expect(perBroadcast).toBe(25 * 24 - 24);
    expectNear(perOp, 290.6, 6);
    // Clients look twice a second at each node, so what they see is up to a hop below the truth.
    expectNear(medianMs, 77, 20);
    expectNear(maxMs, 97, 4);
  });
});

describe('acknowledgements', () => {
  it('cost one message each while nothing is lost, and no retry', () => {
    const { perBroadcast } = figuresOf('broadcast/flood-retry', 'tree4');
    expect(perBroadcast).toBe(48);
  });
});

describe('Gossip Glomers 3d', () => {
  it('is met by tree-retry: below 30 messages, 400 ms and 600 ms', () => {
    const { perOp, medianMs, maxMs } = figuresOf('broadcast/tree-retry', 'grid');
    expect(perOp).toBeLessThan(30);
    expect(medianMs).toBeLessThan(400);
    expect(maxMs).toBeLessThan(600);
  });
});

describe('Gossip Glomers 3e', () => {
  it('is met by batched: below 20 messages, one second and two', () => {
    const { perOp, medianMs, maxMs } = figuresOf('broadcast/batched', 'grid');
    expect(perOp).toBeLessThan(20);
    expect(medianMs).toBeLessThan(1_000);
    expect(maxMs).toBeLessThan(2_000);
  });
});

describe('partitions', () => {
  it.each(['broadcast/flood-retry', 'broadcast/tree-retry', 'broadcast/batched'])(
    'multiply the messages of %s by less than two',
    (protocol) => {
      const faults = [{ every: '5s', faults: ['partition'] }];
      const calm = figuresOf(protocol, 'tree4');
      const stormy = figuresOf(protocol, 'tree4', { faults });
      expect(stormy.perOp).toBeLessThan(2 * calm.perOp);
    },
  );

  it('of a minute cost at most one message a second for each link that is cut', () => {
    const run = simulate(
      {
        protocol: 'broadcast/flood-retry',
        nodes: 2,
        workload: { name: 'broadcast', rate: 100 },
        network: { latency: '10ms' },
        faults: [{ at: '1s', for: '60s', fault: 'cut', links: [['n0', 'n1']] }],
        duration: '65s',
      },
      'long',
    );
    expect(run.assessment.valid).toBe(true);
    // Beside the retries there are the values of the first period, each sent at once, and the
    // acknowledgements of what n1 sends.
    expect(run.result.counts.messages.servers.dropped).toBeLessThan(60 + 100);
  });
});
