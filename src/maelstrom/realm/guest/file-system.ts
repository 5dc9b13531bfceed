// `node:fs`, as far as a hosted program has files: those of its own package can be read, and what
// is written to the standard streams is said. All else is refused.
import { refusal, refusedModule } from './refuse.js';
import { codedError, life, nextTick } from './state.js';
import { stderr, stdout } from './stdio.js';

type Callback = (error: unknown, value?: unknown) => void;

const streams: ReadonlyMap<unknown, typeof stdout> = new Map<unknown, typeof stdout>([
  ...[1, '/dev/stdout', '/proc/self/fd/1'].map((name) => [name, stdout] as const),
  ...[2, '/dev/stderr', '/proc/self/fd/2'].map((name) => [name, stderr] as const),
]);

const inputs: readonly unknown[] = [0, '/dev/stdin', '/proc/self/fd/0'];

/** What a path names, however it is written. */
function pathOf(given: unknown): string {
  const text = given instanceof Uint8Array ? Buffer.from(given).toString() : String(given);
  return text.startsWith('file:') ? decodeURIComponent(new URL(text).pathname) : text;
}

function textOrBytes(bytes: Uint8Array, options: unknown): unknown {
  const named = (options as { readonly encoding?: unknown } | null | undefined)?.encoding;
  const encoding = typeof options === 'string' ? options : named;
  const buffer = Buffer.from(bytes);
  return typeof encoding === 'string' ? buffer.toString(encoding as BufferEncoding) : buffer;
}

function readFileSync(path: unknown, options?: unknown): unknown {
  if (inputs.includes(path)) {
    throw codedError(
      'ERR_STORMGLASS_REFUSED',
      'fs.readFileSync of stdin waits for its end, and a node reads messages as they come: ' +
        "listen to process.stdin's 'data', or use readline",
    );
  }
  const answer = life.host.readFile(pathOf(path));
  if ('value' in answer) return textOrBytes(answer.value, options);
  throw codedError(answer.error.code, answer.error.message);
}

function writeSync(fd: unknown, data: unknown): number {
  const stream = streams.get(fd);
  if (stream === undefined) throw refusal('fs', 'writeSync');
  stream.write(typeof data === 'string' || data instanceof Uint8Array ? data : String(data));
  return typeof data === 'string' ? Buffer.byteLength(data) : (data as Uint8Array).length;
}

/** A function of this name that writes a file: the program's own streams are all that it can. */
function writer(name: string) {
  return (path: unknown, data: unknown): void => {
    if (!streams.has(path)) throw refusal('fs', name);
    writeSync(path, data);
  };
}

function writeLater(fd: unknown, data: unknown, ...rest: unknown[]): void {
  const callback = rest.at(-1) as Callback;
  const count = writeSync(fd, data);
  nextTick(() => callback(null, count));
}

function existsSync(path: unknown): boolean {
  return life.host.kindOf(pathOf(path)) !== undefined;
}

function statSync(path: unknown, options?: { readonly throwIfNoEntry?: boolean }): unknown {
  const name = pathOf(path);
  const kind = life.host.kindOf(name);
  if (kind === undefined) {
    if (options?.throwIfNoEntry === false) return undefined;
    throw codedError('ENOENT', `ENOENT: no such file or directory, stat '${name}'`);
  }
  const answer = kind === 'file' ? life.host.readFile(name) : undefined;
  return {
    ...{ isFile: () => kind === 'file', isDirectory: () => kind === 'directory' },
    ...{ isSymbolicLink: () => false, isFIFO: () => false, mtimeMs: 0 },
    size: answer !== undefined && 'value' in answer ? answer.value.length : 0,
  };
}

function readdirSync(path: unknown): unknown {
  const answer = life.host.readDirectory(pathOf(path));
  if ('value' in answer) return [...answer.value];
  throw codedError(answer.error.code, answer.error.message);
}

function accessSync(path: unknown): void {
  statSync(path);
}

function realpathSync(path: unknown): string {
  return pathOf(path);
}

const allowed = {
  ...{ readFileSync, writeSync, existsSync, statSync, readdirSync, accessSync },
  ...{ writeFileSync: writer('writeFileSync'), appendFileSync: writer('appendFileSync') },
  ...{ realpathSync, write: writeLater, lstatSync: statSync },
  fsyncSync: () => undefined,
};

/** The same, by callback: the answer comes at the next tick. */
function called(run: (...args: never[]) => unknown): unknown {
  return (...args: unknown[]): void => {
    const callback = args.pop() as Callback;
    nextTick(() => {
      let value: unknown;
      try {
        value = run(...(args as never[]));
      } catch (error) {
        return callback(error);
      }
      callback(null, value);
    });
  };
}

/** The same, by promise. */
function promisedCall(run: (...args: never[]) => unknown): unknown {
  return async (...args: never[]) => run(...args);
}

const readers = { readFile: readFileSync, stat: statSync, lstat: statSync, readdir: readdirSync };
const writers = { writeFile: writer('writeFile'), appendFile: writer('appendFile') };
const others = { access: accessSync, ...writers };

function each(wrap: (run: (...args: never[]) => unknown) => unknown): Record<string, unknown> {
  const entries = Object.entries({ ...readers, ...others });
  return Object.fromEntries(entries.map(([name, run]) => [name, wrap(run)]));
}

/** `fs/promises`. */
export function filePromises(): object {
  return refusedModule('fs/promises', each(promisedCall));
}

/** The module's exports. */
export function fileModule(): object {
  return refusedModule('fs', { ...allowed, ...each(called), promises: filePromises() });
}
