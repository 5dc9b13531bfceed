// The command that repeats one test: what was typed, with the seed that it had.
import { shellWord } from '../scenario/report.js';

/** Options that a single test with a seed of its own has no use for. */
const replaced: ReadonlySet<string> = new Set(['--seed', '-s', '--test-count']);

/** `typed` is what stood behind the program's name. */
export function repeatedTest(typed: readonly string[], seed: string, command: string): string {
  const end = typed.indexOf('--');
  const options = end < 0 ? typed : typed.slice(0, end);
  const rest = end < 0 ? [] : typed.slice(end);
  const kept = options.filter((word, at) => {
    const name = word.replace(/=.*/, '');
    return !replaced.has(name) && !(replaced.has(options[at - 1] ?? '') && !word.includes('='));
  });
  return [command, ...[...kept, '--seed', seed, ...rest].map(shellWord)].join(' ');
}
