// The assertions and matchers for tests: what they say, where their errors begin.
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ms, seconds } from '../../src/kernel/time.js';
import type { Sometimes } from '../../src/node/property.js';
import { echo } from '../../src/protocols/echo.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';
import {
  assertScenarios,
  clusters,
  faultSchedules,
  operationLists,
  playing,
  scenarios,
} from '../../src/testing/fast-check.js';
import {
  assertHolds,
  assertReplaysIdentically,
  assertViolates,
  HoldsError,
  scenarioFile,
  seeds,
} from '../../src/testing/testing.js';
import { matchers } from '../../src/testing/vitest.js';

const sound: ScenarioInput = {
  protocol: 'broadcast/flood-retry',
  nodes: 3,
  workload: { name: 'broadcast', rate: 10 },
  network: { loss: '5%' },
  duration: '2s',
  recovery: '3s',
};
const lossy: ScenarioInput = { ...sound, protocol: 'broadcast/flood' };
const leaky: ScenarioInput = {
  ...sound,
  protocol: {
    ...echo,
    name: 'leaky',
    on: {
      ...echo.on,
      echo: (_state, message, ctx) => {
        ctx.reply(message, { type: 'echo_ok', echo: `${Math.random()}` as never });
      },
    },
  },
  workload: { name: 'echo', rate: 10 },
};

function thrown(action: () => void): HoldsError {
  try {
    action();
  } catch (error) {
    if (error instanceof HoldsError) return error;
    throw error;
  }
  throw new Error('it was to throw');
}

describe('assertHolds', () => {
  it('answers with a run of a scenario that holds', () => {
    expect(assertHolds(sound, { seeds: 3 }).seed).toBe('3');
    expect(assertHolds(simulate(sound, 9)).seed).toBe('9');
  });

  it('throws at the line of the test, and says how to have it again', () => {
    const { message, stack, run } = thrown(() => assertHolds(lossy, { seeds: 20 }));
    const first = stack?.split('\n').find((line) => /^\s+at /.test(line));
    expect(first).toContain('testing.test.ts');
    expect(message).toMatch(
      /^broadcast\/flood does not hold with seed \d+, in \d+ of 20 runs: set-full\/lost/,
    );
    expect(message).toMatch(/\n {2}set-full\/lost: the value \d+, sent to/);
    const [, seed] = /assertHolds\(scenario, { seed: "(\d+)" }\)$/.exec(message) ?? [];
    expect(run?.seed).toBe(seed);
    expect(() => assertHolds(lossy, { seed: seed ?? '' })).toThrow(HoldsError);
  });

  it('tries variants when asked to', () => {
    const { message, run } = thrown(() => assertHolds(lossy, { seeds: 20, strategy: 'swarm' }));
    expect(message).toContain(`{ seed: "${run?.seed}", strategy: 'swarm' }`);
    const again = thrown(() => assertHolds(lossy, { seed: run?.seed ?? '', strategy: 'swarm' }));
    expect(again.run?.digest).toBe(run?.digest);
  });

  it('wants every sometimes property reached by one of many runs', () => {
    const property: Sometimes = {
      kind: 'sometimes',
      name: 'miracle',
      about: 'It happens.',
      reached: () => false,
    };
    const hopeful = { ...sound, properties: [property] };
    expect(() => assertHolds(hopeful, { seeds: 2 })).toThrow('no run of 2 has reached miracle');
    assertHolds(hopeful); // One run proves nothing.
  });

  it('takes a scenario file', async () => {
    assertHolds(await scenarioFile('scenarios/broadcast-no-retry.yaml'));
  });
});

describe('assertViolates', () => {
  it.each([undefined, 'set-full', 'lost', 'set-full/lost'])('finds %s', (name) => {
    expect(assertViolates(lossy, name, { seeds: 20 }).assessment.valid).toBe(false);
  });

  it('throws when nobody objects, or somebody else does', () => {
    expect(() => assertViolates(sound)).toThrow('no run of 1 is violated');
    const { message } = thrown(() => assertViolates(lossy, 'set-full/stale', { seeds: 2 }));
    expect(message).toMatch(/^no run of 2 violates set-full\/stale/);
  });
});

describe('assertReplaysIdentically', () => {
  it('names what differs', () => {
    assertReplaysIdentically(sound, { seed: 4 });
    const { message, stack } = thrown(() => assertReplaysIdentically(leaky));
    expect(message).toMatch(/two runs of one seed differ: event \d+ at n\d, on\.echo: /);
    expect(stack?.split('\n').find((line) => /^\s+at /.test(line))).toContain('testing.test.ts');
  });
});

describe('the matchers of vitest', () => {
  it('accept what holds', () => {
    expect(sound).toHold({ seeds: 2 });
    expect(simulate(sound, 1)).toHold();
    expect(lossy).not.toHold({ seeds: 20 });
    expect(lossy).toViolate('set-full/lost', { seeds: 20 });
    expect(sound).not.toViolate();
    expect(sound).toReplayIdentically({ seed: 2 });
    expect(leaky).not.toReplayIdentically();
  });

  it('say why not, without colours, and how to have it again', () => {
    const message = matchers.toHold(lossy, { seeds: 20 }).message();
    expect(message).toMatch(/expect\(scenario\)\.toHold\({ seed: "\d+" }\)$/);
    expect(message).not.toContain('\u001b');
    expect(matchers.toViolate(lossy, 'lost', { seeds: 20 }).message()).toMatch(
      /seed \d+ violates lost/,
    );
  });

  it.each(seeds(3))('have a test for each seed: %s', (seed) => {
    expect(sound).toHold({ seed });
  });
});

describe('arbitraries', () => {
  const check = { numRuns: 60, seed: 1 };

  it('make schedules of faults that scenarios accept', () => {
    const schedules = clusters({ min: 1, max: 4 }).chain((nodes) =>
      faultSchedules({ nodes, durationUs: seconds(1) }).map((faults) => ({ nodes, faults })),
    );
    fc.assert(
      fc.property(schedules, (drawn) => {
        simulate(
          { protocol: 'echo', workload: 'echo', ...drawn, duration: '1s', recovery: '0s' },
          1,
        );
      }),
      { ...check, numRuns: 30 },
    );
  });

  it('make lists of operations, which clients play in order', () => {
    const ops = operationLists(
      fc.nat().map((value) => ({ f: 'echo', value: `${value}` })),
      { max: 5 },
    );
    fc.assert(
      fc.property(ops, (operations) => {
        const workload = { name: playing('echo', operations), rate: 100 };
        const { history } = simulate({ protocol: 'echo', nodes: 2, workload, duration: '1s' }, 1);
        const invoked = [...history.ops].filter(({ type }) => type === 'invoke');
        expect(invoked.map(({ value }) => value)).toEqual(operations.map(({ value }) => value));
      }),
      { ...check, numRuns: 20 },
    );
  });

  it('shrink to a scenario of one fault, whose seed and path have it again', () => {
    const { duration: _duration, nodes: _nodes, network: _network, ...base } = lossy;
    const made = scenarios(base, {
      cluster: { min: 2, max: 5 },
      faults: { kinds: ['partition', 'pause'] },
      durationUs: ms(2_000),
    });
    const { message, stack } = thrown(() => assertScenarios(made, check));
    expect(stack?.split('\n').find((line) => /^\s+at /.test(line))).toContain('testing.test.ts');
    expect(message.match(/"fault":/g)).toHaveLength(1);
    const [, path] = /path: '([\d:]+)', endOnFailure: true }\)$/.exec(message) ?? [];
    const again = thrown(() =>
      assertScenarios(made, { seed: 1, path: path ?? '', endOnFailure: true }),
    );
    expect(again.message.split('\n')[1]).toBe(message.split('\n')[1]);
  });
});

describe('the example of docs/testing.md', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

  it('is a test that runs: example.test.ts', () => {
    const example = read('./example.test.ts').split('// #region example\n')[1] ?? '';
    expect(example).not.toBe('');
    const shown = example.replace('../../src/testing/vitest.js', 'stormglass/vitest');
    expect(read('../../docs/testing.md')).toContain(shown.trim());
  });
});
