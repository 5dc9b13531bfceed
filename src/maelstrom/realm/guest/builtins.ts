// Which of Node's modules a hosted program gets, and what stands in for the rest.
import { virtualPerformance } from './clock.js';
import { virtualConsole } from './console.js';
import { eventsModule } from './events.js';
import { fileModule, filePromises } from './file-system.js';
import { processOf } from './process.js';
import { readlineModule, readlinePromises } from './readline.js';
import { refused, refusedModule } from './refuse.js';
import { life } from './state.js';
import { streamModule, streamPromises } from './stream.js';
import { timerFunctions, timersPromises } from './timers.js';
import {
  assertModule,
  asyncModule,
  bufferModule,
  cryptoModule,
  systemModule,
  utilModule,
  wrapped,
} from './utilities.js';

/** Pure modules, which are the host's own. */
const pure = ['path', 'path/posix', 'path/win32', 'url', 'querystring', 'string_decoder'];

const factories: ReadonlyMap<string, () => object> = new Map<string, () => object>([
  ...[...pure, 'util/types', 'constants'].map((name) => [name, () => wrapped(name)] as const),
  ...['assert', 'assert/strict'].map((name) => [name, () => assertModule(name)] as const),
  ['events', eventsModule],
  ['stream', streamModule],
  ['stream/promises', () => streamPromises],
  ['readline', readlineModule],
  ['readline/promises', () => readlinePromises],
  ['timers', () => ({ ...timerFunctions, promises: timersPromises })],
  ['timers/promises', () => timersPromises],
  ['fs', fileModule],
  ['fs/promises', filePromises],
  ['util', utilModule],
  ['os', systemModule],
  ['crypto', cryptoModule],
  ['buffer', () => bufferModule(Reflect.get(globalThis, 'Buffer'))],
  ['async_hooks', asyncModule],
  ['process', () => processOf.current as object],
  ['console', () => ({ ...virtualConsole, Console: refused('console', 'Console') })],
  ['tty', () => refusedModule('tty', { isatty: () => false })],
  ['perf_hooks', () => refusedModule('perf_hooks', { performance: virtualPerformance() })],
  ['worker_threads', () => refusedModule('worker_threads', { ...mainThread })],
  ['cluster', () => refusedModule('cluster', { isPrimary: true, isMaster: true, isWorker: false })],
]);

const mainThread = { isMainThread: true, threadId: 0, parentPort: null, workerData: null };

const made = new Map<string, object>();

/** The exports of a module of Node's own; the same at every call. */
export function builtinModule(specifier: string): object {
  const name = specifier.replace(/^node:/, '');
  const known = made.get(name);
  if (known !== undefined) return known;
  const exports = factories.get(name)?.() ?? refusedModule(name);
  made.set(name, exports);
  return exports;
}

/** Whether `specifier` names a module of Node's own. */
export function isBuiltinName(specifier: string): boolean {
  return life.host.isBuiltin(specifier);
}
