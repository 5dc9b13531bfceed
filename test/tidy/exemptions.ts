// Where a rule does not hold, and why. The only place that says so.

interface Exemption {
  readonly path: string;
  readonly rule: string;
  /** What the rule would object to; undefined: everything. */
  readonly what: string | undefined;
  readonly reason: string;
}

const exemptions: readonly Exemption[] = [
  {
    path: 'src/scenario/poison.ts',
    rule: 'determinism',
    what: undefined,
    reason: 'It patches Date and Math.random in order to catch who reads them.',
  },
  {
    path: 'src/kernel/plain.ts',
    rule: 'determinism',
    what: 'for…in',
    reason: 'The clone of a record keeps the order of its keys, whatever that is.',
  },
  {
    path: 'src/kernel/isolate.ts',
    rule: 'determinism',
    what: 'for…in',
    reason: 'The copy of a message has the keys of the original, in the order of the original.',
  },
  {
    path: 'src/sim/handle.ts',
    rule: 'determinism',
    what: 'Error.stack',
    reason: 'The report of a crash shows where the handler threw; no digest covers it.',
  },
];

export function exempt(path: string, rule: string, what: string): boolean {
  return exemptions.some(
    (entry) =>
      entry.path === path &&
      entry.rule === rule &&
      (entry.what === undefined || entry.what === what),
  );
}
