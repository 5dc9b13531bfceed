// Objects that are no registers, with what is asked of them: the specs of the oracle, and narrower
// menus, as workloads have them.
import { type Spec, specs } from './specs.js';

/** A spec, and of how many values its histories are. */
interface ObjectFamily {
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
  { name: 'queue-unique', spec: specOf('fifo-queue'), domain: 0 },
  { name: 'queue-4', spec: specOf('fifo-queue'), domain: 4 },
  { name: 'queue-50', spec: specOf('fifo-queue'), domain: 50 },
  { name: 'log-unique', spec: specOf('log'), domain: 0 },
  { name: 'log-4', spec: specOf('log'), domain: 4 },
  { name: 'kv-unique', spec: specOf('kv'), domain: 0 },
  { name: 'kv-4', spec: specOf('kv'), domain: 4 },
];
