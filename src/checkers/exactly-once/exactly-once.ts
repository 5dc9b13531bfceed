// Whether each input of a stream had its effect once: in every committed snapshot, which must be
// the fold of exactly the inputs below its vector clock, in the final state, and at the sink. The
// weaker guarantees are verdicts of the same check. What histories look like: reading.ts. A state
// that only sums cannot tell a loss from a duplicate that makes up for it; a state that collects
// the names of its inputs can. Sources: Chandy & Lamport 1985; Carbone et al. 2015; Akidau et al.
// 2013.
import type { History } from '../../history/history.js';
import type { Checker, CheckerOptions, Judgement, Progress } from '../checker.js';
import { countsOf, type Findings, find, noFindings, verdictOf } from '../findings.js';
import { type Blame, Blamer, type Fault } from './blame.js';
import { foldReport } from './fold.js';
import { disorders } from './order.js';
import { checkOutputs, type OutputRules } from './outputs.js';
import { staleCommits, uncommitted } from './progress.js';
import { runOf } from './reading.js';
import { type Monoid, monoids, type StreamRun } from './run.js';
import { Witnesses } from './witnesses.js';

export const exactlyOnce: Checker = {
  name: 'exactly-once',
  about: 'Every input has its effect once: in committed snapshots, in the end, at the sink.',
  options: {
    guarantee: 'exactly-once',
    monoid: 'sum',
    outputsOwed: 'none',
    outputOrder: 'any',
    commitsMin: 0,
    uncommittedMax: -1,
    movesMax: 2 ** 33,
  },
  check: (history, options, _counts, progress) => judgeStream(history, options, { progress }),
};

/** What may be at hand beside a history. */
interface Aids {
  readonly progress?: Progress | undefined;
}

export function judgeStream(history: History, options: CheckerOptions, aids: Aids = {}): Judgement {
  const rules = rulesOf(options);
  return judgeRun(runOf(history, rules.monoid), rules, aids);
}

const guarantees = ['exactly-once', 'at-least-once', 'at-most-once'] as const;
type Guarantee = (typeof guarantees)[number];

export interface StreamRules extends OutputRules {
  readonly guarantee: Guarantee;
  readonly monoid: Monoid;
  /** At least so many snapshots must be committed. */
  readonly commitsMin: number;
  /** At most so many accepted inputs may lie beyond all commits in the end; −1: any number. */
  readonly uncommittedMax: number;
  /** How many inputs the replay may pass, in all. */
  readonly movesMax: number;
}

/** What a weaker guarantee puts up with. */
const allowed: Readonly<Record<Guarantee, ReadonlySet<string>>> = {
  'exactly-once': new Set(),
  'at-least-once': new Set([
    'duplicated',
    'early',
    'reordered',
    'duplicated-output',
    'reordered-output',
  ]),
  'at-most-once': new Set(['lost', 'early', 'lost-output']),
};

const kinds = [
  ...['lost', 'duplicated', 'early', 'phantom', 'wrong-state', 'reordered', 'stale-commit'],
  ...['lost-output', 'duplicated-output', 'wrong-output', 'divergent-output'],
  ...['phantom-output', 'reordered-output'],
  ...['too-few-commits', 'left-behind'],
] as const;

/** A run against its rules. O(inputs + snapshots × cells + outputs). */
export function judgeRun(run: StreamRun, rules: StreamRules, aids: Aids = {}): Judgement {
  const words = new Witnesses(run);
  const findings = noFindings(kinds);
  const tolerated = noFindings(kinds);
  const doubts = new Set<string>();
  const into = (kind: string): Findings =>
    allowed[rules.guarantee].has(kind) ? tolerated : findings;
  for (const doubt of judgeStates(run, rules, { words, into, progress: aids.progress }))
    doubts.add(doubt);
  for (const stale of staleCommits(run)) find(findings, 'stale-commit', () => words.stale(stale));
  const outputDoubts = checkOutputs(run, rules, (finding) => {
    const lost = run.adrift.length > 0 && finding.fault === 'phantom-output';
    if (lost) doubts.add(adriftText(run));
    else find(into(finding.fault), finding.fault, () => words.output(finding));
  });
  for (const doubt of outputDoubts) doubts.add(doubt);
  judgeProgress(run, rules, { words, findings });
  for (const doubt of emptiness(run, rules)) doubts.add(doubt);
  if (run.untold.length > 0) doubts.add(`${run.untold.join(', ')} did not tell the final state`);
  const stats = {
    inputs: run.inputs.offset.length,
    snapshots: run.snapshots.length,
    outputs: run.outputs.count,
    uncommitted: uncommitted(run).count,
    anomalies: countsOf(findings),
    tolerated: countsOf(tolerated),
  };
  return { ...verdictOf(findings, [...doubts]), stats };
}

interface Sink {
  readonly words: Witnesses;
  readonly into: (kind: string) => Findings;
  readonly progress: Progress | undefined;
}

function judgeStates(
  run: StreamRun,
  rules: StreamRules,
  { words, into, progress }: Sink,
): readonly string[] {
  const { guarantee, movesMax } = rules;
  // What is early in one snapshot is a duplicate in the next, by the same difference.
  const report = foldReport(run, {
    movesMax,
    tell: guarantee === 'exactly-once' ? 'changes' : 'all',
    progress,
  });
  const doubts = [...report.doubts];
  const blamer = new Blamer(run);
  for (const difference of report.differences) {
    const blame = blamer.blame(difference);
    if (run.adrift.length > 0 && !(blame.fault === 'lost' && run.monoid !== 'sum')) {
      doubts.push(adriftText(run));
      continue;
    }
    const unsure = guarantee !== 'exactly-once' && blamer.unsure(difference.cell);
    const kind = unsure ? undefined : kindOf(blame, guarantee);
    if (kind === undefined) doubts.push('a state does not tell whether a weaker guarantee holds');
    else find(into(kind), kind, () => words.state(difference, blame));
  }
  if (run.monoid === 'list') {
    const sure = disorders(run, (disorder) =>
      find(into('reordered'), 'reordered', () => words.disorder(disorder)),
    );
    if (!sure) doubts.push('values that several inputs have leave the order of lists undecided');
  }
  return doubts;
}

/** As what a difference counts; undefined where it may be one that the guarantee allows, or not. */
function kindOf({ fault, exact, possible }: Blame, guarantee: Guarantee): Fault | undefined {
  if (guarantee === 'exactly-once') return fault;
  if (allowed[guarantee].has(fault)) return exact ? fault : undefined;
  return [...possible].some((kind) => allowed[guarantee].has(kind)) ? undefined : fault;
}

function judgeProgress(
  run: StreamRun,
  { commitsMin, uncommittedMax }: StreamRules,
  { words, findings }: { words: Witnesses; findings: Findings },
): void {
  const commits = run.snapshots.length;
  if (commits < commitsMin && run.inputs.op.length > 0) {
    find(findings, 'too-few-commits', () => words.idle(commits, commitsMin));
  }
  const { count, row } = uncommitted(run);
  if (uncommittedMax >= 0 && count > uncommittedMax) {
    find(findings, 'left-behind', () => words.behind(count, row));
  }
}

/** Why a history that shows nothing wrong shows nothing at all. */
function emptiness({ inputs, snapshots, final, outputs }: StreamRun, rules: StreamRules): string[] {
  if (inputs.offset.length === 0) return ['no input was accepted'];
  const seen = snapshots.length > 0 || final !== undefined || outputs.count > 0;
  return seen || rules.owed !== 'none' ? [] : ['neither a state nor an output was recorded'];
}

function adriftText({ adrift }: StreamRun): string {
  return `operation ${adrift[0]} may have written an input, and nobody knows where in the log`;
}

function rulesOf(options: CheckerOptions): StreamRules {
  const choice = <T extends string>(name: string, choices: readonly T[]): T => {
    const found = choices.find((each) => each === options[name]);
    if (found !== undefined) return found;
    throw new Error(`${name} is one of ${choices.join(', ')}, not ${String(options[name])}`);
  };
  const whole = (name: string, min: number): number => {
    const value = options[name];
    if (Number.isSafeInteger(value) && (value as number) >= min) return value as number;
    throw new Error(`${name} is a whole number from ${min}, not ${String(value)}`);
  };
  return {
    guarantee: choice('guarantee', guarantees),
    monoid: choice('monoid', monoids),
    owed: choice('outputsOwed', ['none', 'committed', 'all']),
    order: choice('outputOrder', ['any', 'partition']),
    commitsMin: whole('commitsMin', 0),
    uncommittedMax: whole('uncommittedMax', -1),
    movesMax: whole('movesMax', 1),
  };
}
