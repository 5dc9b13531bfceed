// `process`: a process that has a name and a life of its own, and no other power.
import { elapsedMs, elapsedNs } from './clock.js';
import { EventEmitter } from './events.js';
import { refusal } from './refuse.js';
import { Exit, endLife, inspected, life, nextTick } from './state.js';
import { stderr, stdin, stdout } from './stdio.js';

/** The same whatever runs the simulator, so that no program can tell one from the other. */
const version = '20.19.0';
const execPath = '/usr/local/bin/node';
const billion = 1_000_000_000n;

const memory = { rss: 50_000_000, heapTotal: 20_000_000, heapUsed: 10_000_000 };

class Process extends EventEmitter {
  readonly stdin: object = stdin;
  readonly stdout: object = stdout;
  readonly stderr: object = stderr;
  readonly pid = life.host.pid;
  readonly ppid = 1;
  readonly title = 'node';
  readonly platform = 'linux';
  readonly arch = 'x64';
  readonly version = `v${version}`;
  readonly versions = { node: version };
  readonly release = { name: 'node' };
  readonly config = { variables: {}, target_defaults: {} };
  readonly features = {};
  readonly execPath = execPath;
  readonly execArgv: readonly string[] = [];
  readonly argv0 = 'node';
  readonly argv = [execPath, life.host.entry, ...life.host.args];
  readonly env: Record<string, string> = { ...life.host.env };
  readonly connected = false;
  readonly nextTick = nextTick;
  exitCode: number | string | undefined = undefined;

  readonly hrtime = Object.assign(
    (before?: readonly [number, number]): [number, number] => {
      const since = before === undefined ? 0n : BigInt(before[0]) * billion + BigInt(before[1]);
      const ns = elapsedNs() - since;
      return [Number(ns / billion), Number(ns % billion)];
    },
    { bigint: elapsedNs },
  );

  readonly memoryUsage = Object.assign(() => ({ ...memory, external: 0, arrayBuffers: 0 }), {
    rss: () => memory.rss,
  });

  readonly exit = (code?: number | string): never => {
    const status = Number(code ?? this.exitCode ?? 0);
    leave(status, `process.exit(${code ?? ''})`);
    throw new Exit('the program has ended');
  };

  readonly reallyExit = this.exit;
  readonly abort = (): never => {
    endLife({ code: 134, error: undefined, reason: 'process.abort()' });
    throw new Exit('the program has ended');
  };

  readonly kill = (pid: number, signal: string | number = 'SIGTERM'): boolean => {
    if (pid !== this.pid) throw refusal('process', 'kill');
    if (signal === 0 || (typeof signal === 'string' && this.emit(signal, signal))) return true;
    endLife({ code: 143, error: undefined, reason: `process.kill(${pid}, ${signal})` });
    throw new Exit('the program has ended');
  };

  readonly uptime = (): number => elapsedMs() / 1000;
  readonly cwd = (): string => '/tmp';
  readonly umask = (): number => 0o022;
  readonly cpuUsage = () => ({ user: 0, system: 0 });
  readonly resourceUsage = () => ({ userCPUTime: 0, systemCPUTime: 0, maxRSS: 50_000 });
  readonly getuid = (): number => 1000;
  readonly getgid = (): number => 1000;
  readonly geteuid = (): number => 1000;
  readonly getegid = (): number => 1000;
  readonly hasUncaughtExceptionCaptureCallback = (): boolean => false;
  readonly setUncaughtExceptionCaptureCallback = (): void => {};
  readonly setSourceMapsEnabled = (): void => {};

  readonly emitWarning = (warning: unknown): void => {
    const text = warning instanceof Error ? warning.message : String(warning);
    stderr.write(`(node:${this.pid}) Warning: ${text}\n`);
  };

  readonly chdir = (): never => {
    throw refusal('process', 'chdir');
  };

  readonly binding = (): never => {
    throw refusal('process', 'binding');
  };

  readonly dlopen = (): never => {
    throw refusal('process', 'dlopen');
  };
}

/** The global `process`; made when the realm boots. */
export const processOf: { current: Process | undefined } = { current: undefined };

export function createProcess(): Process {
  const made = new Process();
  processOf.current = made;
  return made;
}

/** The program ends: its `exit` listeners run, and nothing after them. */
function leave(code: number, reason: string): void {
  if (life.over) return;
  try {
    if (processOf.current !== undefined) processOf.current.exitCode = code;
    processOf.current?.emit('exit', code);
  } catch (error) {
    if (!(error instanceof Exit)) return dieOf(error, 'uncaughtException');
  }
  endLife({ code, error: undefined, reason });
}

/** Nothing is left that could wake the program. */
export function runDry(): void {
  const { exitCode } = processOf.current ?? {};
  const why = 'nothing was left to wait for: it neither reads stdin nor has a timer';
  leave(Number(exitCode ?? 0), why);
}

/** An exception or rejection that nobody caught: a listener's, or the program's end. */
export function uncaught(
  error: unknown,
  kind: 'uncaughtException' | 'unhandledRejection',
  promise?: unknown,
): void {
  if (life.over || error instanceof Exit) return;
  try {
    const heard =
      kind === 'unhandledRejection' && processOf.current?.emit(kind, error, promise) === true;
    if (heard || processOf.current?.emit('uncaughtException', error, kind) === true) return;
  } catch (second) {
    if (!(second instanceof Exit)) dieOf(second, 'uncaughtException');
    return;
  }
  dieOf(error, kind);
}

function dieOf(error: unknown, kind: string): void {
  const known = error instanceof Error;
  const message = known ? `${error.name}: ${error.message}` : `thrown: ${inspected(error)}`;
  const stack = known ? (error.stack ?? message) : message;
  const reason = kind === 'unhandledRejection' ? 'unhandled rejection' : 'uncaught exception';
  endLife({ code: 1, error: { message, stack }, reason });
}
