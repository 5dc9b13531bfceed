// How linearizability speaks of operations, so that reasons, witnesses and pictures sound alike.
import { showValue } from '../../history/value.js';
import { never, type Operation } from './operation.js';

/** `read → 3`, `cas [1,2]`, `write 4 to "x" (unknown)`. */
export function describeOperation(operation: Operation): string {
  const { f, input, output, key } = operation;
  const argument = input === undefined || input === null ? '' : ` ${showValue(input)}`;
  const place = key === undefined ? '' : ` at ${showValue(key)}`;
  if (operation.return === never) return `${f}${argument}${place} (unknown)`;
  const quiet = output === undefined || showValue(output) === showValue(input);
  const result = quiet || output === true ? '' : ` → ${showValue(output)}`;
  return `${f}${argument}${result}${place}`;
}

/** `process 3's read → 1`. */
export function describeActor(operation: Operation): string {
  return `process ${operation.client}'s ${describeOperation(operation)}`;
}
