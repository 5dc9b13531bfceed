// The public surface: what is there, and that a stranger gets far with it alone.
import { describe, expect, it } from 'vitest';
import * as stormglass from '../src/index.js';
import { createWorld, forkWorld, type Protocol, resultOf, simulate, step } from '../src/index.js';
import { specOf } from './support/worlds.js';

interface Pong {
  readonly type: 'echo_ok';
  readonly echo: unknown;
}

interface Ping {
  readonly type: 'echo';
  readonly echo: unknown;
}

const parrot: Protocol<{ heard: number }, Ping | Pong> = {
  name: 'parrot',
  about: 'Says what it hears.',
  options: {},
  init: () => ({ heard: 0 }),
  on: {
    echo(state, message, ctx) {
      state.heard++;
      ctx.reply(message, { type: 'echo_ok', echo: message.body.echo });
    },
  },
};

describe('the public surface', () => {
  it('is no more and no less than this', () => {
    expect(Object.keys(stormglass).toSorted()).toMatchInlineSnapshot(`
      [
        "DeterminismError",
        "Trace",
        "UsageError",
        "advance",
        "checkOperations",
        "checkers",
        "createWorld",
        "digestOf",
        "digestWorld",
        "engineVersion",
        "errorCodes",
        "failureName",
        "failureNamed",
        "failuresOf",
        "finish",
        "forkWorld",
        "formatDuration",
        "formatOp",
        "historyOf",
        "hostedProgram",
        "inspect",
        "minutes",
        "ms",
        "operationsOf",
        "parseHistory",
        "pictureOf",
        "protocols",
        "reportOf",
        "resultOf",
        "seconds",
        "services",
        "shows",
        "simulate",
        "start",
        "step",
        "workloads",
      ]
    `);
  });

  it('runs a protocol of one’s own in one call, to a verdict', () => {
    const run = simulate({ protocol: parrot, workload: 'echo', nodes: 3, duration: '2s' }, 7);
    expect(run.assessment).toMatchObject({ valid: true, expected: true });
    expect(run.history.ops.length).toBeGreaterThan(100);
    expect(run.digest).toMatch(/^[0-9a-f]{16}$/);
    expect(run.seed).toBe('7');
  });

  it('runs the same from the same seed, and otherwise from another', () => {
    const scenario = { protocol: parrot, workload: 'echo', nodes: 2, duration: '2s' };
    const digests = [1, 1, 2].map((seed) => simulate(scenario, seed).digest);
    expect(digests[1]).toBe(digests[0]);
    expect(digests[2]).not.toBe(digests[0]);
  });

  it('lets a world be walked by hand and forked', () => {
    const world = createWorld(specOf({ protocol: parrot as never }));
    step(world);
    const fork = forkWorld(world);
    while (step(fork));
    expect(resultOf(world)).toMatchObject({ end: 'interrupted', events: 1 });
    expect(resultOf(fork).end).toBe('done');
  });
});
