// What a client of kafka remembers: the keys that it polls and how far it came in each. After a
// poll it commits the highest offsets that it saw; when it is to poll other keys it asks for their
// committed offsets first and goes on behind them, but where it has been itself it goes on from
// there. In the end it polls until nothing new comes.
import type { Plain } from '../../kernel/plain.js';
import type { Completion, Invocation } from '../workload.js';

type Offsets = ReadonlyMap<string, number>;

type Mind = {
  /** The next offset of each assigned key. */
  readonly nextOffsets: Offsets;
  /** What is committed, as far as it was asked for the next assignment. */
  readonly committed: Offsets;
  /** How often it has polled in the end. */
  readonly finalPolls: number;
  /** How often, in the end, a poll had no answer, and another client had to begin anew. */
  readonly finalLosses: number;
};

export const freshMind: Mind = {
  nextOffsets: new Map(),
  committed: new Map(),
  finalPolls: 0,
  finalLosses: 0,
};

/** However much there is: so often a client polls in the end. */
const finalPollsMax = 1_000;
/** So often another client begins anew in the end. */
const finalLossesMax = 10;

const poll: Invocation = { f: 'poll', value: undefined };

/** A poll asks for the next offsets of all assigned keys. */
export function fill(op: Invocation, mind: Mind): Invocation {
  if (op.f !== 'poll') return op;
  return { f: 'poll', value: { offsets: Object.fromEntries(mind.nextOffsets) } };
}

interface Ended {
  readonly op: Invocation;
  readonly completion: Completion;
  readonly final: boolean;
}

interface Learnt {
  readonly mind: Mind;
  readonly next?: readonly Invocation[];
}

export function learn({ op, completion, final }: Ended, mind: Mind): Learnt {
  if (completion.type !== 'ok') return missed(op, mind, final);
  switch (op.f) {
    case 'poll':
      return polled(completion.value, mind, final);
    case 'list_committed_offsets': {
      const { keys } = op.value as { readonly keys: readonly string[] };
      const { offsets } = completion.value as {
        readonly offsets: Readonly<Record<string, number>>;
      };
      const committed = new Map(Object.entries(offsets));
      return { mind: { ...mind, committed }, next: [{ f: 'assign', value: keys }] };
    }
    case 'assign':
      return { mind: assigned(op.value as readonly string[], mind) };
    default:
      return { mind };
  }
}

/** Who comes after a client that is gone knows nothing, but in the end begins where it began. */
export function lost({ op, completion, final }: Ended, mind: Mind): Learnt {
  const again = final && op.f === 'poll' && mind.finalLosses < finalLossesMax;
  if (!again || completion.type !== 'info') return { mind: freshMind };
  const { offsets } = op.value as { readonly offsets: Readonly<Record<string, number>> };
  const assign = { f: 'assign', value: Object.keys(offsets) };
  return { mind: { ...freshMind, finalLosses: mind.finalLosses + 1 }, next: [assign, poll] };
}

/** A final poll that failed is made again; any other operation that failed is as good as none. */
function missed({ f }: Invocation, mind: Mind, final: boolean): Learnt {
  if (!final || f !== 'poll' || mind.finalPolls >= finalPollsMax) return { mind };
  return { mind: { ...mind, finalPolls: mind.finalPolls + 1 }, next: [poll] };
}

function assigned(keys: readonly string[], mind: Mind): Mind {
  const { nextOffsets, committed } = mind;
  const begin = (key: string): number => nextOffsets.get(key) ?? (committed.get(key) ?? -1) + 1;
  const own = keys.map((key) => [key, begin(key)] as const);
  return { ...mind, nextOffsets: new Map(own), committed: new Map() };
}

function polled(value: Plain, mind: Mind, final: boolean): Learnt {
  const { msgs } = value as { readonly msgs: Readonly<Record<string, Plain>> };
  const nextOffsets = new Map(mind.nextOffsets);
  const commits: [string, number][] = [];
  for (const [key, records] of Object.entries(msgs)) {
    let last = -1;
    for (const [offset] of records as readonly (readonly [number])[]) last = Math.max(last, offset);
    if (last < 0 || !nextOffsets.has(key)) continue;
    nextOffsets.set(key, last + 1);
    commits.push([key, last]);
  }
  const finalPolls = final ? mind.finalPolls + 1 : mind.finalPolls;
  const learnt = { ...mind, nextOffsets, finalPolls };
  if (commits.length === 0) return { mind: learnt };
  const commit = { f: 'commit_offsets', value: { offsets: Object.fromEntries(commits) } };
  const more = final && finalPolls < finalPollsMax;
  return { mind: learnt, next: more ? [commit, poll] : [commit] };
}
