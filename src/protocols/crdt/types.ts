// The data types by name, as clients name them.
import type { Crdt } from './crdt.js';
import { gCounter } from './g-counter.js';
import { gSet } from './g-set.js';
import { lwwRegister } from './lww-register.js';
import { orSet } from './or-set.js';
import { pnCounter } from './pn-counter.js';
import { twoPhaseSet } from './two-phase-set.js';

// biome-ignore lint/suspicious/noExplicitAny: states and effects differ per type.
export type AnyCrdt = Crdt<any, any>;

export const types: ReadonlyMap<string, AnyCrdt> = new Map<string, AnyCrdt>([
  ['g-set', gSet],
  ['two-phase-set', twoPhaseSet],
  ['or-set', orSet],
  ['g-counter', gCounter],
  ['pn-counter', pnCounter],
  ['lww-register', lwwRegister],
]);
