// Programs in the manners in which others write them: libraries with promises, emitters, chunks cut
// by hand, TypeScript, asyncio, a thread for each request, a loop that never sleeps, ids beyond
// 2^53. Whatever hosts them, the right ones are right.
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostedProgram } from '../../src/maelstrom/hosted-program.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';
import { fixture, pipe } from '../support/piped.js';

const styles = resolve(import.meta.dirname, '../../fixtures/nodes/styles');

async function run(
  program: string,
  workload: string,
  host: 'in-process' | 'pipe',
  more: Partial<ScenarioInput> = {},
) {
  return simulate({
    protocol: await hostedProgram({ program: `${styles}/${program}`, host }),
    nodes: 3,
    services: ['lin-kv', 'seq-kv'],
    workload: { name: workload, rate: 30 },
    network: { latency: '2ms' },
    duration: '1s',
    recovery: '1s',
    ...more,
  });
}

describe('a program in the manner of others', () => {
  it.each([
    ['rpc-counter.mjs', 'g-counter', {}],
    ['chunks.cjs', 'g-set', {}],
    ['pipeline.mjs', 'echo', {}],
    ['star-interval.cjs', 'broadcast', {}],
    ['typed-log.ts', 'kafka', { nodes: 1 }],
  ])('passes in-process: %s, %s', async (program, workload, more) => {
    const { assessment } = await run(program, workload, 'in-process', more);
    expect(assessment.judgements.filter(({ valid }) => valid !== true)).toEqual([]);
  });

  it.each([
    ['rpc-counter.mjs', 'g-counter', 'pipe'],
    ['chunks.cjs', 'g-set', 'pipe'],
    ['pipeline.mjs', 'echo', 'pipe'],
    ['star-interval.cjs', 'broadcast', 'pipe'],
    ['asyncio_broadcast.py', 'broadcast', 'pipe'],
    ['threads_lin_kv.py', 'lin-kv', 'pipe'],
    ['big_ids.py', 'unique-ids', 'pipe'],
    ['poller.py', 'echo', 'pipe'],
  ] as const)('passes by pipe: %s, %s', async (program, workload, host) => {
    const { assessment } = await run(program, workload, host);
    expect(assessment.judgements.filter(({ valid }) => valid !== true)).toEqual([]);
  });

  it('is refused where it is wrong: updates that get lost', async () => {
    const { assessment } = await run('lost-update-counter.mjs', 'g-counter', 'in-process');
    expect(assessment.valid).toBe(false);
    expect(assessment.judgements.find(({ name }) => name === 'counter')?.valid).toBe(false);
  });
});

it('keeps the digits of ids beyond 2^53 in the history', async () => {
  const { history } = await pipe('unique-ids', fixture('styles/big_ids.py'), { nodes: 2 });
  const [first] = history.ops.filter(({ type }) => type === 'ok');
  expect(first?.value).toEqual({ $number: expect.stringMatching(/^11529215046068\d{5}$/) });
});
