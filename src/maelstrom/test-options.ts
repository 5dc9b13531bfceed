// The command line of `stormglass test` as data: Maelstrom's options under Maelstrom's names and
// with its defaults, and ours. Nothing is looked up here but what the options name.
import { readFileSync } from 'node:fs';
import { modelNames } from '../checkers/transactions/models.js';
import { fileError } from '../files/text-file.js';
import { type Micros, seconds } from '../kernel/time.js';
import { nearest } from '../scenario/nearest.js';
import { quoted } from '../scenario/problems.js';
import { usageError } from '../scenario/usage-error.js';
import { workloads } from '../workloads/index.js';
import { topologies } from '../workloads/topology.js';
import {
  flagError,
  isGiven,
  listOf,
  named,
  nameOf,
  numberOf,
  ppmOf,
  type RawFlags,
  shareOf,
  textOf,
  textsOf,
  timeOf,
  wholeOf,
} from './flag-values.js';
import { nemesisNames } from './nemeses.js';

const hostNames = ['auto', 'in-process', 'pipe'] as const;
const latencyDists = ['constant', 'uniform', 'exponential'] as const;
const strictnesses = ['stormglass', 'maelstrom'] as const;

type HostChoice = (typeof hostNames)[number];
export type Strictness = (typeof strictnesses)[number];

/** Options of workloads; `undefined`: not given, the workload has its own default. */
interface WorkloadFlags {
  readonly topology: string | undefined;
  readonly 'key-count': number | undefined;
  readonly 'max-writes-per-key': number | undefined;
  readonly 'max-txn-length': number | undefined;
}

/** What is to be tested, and how. */
export interface TestOptions {
  readonly workload: string;
  /** The nodes' program: a file with its arguments, or one of our protocols. */
  readonly subject:
    | { readonly kind: 'program'; readonly bin: string; readonly args: readonly string[] }
    | { readonly kind: 'protocol'; readonly name: string };
  readonly host: HostChoice;
  readonly nodes: readonly string[];
  readonly concurrency: number;
  readonly ratePerSecond: number;
  readonly timeLimitUs: Micros;
  readonly recoveryUs: Micros;
  readonly latencyUs: Micros;
  readonly latencyDist: (typeof latencyDists)[number];
  readonly lossPpm: number;
  readonly duplicatePpm: number;
  readonly nemeses: readonly string[];
  readonly nemesisIntervalUs: Micros;
  readonly workloadFlags: WorkloadFlags;
  /** `undefined`: nothing is asked of it. */
  readonly availabilityPpm: number | undefined;
  /** Empty: the workload's own. */
  readonly consistencyModels: readonly string[];
  readonly seed: string;
  readonly testCount: number;
  readonly asserts: readonly string[];
  readonly strictness: Strictness;
  /** The directory of the results; `undefined`: none are kept. */
  readonly output: string | undefined;
  /** Results as JSON instead of a report. */
  readonly json: boolean;
  readonly log: {
    readonly stderr: boolean;
    readonly sent: boolean;
    readonly received: boolean;
  };
}

const countMax = 1_000_000;

/** The options that were typed, checked. Throws a UsageError for the first that is wrong. */
export function readTestOptions(raw: RawFlags, args: readonly string[]): TestOptions {
  const subject = subjectOf(raw, args);
  const workload = workloadOf(raw);
  const nodes = nodesOf(raw);
  const latencyUs = timeOf(raw, 'latency', 'ms') ?? 0;
  return {
    workload,
    subject,
    host: hostOf(raw, subject),
    nodes,
    concurrency: concurrencyOf(raw, nodes.length, workload),
    ratePerSecond: numberOf(raw, 'rate', [0, 500_000]) ?? 5,
    timeLimitUs: positive(raw, 'time-limit') ?? seconds(60),
    recoveryUs: timeOf(raw, 'recovery', 's') ?? seconds(10),
    latencyUs,
    latencyDist: nameOf(raw, 'latency-dist', latencyDists) ?? 'constant',
    lossPpm: shareOf(raw, 'loss') ?? 0,
    duplicatePpm: shareOf(raw, 'duplicate') ?? 0,
    nemeses: listOf(raw, 'nemesis').map((name) => named('nemesis', name, nemesisNames)),
    nemesisIntervalUs: positive(raw, 'nemesis-interval') ?? seconds(10),
    workloadFlags: {
      topology: nameOf(raw, 'topology', [...topologies.keys()]),
      'key-count': wholeOf(raw, 'key-count', [1, countMax]),
      'max-writes-per-key': wholeOf(raw, 'max-writes-per-key', [1, countMax]),
      'max-txn-length': wholeOf(raw, 'max-txn-length', [1, 1_000]),
    },
    availabilityPpm: availabilityOf(raw),
    consistencyModels: modelsOf(raw),
    seed: seedOf(raw),
    testCount: wholeOf(raw, 'test-count', [1, countMax]) ?? 1,
    asserts: textsOf(raw, 'assert'),
    strictness: nameOf(raw, 'strictness', strictnesses) ?? 'stormglass',
    output: raw.store === false ? undefined : (textOf(raw, 'output') ?? 'store'),
    json: isGiven(raw, 'json'),
    log: {
      stderr: isGiven(raw, 'log-stderr'),
      sent: isGiven(raw, 'log-net-send'),
      received: isGiven(raw, 'log-net-recv'),
    },
  };
}

function subjectOf(raw: RawFlags, args: readonly string[]): TestOptions['subject'] {
  const [bin, protocol] = [textOf(raw, 'bin'), textOf(raw, 'protocol')];
  if (bin !== undefined && protocol !== undefined) {
    const hint = 'Nodes run one program: leave one of the two out.';
    throw usageError('--bin and --protocol are both given', { hint });
  }
  if (bin !== undefined) return { kind: 'program', bin, args };
  if (protocol === undefined) {
    throw usageError('nothing says what the nodes run', {
      expected: '--bin PROGRAM, or --protocol NAME for one of ours',
      hint: 'For example: stormglass test -w echo --bin ./echo.js',
    });
  }
  if (args.length === 0) return { kind: 'protocol', name: protocol };
  const hint = 'What follows `--` goes to the program of --bin.';
  throw usageError(`protocols take no arguments such as ${quoted(args[0] ?? '')}`, { hint });
}

/** Our protocols live in the simulation; only programs can be hosted in several ways. */
function hostOf(raw: RawFlags, subject: TestOptions['subject']): HostChoice {
  const host = nameOf(raw, 'host', hostNames) ?? 'auto';
  if (subject.kind === 'program' || host !== 'pipe') return host;
  const hint = 'Protocols of ours always run in-process; --host is for programs.';
  throw usageError('--host pipe does not go with --protocol', { hint });
}

/** What Maelstrom tests if nothing is said. */
const maelstromsWorkload = 'lin-kv';

function workloadOf(raw: RawFlags): string {
  const names = [...workloads.keys()];
  const text = textOf(raw, 'workload') ?? maelstromsWorkload;
  return named('workload', text, names);
}

/** `n0, n1 …` with `--node-count`, which outweighs the rest; `n1 … n5` without any of them. */
function nodesOf(raw: RawFlags): readonly string[] {
  const count = wholeOf(raw, 'node-count', [1, 100_000]);
  if (count !== undefined) return Array.from({ length: count }, (_, index) => `n${index}`);
  const file = textOf(raw, 'nodes-file');
  const listed = [
    ...(file === undefined ? [] : namesIn(file)),
    ...listOf(raw, 'nodes'),
    ...textsOf(raw, 'node'),
  ];
  if (file !== undefined && listed.length === 0) {
    throw flagError('nodes-file', file, 'a file with the name of a node on each line');
  }
  const nodes = listed.length > 0 ? [...new Set(listed)] : ['n1', 'n2', 'n3', 'n4', 'n5'];
  for (const node of nodes) assertNodeName(node);
  return nodes;
}

function namesIn(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8')
      .split(/\s+/)
      .filter((name) => name !== '');
  } catch (error) {
    throw fileError(error, path, `cannot read the nodes file ${path}`);
  }
}

function assertNodeName(name: string): void {
  const fits = /^[A-Za-z][A-Za-z0-9_.:-]{0,63}$/.test(name) && !name.startsWith('c');
  if (fits) return;
  throw usageError(`a node cannot be called ${quoted(name)}`, {
    expected: 'letters, digits and _ . : - with a letter first, which is not the c of clients',
  });
}

/** `4`, or `2n` for two a node; workloads that need more workers than nodes have them. */
function concurrencyOf(raw: RawFlags, nodeCount: number, workload: string): number {
  const text = textOf(raw, 'concurrency') ?? `${workloads.get(workload)?.workersPerNode ?? 1}n`;
  const match = /^(\d{1,7})(n?)$/.exec(text);
  const count = match === null ? 0 : Number(match[1]) * (match[2] === 'n' ? nodeCount : 1);
  if (count >= 1 && count <= countMax) return count;
  throw flagError('concurrency', text, 'a whole number from 1, or one for each node such as 2n');
}

function positive(raw: RawFlags, flag: string): Micros | undefined {
  const us = timeOf(raw, flag, 's');
  if (us !== 0) return us;
  throw flagError(flag, textOf(raw, flag) ?? '', 'a number of seconds above zero');
}

function availabilityOf(raw: RawFlags): number | undefined {
  const text = textOf(raw, 'availability');
  if (text === undefined) return undefined;
  const ppm = text === 'total' ? 1_000_000 : ppmOf(text);
  if (ppm !== undefined) return ppm;
  const more = { nearest: nearest(text, ['total']) };
  throw flagError('availability', text, 'total, or a number from 0 to 1 such as 0.99', more);
}

function modelsOf(raw: RawFlags): readonly string[] {
  const names = listOf(raw, 'consistency-models');
  return names.map((name) => named('consistency-models', name, modelNames));
}

function seedOf(raw: RawFlags): string {
  const text = textOf(raw, 'seed') ?? '1';
  if (/^[^\p{Cc}]{1,200}$/u.test(text)) return text;
  throw flagError('seed', text, 'a text of 1 to 200 printable characters');
}
