// `npm run bench -- gossip`: SWIM with more and more members, one of which fails: when it is first
// suspected, when the last member knows, what that costs. Time and memory a node should not
// depend on how many there are.
import { advance, createWorld, type WorldSpec } from '../../src/index.js';
import { seconds } from '../../src/kernel/time.js';
import { swim } from '../../src/protocols/membership/swim/swim.js';
import { specOf } from './figures.js';

const virtualSeconds = 60;
const failsAtUs = seconds(5);
const failing = 'n7';

/** Prints a row for each size of the cluster. */
export function gossip(print: (line: string) => void): void {
  print(`SWIM for ${virtualSeconds} virtual s, periods of 1 s; one member fails after 5 s`);
  print('  nodes   suspected  known to all     events  wall time   µs/node/s  KiB/node');
  for (const nodes of [1_000, 2_000, 5_000, 10_000]) print(row(nodes));
}

function row(nodes: number): string {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const begun = process.cpuUsage();
  const world = createWorld(spec(nodes));
  let suspectedUs = Number.NaN;
  let knownUs = Number.NaN;
  let knowing = 0;
  world.observer = ({ atUs, effects }) => {
    for (const effect of effects) {
      if (effect.effect !== 'note') continue;
      if (effect.text === `suspects ${failing}`) suspectedUs = Math.min(atUs, suspectedUs || atUs);
      if (effect.text !== `knows that ${failing} has failed`) continue;
      knowing += 1;
      knownUs = atUs;
    }
  };
  while (advance(world, 8_192));
  const { user, system } = process.cpuUsage(begun);
  globalThis.gc?.();
  const bytes = process.memoryUsage().heapUsed - before;
  const us = user + system;
  const since = (atUs: number): string => `${((atUs - failsAtUs) / 1e6).toFixed(1)} s`;
  return [
    String(nodes).padStart(7),
    since(suspectedUs).padStart(10),
    (knowing === nodes - 1 ? since(knownUs) : `${knowing} know`).padStart(13),
    String(world.events).padStart(10),
    `${(us / 1e6).toFixed(1)} s`.padStart(10),
    (us / nodes / virtualSeconds).toFixed(1).padStart(11),
    (bytes / nodes / 1_024).toFixed(2).padStart(9),
  ].join(' ');
}

function spec(nodes: number): WorldSpec {
  const options = { ...swim.options, syncUs: seconds(30) };
  const fault = { f: 'crash', nodes: [failing], lost: 'all' } as const;
  return {
    ...specOf(swim, nodes, { shape: 'uniform', minUs: 1_000, maxUs: 10_000 }),
    options,
    faults: [{ id: 'failure', atUs: failsAtUs, fault, forUs: undefined }],
    durationUs: seconds(virtualSeconds),
  };
}
