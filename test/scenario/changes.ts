// Scenarios spoilt at one place, as a slip or malice would: for properties of what reads them.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';

type Data = { [key: string]: unknown };

const directory = resolve(import.meta.dirname, '../../scenarios');

/** The shipped scenarios by their names. */
export const scenarios = readdirSync(directory)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => [name, parse(readFileSync(join(directory, name), 'utf8')) as Data] as const);

/** A scenario with something of everything that the schema knows. */
const everything: Data = {
  version: 1,
  about: 'Everything.',
  expect: { object: 'set-full', anomaly: 'lost' },
  seed: 7,
  protocol: { name: 'broadcast/flood', options: {} },
  nodes: ['n0', 'n1', 'n2'],
  workload: { name: 'broadcast', rate: 1.5, concurrency: 2, timeout: '5s', options: { a: [1] } },
  network: {
    latency: { shape: 'long-tail', min: '1ms', max: '1s' },
    links: [{ from: 'n0', to: '*', latency: '1ms' }],
    loss: '2%',
    'reorder-window': '50ms',
    bandwidth: '1MB/s',
    transport: 'connection',
  },
  disk: { sync: '1ms' },
  faults: [
    { at: '1s', for: '1s', fault: 'partition', components: [['n0'], ['n1']], mode: 'hold' },
    { id: 'x', at: '1s', fault: 'clock-drift', nodes: ['n0'], drift: '-200ppm' },
    { when: { note: 'a' }, count: 2, after: '1s', fault: 'crash', nodes: ['@node'] },
    { every: '1s', faults: ['crash'], targets: ['one'], spacing: 'fixed' },
  ],
  duration: '20s',
  recovery: '0s',
  checkers: ['stats', { name: 'availability', options: { min: '99%' } }],
  limits: { events: 1_000, pending: 10 },
  edits: [
    { edit: 'drop', message: '0123456789abcdef' },
    { edit: 'choose', at: '0123456789abcdef', choice: 'latency', value: 3 },
    { edit: 'fault', at: '0123456789abcdef', fault: 'crash', nodes: ['n1'] },
  ],
};

/** What a slip or malice may put in the place of any value. */
const strange = fc.oneof(
  fc.constantFrom(
    null,
    true,
    '',
    '*',
    'valid',
    '0s',
    '5s',
    '-5s',
    '5',
    '2%',
    'n0',
    'crash',
    [],
    {},
  ),
  fc.constantFrom('1.5ms', '0.5us', '99999999999h', '0B/s', '.', 'c0', '@node', 'x'.repeat(2_000)),
  fc.constantFrom(0, -1, 1, 2, 1.5, 1e9, 2 ** 53, 1e300, Number.NaN, Number.POSITIVE_INFINITY),
  fc.constantFrom(['n0'], [['n0', 'n1']], [['n0', 'n1', 'n2']], { name: 'x' }, { shape: 'x' }),
);

/** Paths to all values in a document. */
function pathsIn(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[]];
  const inner = Object.entries(value).flatMap(([key, part]) =>
    pathsIn(part).map((path) => [Array.isArray(value) ? Number(key) : key, ...path]),
  );
  return [[], ...inner];
}

function changed(value: unknown, path: readonly (string | number)[], change: Change): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change.kind === 'replace' ? change.value : value;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as Data) }) as Data;
  if (rest.length > 0) copy[key] = changed(copy[key], rest, change);
  else if (change.kind === 'replace') copy[key] = change.value;
  else if (change.kind === 'rename') copy[`${key}x`] = copy[key];
  else delete copy[key];
  return Array.isArray(value) ? Object.values(copy) : copy;
}

type Change =
  | { readonly kind: 'replace'; readonly value: unknown }
  | { readonly kind: 'delete' | 'rename' };

const change: fc.Arbitrary<Change> = fc.oneof(
  strange.map((value) => ({ kind: 'replace' as const, value })),
  fc.constantFrom({ kind: 'delete' as const }, { kind: 'rename' as const }),
);

/** A scenario in which one value is replaced, renamed or gone. */
export const spoiltScenario: fc.Arbitrary<unknown> = fc
  .constantFrom(everything, ...scenarios.map(([, scenario]) => scenario))
  .chain((document) =>
    fc
      .tuple(fc.constantFrom(...pathsIn(document)), change)
      .map(([path, by]) => changed(document, path, by)),
  );
