// One thread's share of a history: some of its parts, and what became of them.
import type { Bounds } from '../checkers/linearizable/bounds.js';
import { checkShare, type ShareFinding } from '../checkers/linearizable/check.js';
import type { Model } from '../checkers/linearizable/model.js';
import { models } from '../checkers/linearizable/models/index.js';
import { partsOf } from '../checkers/linearizable/timeline.js';
import { type PackedOperations, unpacked } from './packed-operations.js';

/** What a thread is given. */
export interface Share {
  readonly operations: PackedOperations;
  /** A name in the registry, and the initial state. */
  readonly model: string;
  readonly init: unknown;
  readonly bounds: Bounds;
  /** Parts of the whole history. */
  readonly parts: number;
}

/** Judges a share. */
export function findingOf({ operations, model: name, init, bounds, parts }: Share): ShareFinding {
  const model = { ...models.get(name), init } as Model;
  return checkShare(partsOf(unpacked(operations)), model, bounds, parts);
}
