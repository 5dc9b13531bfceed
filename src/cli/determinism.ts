// `stormglass check-determinism`: two worlds side by side, then a fresh process, for each seed. The
// first event that differs is named; a run that differs nowhere depends on its seed alone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadScenario } from '../files/scenario-file.js';
import { compare, lockstep } from '../scenario/determinism.js';
import type { Divergence } from '../scenario/divergence.js';
import { cure } from '../scenario/poison.js';
import { quoted } from '../scenario/problems.js';
import { shellWord } from '../scenario/report.js';
import type { Scenario } from '../scenario/scenario.js';
import { jsonOf } from '../scenario/trace-row.js';
import { usageError } from '../scenario/usage-error.js';
import { engineVersion } from '../scenario/version.js';
import { readSeed, scenarioPath, seedsFrom } from './arguments.js';
import { Bug } from './bug.js';
import { type Colors, colorsOf } from './colors.js';
import type { DigestLine } from './digests.js';
import { divergedCode, divergenceLines } from './divergence.js';
import { bugIn, type Interruption, interruption } from './drive.js';
import { type Io, signalCodes } from './io.js';
import { counted } from './layout.js';
import { refusePiped } from './piped.js';
import { progressOf } from './progress.js';
import { replayFile } from './replay.js';

export interface DeterminismFlags {
  readonly seed?: string | undefined;
  readonly seeds: string;
  readonly json: boolean;
}

/** What is known of one seed. */
interface Checked extends DigestLine {
  readonly divergence: Divergence | undefined;
}

/** Events between two looks at the world outside; each costs several times a plain one. */
const sliceEvents = 1_000;

const seedsMax = 1_000_000;

/** Checks a scenario; the answer is the exit code. */
export async function checkDeterminism(
  file: string,
  flags: DeterminismFlags,
  io: Io,
): Promise<number> {
  const path = scenarioPath(file);
  const count = readCount(flags.seeds);
  const first = readSeed(flags.seed);
  const scenario = await loadScenario(path);
  refusePiped(scenario);
  const interrupted = interruption(io, () => {});
  try {
    const seeds = seedsFrom(first ?? scenario.seed, count);
    const checked = await checkAll(scenario, seeds, { path, io, interrupted });
    const say = flags.json ? jsonText : humanText;
    const colors = await colorsOf(io.stdout, io.env);
    io.stdout.write(say({ path, scenario, checked, count }, io.command, colors));
    const signal = interrupted.signal();
    if (checked.some(({ divergence }) => divergence !== undefined)) return divergedCode;
    return signal === undefined ? 0 : signalCodes[signal];
  } finally {
    interrupted.stop();
  }
}

function readCount(text: string): number {
  const count = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= seedsMax) return count;
  throw usageError(`--seeds is ${quoted(text)}`, {
    expected: 'a whole number from 1 to 1,000,000',
  });
}

interface Surroundings {
  readonly path: string;
  readonly io: Io;
  readonly interrupted: Interruption;
}

/** Side by side first; then all seeds that pass in one fresh process. */
async function checkAll(
  scenario: Scenario,
  seeds: readonly string[],
  around: Surroundings,
): Promise<readonly Checked[]> {
  const checked: Checked[] = [];
  for (const seed of seeds) {
    const one = await sideBySide(scenario, seed, around);
    if (one === undefined) return checked;
    checked.push(one);
    if (one.divergence !== undefined) return checked;
  }
  return afresh(checked, around);
}

/** `undefined` after a signal. */
async function sideBySide(
  scenario: Scenario,
  seed: string,
  { io, interrupted }: Surroundings,
): Promise<Checked | undefined> {
  const pair = lockstep(scenario, seed, scenario.protocol.hosted === undefined);
  const { world } = pair.left;
  const progress = progressOf(io, `seed ${seed}`);
  try {
    for (;;) {
      await io.pause();
      if (interrupted.signal() !== undefined) return undefined;
      const compared = io.interruptibly(() => compare(pair, sliceEvents));
      if (compared === undefined) {
        cure();
        return interrupted.brokenOff();
      }
      const { divergence, more } = compared.value;
      if (!more) return { seed, events: world.events, digest: world.digest.toString(), divergence };
      progress.show(world);
    }
  } catch (error) {
    throw bugIn({ ...pair, world, edits: [] }, error);
  } finally {
    progress.clear();
  }
}

/** Seeds asked of one process; a command line holds only so many. */
const batchMax = 1_000;

async function afresh(
  checked: readonly Checked[],
  around: Surroundings,
): Promise<readonly Checked[]> {
  const result: Checked[] = [];
  for (let from = 0; from < checked.length; from += batchMax) {
    if (around.interrupted.signal() !== undefined) return result;
    const batch = checked.slice(from, from + batchMax);
    const lines = await ask(batch, around);
    for (const [i, one] of batch.entries()) {
      const other = lines[i];
      if (other?.digest === one.digest && other.events === one.events) {
        result.push(one);
      } else {
        return [...result, { ...one, divergence: await located(one, around) }];
      }
    }
  }
  return result;
}

async function ask(
  batch: readonly Checked[],
  { path, io }: Surroundings,
): Promise<readonly DigestLine[]> {
  const seeds = batch.map(({ seed }) => seed);
  const { code, stdout, stderr } = await io.spawn(['digests', '--', path, ...seeds]);
  if (code !== 0) throw new Bug(new Error(`a fresh process ended with code ${code}`), [stderr]);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as DigestLine);
}

/** Where a fresh process and this one part ways: it writes a trace, which is replayed here. */
async function located(one: Checked, { path, io, interrupted }: Surroundings): Promise<Divergence> {
  const directory = mkdtempSync(join(tmpdir(), 'stormglass-'));
  try {
    const trace = join(directory, 'trace.ndjson');
    await io.spawn(['run', '--seed', one.seed, '--trace', trace, '--json', '--', path]);
    const { mismatch } = await replayFile(trace, io, interrupted);
    return mismatch === undefined ? unlocated(one) : { ...mismatch, found: 'in a fresh process' };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** It differed when several seeds ran one after the other, and not when this one ran alone. */
function unlocated({ events }: Checked): Divergence {
  return {
    found: 'in a fresh process',
    index: events,
    atUs: 0,
    node: undefined,
    handler: 'unknown: run alone, this seed does not differ',
    label: 'digest; something outlives a run and reaches the next one',
    left: undefined,
    right: undefined,
  };
}

interface Told {
  readonly path: string;
  readonly scenario: Scenario;
  readonly checked: readonly Checked[];
  readonly count: number;
}

function reproOf({ path, checked, count }: Told, command: string): string {
  const culprit = checked.find(({ divergence }) => divergence !== undefined);
  const seed = (culprit ?? checked[0])?.seed ?? '';
  const seeds = culprit === undefined && count > 1 ? ` --seeds ${count}` : '';
  return `${command} check-determinism ${shellWord(path)} --seed ${shellWord(seed)}${seeds}`;
}

function jsonText(told: Told, command: string): string {
  const { path, scenario, checked, count } = told;
  const divergence = checked.find((one) => one.divergence !== undefined)?.divergence;
  const report = {
    scenario: path,
    about: scenario.about,
    engine: engineVersion,
    deterministic: divergence === undefined && checked.length === count,
    ...(divergence !== undefined && { divergence: jsonOf(divergence) }),
    seeds: checked.map(({ seed, events, digest }) => ({ seed, events, digest })),
    repro: reproOf(told, command),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function humanText(told: Told, command: string, colors: Colors): string {
  const { scenario, checked, count } = told;
  const culprit = checked.find(({ divergence }) => divergence !== undefined);
  const repro = ['', reproOf(told, command), ''];
  if (culprit?.divergence !== undefined) {
    const { name } = scenario.protocol;
    const head = `${colors.bad('not deterministic')}  ${name}, seed ${culprit.seed}`;
    return [head, '', ...divergenceLines(culprit.divergence, colors), ...repro].join('\n');
  }
  const events = checked.reduce((sum, one) => sum + one.events, 0);
  const digest = checked.length === 1 ? `, digest ${checked[0]?.digest}` : '';
  const extent = `${counted(checked.length, 'seed')}, ${counted(events, 'event')}${digest}`;
  const isAll = checked.length === count;
  const word = isAll ? colors.good('deterministic') : colors.doubtful('interrupted');
  const isHosted = scenario.protocol.hosted !== undefined;
  const how = isAll
    ? `side by side, ${isHosted ? '' : 'every handler twice, '}and in a fresh process`
    : `no difference so far; ${count - checked.length} of ${counted(count, 'seed')} not checked`;
  return [`${word}  ${extent}`, `  ${how}`, ...repro].join('\n');
}
