// Clients of a cluster that computes streams: they submit topos to any node, feed their inputs, now
// and then ask what there is or for another owner, and in the end close some. What comes out is
// read at the sink, through the nodes. Every record has a number of its own, so that it can be fed
// again.
import type { Plain } from '../../kernel/plain.js';
import { anything, completion, list } from '../reply.js';
import { request } from '../request.js';
import type { GeneratorContext, Invocation, Workload } from '../workload.js';
import { submissionOf } from './specs.js';

type State = {
  /** How many operations there were. */
  readonly count: number;
  /**
   * How many topos were submitted, how many of them are closed, how many hand-offs were asked for.
   */
  readonly submitted: number;
  readonly closed: number;
  readonly handOffs: number;
  readonly resizes: number;
  /** The next record. */
  readonly next: number;
};

/** Between one submission and the next there are so many operations. */
const submitEvery = 5;
/** One operation in so many asks a question. */
const askOneIn = 40;
/** One in so many is a closing, a hand-off or a submission anew, as long as there are such. */
const otherOneIn = 25;

const initial: State = { count: 0, submitted: 0, closed: 0, handOffs: 0, resizes: 0, next: 0 };

export const seeding: Workload = {
  name: 'seeding',
  about: 'Clients submit topos and feed them; each record must come out at the sink once.',
  options: {
    topos: 2,
    n: 3,
    ack: true,
    /** Every so many topos the priority rises by one, from 0; 0: all have the same. */
    priorities: 0,
    closes: 0,
    handOffs: 0,
    /** How often a node is told another r, between 1 and 3. */
    resizes: 0,
    /** After so many records clients only ask. */
    records: 60,
    sink: 'topo-sink',
    /** A service that topos pull their input from; without it clients push it. */
    source: '',
    /** The shape of the first topo: 0 line, 1 fan, 2 packed; the next has the next shape. */
    shape: 0,
  },
  problem: ({ topos, n }) => {
    if (Number(topos) < 1) return { option: 'topos', expected: 'at least 1' };
    return Number(n) < 1 ? { option: 'n', expected: 'at least 1' } : undefined;
  },
  generator: {
    init: initial,
    next: (plain, ctx) => nextOp(plain as State, ctx),
  },
  requests: ['submit', 'feed', 'close', 'hand-off', 'resize', 'topos', 'outputs', 'inputs'],
  final: ({ sink, source }) => [
    { f: 'topos', value: undefined },
    { f: 'outputs', value: sink },
    ...(source === '' ? [] : [{ f: 'inputs', value: source }]),
  ],
  request: ({ f, value }) => requestOf(f, value),
  complete: ({ f, value }, reply) => {
    switch (f) {
      case 'submit':
        return completion(reply, 'submit_ok', { status: anything }, ({ status }) => status);
      case 'topos':
        return completion(reply, 'topos_ok', { topos: list }, ({ topos }) => topos);
      case 'outputs':
        return completion(reply, 'outputs_ok', { outputs: list }, ({ outputs }) => outputs);
      case 'inputs':
        return completion(reply, 'inputs_ok', { inputs: list }, ({ inputs }) => inputs);
      default:
        return completion(reply, `${f}_ok`, {}, () => value);
    }
  },
  idempotent: ['topos', 'outputs'],
  checkers: ['seeding'],
};

function requestOf(f: string, value: Plain) {
  if (f === 'topos') return request(f, {});
  if (f === 'outputs') return request(f, { sink: value });
  if (f === 'inputs') return request(f, { source: value });
  if (f === 'close' || f === 'hand-off') return request(f, { topo: value });
  const { codes, ...fields } = value as Readonly<Record<string, Plain>>;
  return request(f, fields);
}

function nextOp(before: State, ctx: GeneratorContext): { op: Invocation; state: State } {
  const { random, options } = ctx;
  const state = { ...before, count: before.count + 1 };
  const due = state.submitted < Number(options.topos) && before.count % submitEvery === 0;
  if (due) {
    return {
      op: submit(state.submitted, ctx),
      state: { ...state, submitted: state.submitted + 1 },
    };
  }
  const drawn = random.below(askOneIn);
  if (drawn === 0) return { op: { f: 'topos', value: undefined }, state };
  if (drawn === 1) return { op: { f: 'outputs', value: options.sink }, state };
  if (random.below(otherOneIn) === 0) {
    const other = otherOp(state, ctx);
    if (other !== undefined) return other;
  }
  const topo = random.below(state.submitted);
  const seq = state.next;
  const value = { topo: `t${topo}`, stream: 'numbers', seq, key: `k${seq % 3}`, value: seq };
  if (options.source !== '' || seq >= Number(options.records)) {
    return { op: { f: 'topos', value: undefined }, state };
  }
  return { op: { f: 'feed', value }, state: { ...state, next: seq + 1 } };
}

function otherOp(state: State, ctx: GeneratorContext) {
  const { random, options } = ctx;
  const { submitted, closed, handOffs, resizes } = state;
  if (handOffs < Number(options.handOffs)) {
    const op = { f: 'hand-off', value: `t${random.below(submitted)}` };
    return { op, state: { ...state, handOffs: handOffs + 1 } };
  }
  if (resizes < Number(options.resizes)) {
    const op = { f: 'resize', value: { r: 1 + random.below(3) } };
    return { op, state: { ...state, resizes: resizes + 1 } };
  }
  if (closed < Number(options.closes) && state.count > 2 * askOneIn) {
    return { op: { f: 'close', value: `t${closed}` }, state: { ...state, closed: closed + 1 } };
  }
  // Whoever had no answer asks again, at another node.
  return { op: submit(random.below(submitted), ctx), state };
}

function submit(topo: number, { options }: GeneratorContext): Invocation {
  const priorities = Number(options.priorities);
  const wanted = {
    n: Number(options.n),
    ack: options.ack === true,
    priority: priorities === 0 ? 0 : Math.floor(topo / priorities),
    sink: String(options.sink),
    source: String(options.source),
  };
  const value = { topo: `t${topo}`, ...submissionOf(Number(options.shape) + topo, wanted) };
  return { f: 'submit', value };
}
