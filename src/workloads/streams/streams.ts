// A stream's input and what came of it: clients write records to the partitions of a log; in the
// end they read every committed snapshot, the state and what the sink shows. Any node takes input;
// in the end each node tells what it has a share in, so it does no harm to be asked twice.
import type { Plain } from '../../kernel/plain.js';
import type { Body } from '../../node/message.js';
import { completion, list, whole } from '../reply.js';
import type {
  Generator,
  GeneratorContext,
  Invocation,
  Session,
  Workload,
  WorkloadOptions,
} from '../workload.js';
import { type Oracle, oracles, wordsKnown } from './oracles.js';

const defaults = {
  topology: 'word-count',
  partitions: 2,
  /** Records in an operation. */
  batch: 2,
  /** How many words there are, and how many a record has at most. */
  words: 12,
  wordsPerRecord: 3,
  /** The share of words that are the first one. */
  skewPpm: 0,
  /** The share of words that have a character in them with which some part fields. */
  separatorsPpm: 0,
  /** Partitions, the last ones, that get no records. */
  silent: 0,
  /** No more records than this; 0: any number. */
  recordsMax: 0,
  /** The share of operations that read what has come of the stream so far. */
  readsPpm: 10_000,
};

type Options = typeof defaults;

const recordsPerOperationMax = 100_000;

function problem(options: WorkloadOptions) {
  const { topology, partitions, batch, words, wordsPerRecord, silent } = options as Options;
  const names = [...oracles.keys()];
  if (!names.includes(topology)) return { option: 'topology', expected: names.join(', '), names };
  for (const [option, value] of Object.entries({ partitions, batch, words, wordsPerRecord })) {
    if (value < 1) return { option, expected: 'at least 1' };
  }
  if (batch > recordsPerOperationMax) {
    return { option: 'batch', expected: `at most ${recordsPerOperationMax}` };
  }
  if (silent >= partitions)
    return { option: 'silent', expected: 'fewer than there are partitions' };
  return undefined;
}

const reads: readonly Invocation[] = ['where', 'commit', 'state', 'output'].map((f) => {
  return { f, value: undefined };
});

/** `state` is the number of records so far. */
const next: Generator['next'] = (state, ctx) => {
  if (ctx.random.chance(Number(ctx.options.readsPpm))) {
    return { op: ctx.random.pick(reads), state };
  }
  const { topology, partitions, batch, silent, recordsMax } = ctx.options as Options;
  const before = Number(state);
  const left = recordsMax === 0 ? batch : Math.min(batch, recordsMax - before);
  const oracle = oracles.get(topology);
  if (left <= 0 || oracle === undefined) return undefined;
  const partition = ctx.random.below(partitions - silent);
  const lines: string[] = [];
  for (let i = 0; i < left; i++) lines.push(oracle.record(draw(ctx), before + i));
  const wanted = expected(oracle, lines);
  // Frozen: whoever gets them has the same list, and nobody copies it.
  const value = { id: `input-${before}`, partition, lines: Object.freeze(lines) };
  return { op: { f: 'input', value: Object.assign(value, wanted) }, state: before + left };
};

/** What should become of records, as the exactly-once checker reads it. */
function expected(oracle: Oracle, lines: readonly string[]) {
  const { keyOf } = oracle;
  if (keyOf !== undefined) {
    const keys = Object.freeze(lines.map((line) => keyOf(line)));
    return { keys, values: Object.freeze(lines.map(() => 1)), outputs: lines };
  }
  const should = lines.map((line) => oracle.should(line));
  const records = should.map(({ effects }) => effects);
  const outputs = should.map((each) => each.outputs);
  return outputs.some((each) => each === undefined) ? { records } : { records, outputs };
}

function draw(ctx: GeneratorContext): readonly string[] {
  const count = 1 + ctx.random.below(Number(ctx.options.wordsPerRecord));
  const drawn = [drawWord(ctx)];
  while (drawn.length < count) drawn.push(drawWord(ctx));
  return drawn;
}

function drawWord({ random, options }: GeneratorContext): string {
  const { words, skewPpm, separatorsPpm } = options as Options;
  const number = skewPpm > 0 && random.chance(skewPpm) ? 0 : random.below(words);
  const word = wordsKnown[number] ?? `w${number}`;
  return separatorsPpm > 0 && random.chance(separatorsPpm) ? `${word}\u00017` : word;
}

/** Ids of inputs without an answer: a client goes on asking where they are. */
type Mind = { readonly lost: readonly string[] };

const session: Session<Mind> = {
  init: { lost: [] },
  fill: (op, { lost }) => (op.f === 'where' ? { f: 'where', value: { ids: lost } } : op),
  learn: (_, mind) => ({ mind }),
  lost: ({ op, completion }, mind) => {
    if (op.f !== 'input' || completion.type !== 'info') return { mind };
    const { id } = op.value as { readonly id: string };
    return { mind: { lost: [...mind.lost, id] } };
  },
};

function request({ f, value }: Invocation): Body {
  switch (f) {
    case 'input': {
      const { id, partition, lines } = value as Readonly<Record<string, Plain>>;
      return { type: 'input', id, partition, records: lines } as Body;
    }
    case 'where': {
      const { ids } = (value ?? { ids: [] }) as { readonly ids: readonly string[] };
      return { type: 'locate', ids } as Body;
    }
    default:
      return { type: `${f}s` };
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? undefined : 'should be a text';

export const streams: Workload = {
  name: 'streams',
  about: 'Clients feed a stream; committed snapshots, the final state and outputs must be right.',
  options: defaults,
  problem,
  generator: { init: 0, next },
  session: session as unknown as Session,
  final: () => reads,
  request,
  complete: ({ f }, reply) => {
    switch (f) {
      case 'input':
        return completion(reply, 'input_ok', { offset: whole }, ({ offset }) => ({ offset }));
      case 'where':
        return completion(reply, 'locate_ok', { found: list }, ({ found }) => ({ found }));
      case 'commit':
        return completion(reply, 'commits_ok', { commits: list }, ({ commits }) => ({ commits }));
      case 'state':
        return completion(reply, 'states_ok', { state: list }, ({ state }) => ({ state }));
      default: {
        const shape = { sink: text, from: whole, outputs: list };
        return completion(reply, 'outputs_ok', shape, ({ sink, from, outputs }) => {
          return { sink, from, outputs };
        });
      }
    }
  },
  idempotent: ['where', 'commit', 'state', 'output'],
  checkers: [{ name: 'exactly-once', options: { outputsOwed: 'all', commitsMin: 0 } }],
};
