// `stormglass shrink`: a failing run becomes the smallest scenario that fails the same way.
import { extname } from 'node:path';
import { regressionPath, saveScenario } from '../files/regressions.js';
import { loadScenario } from '../files/scenario-file.js';
import { parseDuration } from '../kernel/time.js';
import { failureName } from '../scenario/failure.js';
import { quoted } from '../scenario/problems.js';
import { shellWord } from '../scenario/report.js';
import {
  type ShrinkProgress,
  type Subject,
  shrink as shrinking,
} from '../scenario/shrink/shrink.js';
import { shrunkFile } from '../scenario/shrink/shrunk.js';
import { usageError } from '../scenario/usage-error.js';
import { variantOf } from '../scenario/variant.js';
import { editsOf, readSeed, scenarioPath } from './arguments.js';
import { type Colors, colorsOf } from './colors.js';
import { type Interruption, interruption } from './drive.js';
import { failureOf } from './failing.js';
import { section } from './human.js';
import { type Io, signalCodes } from './io.js';
import { counted, grouped, wrapped } from './layout.js';

export interface ShrinkFlags {
  readonly seed?: string | undefined;
  readonly edit: readonly string[];
  /** Which failure to keep, `set-full/lost`; the first one by default. */
  readonly failure?: string | undefined;
  /** How long at most. */
  readonly time: string;
  readonly out?: string | undefined;
  readonly json: boolean;
}

/** Between two lines of progress. */
const everyMs = 100;

/**
 * Shrinks a failing run and writes what is left beside its scenario. The answer is the exit code: 0
 * where there was something to shrink, 64 where the run does not fail.
 */
export async function shrink(file: string, flags: ShrinkFlags, io: Io): Promise<number> {
  const path = scenarioPath(file);
  const limitMs = limitOf(flags.time);
  checkOut(flags.out);
  const scenario = await loadScenario(path);
  const edits = await editsOf(flags.edit, scenario);
  const seed = readSeed(flags.seed) ?? scenario.seed;
  const interrupted = interruption(io, () => {});
  try {
    const failing = { path, scenario, seed, edits, wanted: flags.failure };
    const failure = await failureOf(failing, io, interrupted);
    if (failure === undefined) return signalCodes[interrupted.signal() ?? 'SIGINT'];
    const last = await driven({ scenario, seed, edits, failure }, limitMs, io, interrupted);
    if (last === undefined) return signalCodes[interrupted.signal() ?? 'SIGINT'];
    const shrunk = shrunkFile(variantOf(scenario, last.file), failure);
    const out = flags.out ?? regressionPath(path, failure);
    saveScenario(shrunk.file, path, out);
    const told = { ...last, about: shrunk.file.about, failure: failureName(failure), out };
    await show(told, flags.json, io);
    return 0;
  } finally {
    interrupted.stop();
  }
}

/** Shrinks until nothing is left to try, time is up, or a signal comes. */
export async function driven(
  subject: Subject,
  limitMs: number,
  io: Io,
  interrupted: Interruption,
): Promise<(ShrinkProgress & { readonly complete: boolean }) | undefined> {
  const startMs = io.nowMs();
  let nextMs = startMs + everyMs;
  let last: ShrinkProgress | undefined;
  const work = shrinking(subject);
  const clear = (): void => {
    if (io.stderr.isTty) io.stderr.write('\r\u001b[2K');
  };
  for (;;) {
    const step = io.interruptibly(() => work.next());
    if (step === undefined) interrupted.brokenOff();
    else if (step.value.done === true) {
      clear();
      return step.value.value === undefined ? undefined : { ...step.value.value, complete: true };
    } else last = step.value.value;
    const nowMs = io.nowMs();
    if (nowMs >= nextMs) {
      nextMs = nowMs + everyMs;
      await io.pause();
      if (last !== undefined && io.stderr.isTty) {
        io.stderr.write(`\r\u001b[2K${progressText(last, startMs + limitMs - nowMs)}`);
      }
    }
    if (interrupted.signal() === undefined && nowMs - startMs < limitMs) continue;
    clear();
    return last && { ...last, complete: false };
  }
}

function progressText({ sizeAtFirst, size, runs }: ShrinkProgress, leftMs: number): string {
  const left = `${Math.max(0, Math.ceil(leftMs / 1_000))} s left at most`;
  return `shrinking ${grouped(sizeAtFirst)} → ${grouped(size)} · ${counted(runs, 'run')} · ${left}`;
}

interface Told extends ShrinkProgress {
  readonly complete: boolean;
  readonly about: string;
  readonly failure: string;
  readonly out: string;
}

async function show(told: Told, json: boolean, io: Io): Promise<void> {
  const { file, about, failure, out, runs, size, sizeAtFirst, complete } = told;
  const repro = `${io.command} run ${shellWord(out)}`;
  if (json) {
    const data = { failure, about, runs, sizeAtFirst, size, complete, out, scenario: file, repro };
    io.stdout.write(`${JSON.stringify(data, undefined, 2)}\n`);
    return;
  }
  const colors = await colorsOf(io.stdout, io.env);
  io.stdout.write(`${lines(told, repro, colors, io.stdout.columns).join('\n')}\n`);
}

function lines(
  { about, out, runs, size, sizeAtFirst, complete }: Told,
  repro: string,
  colors: Colors,
  columns: number,
): readonly string[] {
  const width = Math.max(60, Math.min(columns, 110)) - 10;
  const least = complete ? '; nothing of it can be left out' : '; time was up before the end';
  return [
    ...section(
      'shrunk',
      [
        `${grouped(sizeAtFirst)} operations, faults and edits to ` +
          `${colors.strong(grouped(size))}, in ${counted(runs, 'run')}${least}`,
      ],
      colors,
    ),
    ...section('is', wrapped(about, width), colors),
    ...section('file', [out], colors),
    '',
    repro,
  ];
}

function limitOf(text: string): number {
  const us = parseDuration(text);
  if (us === undefined || us === 0) {
    throw usageError(`--time is ${quoted(text)}`, { expected: 'a duration such as 30s or 2m' });
  }
  return us / 1_000;
}

function checkOut(out: string | undefined): void {
  if (out === undefined || ['.yaml', '.yml'].includes(extname(out))) return;
  throw usageError(`--out is ${quoted(out)}`, { expected: 'a name that ends in .yaml' });
}
