// A workload of a user's that throws: told as the user's, with the part that threw.
import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/scenario/simulate.js';
import { UsageError } from '../../src/scenario/usage-error.js';
import { echo } from '../../src/workloads/echo.js';
import type { Workload } from '../../src/workloads/workload.js';

const throwing = (): never => {
  throw new RangeError('no such thing');
};

/** The workload's functions are tried out before a run; what throws later must have waited. */
function late<T extends (...args: never[]) => unknown>(sound: T, calls: number): T {
  let count = 0;
  return ((...args: Parameters<T>) => (++count > calls ? throwing() : sound(...args))) as T;
}

describe('a workload that throws', () => {
  it.each([
    ['complete', { complete: throwing }],
    ['request', { request: late(echo.request, 200) }],
    ['generator.next', { generator: { ...echo.generator, next: late(echo.generator.next, 200) } }],
  ] as const)("in %s is the user's", (part, broken) => {
    const workload: Workload = { ...echo, name: 'mine', ...broken };
    let thrown: unknown;
    try {
      simulate({ protocol: 'echo', nodes: 2, workload });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UsageError);
    expect((thrown as UsageError).problems[0]).toMatchObject({
      about: `workload mine threw in ${part}: RangeError: no such thing`,
      hint: expect.stringContaining('It is thrown at'),
    });
  });
});
