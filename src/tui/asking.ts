// What-ifs that need to be told more: before which event a message is to arrive, what it is to say.
import { equal } from '../kernel/plain.js';
import { showBody } from '../scenario/diagram/show.js';
import type { Subject } from '../scenario/what-if.js';
import type { Edit } from '../sim/edit.js';
import { openPrompt, textMax } from './prompt.js';
import type { Stepper } from './stepper.js';

/** Makes a branch with these edits, which are called so. */
type Make = (edits: readonly Edit[], label: string) => void;

/** Lets the user go to the event before which the message is to arrive. */
export function askBefore(stepper: Stepper, message: Subject, make: Make): void {
  const { source, dest, body } = message;
  const text = `${source}→${dest} ${showBody(body, 24)}`;
  stepper.before = stepper.cursor;
  stepper.picking = {
    about: `deliver ${text} right before which event?`,
    done: (event) => {
      const flaw = flawOfEvent(stepper, message, event);
      if (flaw !== undefined) return stepper.say(flaw, true);
      const key = stepper.track.rows.at(event)?.step.key;
      if (key === undefined) return;
      const edit = { edit: 'deliver-before', message: message.key, event: key } as const;
      make([edit], `deliver ${text} before #${event}`);
    },
  };
}

/** Why a message cannot come before an event. */
function flawOfEvent(
  { track: { lineage, rows } }: Stepper,
  { key, cause }: Subject,
  event: number,
): string | undefined {
  const keyAt = (at: number): string | undefined => rows.at(at)?.step.key;
  if (keyAt(event) === key) return `#${event} is its own arrival: choose another event`;
  if (cause >= event) return `it is sent at #${cause}: it cannot come before #${event}`;
  // The key of an event comes of its causes: without them there is no such event.
  const follows = lineage.causes(event).some((at) => keyAt(at) === key);
  return follows ? `#${event} comes of this message: it cannot wait for that` : undefined;
}

/** Asks what the message is to say; what it says is there to be changed. */
export function askBody(stepper: Stepper, message: Subject, make: Make): void {
  const { body, dest, key, source } = message;
  const text = JSON.stringify(body);
  if (!isJson(body)) return stepper.say('what it says cannot be written as JSON', true);
  if (text.length > textMax) {
    return stepper.say('it says too much to be typed here: --edit takes an edit `alter`', true);
  }
  openPrompt(stepper, {
    mark: `${source}→${dest} says: `,
    text,
    flaw: (entered) => flawOfBody(entered, body),
    done: (entered) => {
      const said = JSON.parse(entered) as Extract<Edit, { edit: 'alter' }>['body'];
      const label = `${source}→${dest} ${showBody(body, 24)} says ${showBody(said, 40)}`;
      make([{ edit: 'alter', message: key, body: said }], label);
    },
  });
}

function flawOfBody(text: string, before: unknown): string | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return 'this is no JSON: a map such as {"type":"add","n":5}';
  }
  const isMap = typeof body === 'object' && body !== null && !Array.isArray(body);
  const type = isMap ? (body as { readonly type?: unknown }).type : undefined;
  if (typeof type !== 'string') return 'a map with a text "type" is needed: {"type":"add","n":5}';
  return equal(body, JSON.parse(JSON.stringify(before)))
    ? 'this is what it says anyway'
    : undefined;
}

/** Whether JSON has all that is in a value: no Map, no Set, no NaN. */
function isJson(value: unknown): boolean {
  switch (typeof value) {
    case 'object':
      if (value === null) return true;
      if (value instanceof Map || value instanceof Set) return false;
      return Object.values(value).every((part) => part === undefined || isJson(part));
    case 'number':
      return Number.isFinite(value);
    default:
      return typeof value === 'string' || typeof value === 'boolean';
  }
}
