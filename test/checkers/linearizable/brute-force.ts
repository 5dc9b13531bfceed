// The oracle: tries every order. It remembers nothing, prunes nothing and knows no trick.
import { never, type Operation } from '../../../src/checkers/linearizable/operation.js';
import type { Spec } from './specs.js';

/** Whether some order of the operations explains all outputs. Exponential. */
export function isLinearizable(spec: Spec, operations: readonly Operation[]): boolean {
  const some = (left: readonly Operation[], state: unknown): boolean => {
    if (left.every((operation) => operation.return === never)) return true;
    const deadline = Math.min(...left.map((operation) => operation.return));
    return left.some((operation) => {
      if (operation.call > deadline) return false;
      const { f, input, client } = operation;
      const [output, after] = spec.apply(state, f, input, client);
      const right = operation.return === never || sameOutput(operation.output, output);
      return (
        right &&
        some(
          left.filter((other) => other !== operation),
          after,
        )
      );
    });
  };
  return some(operations, spec.init);
}

function sameOutput(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
