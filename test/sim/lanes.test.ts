// The short way for events on a quiet network and the long way are one: whoever watches, traces,
// checks or edits a run gets the same run.
import { describe, expect, it } from 'vitest';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { protocols } from '../../src/protocols/index.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import { resolve } from '../../src/scenario/resolve.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { createWorld } from '../../src/sim/create.js';
import type { Edit } from '../../src/sim/edit.js';
import { digestWorld } from '../../src/sim/inspect.js';
import { advance } from '../../src/sim/loop.js';
import type { WorldSpec } from '../../src/sim/spec.js';
import { Trace } from '../../src/sim/trace.js';
import type { World } from '../../src/sim/world.js';
import { swarm } from '../support/swarm.js';

const nothing: Edit = { edit: 'drop', message: '0123456789abcdef' };

/** Ways to look at a run, each of which takes the long way for another reason. */
const ways: readonly (readonly [string, (spec: WorldSpec) => World])[] = [
  [
    'with an observer',
    (spec) => {
      const world = createWorld(spec);
      world.observer = () => {};
      return world;
    },
  ],
  ['in strict mode', (spec) => createWorld({ ...spec, strict: true })],
  ['with edits that find nothing', (spec) => createWorld({ ...spec, edits: [nothing] })],
  [
    'with a trace',
    (spec) => {
      const world = createWorld(spec);
      world.trace = new Trace();
      return world;
    },
  ],
];

/** What remains of a run: its digest, and that of the whole world at its end. */
function outcome(world: World): string {
  while (advance(world, 997));
  const { digest, events, end } = world;
  world.applied.clear();
  for (const fault of world.faults) fault.touched = Math.min(fault.touched, 1);
  return `${digest} ${events} ${end} ${digestWorld(world)}`;
}

function specOf(input: ScenarioInput, protocol: AnyProtocol): WorldSpec {
  const spec = resolve(scenarioOf(input), { seed: 'lanes', edits: [], strict: false });
  const { invariant: _, ...quiet } = protocol;
  return { ...spec, protocol: quiet as AnyProtocol };
}

/** The same without faults and on the plainest network: most of its events take the short way. */
const calm = (protocol: AnyProtocol): ScenarioInput => {
  const { faults: _, ...rest } = swarm(protocol, 3);
  return { ...rest, nodes: 5, network: { latency: '20ms' } };
};

describe.each([...protocols])('%s', (_, protocol) => {
  const inputs = [calm(protocol), ...[0, 1, 2, 3].map((number) => swarm(protocol, number))];
  const specs = inputs.map((input) => specOf(input, protocol));
  const plain = specs.map((spec) => outcome(createWorld(spec)));

  it.each(ways)('runs the same %s', (_way, make) => {
    expect(specs.map((spec) => outcome(make(spec)))).toEqual(plain);
  });
});
