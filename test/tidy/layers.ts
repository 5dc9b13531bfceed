// The import table of the design: what each folder of src may import beside itself.

export interface Layer {
  /** Folders (with a slash) and single files of src. */
  readonly modules: readonly string[];
  readonly packages: readonly string[] | 'any';
  /** What it may load by `import()` only, when a user asks for it. */
  readonly lazily: readonly string[];
}

/** What a plural folder's plug-ins fulfil; the simulation knows these and no plug-in. */
export const contracts = ['checkers/checker.ts', 'workloads/workload.ts', 'nemesis/fault.ts'];

const messages = 'node/message.ts';
const edges = ['maelstrom/', 'testing/', 'cli/', 'tui/'];
const plugins = ['protocols/', 'services/', 'workloads/', 'nemesis/', 'checkers/'];
const core = ['kernel/', 'node/', 'history/', 'network/', 'sim/', ...plugins];

/** Files come from disk, from users' modules and from packages; the process is theirs to tune. */
const filePackages = [
  ...['node:buffer', 'node:fs', 'node:module', 'node:path', 'node:url', 'node:v8', 'node:zlib'],
  ...['jiti', 'yaml'],
];

export const layers: ReadonlyMap<string, Layer> = new Map([
  ['kernel', layer([], ['seedrandom'])],
  ['node', layer(['kernel/'])],
  ['history', layer(['kernel/'])],
  ['network', layer(['kernel/', 'node/'])],
  ['sim', layer(['kernel/', 'node/', 'history/', 'network/', ...contracts.slice(1)])],
  ['protocols', layer(['node/', 'kernel/time.ts', 'kernel/assert.ts'])],
  ['services', layer(['node/', 'kernel/time.ts', 'kernel/assert.ts', 'kernel/plain.ts'])],
  ['workloads', layer([messages, 'history/', 'kernel/', 'checkers/'])],
  ['nemesis', layer([messages, 'kernel/'])],
  ['checkers', layer(['history/', 'kernel/'])],
  ['scenario', layer(core, ['zod'])],
  // A scenario may name a program of others, and those who host it are at the edge.
  [
    'files',
    layer(['scenario/', 'sim/', 'history/'], filePackages, ['maelstrom/hosted-program.ts']),
  ],
  ['maelstrom', layer([...core, 'scenario/', 'files/'], 'any')],
  ['testing', layer([...core, 'scenario/', 'files/'], 'any')],
  ['cli', layer([...core, 'scenario/', 'files/'], 'any', edges)],
  ['tui', layer([...core, 'scenario/', 'files/'], 'any')],
]);

/** The folders of simulated things: no clock, no chance of the host's, no promise. */
export const deterministicFolders: readonly string[] = [
  ...core.map((folder) => folder.slice(0, -1)),
  'scenario',
];

/** `src/sim/world.ts` is of `sim`; `src/index.ts` is of no folder. */
export function folderOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

function layer(
  modules: readonly string[],
  packages: readonly string[] | 'any' = [],
  lazily: readonly string[] = [],
): Layer {
  return { modules, packages, lazily };
}
