// Assertions for programmer errors, always on. A failed one is our bug: exit 70, with the values.

/** Thrown by `assert`: a bug of Stormglass, never of the simulated world or of a user's input. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Throws when `condition` is false; `claim` says what should hold, `values` what was seen. */
export function assert(
  condition: boolean,
  claim: string,
  values?: Readonly<Record<string, unknown>>,
): asserts condition {
  if (!condition) fail(claim, values);
}

/** Marks the end of a `switch` over a closed union. */
export function unreachable(value: never): never {
  return fail('all variants are handled', { value });
}

function fail(claim: string, values: Readonly<Record<string, unknown>> = {}): never {
  const shown = Object.entries(values).map(([name, value]) => `${name} = ${String(value)}`);
  throw new AssertionError(shown.length === 0 ? claim : `${claim} (${shown.join(', ')})`);
}
