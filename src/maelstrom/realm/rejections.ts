// What a realm's code does with promises: whether it makes any, and which are rejected with nobody
// to handle it. Node tells its own `unhandledRejection` after the host's turn, when the simulated
// event is long over, and would end the simulator; so we must know within the event. V8 tells Node
// of each such promise at once, and Node then reads `process.domain`; the hook of settled promises
// has just named the promise. All that Node would complain of later is therefore heard here first.
import { setImmediate } from 'node:timers';
import { promiseHooks } from 'node:v8';
import { constants, createContext, Script } from 'node:vm';
import { usageError } from '../../scenario/usage-error.js';

type Stop = () => void;

/** One for all realms: code runs in one of them at a time. */
const watch: {
  /** A realm's code runs. */
  open: boolean;
  last: object | undefined;
  readonly rejected: Set<object>;
  stopSettled: Stop | undefined;
  stopCreated: Stop | undefined;
  /** Promises that were made while they were counted. */
  made: number;
  stopCounting: Stop | undefined;
  works: boolean | undefined;
} = {
  open: false,
  last: undefined,
  rejected: new Set(),
  stopSettled: undefined,
  stopCreated: undefined,
  made: 0,
  stopCounting: undefined,
  works: undefined,
};

/** Begins to watch: code of a realm is about to run, and its promises are to be counted, or not. */
export function openWatch(counted: boolean): void {
  watch.open = true;
  watch.last = undefined;
  watch.made = 0;
  if (counted !== (watch.stopCounting !== undefined)) count(counted);
  if (watch.stopSettled !== undefined) return;
  installHint();
  watch.stopSettled = promiseHooks.onSettled((promise: Promise<unknown>) => {
    watch.last = promise;
  }) as unknown as Stop;
  // Hooks slow the host's promises down: they go when the host has its turn again.
  setImmediate(() => {
    watch.stopSettled?.();
    watch.stopSettled = undefined;
    count(false);
  }).unref();
}

/** How many promises have been made since the watch was opened, if they are counted. */
export function promisesMade(): number {
  return watch.made;
}

/** V8 tells of each: also of those that `async` functions and `await` make. */
function count(wanted: boolean): void {
  watch.stopCounting?.();
  watch.stopCounting = wanted
    ? (promiseHooks.onInit(() => {
        watch.made++;
      }) as unknown as Stop)
    : undefined;
}

/** Promises rejected since it was last asked, which nobody has handled until now. */
export function takeRejected(): readonly object[] {
  watch.stopCreated?.();
  watch.stopCreated = undefined;
  if (watch.rejected.size === 0) return [];
  const rejected = [...watch.rejected];
  watch.rejected.clear();
  return rejected;
}

/** No realm's code runs any more. */
export function closeWatch(): void {
  watch.open = false;
  watch.last = undefined;
}

/** Throws a usage error where this version of Node does not tell what we must know. */
export function checkWatch(): void {
  watch.works ??= tryWatch();
  if (watch.works) return;
  throw usageError(`Node ${process.version} cannot host JavaScript programs in-process`, {
    expected: 'Node 20, 22 or 24, started without the module "domain"',
    hint: 'Run the program by pipe instead.',
  });
}

function tryWatch(): boolean {
  const context = createContext(constants.DONT_CONTEXTIFY, { microtaskMode: 'afterEvaluate' });
  const run = (code: string): number => {
    openWatch(true);
    new Script(code).runInContext(context);
    if (watch.made === 0) return -1;
    const rejected = takeRejected();
    const handle = new Script('(p) => { p.catch(() => {}); }').runInContext(context);
    for (const promise of rejected) handle(promise);
    takeRejected();
    closeWatch();
    return rejected.length;
  };
  const late = 'const p = Promise.reject(1); Promise.resolve().then(() => p.catch(() => {}));';
  return run('(async () => { await 1; throw 2; })(); Promise.resolve(1);') === 1 && run(late) === 0;
}

/** Node reads `process.domain` for each promise that is rejected while nobody handles it. */
function installHint(): void {
  const before = Object.getOwnPropertyDescriptor(process, 'domain');
  if (before?.get === hint || before?.configurable === false) return;
  Object.defineProperty(process, 'domain', {
    configurable: true,
    enumerable: false,
    get: hint,
    set(value: unknown) {
      Object.defineProperty(process, 'domain', { value, writable: true, configurable: true });
    },
  });
}

function hint(): undefined {
  if (!watch.open || watch.last === undefined) return undefined;
  watch.rejected.add(watch.last);
  // From here to the end of the event, whoever continues from a promise handles it.
  watch.stopCreated ??= promiseHooks.onInit((_promise: object, parent?: object) => {
    if (parent !== undefined) watch.rejected.delete(parent);
  }) as unknown as Stop;
  return undefined;
}
