// `npm run bench:hunt`: how soon the bugs of fixtures/mutants/protocols/ are found by each strategy
// from several base seeds, how small what was found becomes, and that nothing is found in the
// protocols that are right. See docs/mutants.md.
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { tune } from '../../src/files/tune.js';
import { failuresOf } from '../../src/scenario/failure.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import type { Run } from '../../src/scenario/run.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { shrink } from '../../src/scenario/shrink/shrink.js';
import { simulate } from '../../src/scenario/simulate.js';
import { strategies } from '../../src/scenario/strategies/index.js';
import { blocksOf, type Strategy } from '../../src/scenario/strategy.js';
import {
  build,
  correctIn,
  huntedIn,
  type Mutant,
  mutants,
  objections,
} from '../support/mutants.js';
import { mutantsWithShortest } from '../support/shortest.js';
import { median } from './measure.js';
import { measureShortest } from './shortest.js';

const { values: asked } = parseArgs({
  options: {
    only: { type: 'string' },
    family: { type: 'string' },
    /** `2/5`: the second, the seventh … of those chosen. */
    slice: { type: 'string', default: '1/1' },
    strategy: { type: 'string', default: 'uniform' },
    bases: { type: 'string', default: '7' },
    runs: { type: 'string', default: '2000' },
    shrink: { type: 'boolean', default: false },
    /** How near shrinking comes to what people have written. */
    shortest: { type: 'boolean', default: false },
    correct: { type: 'string' },
    build: { type: 'string' },
  },
});

/** Processor time that shrinking one failure may take. */
const shrinkSeconds = 30;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What a search from one base seed came to. */
interface Found {
  readonly runs: number;
  readonly events: number;
  /** Who objected; `undefined`: nobody did. */
  readonly objections: readonly string[] | undefined;
  readonly run: Run | undefined;
}

/** The trials of a strategy, one after the other, as they come. */
function search(mutant: Mutant, scenario: Scenario, strategy: Strategy, base: number): Found {
  const seeds = Number(asked.runs);
  const plan = strategy.plan({ scenario, seed: `base-${base}`, seeds });
  let [runs, events] = [0, 0];
  for (let index = 0; index < blocksOf(plan); index++) {
    const block = plan.block(index);
    for (let trial = block.next(); trial !== undefined; trial = block.next()) {
      const run = simulate(trial.scenario, trial.seed, trial.edits);
      block.learn?.(run);
      runs++;
      events += run.result.events;
      const found = objections(mutant, run);
      if (found.length > 0) return { runs, events, objections: [...new Set(found)], run };
      if (runs >= seeds) return { runs, events, objections: undefined, run: undefined };
    }
  }
  return { runs, events, objections: undefined, run: undefined };
}

const secondsSince = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};

async function measure(mutant: Mutant, strategy: Strategy): Promise<boolean> {
  const scenario = scenarioOf(await huntedIn(mutant));
  const before = process.cpuUsage();
  const found = Array.from({ length: Number(asked.bases) }, (_, base) =>
    search(mutant, scenario, strategy, base),
  );
  const hits = found.filter((each) => each.objections !== undefined);
  const runs = median(found.map((each) => each.runs));
  const cells = [
    (hits.length * 2 > found.length ? `${runs}` : `> ${runs}`).padStart(8),
    `${hits.length}/${found.length}`.padStart(6),
    `${median(found.map((each) => Math.round(each.events / each.runs)))}`.padStart(7),
    `${secondsSince(before).toFixed(1)} s`.padStart(9),
    (asked.shrink ? sizeOf(hits[0]?.run) : '').padStart(9),
  ];
  const who = hits[0]?.objections?.slice(0, 2).join(' ') ?? '';
  const name = `${mutant.name.padEnd(30)} ${mutant.difficulty} ${strategy.name.padEnd(12)}`;
  print(`${name} ${cells.join(' ')}  ${who}`);
  return hits.length > 0;
}

/** Faults, operations and edits of a failing run told in full, and after shrinking: `412→7`. */
function sizeOf(run: Run | undefined): string {
  const failure = run && failuresOf(run)[0];
  if (run === undefined || failure === undefined) return '';
  const before = process.cpuUsage();
  const { scenario, seed, edits } = run;
  let text = '';
  for (const { sizeAtFirst, size } of shrink({ scenario, seed, edits, failure })) {
    text = `${sizeAtFirst}→${size}`;
    if (secondsSince(before) > shrinkSeconds) return `${text} …`;
  }
  return text;
}

/** The storms of the mutants with the protocols as they are: each protocol's share its runs. */
function correct(chosen: readonly Mutant[], perProtocol: number): void {
  const storms = new Map<string, Mutant>();
  for (const mutant of chosen) {
    const { protocol, options, scenario } = mutant;
    storms.set(JSON.stringify([protocol, options, { ...scenario, about: '' }]), mutant);
  }
  let alarms = 0;
  let all = 0;
  for (const mutant of storms.values()) {
    const { protocol } = mutant;
    const sharers = [...storms.values()].filter((other) => other.protocol === protocol).length;
    const runs = Math.ceil(perProtocol / sharers);
    const before = process.cpuUsage();
    const original = scenarioOf(correctIn(mutant));
    let own = 0;
    for (let seed = 0; seed < runs; seed++) {
      const found = objections({ ...mutant, objects: [] }, simulate(original, `correct-${seed}`));
      if (found.length > 0) print(`${mutant.storm} correct-${seed}: ${found.join(' ')}`);
      own += found.length > 0 ? 1 : 0;
    }
    alarms += own;
    all += runs;
    const name = `${protocol}, storm ${mutant.storm}`.padEnd(50);
    print(`${name} ${runs} runs, ${own} false alarms, ${secondsSince(before).toFixed(1)} s`);
  }
  print(`${all} runs of correct protocols, ${alarms} false alarms`);
  process.exitCode = alarms > 0 ? 1 : 0;
}

async function everything(chosen: readonly Mutant[], ways: readonly Strategy[]): Promise<void> {
  print(
    'mutant                         D strategy     median runs  found  events  processor  shrunk',
  );
  const lost: string[] = [];
  for (const mutant of chosen) {
    let isFound = false;
    for (const way of ways) isFound = (await measure(mutant, way)) || isFound;
    if (!isFound) lost.push(mutant.name);
  }
  const share = ((chosen.length - lost.length) / chosen.length) * 100;
  print(`found ${chosen.length - lost.length} of ${chosen.length} (${share.toFixed(1)} %)`);
  if (lost.length > 0) print(`not found: ${lost.join(' ')}`);
}

function strategyNamed(name: string): Strategy {
  const found = strategies.get(name);
  if (found === undefined) throw new Error(`there is no strategy ${name}`);
  return found;
}

tune();
const [part = 1, parts = 1] = asked.slice.split('/').map(Number);
const chosen = (asked.shortest ? mutantsWithShortest() : mutants())
  .filter(
    ({ name, family }) =>
      (asked.only === undefined || asked.only.split(',').includes(name)) &&
      (asked.family === undefined || asked.family === family),
  )
  .filter((_, index) => index % parts === part - 1);
if (asked.build !== undefined) {
  const wanted = mutants().find(({ name }) => name === asked.build);
  if (wanted === undefined) throw new Error(`there is no mutant ${asked.build}`);
  print(join(dirname(build(wanted)), 'scenario.yaml'));
} else if (asked.correct !== undefined) {
  correct(chosen, Number(asked.correct));
} else if (asked.shortest) {
  const [bases, runs] = [Number(asked.bases), Number(asked.runs)];
  const limits = { bases, runs, seconds: shrinkSeconds, print };
  process.exitCode = (await measureShortest(chosen, limits)) ? 0 : 1;
} else {
  await everything(chosen, asked.strategy.split(',').map(strategyNamed));
}
