// Whether a cluster that computes streams kept its promises: a topo that was accepted is there in
// the end, each record that was accepted came out at the sink once and as it should, no position of
// an output stream has two values, and what the vertices summed up is what went in. Without acking
// a record may be lost, but not come out twice. Sources: streams §6.3 and §2.12; outputs are judged
// by the exactly-once checker.
import type { History } from '../../history/history.js';
import type { Op } from '../../history/op.js';
import type { Checker, Judgement } from '../checker.js';
import type { OutputFinding } from '../exactly-once/outputs.js';
import { countsOf, type Findings, find, noFindings, verdictOf } from '../findings.js';
import { when } from '../words.js';
import { outcomeOf } from './oracle.js';
import { type Arrival, type Input, type Reading, readingOf, type Topo } from './reading.js';
import { findingsOf, type Stream, streamOf } from './stream.js';

export const seeding: Checker = {
  name: 'seeding',
  about: 'Every accepted topo is there, every accepted record comes out of it once.',
  options: {},
  check: checkSeeding,
};

const kinds = [
  ...['conflicting-output', 'lost-output', 'duplicated-output', 'divergent-output'],
  ...['wrong-output', 'phantom-output', 'lost-topo', 'wrong-sum'],
];

function checkSeeding(history: History): Judgement {
  const reading = readingOf(history);
  const stream = streamOf(reading);
  const findings = noFindings(kinds);
  const tolerated = noFindings(kinds);
  judgePositions(reading, findings);
  findingsOf(stream, (finding) => judgeOutput(reading, stream, finding, { findings, tolerated }));
  judgeTopos(reading, findings);
  judgeSums(reading, stream, findings);
  const doubts: string[] = [];
  const accepted = [...reading.topos.values()].filter((topo) => topo.accepted !== undefined);
  if (!reading.finalOutputs) doubts.push('nobody read the sink in the end');
  if (!reading.finalTopos) doubts.push('nobody said in the end which topos there are');
  if (accepted.length === 0) doubts.push('no topo was accepted');
  const stats = {
    topos: accepted.length,
    inputs: stream.inputs.length,
    accepted: stream.inputs.filter(({ sure }) => sure).length,
    outputs: stream.outputs.length,
    anomalies: countsOf(findings),
    tolerated: countsOf(tolerated),
  };
  return { ...verdictOf(findings, doubts), stats };
}

/** Two values at one position: two owners have had effects (M5). */
function judgePositions({ arrivals }: Reading, findings: Findings): void {
  const first = new Map<string, Arrival>();
  for (const arrival of arrivals) {
    const { topo, sink, position, record, value, op } = arrival;
    if (position < 0) continue;
    const place = `${topo} ${sink} ${position}`;
    const before = first.get(place);
    if (before === undefined) first.set(place, arrival);
    else if (before.record !== record || before.value !== value) {
      const about =
        `position ${position} of ${topo} at ${sink} is ${before.record} = ${before.value} ` +
        `from epoch ${before.epoch} and ${record} = ${value} from epoch ${arrival.epoch}`;
      find(findings, 'conflicting-output', () => ({ about, ops: [op.index] }));
    }
  }
}

function judgeOutput(
  { topos, finalOutputs }: Reading,
  { run, inputs, outputs }: Stream,
  { fault, row, nth, outputs: at, wanted }: OutputFinding,
  into: { readonly findings: Findings; readonly tolerated: Findings },
): void {
  if (fault === 'lost-output' && !finalOutputs) return; // It may be there: nobody has looked.
  const input = row < 0 ? undefined : inputs[run.inputs.op[row] ?? -1];
  const [shown, again] = at.map((each) => outputs[each]);
  const topo = topos.get(input?.topo ?? shown?.topo ?? '');
  const loose = fault === 'lost-output' && topo?.spec.ack === false;
  find(loose ? into.tolerated : into.findings, fault, () => ({
    about: aboutOutput({ fault, nth, wanted, input, shown, again }),
    ops: [...new Set([input?.op.index ?? -1, shown?.op.index ?? -1])].filter((op) => op >= 0),
  }));
}

interface Shown extends Pick<OutputFinding, 'fault' | 'nth' | 'wanted'> {
  readonly input: Input | undefined;
  readonly shown: Arrival | undefined;
  readonly again: Arrival | undefined;
}

function aboutOutput({ fault, nth, wanted, input, shown, again }: Shown): string {
  const name = input === undefined ? 'no input' : nameOf(input);
  const what = shown === undefined ? '' : `${shown.record} = ${shown.value}`;
  switch (fault) {
    case 'lost-output':
      return `the sink has no output ${nth} of ${name}, accepted ${when(input?.op as Op)}`;
    case 'duplicated-output':
      return `the sink shows ${what} at positions ${shown?.position} and ${again?.position}`;
    case 'divergent-output':
      return `the sink shows ${what} and ${again?.record} = ${again?.value}`;
    case 'wrong-output':
      return `the sink shows ${what}, which should be ${String(wanted)}`;
    default:
      return `the sink shows ${what} of ${shown?.topo}, which comes of ${name}`;
  }
}

const nameOf = ({ topo, stream, seq }: Input): string => `${topo}/${stream}@${seq}`;

/** An accepted topo is queued, assigned or done in the end, or nobody knows of it (M12). */
function judgeTopos({ topos, statuses, finalTopos }: Reading, findings: Findings): void {
  if (!finalTopos) return;
  const kept = new Set(
    statuses.filter(({ status }) => status !== 'reserved').map(({ topo }) => topo),
  );
  for (const { name, accepted } of topos.values()) {
    if (accepted === undefined || kept.has(name)) continue;
    const about = `${name}, accepted ${when(accepted)}, is unknown to all nodes in the end`;
    find(findings, 'lost-topo', () => ({ about, ops: [accepted.index] }));
  }
}

/** The sums of a vertex are those of all accepted records, if it is known which these are. */
function judgeSums(reading: Reading, { inputs, outputs }: Stream, findings: Findings): void {
  const shown = new Set(outputs.map(({ topo, record }) => `${topo}/${record.split('>', 1)[0]}`));
  for (const { topo: name, sums, op } of reading.statuses) {
    const topo = reading.topos.get(name);
    if (sums === undefined || topo === undefined || !topo.spec.ack) continue;
    const taken = inputs.filter(
      (each) => each.topo === name && (each.sure || shown.has(nameOf(each))),
    );
    const wanted = sumsOf(topo, taken);
    const found = new Map(sums);
    for (const key of new Set([...wanted.keys(), ...found.keys()])) {
      const [is, should] = [found.get(key) ?? 0, wanted.get(key) ?? 0];
      if (is === should) continue;
      const about = `in the end the sum of ${key} of ${name} is ${is} instead of ${should}`;
      find(findings, 'wrong-sum', () => ({ about, ops: [op.index] }));
    }
  }
}

function sumsOf({ spec, codes }: Topo, inputs: readonly Input[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const input of inputs) {
    for (const [vertex, value] of outcomeOf(spec, codes, input).sums) {
      const name = `${vertex}/${input.key}`;
      sums.set(name, (sums.get(name) ?? 0) + value);
    }
  }
  return sums;
}
