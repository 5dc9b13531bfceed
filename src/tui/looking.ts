// Looking for rows: search, filter, fold, breakpoints, and the questions why and what then. Each is
// a job, since a run may have a million events.
import { filterOf } from '../scenario/diagram/filter.js';
import { explain, outcomeText } from '../scenario/explain.js';
import type { Violation } from '../scenario/walk.js';
import { kinds } from '../sim/schedule.js';
import { likeThis, stops } from './breakpoints.js';
import { openPrompt } from './prompt.js';
import { everything } from './shown.js';
import type { Stepper } from './stepper.js';

/** Events looked at between two looks at the keyboard. */
const sliceEvents = 128;

export function askSearch(stepper: Stepper, forward: boolean): void {
  prompt(stepper, forward ? '/' : '\\', '', (text) => {
    stepper.search = text;
    searchNext(stepper, forward);
  });
}

/** The next row that the search matches; round the end. */
export function searchNext(stepper: Stepper, forward: boolean): void {
  const { search, cursor } = stepper;
  if (search === '') return stepper.say('nothing has been searched for: / searches');
  stepper.start('search', searching(stepper, search, cursor, forward));
}

function* searching(
  stepper: Stepper,
  text: string,
  from: number,
  forward: boolean,
): Generator<void> {
  const { rows, timeline } = stepper.track;
  const filter = filterOf(text);
  for (let by = 1; by <= timeline.length || !timeline.ended; by++) {
    while (forward && from + by >= timeline.length && !timeline.ended) yield;
    const { length } = timeline;
    const event = (from + (forward ? by : -by) + length) % length;
    const row = rows.at(event);
    if (row !== undefined && filter(row)) {
      stepper.jump(event);
      return stepper.say(wrapped(from, event, forward) ? `${text} (round the end)` : text);
    }
    if (by % sliceEvents === 0) yield;
  }
  stepper.say(`no row has ${text}`, true);
}

function wrapped(from: number, event: number, forward: boolean): boolean {
  return forward ? event <= from : event >= from;
}

/** Asks for a filter; an empty one shows everything. */
export function askFilter(stepper: Stepper): void {
  prompt(stepper, '&', stepper.filter, (text) => {
    stepper.filter = text.trim();
    relist(stepper);
  });
}

export function toggleFold(stepper: Stepper): void {
  stepper.folded = !stepper.folded;
  relist(stepper);
}

/** Makes the list anew, from the filter and the fold. */
export function relist(stepper: Stepper): void {
  stepper.explanation = undefined;
  stepper.stop('explain');
  if (stepper.filter === '' && !stepper.folded) {
    stepper.stop('list');
    stepper.shown = everything;
    return stepper.goTo(stepper.cursor);
  }
  stepper.start('list', listing(stepper));
}

function* listing(stepper: Stepper): Generator<void> {
  const { filter, folded, cursor } = stepper;
  const { rows, timeline } = stepper.track;
  const wants = filterOf(filter);
  const events: number[] = [];
  const about = [filter === '' ? '' : `& ${filter}`, folded ? 'folded' : ''].join(' ').trim();
  for (let event = 0; event < timeline.length || !timeline.ended; event++) {
    if (event % sliceEvents === 0 || event >= timeline.length) {
      stepper.shown = { about, events };
      yield;
    }
    if (event >= timeline.length) {
      event--;
      continue;
    }
    if (folded && isNoise(timeline.row(event)?.kind ?? 0, timeline.marksOf(event))) continue;
    const row = filter === '' ? undefined : rows.at(event);
    if (row === undefined ? filter === '' : wants(row)) events.push(event);
  }
  stepper.shown = { about, events };
  stepper.goTo(cursor);
  if (events.length === 0) {
    stepper.filter = '';
    stepper.folded = false;
    stepper.shown = everything;
    stepper.goTo(cursor);
    stepper.say(`no row passes ${about}; showing all`, true);
  } else stepper.say(`${events.length} of ${timeline.length} events`);
}

/** Timers and syncs that did nothing remarkable. */
function isNoise(kind: number, mark: number): boolean {
  return mark === 0 && (kind === kinds.timer || kind === kinds.synced);
}

/** Sets a breakpoint at events like this one, or takes it away. */
export function toggleBreakpoint(stepper: Stepper): void {
  const row = stepper.track.rows.at(stepper.cursor);
  if (row === undefined) return;
  prompt(stepper, 'break at ', likeThis(row), (text) => addBreakpoint(stepper, 'event', text));
}

/** What `c` and `C` stop at. */
export function listBreakpoints(stepper: Stepper): void {
  const list = stepper.breakpoints.map(({ kind, text }) =>
    kind === 'watch' ? `:watch ${text}` : `:b ${text}`,
  );
  if (list.length === 0) return stepper.say('no breakpoints: b sets one');
  stepper.say(`${list.join(' · ')}; the same again takes one away, :clear all`);
}

/** The same text again takes it away. */
export function addBreakpoint(stepper: Stepper, kind: 'event' | 'watch', text: string): void {
  const wanted = text.trim();
  if (wanted === '') return;
  const others = stepper.breakpoints.filter((known) => known.text !== wanted);
  const isNew = others.length === stepper.breakpoints.length;
  stepper.breakpoints = isNew ? [...others, { kind, text: wanted }] : others;
  stepper.say(isNew ? `c and C stop at ${wanted}` : `no longer stopping at ${wanted}`);
}

/** To the next place where a breakpoint or a watch stops. */
export function proceed(stepper: Stepper, forward: boolean): void {
  const { track, breakpoints, cursor } = stepper;
  if (breakpoints.length === 0) {
    return stepper.say('no breakpoint: b sets one, :watch n1.FIELD watches a state');
  }
  const job = stops(track, breakpoints, cursor, forward);
  stepper.start('proceed', proceeding(stepper, job, forward));
}

function* proceeding(
  stepper: Stepper,
  job: Iterable<number | undefined>,
  forward: boolean,
): Generator<void> {
  for (const event of job) {
    if (event !== undefined) return stepper.jump(event);
    yield;
  }
  stepper.say(`no breakpoint stops ${forward ? 'after' : 'before'} this event`);
}

/** What led here as the only rows, and again: all that happened before. At a violation: why. */
export function askWhy(stepper: Stepper): void {
  const { cursor, track } = stepper;
  const chain = `why #${cursor}`;
  const violation = violationHere(stepper);
  if (violation !== undefined && stepper.explanation?.violation !== violation) {
    return explainViolation(stepper, violation);
  }
  if (stepper.shown.about === chain || violation !== undefined) {
    return list(stepper, `before #${cursor}`, track.lineage.past(cursor, pastMax));
  }
  list(stepper, chain, track.lineage.causes(cursor));
}

const pastMax = 5_000;

/** What came of it, as the only rows. */
export function askEffects(stepper: Stepper): void {
  const { cursor, track } = stepper;
  list(stepper, `effects of #${cursor}`, track.lineage.future(cursor, pastMax));
}

function list(stepper: Stepper, about: string, events: readonly number[]): void {
  stepper.shown = { about, events };
  stepper.say(`${events.length} of ${stepper.track.timeline.length} events; Esc shows all`);
}

/** The violation that one has gone to, or the first one at this event. */
export function violationHere({ cursor, violation, track }: Stepper): Violation | undefined {
  if (violation?.event === cursor && track.violations.includes(violation)) return violation;
  return track.violations.find(({ event }) => event === cursor);
}

function explainViolation(stepper: Stepper, violation: Violation): void {
  const { track } = stepper;
  const { checker, kind, event } = violation;
  const job = explain(track, violation);
  stepper.start('explain', explaining(stepper, job, `why #${event} ${checker}: ${kind}`));
  stepper.pane = 'why';
  stepper.paneTop = 0;
}

function* explaining(
  stepper: Stepper,
  job: ReturnType<typeof explain>,
  about: string,
): Generator<void> {
  for (const explanation of job) {
    stepper.explanation = explanation;
    stepper.shown = { about, events: explanation.events };
    yield;
  }
  const trials = stepper.explanation?.trials ?? [];
  if (trials.length === 0)
    return stepper.say('nothing could be tried, the pane says why; Esc shows all rows again');
  const helpful = trials.filter(({ outcome }) => /gone|valid/.test(outcome));
  const best = helpful.find(({ outcome }) => outcome === 'valid') ?? helpful[0];
  stepper.say(
    best === undefined
      ? 'nothing that was tried makes a difference; Esc shows all rows again'
      : `✓ a does it: ${best.about}, ${outcomeText(best)}`,
  );
}

/** Asks for a line of text. */
export function prompt(
  stepper: Stepper,
  mark: string,
  text: string,
  done: (text: string) => void,
): void {
  openPrompt(stepper, { mark, text, done });
}
