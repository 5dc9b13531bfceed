// `npm run bench -- raft`: runs of Raft of about a thousand events, with all of its properties, its
// invariant and the linearizable checker on, as a hunt makes them: thousands in one process. Those
// in which V8 learns what is hot are not counted, and no collection is forced between rounds: after
// one a hundred runs take three times as long.
import { scenarioOf } from '../../src/scenario/from-code.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';
import { measure } from './measure.js';

/** In a round. */
const runs = 100;
/** Not counted: V8 compiles until about here, on another thread, whose time counts too. */
const runsCold = 2_500;

const storm: ScenarioInput = {
  protocol: 'raft',
  nodes: 5,
  workload: { name: 'lin-kv', rate: 30, concurrency: 5, timeout: '500ms' },
  network: { latency: { shape: 'exponential', min: '1ms', mean: '10ms' }, loss: '2%' },
  faults: [{ every: '500ms', for: '400ms', faults: ['partition', 'crash'] }],
  duration: '2300ms',
  recovery: '1s',
};

export function raft(print: (line: string) => void): void {
  const scenario = scenarioOf(storm);
  let seed = 0;
  let eventsInAll = 0;
  const round = () => {
    let events = 0;
    for (let i = 0; i < runs; i++) events += simulate(scenario, seed++).result.events;
    eventsInAll += events;
    return events;
  };
  while (seed < runsCold) round();
  const { ns, multiple } = measure(9, round, { collects: false });
  const perRun = eventsInAll / seed;
  print(
    `raft, 5 nodes        ${(1e9 / (ns * 1_000)).toFixed(0)} runs of 1,000 events/s ` +
      `(${perRun.toFixed(0)} each here), ${ns.toFixed(0)} ns/event, ` +
      `${multiple.toFixed(3)}× the bare loop`,
  );
}
