// Runs to walk through: whole and judged.
import { scenarioOf } from '../../src/scenario/from-code.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { extendTrack, openTrack, type Track } from '../../src/scenario/walk.js';
import type { Edit } from '../../src/sim/edit.js';

/** A flood on a line of three: a partition swallows values, and a node crashes after it. */
export const brokenBroadcast: ScenarioInput = {
  about: 'A partition loses values.',
  expect: 'set-full',
  protocol: 'broadcast/flood',
  nodes: 3,
  workload: { name: 'broadcast', rate: 20, options: { topology: 'line' } },
  network: { latency: '10ms' },
  duration: '3s',
  recovery: '1s',
  faults: [
    { at: '1s', for: '500ms', fault: 'partition', components: [['n0'], ['n1', 'n2']] },
    { at: '2s', for: '200ms', fault: 'crash', nodes: ['n2'] },
  ],
};

/** A track run to its end. */
export function wholeTrack(input: ScenarioInput, edits: readonly Edit[] = [], seed = '1'): Track {
  const track = openTrack(scenarioOf(input), seed, edits);
  while (extendTrack(track, 1_000));
  return track;
}
