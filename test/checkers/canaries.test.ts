// Who checks the checkers: for each, weaker definitions that one might write or has written. Each
// is shown to accept a fixture that is broken and that ours refuses, so that whoever weakens a
// checker in this way sees a test fail.
import { describe, expect, it } from 'vitest';
import { type CheckerOptions, judge } from '../../src/checkers/checker.js';
import { checkers } from '../../src/checkers/index.js';
import { type History, historyOf } from '../../src/history/history.js';
import type { Op } from '../../src/history/op.js';
import { fixture } from './fixture-files.js';
import { mutants } from './mutant-file.js';
import { maelstromSetFull, naiveAnomalies } from './naive-set-full.js';

/** A weaker checker: what it would say. */
type Weak = (history: History) => boolean | 'unknown';

const completed = ({ ops }: History, f: string): readonly Op[] =>
  ops.filter((op) => op.process !== 'nemesis' && op.f === f && op.type === 'ok');

const maelstrom: Weak = (history) => maelstromSetFull(history)['valid?'] as boolean | 'unknown';
/** Our own definition, blind to one kind. */
const without =
  (...kinds: readonly string[]): Weak =>
  (history) =>
    Object.keys(naiveAnomalies(history)).every((kind) => kinds.includes(kind));
/** Some final read has it: enough for a set, not for a broadcast. */
const anyNodeHasIt: Weak = (history) => {
  const finals = completed(history, 'read').filter(({ final }) => final);
  const kept = new Set(finals.flatMap(({ value }) => value as unknown[]));
  return completed(history, 'broadcast').every(({ value }) => kept.has(value));
};
/** Only what was acknowledged matters. */
const acknowledgedOnly: Weak = (history) => {
  const finals = completed(history, 'read').filter(({ final }) => final);
  return completed(history, 'broadcast').every(({ value }) =>
    finals.every((read) => (read.value as unknown[]).includes(value)),
  );
};

const eachReadIsASet: Weak = (history) =>
  completed(history, 'read').every(({ value }) => {
    const values = value as readonly unknown[];
    return new Set(values).size === values.length;
  });

const answersOnly: Weak = (history) =>
  completed(history, 'echo').every((op) => op.value === history.invocationOf(op).value);
const asText: Weak = (history) =>
  completed(history, 'echo').every(
    (op) => String(op.value) === String(history.invocationOf(op).value),
  );
/** Every text came back to somebody. */
const asMultiset: Weak = (history) => {
  const answers = completed(history, 'echo');
  const said = answers.map((op) => String(history.invocationOf(op).value)).sort();
  return String(said) === String(answers.map(({ value }) => String(value)).sort());
};

/** A snapshot holds as much money as the one before. */
const totalsAgree: Weak = (history) => {
  const totals = completed(history, 'snapshot').map(({ value }) => {
    const { accounts, channels } = value as {
      readonly accounts: readonly { readonly balance: number }[];
      readonly channels: readonly { readonly payments: readonly (readonly [number, number])[] }[];
    };
    const moving = channels.flatMap(({ payments }) => payments.map(([, amount]) => amount));
    return [...accounts.map(({ balance }) => balance), ...moving].reduce((a, b) => a + b, 0);
  });
  return new Set(totals).size <= 1;
};

/** What was fed comes out, however often. */
const atLeastOnce: Weak = (history) => {
  const rows = completed(history, 'outputs').flatMap(({ value }) => value as unknown[][]);
  const shown = rows.map(([topo, , , record]) => `${topo}/${String(record).split('>')[0]}`);
  return completed(history, 'feed').every(({ value }) => {
    const { topo, stream, seq } = value as { topo: string; stream: string; seq: number };
    return shown.includes(`${topo}/${stream}@${seq}`);
  });
};

const ids = (history: History): readonly unknown[] =>
  completed(history, 'generate').map(({ value }) => value);
const neighboursDiffer: Weak = (history) =>
  ids(history).every((id, at, all) => at === 0 || id !== all[at - 1]);
const identitiesDiffer: Weak = (history) => new Set(ids(history)).size === ids(history).length;
/** A node's own ids differ. */
const differPerProcess: Weak = (history) => {
  const keys = completed(history, 'generate').map((op) => `${op.process} ${op.value}`);
  return new Set(keys).size === keys.length;
};
/** Maelstrom sorts the ids for its `range`, and gives up if they are of several kinds. */
const maelstromIds: Weak = (history) =>
  new Set(ids(history).map((id) => typeof id)).size > 1 ? 'unknown' : identitiesDiffer(history);

const share =
  (counts: (type: string | undefined) => boolean): Weak =>
  (history) => {
    const invoked = history.ops.filter(({ type }) => type === 'invoke');
    const types = invoked.map((op) => history.completionOf(op)?.type).filter(counts);
    return types.every((type) => type === 'ok');
  };

/** Jepsen counts completions: what never completes is not even a function. */
const completionsOnly: Weak = ({ ops }) => {
  const ended = ops.filter(({ type, process }) => type !== 'invoke' && process !== 'nemesis');
  return ended.every(({ f }) => ended.some((op) => op.f === f && op.type === 'ok'));
};
const anythingOk: Weak = ({ ops }) => ops.some(({ type }) => type === 'ok');

/** A checker of ours that is asked for less. */
const asking =
  (name: string, options: CheckerOptions): Weak =>
  (history) => {
    const checker = checkers.get(name);
    return checker === undefined || judge(checker, history, { options }).valid;
  };
/** Elle looks at replies only: the request is what the reply says that it was. */
const elle: Weak = (history) => {
  const ops = history.ops.map((op) => {
    const done = history.completionOf(op);
    return op.type === 'invoke' && done?.type === 'ok' ? { ...op, value: done.value } : op;
  });
  return asking('list-append', {})(historyOf(ops));
};
/** Of two reads of a key one is the beginning of the other: all that many look at. */
const readsGrow: Weak = (history) => {
  const reads = new Map<string, string[]>();
  for (const [f, key, value] of completed(history, 'txn').flatMap(
    (op) => op.value as Operation[],
  )) {
    if (f === 'r') reads.set(key, [...(reads.get(key) ?? []), String(value ?? '')]);
  }
  return [...reads.values()].every((texts) =>
    texts.every((a) => texts.every((b) => a.startsWith(b) || b.startsWith(a))),
  );
};
/** What was read had been written, by whomever. */
const readsAreWritten: Weak = (history) => {
  const invoked = history.ops.filter(({ type }) => type === 'invoke');
  const writes = invoked.flatMap((op) => op.value as Operation[]).filter(([f]) => f !== 'r');
  const written = new Set(writes.map(([, key, value]) => `${key} ${value}`));
  const reads = completed(history, 'txn').flatMap((op) => op.value as Operation[]);
  return reads.every(
    ([f, key, value]) => f !== 'r' || value === null || written.has(`${key} ${value}`),
  );
};
type Operation = readonly [f: string, key: string, value: unknown];
/** Every value that is read was written by somebody. */
const readsWhatIsWritten: Weak = (history) => {
  const written = new Set(history.ops.filter(({ f }) => f === 'write').map(({ value }) => value));
  return completed(history, 'read').every(({ value }) => written.has(value) || value === 0);
};
/** Each process sees the values in the order in which they were written. */
const eachProcessGoesForward: Weak = (history) => {
  const written = completed(history, 'write').map(({ value }) => value);
  const last = new Map<unknown, number>();
  return completed(history, 'read').every(({ process, value }) => {
    const place = written.indexOf(value);
    const forward = place >= (last.get(process) ?? -1);
    last.set(process, place);
    return forward;
  });
};

const canaries: readonly (readonly [broken: string, weak: Record<string, Weak>])[] = [
  ['set-full/invalid/one-node-of-three-misses-it', { maelstrom, anyNodeHasIt }],
  ['set-full/invalid/duplicate-in-a-read', { maelstrom, acknowledgedOnly }],
  ['set-full/invalid/duplicate-record', { eachReadIsASet }],
  ['set-full/invalid/never-added', { maelstrom, noPhantoms: without('phantom') }],
  ['set-full/invalid/read-before-it-was-added', { maelstrom, acknowledgedOnly }],
  ['set-full/invalid/failed-add-is-read', { maelstrom, acknowledgedOnly }],
  ['set-full/invalid/unknown-add-on-some-nodes', { maelstrom, acknowledgedOnly }],
  ['set-full/invalid/unknown-add-vanishes', { acknowledgedOnly, blind: without('vanished') }],
  ['set-full/invalid/acknowledged-and-never-seen', { blind: without('lost') }],
  ['echo/invalid/timeout', { answersOnly, asText }],
  ['echo/invalid/number-became-text', { asText }],
  ['echo/invalid/answers-crossed', { asMultiset }],
  ['unique-ids/invalid/clock-jumped-back', { neighboursDiffer }],
  ['unique-ids/invalid/equal-records', { identitiesDiffer, neighboursDiffer }],
  ['unique-ids/invalid/two-nodes-same-id', { differPerProcess }],
  ['unique-ids/invalid/among-mixed-kinds', { maelstromIds }],
  ['availability/invalid/failures-count', { withoutFailures: share((type) => type !== 'fail') }],
  ['availability/invalid/open-at-the-end', { completedOnly: share((type) => type !== undefined) }],
  ['list-append/invalid/reply-lacks-operations', { elle, readsGrow }],
  ['list-append/invalid/reply-renames-operations', { elle }],
  ['list-append/invalid/g0', { readsGrow }],
  ['list-append/invalid/g2-item', { inSnapshots: asking('list-append', { models: 'PL-SI' }) }],
  [
    'list-append/invalid/g-single',
    { inOrder: asking('list-append', { models: 'PL-2' }), readsGrow },
  ],
  ['list-append/invalid/stale-read', { untimed: asking('list-append', { models: 'PL-3' }) }],
  ['list-append/invalid/unknown-seen-in-part', { readsGrow }],
  ['rw-register/invalid/g1b', { readsAreWritten }],
  ['rw-register/invalid/g-single', { readsAreWritten }],
  ['rw-register/invalid/comes-back', { untimed: asking('rw-register', { models: 'PL-3' }) }],
  [
    'rw-register/invalid/no-order-explains-it',
    { unproven: asking('rw-register', { models: 'PL-3', stepsMax: 0 }) },
  ],
  [
    'rw-register/invalid/g0-by-linearizable-keys',
    { unhinted: asking('rw-register', { models: 'PL-2' }) },
  ],
  ['linearizable/invalid/stale-read', { readsWhatIsWritten, eachProcessGoesForward }],
  ['linearizable/invalid/reads-go-back', { readsWhatIsWritten, eachProcessGoesForward }],
  ['linearizable/invalid/unknown-write-comes-and-goes', { readsWhatIsWritten }],
  ['cut/invalid/received-not-sent', { totalsAgree }],
  ['seeding/invalid/comes-out-twice', { atLeastOnce }],
  ['stats/invalid/reads-never-end', { completionsOnly, anythingOk }],
  ['stats/invalid/no-cas-succeeds', { anythingOk }],
];

const cases = canaries.flatMap(([broken, weak]) =>
  Object.entries(weak).map(([name, accepts]) => ({ broken, name, accepts })),
);

describe('a weaker checker', () => {
  it.each(cases)('$name does not refuse $broken', ({ broken, accepts }) => {
    expect(accepts(fixture(broken).history)).not.toBe(false);
  });
});

describe('ours', () => {
  it.each(canaries.map(([broken]) => broken))('refuses %s', (broken) => {
    const { checker, history, options } = fixture(broken);
    const judged = checkers.get(checker);
    expect(judged && judge(judged, history, { options })).toMatchObject({ valid: false });
  });

  it('has a canary or a mutant for every checker', () => {
    const mutated = mutants.map(({ checker }) => checker);
    const guarded = new Set([...canaries.map(([broken]) => broken.split('/')[0]), ...mutated]);
    expect([...checkers.keys()].filter((name) => !guarded.has(name))).toEqual([]);
  });
});
