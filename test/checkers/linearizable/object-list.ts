// Objects that are no registers, with what is asked of them: the specs of the oracle, and narrower
// menus, as workloads have them.
import { type Spec, specs } from './specs.js';

/** A spec, and of how many values its histories are. */
export interface ObjectFamily {
  readonly name: string;
  readonly spec: Spec;
  readonly domain: number;
}

function specOf(model: string, functions?: readonly string[]): Spec {
  const spec = specs.find((each) => each.model === model);
  if (spec === undefined) throw new Error(`no spec ${model}`);
  if (functions === undefined) return spec;
  return { ...spec, menu: spec.menu.filter(([f]) => functions.includes(f)) };
}

/** A counter of which amounts up to `amountMax` are asked. */
function counterOf(amountMax: number, functions: readonly string[]): Spec {
  const amount: Spec['menu'][number][1] = (choose) => 1 + choose.below(amountMax);
  return { ...specOf('counter'), menu: functions.map((f) => [f, f === 'read' ? none : amount]) };
}

const none = () => undefined;

export const objects: readonly ObjectFamily[] = [
  { name: 'mutex', spec: specOf('mutex'), domain: 0 },
  { name: 'lock', spec: specOf('lock'), domain: 0 },
  { name: 'set-unique', spec: specOf('set'), domain: 0 },
  { name: 'set-4', spec: specOf('set'), domain: 4 },
  { name: 'set-50', spec: specOf('set'), domain: 50 },
  { name: 'set-growing', spec: specOf('set', ['add', 'contains', 'read']), domain: 0 },
  { name: 'set-members', spec: specOf('set', ['add', 'remove', 'contains']), domain: 50 },
  { name: 'counter', spec: specOf('counter'), domain: 0 },
  { name: 'counter-add-read', spec: specOf('counter', ['add', 'read']), domain: 0 },
  { name: 'counter-up-down', spec: specOf('counter', ['add', 'decrement', 'read']), domain: 0 },
  { name: 'counter-and-get', spec: specOf('counter', ['add-and-get', 'read']), domain: 0 },
  { name: 'counter-ones', spec: counterOf(1, ['add', 'read']), domain: 0 },
  { name: 'counter-ones-and-get', spec: counterOf(1, ['add-and-get', 'add', 'read']), domain: 0 },
  { name: 'counter-fives', spec: counterOf(5, ['add', 'read']), domain: 0 },
  { name: 'counter-hundreds', spec: counterOf(100, ['add', 'read']), domain: 0 },
  { name: 'counter-fives-both', spec: counterOf(5, ['add', 'decrement', 'read']), domain: 0 },
  { name: 'queue-unique', spec: specOf('fifo-queue'), domain: 0 },
  { name: 'queue-4', spec: specOf('fifo-queue'), domain: 4 },
  { name: 'queue-50', spec: specOf('fifo-queue'), domain: 50 },
  { name: 'log-unique', spec: specOf('log'), domain: 0 },
  { name: 'log-4', spec: specOf('log'), domain: 4 },
  { name: 'kv-unique', spec: specOf('kv'), domain: 0 },
  { name: 'kv-4', spec: specOf('kv'), domain: 4 },
];
