// `npm run bench:inevitable`: how near the largest jump of `inevitable` lies to what was planted,
// in short runs of mutants, and what it costs. See docs/mutants.md.
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { tune } from '../../src/files/tune.js';
import { type Inevitable, inevitable, type Jump, shareOf } from '../../src/scenario/inevitable.js';
import { mutants } from '../support/mutants.js';
import {
  distanceOf,
  isNear,
  type Planted,
  pairOf,
  planted,
  plantedFolder,
} from '../support/planted.js';
import { plant } from './plant.js';

const { values: asked } = parseArgs({
  options: {
    only: { type: 'string' },
    futures: { type: 'string', default: '40' },
    /** Another folder of planted failures. */
    from: { type: 'string' },
    /** Makes those of these mutants that are not there yet. */
    plant: { type: 'string' },
  },
});

const widths = [30, 6, 14, 7, 18, 8, 6, 8, 6, 9] as const;
const heads = [
  ...['mutant', 'events', 'mistake, trigger', 'jump', 'P', 'mistake', 'chain', 'trigger'],
  ...['runs', 'processor'],
] as const;

function print(cells: readonly string[], end = ''): void {
  const padded = cells.map((cell, column) => {
    const width = widths[column] ?? 0;
    return column === 0
      ? cell.padEnd(width)
      : cell.padStart(Math.max(width, heads[column]?.length ?? 0));
  });
  process.stdout.write(`${padded.join(' ')}  ${end}\n`.replace(/ +\n/, '\n'));
}

interface Measured {
  readonly near: boolean;
  /** The share of the run's events that would have counted as near. */
  readonly byChance: number;
}

async function measure(failure: Planted): Promise<Measured> {
  const { broken, seed, failure: wanted } = await pairOf(failure);
  const before = process.cpuUsage();
  const subject = { scenario: broken, seed, edits: [], failure: wanted };
  const found = driven(inevitable(subject, { futures: Number(asked.futures) }));
  const seconds = secondsSince(before);
  const { track, jumps, runs } = found;
  const [jump] = jumps;
  const distance = jump && distanceOf(failure, jump.event, track);
  const near = distance !== undefined && isNear(distance);
  const events = Array.from({ length: track.timeline.length }, (_, event) => event);
  const counted = events.filter((event) => isNear(distanceOf(failure, event, track)));
  const { mistake, trigger } = failure;
  const planted = [mistake.event, trigger?.event ?? '–'].join(', ');
  const [one, chain, other] = [distance?.mistake, distance?.chain, distance?.trigger].map(told);
  print(
    [
      ...[failure.mutant.name, `${events.length}`, planted, `${jump?.event ?? '–'}`, rise(jump)],
      ...[one ?? '', chain ?? '', other ?? '', `${runs}`, seconds],
    ],
    near ? 'near' : '',
  );
  return { near, byChance: counted.length / events.length };
}

function secondsSince(before: NodeJS.CpuUsage): string {
  const { user, system } = process.cpuUsage(before);
  return `${((user + system) / 1e6).toFixed(1)} s`;
}

function driven(work: Generator<Inevitable, Inevitable>): Inevitable {
  for (let step = work.next(); ; step = work.next()) if (step.done === true) return step.value;
}

function told(distance: number | undefined): string {
  return distance === undefined || distance === Number.POSITIVE_INFINITY ? '–' : `${distance}`;
}

function rise(jump: Jump | undefined): string {
  if (jump === undefined) return '–';
  const [before, after] = [jump.before, jump.after].map((point) =>
    Math.round(100 * shareOf(point)),
  );
  return `${before} % → ${after} %`;
}

/** Plants what is asked for; nothing is measured then. */
async function plantAll(names: readonly string[], folder: URL): Promise<void> {
  for (const mutant of mutants().filter(({ name }) => names.includes(name))) {
    const before = process.cpuUsage();
    const outcome = await plant(mutant, fileURLToPath(folder));
    process.stdout.write(`${mutant.name.padEnd(30)} ${outcome}, ${secondsSince(before)}\n`);
  }
}

async function measureAll(chosen: readonly Planted[]): Promise<void> {
  print(heads);
  const all: Measured[] = [];
  for (const failure of chosen) all.push(await measure(failure));
  const near = all.filter((each) => each.near).length;
  const expected = all.reduce((sum, { byChance }) => sum + byChance, 0);
  process.stdout.write(
    `${near} of ${all.length} are near; of events drawn by lot ${expected.toFixed(1)} would be\n`,
  );
}

tune();
const folder = asked.from === undefined ? plantedFolder : pathToFileURL(`${resolve(asked.from)}/`);
if (asked.plant !== undefined) await plantAll(asked.plant.split(','), folder);
else {
  const names = asked.only?.split(',');
  await measureAll(planted(folder).filter(({ mutant: { name } }) => names?.includes(name) ?? true));
}
