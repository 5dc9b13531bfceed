// `npm run seeding`: the cluster of seed 000 under partitions, crashes, freezes, 2 % loss and 2 %
// duplication, one seed after the other, with all of M1 to M14 and L1 to L6 and the checker.
//
//   npm run seeding -- --seeds 2000             seeds 1 … 2000 of the sound cluster
//   npm run seeding -- --from 501 --seeds 500   a slice of them
//   npm run seeding -- --mistakes --seeds 50    each mistake, and who objects to it how often
//
// Exit code 1 if anything was lost, in conflict, broken or missing in a sound run.

import { mistakes } from '../../src/protocols/seeding/rules.js';
import type { NamedJudgement } from '../../src/scenario/check.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { type Run, simulate } from '../../src/scenario/simulate.js';

/** Fifteen seconds of trouble, as many to recover; three topos, one closed, two handed on. */
function storm(mistake: string | undefined): ScenarioInput {
  return {
    protocol: mistake === undefined ? 'seeding' : { name: 'seeding/naive', options: { mistake } },
    nodes: 5,
    services: ['topo-sink'],
    workload: {
      name: 'seeding',
      rate: 10,
      timeout: '3s',
      options: { topos: 3, closes: 1, 'hand-offs': 2, records: 100 },
    },
    network: {
      latency: { shape: 'exponential', min: '1ms', mean: '10ms' },
      loss: '2%',
      duplicate: '2%',
    },
    faults: [
      {
        every: '3s',
        for: '1500ms',
        faults: ['partition', 'crash', 'pause'],
        targets: ['one', 'minority'],
      },
    ],
    duration: '15s',
    recovery: '15s',
  };
}

/** What runs have come to, by name. */
type Tally = Map<string, number>;

function count(tally: Tally, name: string, by = 1): void {
  tally.set(name, (tally.get(name) ?? 0) + by);
}

function stats(run: Run, judge: string): Readonly<Record<string, unknown>> {
  return run.assessment.judgements.find(({ name }) => name === judge)?.stats ?? {};
}

/** Every kind of objection counts once a run; a run in which nothing was accepted shows nothing. */
function objections({ name, ...judgement }: NamedJudgement): readonly string[] {
  if (judgement.valid === true) return [];
  if (judgement.valid === 'unknown') return [`? ${name}: ${judgement.reason}`];
  return [...new Set(judgement.anomalies.map(({ kind }) => `✗ ${name}: ${kind}`))];
}

function sweep(mistake: string | undefined, from: number, seeds: number): Tally {
  const tally: Tally = new Map();
  for (let seed = from; seed < from + seeds; seed++) {
    const run = simulate(storm(mistake), String(seed));
    count(tally, 'runs');
    for (const name of ['topos', 'accepted', 'outputs']) {
      count(tally, name, Number(stats(run, 'seeding')[name] ?? 0));
    }
    for (const name of (stats(run, 'properties').reached as string[] | undefined) ?? []) {
      count(tally, `reached ${name}`);
    }
    const found = run.assessment.judgements.flatMap(objections);
    for (const name of found) count(tally, name);
    if (found.length > 0 && mistake === undefined) note(`seed ${seed}: ${found.join(', ')}`);
    if (mistake === undefined && seed % 100 === 0) note(`${seed - from + 1} of ${seeds}`);
  }
  return tally;
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

function numberAfter(flag: string, otherwise: number): number {
  const at = process.argv.indexOf(flag);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

const [from, seeds] = [numberAfter('--from', 1), numberAfter('--seeds', 2_000)];
const wanted = process.argv.includes('--mistakes') ? [...mistakes.keys()] : [undefined];
for (const mistake of wanted) {
  const tally = sweep(mistake, from, seeds);
  process.stdout.write(`${mistake ?? 'sound'}\n`);
  for (const [name, times] of tally)
    process.stdout.write(`  ${String(times).padStart(8)}  ${name}\n`);
  const wrong = [...tally.keys()].some((name) => name.startsWith('✗'));
  if (mistake === undefined && wrong) process.exitCode = 1;
}
