// The command that comes back to where one is: for the clipboard, and for the end.
import { shellWord } from '../scenario/report.js';
import { editWordsOf } from './branches.js';
import type { Stepper } from './stepper.js';

/** `stormglass step FILE --seed S --edit … --at N`. */
export function comeBack({ origin, branch, cursor }: Stepper): string {
  const isTrace = /\.gz$|\.ndjson$|\.jsonl$/.test(origin.path) || origin.anew !== undefined;
  const words = [origin.command, 'step', shellWord(origin.path)];
  if (!isTrace) words.push('--seed', shellWord(branch.track.seed));
  // A trace has edits of its own, which it brings along.
  const own = isTrace ? origin.edits.length : 0;
  for (const edit of editWordsOf(branch).slice(own)) words.push('--edit', shellWord(edit));
  return [...words, '--at', String(cursor)].join(' ');
}

export function copyCommand(stepper: Stepper): void {
  const command = comeBack(stepper);
  stepper.copied = [...stepper.copied.filter((text) => text !== command), command];
  stepper.say(`copied: ${command}`);
}
