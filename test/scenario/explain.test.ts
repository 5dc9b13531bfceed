// Why a run went wrong: the causal past, and what would have changed the outcome.
import { describe, expect, it } from 'vitest';
import { type Explanation, explain, outcomeText } from '../../src/scenario/explain.js';
import { simulate } from '../../src/scenario/simulate.js';
import type { Track } from '../../src/scenario/walk.js';
import { amountsUs, type WhatIf, whatIfs } from '../../src/scenario/what-if.js';
import type { Edit } from '../../src/sim/edit.js';
import { brokenBroadcast, wholeTrack } from '../support/tracks.js';

const { faults: _, ...healthy } = brokenBroadcast;
const partition = {
  at: '1s',
  for: '500ms',
  fault: 'partition',
  components: [['n0'], ['n1', 'n2']],
};
const parted = { ...healthy, faults: [partition] } as typeof brokenBroadcast;

function explained(track: Track): Explanation {
  const [violation] = track.violations;
  if (violation === undefined) throw new Error('there is a violation');
  let last: Explanation | undefined;
  for (last of explain(track, violation));
  if (last === undefined) throw new Error('it says something');
  return last;
}

describe('an explanation', () => {
  const track = wholeTrack(parted);
  const { violation, events, trials } = explained(track);

  it('shows the operation, what came of it, and the answer that shows the violation', () => {
    const labels = events.map((event) => track.rows.at(event)?.label ?? '');
    expect(events).toEqual([...events].sort((a, b) => a - b));
    expect(labels.some((label) => /^c\d+ broadcast \d+$/.test(label))).toBe(true);
    expect(events).toContain(violation.event);
    expect(events.length).toBeLessThan(track.timeline.length / 4);
  });

  it('names the message that was lost, and that the value is there if it is delivered', () => {
    const [message] = trials;
    expect(message?.kind).toBe('message');
    expect(message?.about).toMatch(/^n\d→n\d broadcast \d+, lost: the link is cut$/);
    expect(message?.outcome).toBe('gone');
  });

  it('says that the run is valid without the fault, which is so', () => {
    const fault = trials.find(({ kind }) => kind === 'fault');
    expect(fault?.outcome).toBe('valid');
    expect(outcomeText(fault as NonNullable<typeof fault>)).toBe('without it: the run is valid');
    const again = simulate(parted, '1', fault?.edits);
    expect(again.assessment.valid).toBe(true);
  });

  it('says that the run is valid if every lost message is delivered', () => {
    expect(trials.find(({ kind }) => kind === 'messages')?.outcome).toBe('valid');
  });

  it('does not blame what makes no difference', () => {
    const both = explained(wholeTrack(brokenBroadcast));
    const faults = both.trials.filter(({ kind }) => kind === 'fault');
    expect(faults.map(({ outcome }) => outcome).sort()).toEqual(['gone', 'stays']);
  });
});

describe('lineage', () => {
  const track = wholeTrack(parted);
  const { lineage, timeline } = track;

  it('leads from a delivery to the operation that began it', () => {
    const far = Array.from({ length: timeline.length }, (_, event) => event).find(
      (event) => lineage.causes(event).length === 4,
    );
    const chain = lineage.causes(far ?? 0);
    expect(track.rows.at(chain[0] ?? 0)?.step.happening.kind).toBe('invoke');
    for (const [nth, event] of chain.entries()) {
      expect(lineage.causeOf(event)).toBe(nth === 0 ? -1 : chain[nth - 1]);
      if (nth > 0) expect(lineage.effectsOf(chain[nth - 1] as number)).toContain(event);
    }
  });

  it('knows all that happened before, nearest first where that is too much', () => {
    const event = timeline.length - 5;
    const all = lineage.past(event, 10_000);
    expect(all.length).toBeGreaterThan(lineage.causes(event).length);
    expect(all.every((before) => before <= event)).toBe(true);
    expect(lineage.past(event, 5)).toHaveLength(5);
    expect(lineage.past(event, 5).at(-1)).toBe(event);
    const [root = 0] = lineage.causes(event);
    expect(lineage.future(root, 10_000)).toContain(event);
  });
});

describe('what if', () => {
  const track = wholeTrack(parted);
  const nobody = { message: undefined, node: undefined, sync: undefined } as const;
  const editsOf = (choice: WhatIf | undefined): readonly Edit[] =>
    choice !== undefined && 'edits' in choice ? choice.edits : [];
  const at = (label: RegExp) => {
    for (let event = 0; event < track.timeline.length; event++) {
      const row = track.rows.at(event);
      if (row !== undefined && label.test(row.label)) return row;
    }
    throw new Error(`there is a row ${label}`);
  };

  it('offers to leave out a fault and an operation', () => {
    const fault = whatIfs({ ...at(/^partition/), ...nobody }, 1_000);
    expect(editsOf(fault[0]?.choices[0])).toEqual([
      { edit: 'omit-fault', fault: 'partition-n0/n1+n2@1s' },
    ]);
    const op = whatIfs({ ...at(/^c\d broadcast/), ...nobody }, 1_000);
    expect(editsOf(op[0]?.choices[0])[0]?.edit).toBe('omit-op');
  });

  it('offers edits of a message and of a node that all find what they change', () => {
    const { step } = at(/^broadcast/);
    if (!('message' in step.happening)) throw new Error('it is a message');
    const { src, dest, body } = step.happening.message;
    const message = { key: step.key, source: src, dest, body, cause: step.cause };
    const amountUs = amountsUs[4] as number;
    const choices = whatIfs({ step, message, node: 'n1', sync: undefined }, amountUs).flatMap(
      (group) => group.choices,
    );
    expect(choices.length).toBeGreaterThanOrEqual(9);
    expect(new Set(choices.map(({ key }) => key)).size).toBe(choices.length);
    const asking = choices.flatMap((choice) => ('asks' in choice ? [choice.asks] : []));
    expect(asking).toEqual(['event', 'body']);
    for (const choice of choices.filter((each) => 'edits' in each)) {
      const edits = editsOf(choice);
      expect(simulate(parted, '1', edits).result.edits, JSON.stringify(edits)).toEqual([true]);
    }
  });
});
