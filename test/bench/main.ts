// `npm run bench`: how fast the engine is, each figure as a multiple of a bare typed-array binary
// heap measured in the same run. Every figure has a process of its own, so that what one made V8
// assume does not slow the next. `npm run bench -- --long` adds 50 million deliveries.
// Checkers are measured by name: `npm run bench -- streams`, `npm run bench -- transactions`; the
// stepper by `npm run bench -- stepper`, programs behind pipes by `npm run bench -- pipes`,
// protocols at scale by `npm run bench -- gossip`, runs of Raft as a hunt makes them by `npm run
// bench -- raft`, two threads by `npm run bench -- threads`, models of users by `npm run bench --
// user-models`.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { tune } from '../../src/files/tune.js';
import { figures, growth, long } from './figures.js';
import { gossip } from './gossip.js';
import { pipes } from './pipes.js';
import { raft } from './raft.js';
import { startUp } from './start-up.js';
import { stepper } from './stepper.js';
import { streamSweep } from './stream-sweep.js';
import { streams } from './streams.js';
import { threads } from './threads.js';
import { transactions } from './transactions.js';
import { userModels } from './user-models.js';
import { wordCount } from './word-count.js';

const here = fileURLToPath(import.meta.url);
const [wanted] = process.argv.slice(2).filter((word) => !word.startsWith('--'));

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function inProcess(name: string): void {
  print(
    execFileSync(process.execPath, ['--expose-gc', here, name], { encoding: 'utf8' }).trimEnd(),
  );
}

const parts: ReadonlyMap<string, () => unknown> = new Map([
  ...figures(print),
  ['growth', () => growth(print)],
  ['long', () => long(print)],
]);
/** Those that run only when they are named: each takes about a minute. */
const named: ReadonlyMap<string, () => unknown> = new Map<string, () => unknown>([
  ['gossip', () => gossip(print)],
  ['stepper', () => stepper(print)],
  ['streams', () => streams(print)],
  ['word-count', () => wordCount(print)],
  ['stream-sweep', () => streamSweep(print)],
  ['transactions', () => transactions(print)],
  ['pipes', () => pipes(print)],
  ['raft', () => raft(print)],
  ['threads', () => threads(print)],
  ['user-models', () => userModels(print)],
]);

if (wanted !== undefined) {
  tune();
  await (parts.get(wanted) ?? named.get(wanted))?.();
} else {
  for (const name of parts.keys()) {
    if (name !== 'long' || process.argv.includes('--long')) inProcess(name);
  }
  startUp(print);
}
