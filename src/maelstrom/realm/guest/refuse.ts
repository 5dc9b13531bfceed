// What a hosted program cannot have: a stand-in for a module or a function of Node that throws,
// when it is used and not before, an error that says what was asked for and where.
import { codedError, life } from './state.js';

/** Why, by module. */
const reasons = new Map([
  ...['net', 'tls', 'http', 'https', 'http2', 'dgram', 'dns', 'dns/promises'].map(
    (name) => [name, 'a hosted program has no network but its messages'] as const,
  ),
  ['fs', 'a hosted program has no files but those of its own package, to read'],
  ['fs/promises', 'a hosted program has no files but those of its own package, to read'],
  ['child_process', 'a hosted program starts no processes'],
  ['cluster', 'a hosted program starts no processes'],
  ['worker_threads', 'a hosted program starts no threads'],
]);

const otherwise = 'what it does cannot be repeated exactly';

/** The error for `what` of `module`; the host is told as well, for a program may catch it. */
export function refusal(module: string, what: string): Error {
  const name = what === '' ? module : `${module}.${what}`;
  const text = `${name} is refused here: ${reasons.get(module) ?? otherwise}`;
  const error = codedError('ERR_STORMGLASS_REFUSED', text);
  const place = /\((.*)\)|at (\S+:\d+:\d+)/.exec(error.stack ?? '');
  life.host.refused(`${text} (${place?.[1] ?? place?.[2] ?? life.host.entry})`);
  return error;
}

/** A function, or class, that throws. */
export function refused(module: string, what: string): unknown {
  return function refusedHere(): never {
    throw refusal(module, what);
  };
}

/** The module as it is in Node, with each of its functions refused but those of `own`. */
export function refusedModule(module: string, own: Readonly<Record<string, unknown>> = {}): object {
  const exports: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(life.host.builtin(module))) {
    if (typeof value === 'function') exports[name] = refused(module, name);
    else if (name !== 'promises' && name !== 'default') exports[name] = value;
  }
  return Object.assign(exports, own);
}
