// The command that comes back to where one is: for the clipboard, and for the end.
import { shellWord } from '../scenario/report.js';
import { lineOf, rowMaker } from '../scenario/trace-row.js';
import { editWordsOf } from './branches.js';
import type { Stepper } from './stepper.js';

/** `stormglass step FILE --seed S --edit … --at N`. */
export function comeBack({ origin, branch, cursor, saved }: Stepper): string {
  const { command, path } = origin;
  const file = saved.get(branch);
  if (file !== undefined) return [command, 'step', shellWord(file), '--at', cursor].join(' ');
  // What was shrunk and not saved: back to what it was made of.
  let from = branch;
  while (from.change !== undefined && from.track.scenario !== origin.scenario)
    from = from.change.of;
  const at = from === branch ? cursor : 'violation';
  const isTrace = /\.gz$|\.ndjson$|\.jsonl$/.test(path) || origin.anew !== undefined;
  const words = [command, 'step', shellWord(path)];
  if (!isTrace) words.push('--seed', shellWord(from.track.seed));
  // A trace has edits of its own, which it brings along.
  const own = isTrace ? origin.edits.length : 0;
  for (const edit of editWordsOf(from).slice(own)) words.push('--edit', shellWord(edit));
  return [...words, '--at', at].join(' ');
}

export function copyCommand(stepper: Stepper): void {
  const command = comeBack(stepper);
  stepper.copied = [...stepper.copied.filter((text) => text !== command), command];
  stepper.say(`copied: ${command}`);
}

/** The event as a trace has it. */
export function copyEvent(stepper: Stepper): void {
  const row = stepper.track.rows.at(stepper.cursor);
  if (row === undefined) return;
  const text = lineOf(rowMaker(() => row.ops)(row.step)).trimEnd();
  stepper.copied = [...stepper.copied.filter((known) => known !== text), text];
  stepper.say(`copied: event ${stepper.cursor}, ${text.length} characters of JSON`);
}
