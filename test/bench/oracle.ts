// `npm run oracle [-- RUNS [PATTERN]]`: every checker against an oracle that tries everything, on
// 100,000 small random histories of each model unless RUNS says another number. Slices that are
// done are noted in oracle.json, so that it can be stopped and goes on from there. PATTERN chooses
// parts by name. Differential tests of other checkers run as vitest runs them, one at a time.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { compare, compareLonger, ours } from '../checkers/linearizable/judges.js';
import { objects } from '../checkers/linearizable/object-list.js';
import { specs } from '../checkers/linearizable/specs.js';

const [asked = '100000', pattern = '.'] = process.argv.slice(2);
const runs = Number(asked);
const file = 'oracle.json';
/** Histories between two notes. */
const slice = 1_000;

interface Note {
  done: number;
  /** Of those done; undefined where the oracle is not asked for a verdict. */
  valid?: number;
  mistake?: string;
}

const notes: Record<string, Note> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Goes through the seeds that are left, slice by slice, until the first mistake. */
function part(
  name: string,
  share: number,
  check: (count: number, first: number) => { mistake: string | undefined; valid?: number },
): void {
  if (!new RegExp(pattern).test(name)) return;
  notes[name] ??= { done: 0 };
  const note = notes[name];
  const all = Math.ceil(runs * share);
  while (note.done < all && note.mistake === undefined) {
    const count = Math.min(slice, all - note.done);
    const { mistake, valid } = check(count, note.done + 1);
    if (mistake !== undefined) note.mistake = mistake;
    if (valid !== undefined) note.valid = (note.valid ?? 0) + valid;
    note.done += count;
    writeFileSync(file, `${JSON.stringify(notes, undefined, 2)}\n`);
  }
  const valid = note.valid === undefined ? '' : `, ${note.valid} valid`;
  print(`${name.padEnd(44)} ${note.done} histories${valid}: ${note.mistake ?? 'no mistake'}`);
}

const tests = [
  'transactions/oracle.test.ts',
  'transactions/atomic.test.ts',
  'exactly-once.test.ts',
  'exactly-once-lists.test.ts',
  'registers.test.ts',
  'stores.test.ts',
  'metamorphic.test.ts',
] as const;

/** Runs a differential test with so many histories; how many it tries it is told. */
function test(name: string): string | undefined {
  const words = ['vitest', 'run', `test/checkers/${name}`, '--maxWorkers=1'];
  const env = { ...process.env, CHECKER_RUNS: asked, STORMGLASS_TXN_HISTORIES: asked };
  const { status, stdout } = spawnSync('npx', words, { env, encoding: 'utf8' });
  return status === 0 ? undefined : `it fails: ${stdout.slice(-600)}`;
}

for (const spec of specs) part(spec.model, 1, (count, first) => compare(ours, spec, count, first));
for (const { name, spec } of objects) {
  if (!name.startsWith('set-') && !name.startsWith('counter-')) continue;
  part(name, 0.25, (count, first) => compare(ours, spec, count, first));
}
for (const spec of specs) {
  // The general search, with which longer ones are compared, takes its time for some.
  const share = ['fifo-queue', 'set'].includes(spec.model) ? 0.01 : 0.1;
  part(`${spec.model}, longer histories`, share, (count, first) => ({
    mistake: compareLonger(ours, spec, count, first),
  }));
}
for (const name of tests) {
  if (!new RegExp(pattern).test(name)) continue;
  const known = notes[name];
  if (known?.done !== runs) {
    const mistake = test(name);
    notes[name] = { done: runs, ...(mistake !== undefined && { mistake }) };
    writeFileSync(file, `${JSON.stringify(notes, undefined, 2)}\n`);
  }
  print(`${name.padEnd(44)} ${runs} histories: ${notes[name]?.mistake ?? 'no mistake'}`);
}
process.exitCode = Object.values(notes).some(({ mistake }) => mistake !== undefined) ? 1 : 0;
