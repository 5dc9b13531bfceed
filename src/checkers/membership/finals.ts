// The views of the final phase: all faults have ended, the cluster had time to recover.
import { type Findings, find } from '../findings.js';
import type { Reading, View } from './reading.js';
import { disagreement, ghost, split } from './witnesses.js';

/**
 * Those who answer see each other alive; of the others nobody is alive, or all say the same. What a
 * node sees that has left is its own affair.
 */
export function judgeFinals(reading: Reading, findings: Findings, detectUs: number): void {
  const all = lastFinals(reading.views);
  const finals = all.filter((view) => !hasLeft(reading, view.reader, view));
  const present = new Map(all.map((view) => [view.reader, view]));
  const seen = finals.flatMap(({ standings }) => [...standings.keys()]);
  for (const node of new Set([...present.keys(), ...seen])) {
    const own = present.get(node);
    if (hasLeft(reading, node, own)) judgeLeaver(node, finals, findings);
    else if (own !== undefined) judgePresent(own, finals, findings);
    else judgeAbsent(node, finals, reading, findings, detectUs);
  }
}

/** Whether `node` has said that it leaves and has not begun another life since. */
function hasLeft({ left }: Reading, node: string, own: View | undefined): boolean {
  const leaver = left.get(node);
  return leaver !== undefined && (own === undefined || own.own <= leaver.incarnation);
}

function judgePresent(own: View, finals: readonly View[], findings: Findings): void {
  for (const view of finals) {
    if (!isThere(view, own.reader)) find(findings, 'split', () => split(view, own));
  }
}

function judgeLeaver(node: string, finals: readonly View[], findings: Findings): void {
  for (const view of finals) {
    if (view.reader !== node && isThere(view, node))
      find(findings, 'ghost', () => ghost(view, node));
  }
}

function judgeAbsent(
  node: string,
  finals: readonly View[],
  { contactsOf }: Reading,
  findings: Findings,
  detectUs: number,
): void {
  const contacts = contactsOf.get(node) ?? [];
  if (contacts.some(({ invoked }) => invoked.final)) return; // Asked, and silent: nobody knows.
  const heard = contacts.findLast(({ answered }) => answered)?.invoked.timeUs ?? 0;
  const there = finals.filter((view) => isThere(view, node));
  const notThere = finals.filter((view) => !isThere(view, node));
  const [yes, no] = [there[0], notThere[0]];
  if (yes !== undefined && no !== undefined) {
    find(findings, 'disagreement', () => disagreement(yes, no, node));
  }
  for (const view of there) {
    if (detectUs === 0 || view.invoked.timeUs < heard + detectUs) continue;
    find(findings, 'ghost', () => ghost(view, node));
  }
}

/** Each node's last final view. */
function lastFinals(views: readonly View[]): View[] {
  const last = new Map<string, View>();
  for (const view of views) if (view.final) last.set(view.reader, view);
  return [...last.values()];
}

function isThere({ standings }: View, node: string): boolean {
  const status = standings.get(node)?.status;
  return status === 'alive' || status === 'suspect';
}
