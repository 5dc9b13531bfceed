// The figures of a run by name, as `--assert` and reports call them. Latencies are what Gossip
// Glomers asks about: where a workload measures how long a value takes to be everywhere (broadcast,
// g-set), `latency` is that; `request-latency` is always a client's wait for its answer.
import { isRecord } from '../../kernel/plain.js';
import type { NamedJudgement } from '../../scenario/check.js';
import type { RunResult } from '../../sim/result.js';
import type { Dimension } from './expression.js';

interface Figure {
  readonly dimension: Dimension;
  /** Times in microseconds; `undefined`: this run has none. */
  readonly value: number | undefined;
}

/** By name, in the order in which they are listed. */
export type Figures = ReadonlyMap<string, Figure>;

const points = ['min', 'p50', 'p95', 'p99', 'max'] as const;

/** Where Maelstrom's figures have what we call `p50`. */
const maelstromPoints: ReadonlyMap<string, string> = new Map([
  ['min', '0'],
  ['p50', '0.5'],
  ['p95', '0.95'],
  ['p99', '0.99'],
  ['max', '1'],
]);

const ends = ['invoked', 'ok', 'fail', 'info'] as const;

type Fields = Readonly<Record<string, unknown>>;

/** What the figures are taken from. */
interface Evidence {
  readonly judgements: readonly NamedJudgement[];
  readonly result: Pick<RunResult, 'counts' | 'faults' | 'crashes' | 'events' | 'virtualUs'>;
}

/** The figures of a run; `functions` are those of its workload. */
export function figuresOf({ judgements, result }: Evidence, functions: readonly string[]): Figures {
  const of = (name: string): Fields => fieldsIn(judgements.find((one) => one.name === name)?.stats);
  const stats = of('stats');
  const stable = fieldsIn(fieldsIn(of('set-full').maelstrom)['stable-latencies']);
  const { servers, clients, all } = result.counts.messages;
  const { faults, crashes } = result;
  const request = timesOf(fieldsIn(stats.latencyUs), 'request-latency');
  const spread = points.map((point): readonly [string, Figure] => {
    const value = numberIn(stable, maelstromPoints.get(point) ?? '');
    return [`stable-latency.${point}`, { dimension: 'time', value: value && value * 1_000 }];
  });
  const isStable = judgements.some(({ name }) => name === 'set-full');
  return new Map([
    ...(isStable ? renamed(spread, 'latency') : renamed(request, 'latency')),
    ...request,
    ...spread,
    number('msgs-per-op', numberIn(stats, 'messagesPerOp') ?? 0),
    number('msgs-per-write', numberIn(stats, 'messagesPerWrite')),
    ...ends.map((end) => number(end, countIn(stats, end))),
    number('ok-fraction', numberIn(of('availability'), 'okFraction')),
    number('availability', numberIn(of('availability'), 'okFraction')),
    number('server-messages', servers.sent),
    number('client-messages', clients.sent),
    number('dropped-messages', all.dropped),
    number('duplicated-messages', all.duplicated),
    number('effective-faults', faults.filter(({ effective }) => effective).length),
    number('inert-faults', faults.filter(({ effective }) => !effective).length),
    number(
      'crashes',
      crashes.reduce((sum, { count }) => sum + count, 0),
    ),
    number('events', result.events),
    ['virtual-time', { dimension: 'time', value: result.virtualUs }],
    ...functions.flatMap((f) => functionFigures(f, fieldsIn(fieldsIn(stats.byFunction)[f]))),
  ]);
}

type Entry = readonly [string, Figure];

function functionFigures(f: string, stats: Fields): readonly Entry[] {
  return [
    ...ends.map((end) => number(`${f}.${end}`, countIn(stats, end))),
    ...timesOf(fieldsIn(stats.latencyUs), `${f}.latency`),
  ];
}

/** What never ended counts as unknown, as in Jepsen. */
function countIn(stats: Fields, end: string): number {
  const count = numberIn(stats, end) ?? 0;
  return end === 'info' ? count + (numberIn(stats, 'open') ?? 0) : count;
}

function timesOf(latencyUs: Fields, name: string): readonly Entry[] {
  return points.map((point) => [
    `${name}.${point}`,
    { dimension: 'time', value: numberIn(latencyUs, point) },
  ]);
}

function renamed(entries: readonly Entry[], name: string): readonly Entry[] {
  return entries.map(([old, figure]) => [name + old.slice(old.indexOf('.')), figure]);
}

function number(name: string, value: number | undefined): Entry {
  return [name, { dimension: 'number', value }];
}

function numberIn(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' ? value : undefined;
}

/** The fields of a record; none of anything else. */
function fieldsIn(value: unknown): Fields {
  return typeof value === 'object' && value !== null && isRecord(value) ? value : {};
}
