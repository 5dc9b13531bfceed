// Moving: by event, at a node, along a message, to faults, operations, violations and marks.
import { kinds } from '../sim/schedule.js';
import { marks, type Timeline } from '../sim/timeline.js';
import type { Stepper } from './stepper.js';

/** By events of the list. */
export function moveBy(stepper: Stepper, by: number): void {
  const { timeline } = stepper.track;
  const isLast = stepper.cursor === timeline.length - 1;
  if (by > 0 && isLast && timeline.ended) stepper.say('this is the end of the run');
  if (by < 0 && stepper.cursor === 0) stepper.say('this is the start of the run');
  stepper.move(by);
}

/** To the first event of the list. */
export function moveToStart(stepper: Stepper): void {
  stepper.before = stepper.cursor;
  stepper.goTo(0);
}

/** To the last event, now or as soon as it is known. */
export function moveToEnd(stepper: Stepper): void {
  stepper.before = stepper.cursor;
  if (stepper.track.run === undefined) stepper.wanted = 'end';
  stepper.goTo(stepper.track.timeline.length - 1);
}

/** The lane to the left or right; the panes stay with it from then on. */
export function moveLane(stepper: Stepper, by: number): void {
  const { all } = stepper.track.rows.lanes;
  const nodes = all.flatMap(({ party }, lane) => (party >= 0 ? [lane] : []));
  const at = nodes.indexOf(stepper.lane) + by;
  stepper.lane = nodes[Math.max(0, Math.min(nodes.length - 1, at))] ?? stepper.lane;
  stepper.pinned = true;
}

type Test = (event: number, timeline: Timeline) => boolean;

/** The next event (or the one before) that passes a test of the columns. */
function seek(stepper: Stepper, by: number, test: Test, missing: string): void {
  const { timeline } = stepper.track;
  const step = Math.sign(by);
  let left = Math.abs(by);
  let found = -1;
  for (let event = stepper.cursor + step; event >= 0 && event < timeline.length; event += step) {
    if (!test(event, timeline)) continue;
    found = event;
    if (--left === 0) break;
  }
  if (found >= 0) stepper.jump(found);
  else stepper.say(`${missing} ${by > 0 ? 'after' : 'before'} this event`);
}

/** The next event of the lane in focus. */
export function moveOnNode(stepper: Stepper, by: number): void {
  const lane = stepper.track.rows.lanes.all[stepper.lane];
  if (lane === undefined) return;
  const { party, name } = lane;
  const atNode: Test = (event, timeline) => {
    const row = timeline.row(event);
    if (row === undefined) return false;
    const { kind, node } = row;
    return node === party && kind >= kinds.start && kind <= kinds.disconnected;
  };
  seek(stepper, by, atNode, `nothing happens at ${name}`);
}

export function moveToFault(stepper: Stepper, by: number): void {
  const isFault: Test = (event, timeline) => {
    const kind = timeline.row(event)?.kind;
    return kind === kinds.fault || kind === kinds.faultEnd;
  };
  seek(stepper, by, isFault, 'there is no fault');
}

/** To where an operation is invoked or completed. */
export function moveToOp(stepper: Stepper, by: number): void {
  const grows: Test = (event, timeline) => (timeline.marksOf(event) & marks.ops) !== 0;
  seek(stepper, by, grows, 'there is no operation');
}

/** The next violation, from the first on: they are listed, and several may be at one event. */
export function moveToViolation(stepper: Stepper, by: number): void {
  const { run, violations } = stepper.track;
  if (run === undefined) {
    stepper.wanted = 'violation';
    return stepper.say('on the way to the first violation; Esc stays here');
  }
  if (violations.length === 0) return stepper.say('no checker objects to this run');
  const here = stepper.violation;
  const at = here === undefined ? nearest(stepper, by) : violations.indexOf(here) + by;
  const wrapped = (at + violations.length) % violations.length;
  const violation = violations[wrapped];
  if (violation === undefined) return;
  stepper.violation = violation;
  stepper.jump(violation.event);
  stepper.pane = 'checks';
  stepper.say(`✗ ${wrapped + 1} of ${violations.length}: w says why`, true);
}

function nearest({ cursor, track: { violations } }: Stepper, by: number): number {
  const later = violations.findIndex(({ event }) => (by > 0 ? event >= cursor : event > cursor));
  if (by > 0) return later < 0 ? 0 : later;
  return later < 0 ? violations.length - 1 : later - 1;
}

/** From where a message arrives to where it was sent, and back. */
export function moveAlongMessage(stepper: Stepper): void {
  const { lineage, rows, timeline } = stepper.track;
  const row = rows.at(stepper.cursor);
  if (row === undefined) return;
  const { cause } = row.step;
  const effects = lineage.effectsOf(stepper.cursor);
  // After a jump to the sender the same key leads back to where one came from.
  const back = effects.includes(stepper.before) ? stepper.before : undefined;
  const isArrival = 'message' in row.step.happening;
  if (back !== undefined) stepper.jump(back);
  else if (isArrival && cause >= 0) stepper.jump(cause);
  else if (effects[0] !== undefined) stepper.jump(effects[0]);
  else if (cause >= 0) stepper.jump(cause);
  else stepper.say(timeline.ended ? 'nothing came of it' : 'nothing is known to come of it yet');
}

/** Back to where one was before the last jump. */
export function moveBack(stepper: Stepper): void {
  stepper.jump(stepper.before);
}

export function setMark(stepper: Stepper): void {
  stepper.mode = {
    kind: 'letter',
    about: 'the letter of the mark',
    done: (letter) => {
      stepper.marks.set(letter, stepper.cursor);
      stepper.say(`mark ${letter} is here; '${letter} comes back`);
    },
  };
}

export function moveToMark(stepper: Stepper): void {
  stepper.mode = {
    kind: 'letter',
    about: `the letter of a mark: ${[...stepper.marks.keys()].join(' ') || 'none is set'}`,
    done: (letter) => {
      const event = stepper.marks.get(letter);
      if (event === undefined) stepper.say(`there is no mark ${letter}`, true);
      else stepper.jump(event);
    },
  };
}
