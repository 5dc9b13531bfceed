// Hosting: an unmodified Node program that speaks JSON lines on stdin and stdout, as a protocol.
// Each node is a realm of its own with virtual time and chance, so the run is as deterministic as
// one of our protocols. docs/hosting-javascript.md says what a program finds there.
import { realpathSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { NodeId } from '../../node/message.js';
import type { AnyProtocol } from '../../node/protocol.js';
import { usageError } from '../../scenario/usage-error.js';
import { Conduct } from '../conduct.js';
import { HostedNode, type HostedState, type LogEntry, type Shared } from './hosted-node.js';
import type { RealmChoices } from './node-realm.js';
import { kindOfPath, ProgramFiles, packageDirectory } from './program-files.js';
import { checkWatch } from './rejections.js';

/** What hosting can be told beside the program. */
interface HostingChoices {
  /** `process.env` of the program, whole: none of the host's is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told of each line on stderr, and of each line on stdout that is no message. */
  readonly log?: (entry: LogEntry) => void;
}

const defaultEnv = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/', LANG: 'C.UTF-8', TZ: 'UTC' };

/**
 * The protocol whose nodes are realms of the program at `path`, called with `args`. Throws a
 * UsageError if there is no such program, or if it does not compile.
 */
export function hostedJavaScript(
  path: string,
  args: readonly string[] = [],
  { env = defaultEnv, log }: HostingChoices = {},
): AnyProtocol {
  checkWatch();
  const entry = entryOf(path);
  const choices: RealmChoices = {
    ...{ files: new ProgramFiles(), entry, args, env, logged: log !== undefined },
    root: packageDirectory(entry),
  };
  checkCompiles(choices, path);
  const name = basename(path);
  const tell = log ?? (() => {});
  const perWorld = (services: readonly NodeId[]): AnyProtocol =>
    protocolOf(name, choices, { log: tell, services });
  return { ...perWorld([]), hosted: { perWorld, ended: () => {} } };
}

/** The protocol of one world: the programs of its nodes are in its memory. */
function protocolOf(
  name: string,
  choices: RealmChoices,
  given: Pick<Shared, 'log' | 'services'>,
): AnyProtocol {
  const programs = new Map<NodeId, HostedNode>();
  const conduct = new Conduct();
  const shared = { ...given, conduct, counter: { messages: 0 } };
  const at = (node: NodeId): HostedNode => programs.get(node) as HostedNode;
  const protocol: AnyProtocol = {
    name,
    about: 'A JavaScript program, hosted in-process.',
    options: {},
    init(ctx): HostedState {
      const program = new HostedNode(choices, ctx, shared);
      programs.set(ctx.self, program);
      program.start(ctx);
      return program.state;
    },
    on: {},
    other: (_state, message, ctx) => at(ctx.self).receive(message, ctx),
    timers: {
      timer: (_state, { id }, ctx) => at(ctx.self).timer(id, ctx),
      over: (_state, _timer, ctx) => at(ctx.self).crash(),
      'init-timeout': (_state, _timer, ctx) => at(ctx.self).checkInitialised(),
    },
    hosted: {
      perWorld: () => protocol,
      ended: (node) => {
        conduct.ends(node);
        programs.delete(node);
      },
      over: () => programs.clear(),
      handshakes: () => conduct.handshakes,
      misconduct: () => conduct.misconduct(),
    },
  };
  return protocol;
}

function entryOf(path: string): string {
  const full = resolve(path);
  const kind = kindOfPath(full);
  if (kind === 'file') return realpathSync(full);
  const about = kind === undefined ? `there is no program ${path}` : `${path} is a directory`;
  throw usageError(about, { expected: 'a JavaScript or TypeScript file' }, path);
}

function checkCompiles({ files, entry }: RealmChoices, path: string): void {
  const compiled = files.compiled(entry);
  if (!(compiled instanceof Error)) return;
  const about = `the program ${path} does not compile: ${compiled.name}: ${compiled.message}`;
  throw usageError(about, { expected: 'JavaScript or TypeScript that Node can run' }, path);
}
