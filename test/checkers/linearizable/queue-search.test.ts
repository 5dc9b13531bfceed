// What a search for queues in which values repeat must not forget; the comparison with brute force
// is too small for that.
import { describe, expect, it } from 'vitest';
import { checkOperations } from '../../../src/checkers/linearizable/check.js';
import type { Model } from '../../../src/checkers/linearizable/model.js';
import { models } from '../../../src/checkers/linearizable/models/index.js';
import { never, type Operation } from '../../../src/checkers/linearizable/operation.js';

/** Who asks what, one after the other; the outcome of the first ones is unknown. */
function oneByOne(unknown: readonly Asked[], known: readonly Asked[]): readonly Operation[] {
  return [...unknown, ...known].map(([f, value], at) => ({
    client: at,
    f,
    input: f === 'enqueue' ? value : undefined,
    output: f === 'dequeue' ? value : undefined,
    call: 2 * at,
    return: at < unknown.length ? never : 2 * at + 1,
  }));
}

type Asked = readonly [f: 'enqueue' | 'dequeue', value?: number];

const queue = models.get('fifo-queue') as Model;

/** Either this 1 was lost, and another came later; or this 2 was, and another came first. */
const either: readonly Asked[] = [
  ['enqueue', 1],
  ['enqueue', 2],
  ['enqueue', 3],
  ['dequeue', 2],
  ['dequeue', 1],
  ['dequeue', 3],
];

const lost: readonly Asked[] = [['enqueue', 1], ['enqueue', 2], ['dequeue']];

describe('the search for queues', () => {
  it.each([1, 2])('keeps all ways to explain what was lost: %i is still there', (last) => {
    const operations = oneByOne(lost, [...either, ['dequeue', last]]);
    expect(checkOperations(operations, queue).verdict).toBe('valid');
  });

  it('does not use what was lost in two ways', () => {
    const operations = oneByOne(lost, [...either, ['dequeue', 1], ['dequeue', 2]]);
    expect(checkOperations(operations, queue).verdict).toBe('invalid');
  });
});
