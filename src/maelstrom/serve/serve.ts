// `stormglass serve`: a protocol of ours as a node program, which Jepsen's Maelstrom can run, too.
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { loadModules } from '../../files/modules.js';
import type { AnyProtocol } from '../../node/protocol.js';
import { lookUp } from '../../scenario/catalogue.js';
import { readOptions } from '../../scenario/options.js';
import { registries } from '../../scenario/registries.js';
import { type Problem, UsageError, usageError } from '../../scenario/usage-error.js';
import { ServedNode, type Serving } from './served-node.js';

/** A protocol with its options, complete. */
type Served = Pick<Serving, 'protocol' | 'options'>;

/**
 * The protocol of a registry's name or a module's path, with options as `key=value`. Throws a
 * UsageError if there is none, or if an option is not sound.
 */
export async function servedProtocol(name: string, given: readonly string[]): Promise<Served> {
  const problems: Problem[] = [];
  const report = (problem: Problem): void => {
    problems.push({ ...problem, path: problem.path.filter((part) => part === 'options') });
  };
  const loaded = await loadModules({ protocol: name }, 'here');
  problems.push(...loaded.problems.map((problem) => ({ ...problem, path: [] })));
  const { modules } = loaded;
  const protocol =
    problems.length > 0
      ? undefined
      : lookUp('protocol', name, { catalogue: registries, modules, report }, []);
  const options = protocol && optionsOf(protocol, given, report);
  const [first, ...others] = problems.map((problem) => ({ ...problem, path: [] }));
  if (first !== undefined) throw new UsageError([first, ...others]);
  if (protocol?.hosted !== undefined) throw usageError(`${name} is a hosted program already`);
  return { protocol: protocol as AnyProtocol, options: options ?? {} };
}

function optionsOf(
  protocol: AnyProtocol,
  given: readonly string[],
  report: (problem: Problem) => void,
): object {
  const { problem } = protocol;
  const declared = {
    owner: `protocol ${protocol.name}`,
    options: protocol.options as object,
    ...(problem && { problem }),
  };
  return readOptions(declared, Object.fromEntries(given.map(pairOf)), ['options'], report);
}

/** `retry=250ms` as a scenario's `retry: 250ms` would be read. */
function pairOf(text: string): readonly [string, unknown] {
  const at = text.indexOf('=');
  if (at < 1) throw usageError(`the option is "${text}"`, { expected: 'KEY=VALUE' });
  const value = text.slice(at + 1);
  if (value === 'true' || value === 'false') return [text.slice(0, at), value === 'true'];
  const isNumber = value !== '' && Number.isFinite(Number(value));
  return [text.slice(0, at), isNumber ? Number(value) : value];
}

/**
 * Serves until stdin ends or it is told to stop. Rejects with what the protocol throws: the node
 * has crashed.
 */
export function serve(
  serving: Omit<Serving, 'crash'>,
  stdin: Readable,
  stop: AbortSignal,
): Promise<void> {
  const lines = createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY });
  let node: ServedNode | undefined;
  return new Promise<void>((resolve, reject) => {
    node = new ServedNode({ ...serving, crash: reject });
    lines.on('line', (line) => node?.hear(line));
    lines.on('close', resolve);
    stop.addEventListener('abort', () => resolve(), { once: true });
  }).finally(() => {
    node?.close();
    lines.close();
  });
}
