// The example of docs/testing.md, as it is there.
// #region example
import { describe, expect, it } from 'vitest';
import { seeds } from '../../src/testing/vitest.js';

const storm = {
  protocol: 'broadcast/durable',
  nodes: 5,
  workload: { name: 'broadcast', rate: 20, timeout: '500ms' },
  network: { loss: '2%' },
  faults: [{ every: '1s', for: '500ms', faults: ['partition', 'crash', 'pause'] }],
  duration: '4s',
  recovery: '5s',
};

describe('the durable broadcast', () => {
  it.each(seeds(5))('loses nothing that it has acknowledged, seed %s', (seed) => {
    expect(storm).toHold({ seed });
  });

  it('holds with fewer nodes and other faults, too', () => {
    expect(storm).toHold({ seeds: 20, strategy: 'swarm' });
  });

  it('would be caught if it kept values in memory only', () => {
    expect({ ...storm, protocol: 'broadcast/flood-retry' }).toViolate('lost', { seeds: 20 });
  });

  it('depends on its seed alone', () => {
    expect(storm).toReplayIdentically();
  });
});
