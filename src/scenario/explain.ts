// Why a run went wrong: the events that led to a violation, the messages that did not arrive or
// came too late, and, by trying it, which of them would have changed the outcome. In parts, since
// each trial is a run: a generator that yields between slices.
import type { Micros } from '../kernel/time.js';
import type { Edit, EventKey } from '../sim/edit.js';
import type { EffectRow } from '../sim/step.js';
import { showBody } from './diagram/show.js';
import { faultText } from './fault-text.js';
import { writeFault } from './faults.js';
import { advance, begin, finish, type Run } from './run.js';
import { identitiesOf, identityOf, type Track, type Violation } from './walk.js';

export interface Explanation {
  readonly violation: Violation;
  /** The events to look at, in order. */
  readonly events: readonly number[];
  readonly trials: readonly Trial[];
}

/** Something that could have gone differently. */
interface Trial {
  readonly kind: 'message' | 'messages' | 'fault';
  /** What it is, on one line. */
  readonly about: string;
  readonly edits: readonly Edit[];
  /** Where it can be seen; −1: nowhere in particular. */
  readonly event: number;
  readonly outcome: Outcome;
}

/** `untried`; the anomaly is still there; it is gone; or the run is even valid. */
type Outcome = 'untried' | 'stays' | 'gone' | 'valid';

/** Events of one operation's consequences that are looked at. */
const eventsMax = 300;
/** Messages that are tried one by one, and all of a run together. */
const messagesMax = 6;
const togetherMax = 500;
/** Events of a run that is looked through for lost messages. */
const scanMax = 20_000;
const faultsMax = 4;
const sliceEvents = 256;

/** A message that did not arrive, or not in time. */
interface Missing {
  readonly key: string;
  readonly about: string;
  readonly event: number;
}

/** Explains a violation of a run that has been judged; each value knows more than the last. */
export function* explain(track: Track, violation: Violation): Generator<Explanation> {
  const { events, missing } = witnessOf(track, violation);
  const trials = track.fixed ? [] : trialsOf(track, missing, violation);
  let explanation: Explanation = { violation, events, trials };
  yield explanation;
  for (const [nth, trial] of trials.entries()) {
    const running = begin(track.scenario, track.seed, [...track.edits, ...trial.edits]);
    while (advance(running, sliceEvents)) yield explanation;
    const outcome = outcomeOf(track, violation, finish(running));
    const tried = explanation.trials.with(nth, { ...trial, outcome });
    explanation = { ...explanation, trials: tried };
    yield explanation;
  }
}

function outcomeOf({ run }: Track, violation: Violation, tried: Run): Outcome {
  if (tried.assessment.valid === true) return 'valid';
  if (run === undefined) return 'untried';
  return identitiesOf(tried).has(identityOf(violation, run)) ? 'stays' : 'gone';
}

interface Witness {
  readonly events: readonly number[];
  readonly missing: readonly Missing[];
}

/** What the operations of a witness led to, what led to their answers, and what did not arrive. */
function witnessOf(track: Track, violation: Violation): Witness {
  const { lineage, timeline, run } = track;
  const events = new Set<number>(lineage.causes(violation.event));
  const missing = new Map<string, Missing>();
  const note = (found: Missing): void => {
    events.add(found.event);
    missing.set(found.key, found);
  };
  for (const index of violation.ops) {
    const event = timeline.eventOfOp(index);
    for (const at of lineage.causes(event)) events.add(at);
    if (run?.history.ops[index]?.type !== 'invoke') continue;
    for (const at of lineage.future(event, eventsMax)) {
      if (at <= violation.event) events.add(at);
      for (const found of missingAt(track, at, violation.event)) note(found);
    }
  }
  if (violation.ops.length === 0) {
    for (const found of missingBefore(track, violation.event)) note(found);
  }
  return { events: [...events].sort((a, b) => a - b), missing: [...missing.values()] };
}

/** For what no operation shows: messages of the past, the latest first, that did not arrive. */
function missingBefore({ lineage, rows, timeline }: Track, event: number): readonly Missing[] {
  const endUs = timeline.row(event)?.atUs ?? 0;
  const past = lineage.past(event, eventsMax).toReversed();
  const found = past.flatMap((at): readonly Missing[] => {
    const step = rows.at(at)?.step;
    if (step === undefined) return [];
    const self = 'node' in step.happening ? step.happening.node : 'client';
    return step.effects.flatMap((effect) => {
      if (effect.effect !== 'send') return [];
      const why = at === event ? undefined : whyMissing(effect.fate, endUs);
      if (why === undefined) return [];
      const about = `${self}→${effect.dest} ${showBody(effect.body, 30)}, ${why}`;
      return [{ key: effect.key, event: at, about }];
    });
  });
  return found.slice(0, messagesMax);
}

type Fate = Extract<EffectRow, { effect: 'send' }>['fate'];

function whyMissing(fate: Fate, endUs: Micros): string | undefined {
  switch (fate.fate) {
    case 'lost':
      return `lost: ${fate.why}`;
    case 'held':
      return 'held by a cut';
    case 'waits':
      return 'waiting for an event';
    case 'sent':
      return fate.arrivesUs > endUs ? 'late' : undefined;
  }
}

/** Messages that were lost or held at an event, or sent by it in vain, or that came too late. */
function missingAt(track: Track, event: number, end: number): readonly Missing[] {
  const row = track.rows.at(event);
  if (row === undefined) return [];
  const { happening, effects, key, cause } = row.step;
  const late = event > end && cause <= end;
  if ('message' in happening && (happening.kind !== 'deliver' || late)) {
    const { src, dest, body } = happening.message;
    const why = happening.kind === 'deliver' ? 'late' : row.detail;
    return [
      { key, event: Math.min(event, end), about: `${src}→${dest} ${showBody(body, 30)}, ${why}` },
    ];
  }
  if (event > end) return [];
  const self = 'node' in happening ? happening.node : 'client';
  return effects.flatMap((effect) => {
    if (effect.effect !== 'send') return [];
    const why = whyMissing(effect.fate, Number.POSITIVE_INFINITY);
    if (why === undefined) return [];
    const about = `${self}→${effect.dest} ${showBody(effect.body, 30)}, ${why}`;
    return [{ key: effect.key, event, about }];
  });
}

function trialsOf(
  track: Track,
  missing: readonly Missing[],
  { event: end }: Violation,
): readonly Trial[] {
  const alone = missing.slice(0, messagesMax).map(({ key, about, event }): Trial => {
    const edits = [{ edit: 'deliver', message: key }] as const;
    return { kind: 'message', about, edits, event, outcome: 'untried' };
  });
  const all = missing.length === 0 ? [] : lostIn(track);
  const together: readonly Trial[] =
    all.length < 2
      ? []
      : [
          {
            kind: 'messages',
            about: `every message that was lost (${all.length})`,
            edits: all.map((message) => ({ edit: 'deliver', message })),
            event: -1,
            outcome: 'untried',
          },
        ];
  return [...alone, ...together, ...faultTrials(track, end)];
}

/** Keys of all messages between nodes that were lost; none if they are too many to look for. */
function lostIn({ timeline }: Track): readonly EventKey[] {
  const keys = new Set<EventKey>();
  if (timeline.length > scanMax) return [];
  timeline.visit(0, timeline.length, ({ key, happening, effects }) => {
    if (happening.kind === 'lost') keys.add(key);
    if (happening.kind === 'invoke') return;
    for (const row of effects) {
      if (row.effect === 'send' && row.fate.fate === 'lost') keys.add(row.key);
    }
  });
  return keys.size > togetherMax ? [] : [...keys];
}

/** Faults that had struck by then: a later one cannot be to blame. */
function faultTrials({ run, timeline }: Track, event: number): readonly Trial[] {
  const endUs = timeline.row(event)?.atUs ?? 0;
  const struck = ({ startUs }: { readonly startUs?: Micros | undefined }): boolean =>
    startUs !== undefined && startUs <= endUs;
  const faults = run?.result.faults.filter((each) => each.effective && struck(each)) ?? [];
  return faults.slice(0, faultsMax).map(({ id, fault }): Trial => {
    const edits = [{ edit: 'omit-fault', fault: id }] as const;
    const about = faultText(writeFault(fault));
    return { kind: 'fault', about, edits, event: -1, outcome: 'untried' };
  });
}

/** What came of a trial, in a few words. */
export function outcomeText({ kind, outcome }: Trial): string {
  const done = kind === 'fault' ? 'without it' : 'delivered';
  switch (outcome) {
    case 'untried':
      return '…';
    case 'stays':
      return `${done}: no difference`;
    case 'gone':
      return `${done}: this violation is gone`;
    case 'valid':
      return `${done}: the run is valid`;
  }
}
