// One rumour among a thousand nodes, as in the simulations of Demers et al. 1987, §1.4: how many
// never hear it (residue), how often it is sent for each node (traffic), and in which cycle nodes
// hear it, on average and at last.
import { advance, createWorld } from '../../src/index.js';
import { rumour } from '../../src/protocols/dissemination/rumour.js';
import { broadcast } from '../../src/workloads/broadcast.js';
import { specOf } from '../bench/figures.js';
import { scripted } from './script.js';

export interface Epidemic {
  /** The share of nodes that never hear it. */
  readonly residue: number;
  /** Messages with the rumour for each node. */
  readonly traffic: number;
  readonly averageCycles: number;
  readonly lastCycles: number;
}

const cycleUs = 100_000;
const nodes = 1_000;

/** Runs until nobody is interested; synchronous cycles, nothing lost. */
export function epidemic(options: Partial<typeof rumour.options>, seed: string): Epidemic {
  const base = specOf(rumour, nodes, { shape: 'constant', us: 1_000 });
  const { setup: _, ...workload } = scripted(broadcast, [{ f: 'broadcast', value: 1 }]);
  const world = createWorld({
    ...base,
    seed,
    options: { ...rumour.options, ...options, cycleUs, backupUs: 0 },
    clients: {
      ...{ workload, options: {}, ratePerSecond: 1_000, concurrency: 1, timeoutUs: 1_000_000 },
      script: undefined,
    },
    // Who pulls asks for ever, and has heard by then.
    durationUs: (options.direction === 'push' ? 120 : 30) * cycleUs,
  });
  const heard = new Map<string, number>();
  let sent = 0;
  world.observer = ({ atUs, happening, effects }) => {
    for (const effect of effects) {
      if (effect.effect !== 'send') continue;
      const { rumours } = effect.body as { rumours?: readonly unknown[] };
      sent += rumours?.length ?? 0;
    }
    if (happening.kind !== 'deliver') return;
    const { rumours = [] } = happening.message.body as { rumours?: readonly unknown[] };
    const { node } = happening;
    if (rumours.length > 0 && !heard.has(node)) heard.set(node, Math.floor(atUs / cycleUs));
  };
  while (advance(world, 8_192));
  heard.delete('n0');
  const cycles = [...heard.values()];
  return {
    residue: 1 - (cycles.length + 1) / nodes,
    traffic: sent / nodes,
    averageCycles: cycles.reduce((sum, cycle) => sum + cycle, 0) / Math.max(1, cycles.length),
    lastCycles: Math.max(0, ...cycles),
  };
}
