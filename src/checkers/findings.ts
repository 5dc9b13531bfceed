// What a checker has found so far: every anomaly is counted, the first few of each kind are put
// into words. A false verdict thus stays readable when ten thousand values are lost.
import { assert } from '../kernel/assert.js';
import type { Anomaly, Verdict } from './checker.js';

/** How many anomalies of a kind are listed; all are counted. */
export const listedMax = 8;

/** Anomalies by kind, in the order in which a report names the kinds. */
export type Findings = ReadonlyMap<string, Finding>;

interface Finding {
  count: number;
  readonly listed: Anomaly[];
}

/** No findings yet. The gravest kind comes first: it is the one that a summary quotes. */
export function noFindings(kinds: readonly string[]): Findings {
  return new Map(kinds.map((kind) => [kind, { count: 0, listed: [] }]));
}

/** Counts one anomaly; `witness` puts it into words if it is among those listed. */
export function find(findings: Findings, kind: string, witness: () => Omit<Anomaly, 'kind'>): void {
  const finding = findings.get(kind);
  assert(finding !== undefined, 'a checker names its kinds of anomaly beforehand', { kind });
  finding.count++;
  if (finding.listed.length < listedMax) finding.listed.push({ kind, ...witness() });
}

/** False if anything was found; else unknown if there is a reason; else true. */
export function verdictOf(findings: Findings, doubts: readonly string[]): Verdict {
  const [first, ...others] = [...findings.values()].flatMap(({ listed }) => listed);
  if (first !== undefined) return { valid: false, anomalies: [first, ...others] };
  return doubts.length === 0 ? { valid: true } : { valid: 'unknown', reason: doubts.join('; ') };
}

/** How many anomalies there are of each kind that occurred. */
export function countsOf(findings: Findings): Readonly<Record<string, number>> {
  const found = [...findings].filter(([, { count }]) => count > 0);
  return Object.fromEntries(found.map(([kind, { count }]) => [kind, count]));
}
