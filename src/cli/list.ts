// `stormglass list`: what there is to choose from, a line each.
import { models } from '../checkers/linearizable/models/index.js';
import { loadScenario } from '../files/scenario-file.js';
import { scenarioPaths } from '../files/shipped.js';
import { formats } from '../history/formats/index.js';
import { faultKinds } from '../nemesis/index.js';
import { shapes } from '../nemesis/shapes.js';
import { nearest } from '../scenario/nearest.js';
import { writeOptions } from '../scenario/options.js';
import { oneOf, quoted } from '../scenario/problems.js';
import { registries } from '../scenario/registries.js';
import { strategies } from '../scenario/strategies/index.js';
import { UsageError, usageError } from '../scenario/usage-error.js';
import { type Colors, colorsOf } from './colors.js';
import type { Io } from './io.js';
import { table } from './layout.js';

interface Entry {
  readonly name: string;
  readonly about: string;
  readonly [more: string]: unknown;
}

type Lists = Readonly<Record<string, readonly Entry[]>>;

const kinds = [
  'protocols',
  'services',
  'workloads',
  'faults',
  'shapes',
  'checkers',
  'models',
  'formats',
  'strategies',
  'scenarios',
] as const;

/** Lists all kinds, or one; the answer is the exit code. */
export async function list(
  kind: string | undefined,
  { json }: { readonly json: boolean },
  io: Io,
): Promise<number> {
  if (kind !== undefined && !kinds.some((known) => known === kind)) {
    throw usageError(`there is no list of ${quoted(kind)}`, {
      expected: oneOf(kinds),
      nearest: nearest(kind, kinds),
    });
  }
  const wanted = kinds.filter((name) => kind === undefined || kind === name);
  const lists: Lists = Object.fromEntries(
    await Promise.all(wanted.map(async (name) => [name, await entriesOf(name)] as const)),
  );
  const colors = await colorsOf(io.stdout, io.env);
  io.stdout.write(json ? `${JSON.stringify(lists, undefined, 2)}\n` : humanText(lists, colors));
  return 0;
}

async function entriesOf(kind: (typeof kinds)[number]): Promise<readonly Entry[]> {
  switch (kind) {
    case 'protocols':
      return coded(registries.protocol);
    case 'services':
      return coded(registries.service);
    case 'workloads':
      return coded(registries.workload);
    case 'checkers':
      return coded(registries.checker);
    case 'models':
      return [...models.values()].map(({ name, about }) => ({ name, about }));
    case 'formats':
      return formats.map(({ name, about, aliases }) => ({ name, about, aliases }));
    case 'faults':
      return [...faultKinds].map(([name, { about }]) => ({ name, about }));
    case 'strategies':
      return [...strategies.values()].map(({ name, about }) => ({ name, about }));
    case 'shapes':
      return [...shapes].map(([name, { about }]) => ({ name, about }));
    default:
      return Promise.all(scenarioPaths().map(scenarioEntry));
  }
}

function coded(
  registry: ReadonlyMap<string, { readonly about: string; readonly options: object }>,
): readonly Entry[] {
  return [...registry].map(([name, { about, options }]) => ({
    name,
    about,
    options: writeOptions(options),
  }));
}

/** A scenario that cannot be read is listed with what is wrong with it. */
async function scenarioEntry(path: string): Promise<Entry> {
  try {
    const { about, file } = await loadScenario(path);
    return { name: path, about, expect: file.expect };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { name: path, about: `cannot be read: ${error.problems[0].about}` };
  }
}

function humanText(lists: Lists, colors: Colors): string {
  const parts = Object.entries(lists).map(([kind, entries]) => {
    const rows = (kind === 'shapes' ? bothWays(entries) : entries).map(({ name, about }) => [
      { text: `  ${name}` },
      { text: about },
    ]);
    return [colors.strong(kind), ...table(rows), ''].join('\n');
  });
  return `${parts.join('\n')}`;
}

const oneWay = /-(send|receive)-only$/;

/** Every shape is there in one direction only, too: said once instead of in two lines each. */
function bothWays(entries: readonly Entry[]): readonly Entry[] {
  const about = 'Any of these in one direction: those cut off can still send, or still hear.';
  return [
    ...entries.filter(({ name }) => !oneWay.test(name)),
    { name: '…-send-only, …-receive-only', about },
  ];
}
