// What a second processor brings where `stormglass check` judges a long file with many keys, from
// its start to its last word. On a busy machine wall time says little, so beside the best of
// several paired runs there is the processor time of the thread that has most to do, as Linux tells
// it. Needs a built `dist`. `npm run bench -- threads`
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Family, historyOf, modelOf } from '../checkers/linearizable/families.js';
import { families } from '../checkers/linearizable/family-list.js';
import { historyLines } from '../support/history-lines.js';

type Print = (line: string) => void;

const pairs = 5;
/** So often it is looked what threads have used. */
const lookMs = 5;
const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

interface Measured {
  readonly wallMs: number;
  /** Of the thread that has most to do; 0 where the system does not tell. */
  readonly mostMs: number;
}

/** Runs the command on some processors only. */
function checked(path: string, processors: string): Promise<Measured> {
  const start = performance.now();
  const child = spawn('taskset', ['-c', processors, process.execPath, main, 'check', path], {
    stdio: 'ignore',
  });
  let mostMs = 0;
  const timer = setInterval(() => {
    mostMs = Math.max(mostMs, busiestMs(child.pid ?? 0));
  }, lookMs);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      clearInterval(timer);
      resolve({ wallMs: performance.now() - start, mostMs });
    });
  });
}

/** Milliseconds of processor time of the busiest thread so far; 0 if nobody tells. */
function busiestMs(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  try {
    const used = readdirSync(tasks).map((id) => {
      const [ns] = readFileSync(`${tasks}/${id}/schedstat`, 'utf8').split(' ');
      return Number(ns) / 1e6;
    });
    return Math.max(...used);
  } catch {
    return 0; // The process has gone, or the system is another.
  }
}

/** One line for each family with many keys. */
export async function threads(print: Print): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'stormglass-threads-'));
  try {
    for (const name of ['F01', 'F03', 'C04', 'F04', 'F05']) {
      const family = families.find((each) => each.name === name);
      if (family !== undefined) print(await compared(family, join(directory, 'history.ndjson')));
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function compared(family: Family, path: string): Promise<string> {
  const { init } = modelOf(family);
  const lines = historyLines(historyOf(family, 1), { model: family.model, init });
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  const best = { one: slowest, two: slowest };
  for (let pair = 0; pair < pairs; pair++) {
    best.one = least(best.one, await checked(path, '0'));
    best.two = least(best.two, await checked(path, '0,1'));
  }
  const { one, two } = best;
  const shape = `${family.name}, ${family.operations} operations, ${family.keys} keys`;
  return [
    shape.padEnd(40),
    `wall ${times(one.wallMs, two.wallMs)}`,
    `busiest thread ${times(one.mostMs, two.mostMs)}`,
  ].join('  ');
}

const slowest: Measured = { wallMs: Number.POSITIVE_INFINITY, mostMs: Number.POSITIVE_INFINITY };

function least(a: Measured, b: Measured): Measured {
  return { wallMs: Math.min(a.wallMs, b.wallMs), mostMs: Math.min(a.mostMs, b.mostMs) };
}

function times(one: number, two: number): string {
  return `${one.toFixed(0)} → ${two.toFixed(0)} ms, ${(one / two).toFixed(2)}×`;
}
