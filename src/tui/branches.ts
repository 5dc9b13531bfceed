// What-ifs: an edit makes a branch, which is the same run with that edit. Branches are listed with
// their verdicts, compared at the first event where they differ, undone, and saved.

import { equal } from '../kernel/plain.js';
import type { Assessment } from '../scenario/check.js';
import { editText, writeEdit } from '../scenario/edits.js';
import { openTrack, type Track } from '../scenario/walk.js';
import {
  amountsUs,
  type Subject,
  type WhatIf,
  type WhatIfGroup,
  whatIfs,
} from '../scenario/what-if.js';
import type { Edit } from '../sim/edit.js';
import { kinds } from '../sim/schedule.js';
import { firstDifferentEvent } from '../sim/timeline.js';
import { askBefore, askBody } from './asking.js';
import { inFlight } from './flight.js';
import { everything } from './shown.js';
import { type Branch, runOf, type Stepper } from './stepper.js';

/** Messages that a what-if may be about: that of the event, those it sent, those on their way. */
const subjectsMax = 30;

export function openMenu(stepper: Stepper): void {
  if (stepper.track.fixed) {
    return stepper.say('this is a recording: nobody knows what its programs would have said');
  }
  const groups = groupsOf(stepper, 0);
  if (groups.length === 0) return stepper.say('there is nothing here to change');
  stepper.mode = { kind: 'menu', groups, chosen: 0, subject: 0 };
}

/** The choices of the menu, for the message with this number. */
export function groupsOf(stepper: Stepper, subject: number): readonly WhatIfGroup[] {
  const { track, cursor, lane, explanation } = stepper;
  const row = track.rows.at(cursor);
  if (row === undefined) return [];
  const chosen = track.rows.lanes.all[lane];
  const node = chosen !== undefined && chosen.party >= 0 ? chosen.name : undefined;
  const message = subjectsOf(stepper)[subject];
  const amountUs = amountsUs[stepper.amount] ?? 0;
  const sync = chosen === undefined ? undefined : nextSync(stepper, chosen.party);
  const groups = whatIfs({ step: row.step, message, node, sync }, amountUs);
  const trials = explanation?.trials ?? [];
  // What makes the run valid comes first: it is what Enter takes.
  const helpful = ['valid', 'gone'].flatMap((wanted) =>
    trials.filter(({ outcome }) => outcome === wanted),
  );
  if (helpful.length === 0) return groups;
  const choices = helpful.slice(0, 9).map(({ about, edits, kind, outcome }, nth) => {
    const done = kind === 'fault' ? `without ${about}` : `delivered: ${about}`;
    const mark = outcome === 'valid' ? ' ✓ valid' : '';
    return { key: String.fromCharCode(65 + nth), label: `${done}${mark}`, edits };
  });
  return [{ about: 'what would have changed it', choices }, ...groups];
}

/** Events that are looked through for a sync. */
const syncReach = 20_000;

/** The key of the event at which a node's next sync completes. */
function nextSync({ cursor, track }: Stepper, party: number): string | undefined {
  const { rows, timeline } = track;
  const end = Math.min(timeline.length, cursor + syncReach);
  for (let event = cursor + 1; event < end; event++) {
    const row = timeline.row(event);
    if (row?.kind === kinds.synced && row.node === party) return rows.at(event)?.step.key;
  }
  return undefined;
}

/** Messages that can be chosen here. */
export function subjectsOf({ track, cursor }: Stepper): readonly Subject[] {
  const row = track.rows.at(cursor);
  if (row === undefined) return [];
  const { happening, key, effects } = row.step;
  const self = 'node' in happening ? happening.node : 'client';
  const own =
    'message' in happening
      ? [
          {
            ...{ key, source: happening.message.src, dest: self },
            ...{ body: happening.message.body, cause: row.step.cause },
          },
        ]
      : [];
  const sent = effects.flatMap((effect) =>
    effect.effect === 'send'
      ? [
          {
            ...{ key: effect.key, source: self, dest: effect.dest },
            ...{ body: effect.body, cause: cursor },
          },
        ]
      : [],
  );
  const known = new Set([...own, ...sent].map((message) => message.key));
  const moving = inFlight(track.timeline.at(cursor + 1), subjectsMax) ?? [];
  const others = moving.filter((message) => !known.has(message.key));
  // What was lost comes first: it is what one wants to change.
  const lost = sent.filter((message) => isLost(row.step.effects, message.key));
  const rest = sent.filter((message) => !lost.includes(message));
  return [...lost, ...own, ...rest, ...others].slice(0, subjectsMax);
}

type Effects = NonNullable<ReturnType<Stepper['track']['rows']['at']>>['step']['effects'];

function isLost(effects: Effects, key: string): boolean {
  return effects.some(
    (effect) => effect.effect === 'send' && effect.key === key && effect.fate.fate === 'lost',
  );
}

/** Makes the branch of a choice and goes there; asks first what is still to be said. */
export function applyChoice(stepper: Stepper, choice: WhatIf): void {
  stepper.mode = { kind: 'normal' };
  if (/[a-z0-9]/.test(choice.key)) stepper.choice = choice.key;
  const make = (edits: readonly Edit[], label: string): void => {
    const { scenario, seed, edits: before } = stepper.track;
    const about = `${label} @${stepper.cursor}`;
    const track = openTrack(scenario, seed, [...before, ...edits]);
    addBranch(stepper, 'w', track, { of: stepper.branch, about });
  };
  if ('edits' in choice) return make(choice.edits, choice.label);
  if (choice.asks === 'event') askBefore(stepper, choice.message, make);
  else askBody(stepper, choice.message, make);
}

/** Chooses here what was chosen last, of the message that the menu would be about. */
export function repeatChoice(stepper: Stepper): void {
  const { choice: key, track } = stepper;
  if (key === undefined) return stepper.say('nothing to repeat: a asks what if');
  const choices = track.fixed ? [] : groupsOf(stepper, 0).flatMap((group) => group.choices);
  const choice = choices.find((each) => each.key === key);
  if (choice === undefined) return stepper.say(`${key} is no what-if here: a shows what there is`);
  applyChoice(stepper, choice);
}

/** Goes to a new branch, whose name begins with `letter`. */
export function addBranch(
  stepper: Stepper,
  letter: string,
  track: Track,
  change: NonNullable<Branch['change']>,
): void {
  const { branches } = stepper;
  const numbers = [...branches, ...stepper.undone].map(({ name }) => Number(name.slice(1)) || 0);
  const name = `${letter}${Math.max(0, ...numbers) + 1}`;
  const made: Branch = { name, track, change };
  stepper.branches = [...branches, made];
  stepper.undone = [];
  enter(stepper, made);
  stepper.pane = 'branches';
  stepper.start(name, runBranch(stepper, made));
}

function* runBranch(stepper: Stepper, branch: Branch): Generator<void> {
  yield* runOf(stepper, branch);
  if (!stepper.branches.includes(branch)) return;
  if (isAnother(branch)) return stepper.say(`${branch.name} is ${verdictText(branch)}; s saves it`);
  const difference = differenceOf(branch);
  const where =
    difference === undefined ? 'nothing differs' : `d goes to the first difference, #${difference}`;
  const isIdle = branch.track.run?.result.edits.at(-1) === false;
  const idle = isIdle ? 'the edit found nothing to change; ' : '';
  stepper.say(`${branch.name} is ${verdictText(branch)}; ${idle}${where}`);
}

/** Shows another branch at the event where one is. */
function enter(stepper: Stepper, branch: Branch): void {
  stepper.branch = branch;
  stepper.picking = undefined;
  stepper.explanation = undefined;
  stepper.violation = undefined;
  stepper.stop('explain');
  stepper.stop('list');
  stepper.shown = everything;
  stepper.filter = '';
  stepper.folded = false;
  if (branch.track.timeline.length <= stepper.cursor && branch.track.run === undefined) {
    stepper.wanted = stepper.cursor;
  }
  stepper.goTo(stepper.cursor);
}

/** To the branch before or after this one in the list. */
export function switchBranch(stepper: Stepper, by: number): void {
  const { branches, branch } = stepper;
  if (branches.length === 1) return stepper.say('there is one branch: a makes another');
  const at = (branches.indexOf(branch) + by + branches.length) % branches.length;
  const next = branches[at];
  if (next === undefined) return;
  enter(stepper, next);
  stepper.say(`${next.name}: ${next.change?.about ?? 'the run as it is'}, ${verdictText(next)}`);
}

/** To the first event at which this branch is not what it was made from. */
export function moveToDifference(stepper: Stepper): void {
  const { branch } = stepper;
  if (branch.change === undefined) {
    return stepper.say('this is the run as it is; [ and ] go to what-ifs, which differ from it');
  }
  if (isAnother(branch)) return stepper.say('it was made small: it has other events altogether');
  const difference = differenceOf(branch);
  if (difference === undefined) return stepper.say('nothing differs');
  stepper.jump(difference);
  const there = branch.change.of.track.rows.at(difference)?.label ?? 'the end of the run';
  stepper.say(`first difference; ${branch.change.of.name} has here: ${there}`);
}

/** It is no what-if of the run that it was made from: it was shrunk. */
function isAnother({ change, track }: Branch): boolean {
  return change !== undefined && change.of.track.scenario !== track.scenario;
}

/** Events before the first other one that are looked at in full. */
const effectsReach = 256;

/**
 * The first event at which a branch differs from what it was made from, as far as is known. An
 * event that is the same may have had other effects: a message was lost there, and is not here.
 */
export function differenceOf({ track, change }: Branch): number | undefined {
  if (change === undefined || change.of.track.scenario !== track.scenario) return undefined;
  const { rows, timeline } = change.of.track;
  const end = firstDifferentEvent(timeline, track.timeline);
  if (end === undefined) return undefined;
  for (let event = Math.max(0, end - effectsReach); event < end; event++) {
    const [there, here] = [rows.at(event), track.rows.at(event)];
    if (!equal(there?.step.effects, here?.step.effects)) return event;
    if (there?.statuses !== here?.statuses) return event;
  }
  return end;
}

/** Takes the latest what-if back. */
export function undo(stepper: Stepper): void {
  const last = stepper.branches.at(-1);
  if (last?.change === undefined) return stepper.say('there is no what-if to undo');
  stepper.stop(last.name);
  stepper.branches = stepper.branches.slice(0, -1);
  stepper.undone = [...stepper.undone, last];
  if (stepper.branch === last) enter(stepper, last.change.of);
  stepper.say(`${last.name} is undone; ^r brings it back`);
}

export function redo(stepper: Stepper): void {
  const last = stepper.undone.at(-1);
  if (last === undefined) return stepper.say('there is nothing to bring back');
  stepper.undone = stepper.undone.slice(0, -1);
  stepper.branches = [...stepper.branches, last];
  enter(stepper, last);
  if (last.track.run === undefined) stepper.start(last.name, runBranch(stepper, last));
  stepper.say(`${last.name}: ${last.change?.about ?? ''}`);
}

/** `✓ valid`, `✗ invalid: set-full lost`, `? unknown`, or how far it is. */
export function verdictText({ track: { run, timeline } }: Branch): string {
  if (run === undefined) return `running, ${timeline.length} events so far`;
  const { valid } = run.assessment;
  if (valid === true) return '✓ valid';
  return valid === false ? `✗ invalid: ${objections(run.assessment)}` : '? unknown';
}

function objections({ judgements }: Assessment): string {
  const found = judgements.flatMap((judgement) =>
    judgement.valid === false
      ? [`${judgement.name} ${judgement.anomalies[0].kind} ×${judgement.anomalies.length}`]
      : [],
  );
  return found.join(', ');
}

/** The edits of a branch beside those of its scenario, in words of the command line. */
export function editWordsOf({ track: { edits } }: Branch): readonly string[] {
  return edits.map((edit) => {
    const file = writeEdit(edit);
    return editText(file) ?? JSON.stringify(file);
  });
}
