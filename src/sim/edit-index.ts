// Edits, found by the key of what they change. A run without edits has no index and asks nothing.
import { hex64 } from '../kernel/mix.js';
import type { Plain } from '../kernel/plain.js';
import type { Forced } from '../network/network.js';
import type { Body } from '../node/message.js';
import type { Edit, EventKey } from './edit.js';

type FaultEdit = Extract<Edit, { edit: 'fault' }> & { readonly position: number };

/** How a choice comes out, by the edit at this position. */
interface Choice {
  readonly value: Plain;
  readonly position: number;
}

export interface EditIndex {
  /** What edits decide about a message. */
  readonly messages: ReadonlyMap<EventKey, Forced & { readonly positions: readonly number[] }>;
  /** Messages that wait, and the events before which they arrive. */
  readonly waits: ReadonlyMap<EventKey, EventKey>;
  /** What messages say instead. */
  readonly bodies: ReadonlyMap<EventKey, { readonly body: Body; readonly position: number }>;
  /** Draws of `ctx.random` at an event, by their number. */
  readonly draws: ReadonlyMap<
    EventKey,
    { readonly values: ReadonlyMap<number, number>; readonly positions: readonly number[] }
  >;
  /** Other choices at an event, by their labels. */
  readonly choices: ReadonlyMap<EventKey, ReadonlyMap<string, Choice>>;
  readonly faults: ReadonlyMap<EventKey, readonly FaultEdit[]>;
  /** Numbers of omitted operations and ids of omitted faults → position of the edit. */
  readonly omittedOps: ReadonlyMap<number, number>;
  readonly omittedFaults: ReadonlyMap<string, number>;
}

/** `undefined` when there are no edits. */
export function indexEdits(edits: readonly Edit[]): EditIndex | undefined {
  if (edits.length === 0) return undefined;
  const messages = new Map<EventKey, Forced & { positions: number[] }>();
  const draws = new Map<EventKey, { values: Map<number, number>; positions: number[] }>();
  const choices = new Map<EventKey, Map<string, Choice>>();
  const faults = new Map<EventKey, FaultEdit[]>();
  const omittedOps = new Map<number, number>();
  const omittedFaults = new Map<string, number>();
  const force = (key: EventKey, position: number, forced: Forced): void => {
    const before = messages.get(key) ?? { positions: [] as number[] };
    const positions = [...before.positions, position];
    messages.set(key, { ...before, ...forced, positions });
  };
  for (const [position, edit] of edits.entries()) {
    switch (edit.edit) {
      case 'drop':
        force(edit.message, position, { loss: true });
        break;
      case 'delay':
        force(edit.message, position, {
          moreUs: edit.byUs + (messages.get(edit.message)?.moreUs ?? 0),
        });
        break;
      case 'duplicate':
        force(edit.message, position, { copyAfterUs: edit.afterUs });
        break;
      case 'deliver':
      case 'deliver-before':
        force(edit.message, position, { now: true });
        break;
      case 'choose':
        if (edit.choice.startsWith('random#')) addDraw(draws, edit, position);
        else if (/^(disk-fail$|survivors\/)/.test(edit.choice)) {
          const known = choices.get(edit.at) ?? new Map<string, Choice>();
          choices.set(edit.at, known.set(edit.choice, { value: edit.value, position }));
        } else force(edit.at, position, chosen(edit.choice, edit.value));
        break;
      case 'fault':
        faults.set(edit.at, [...(faults.get(edit.at) ?? []), { ...edit, position }]);
        break;
      case 'omit-op':
        omittedOps.set(edit.op, position);
        break;
      case 'omit-fault':
        omittedFaults.set(edit.fault, position);
        break;
    }
  }
  return { ...waitsAndBodies(edits), messages, draws, choices, faults, omittedOps, omittedFaults };
}

/** For which events messages wait, and what they say instead. */
function waitsAndBodies(edits: readonly Edit[]): Pick<EditIndex, 'waits' | 'bodies'> {
  const waits = new Map<EventKey, EventKey>();
  const bodies = new Map<EventKey, { body: Body; position: number }>();
  for (const [position, edit] of edits.entries()) {
    if (edit.edit === 'deliver-before') waits.set(edit.message, edit.event);
    if (edit.edit === 'alter') bodies.set(edit.message, { body: edit.body, position });
  }
  return { waits, bodies };
}

function addDraw(
  draws: Map<EventKey, { values: Map<number, number>; positions: number[] }>,
  { at, choice, value }: Extract<Edit, { edit: 'choose' }>,
  position: number,
): void {
  const known = draws.get(at);
  const entry = known ?? { values: new Map<number, number>(), positions: [] as number[] };
  entry.values.set(Number(choice.slice('random#'.length)), Number(value));
  entry.positions.push(position);
  draws.set(at, entry);
}

function chosen(choice: string, value: unknown): Forced {
  switch (choice) {
    case 'loss':
      return { loss: value === true };
    case 'duplicate':
      return { duplicate: value === true };
    case 'latency':
      return { latencyUs: Number(value) };
    default:
      return {};
  }
}

/** A world with its edits, those of them that have been applied, and the key of its event. */
interface Edited {
  readonly applied: Set<number>;
  readonly edits: EditIndex | undefined;
  readonly scratch: { readonly hi: number; readonly lo: number };
}

/** What an edit makes of a choice at the event at hand; `undefined` leaves it to chance. */
export function choiceAt({ applied, edits, scratch }: Edited, label: string): Plain {
  if (edits === undefined || edits.choices.size === 0) return undefined;
  const choice = edits.choices.get(hex64(scratch.hi, scratch.lo))?.get(label);
  if (choice !== undefined) applied.add(choice.position);
  return choice?.value;
}
