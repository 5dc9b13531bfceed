// The state machine that is replicated: registers, and beside them the clients' sessions, by which
// a command that arrives again is executed once (§6.3). Both are functions of the log alone.
import { codes } from '../calls.js';
import type { Command } from './log.js';

/** What a command has come to: 0, done; otherwise an error's code. */
export type Result = number;

interface Session {
  /** The client's last command, and what it came to. */
  readonly seq: number;
  readonly result: Result;
  /** The entry that it was. */
  readonly index: number;
}

export interface Machine {
  readonly values: Map<unknown, unknown>;
  readonly sessions: Map<string, Session>;
  /** How many commands have been executed, those that changed nothing included. */
  executed: number;
}

interface SessionLimits {
  readonly sessions: boolean;
  readonly sessionsMax: number;
}

export const newMachine = (): Machine => ({ values: new Map(), sessions: new Map(), executed: 0 });

/** A copy to which nothing happens any more: commands replace values and sessions whole. */
export function copyOf({ values, sessions, executed }: Readonly<Machine>): Machine {
  return { values: new Map(values), sessions: new Map(sessions), executed };
}

/**
 * Executes the command of an entry; a client's last command gets its result again. `undefined`: it
 * is older than that one, and its client has long gone on.
 */
export function execute(
  machine: Machine,
  { command, index }: { readonly command: Command; readonly index: number },
  { sessions, sessionsMax }: SessionLimits,
): Result | undefined {
  const { client, seq } = command;
  if (sessions) {
    const known = machine.sessions.get(client);
    if (known !== undefined && seq <= known.seq) return resultOf(machine, client, seq);
  }
  const result = change(machine, command);
  machine.sessions.set(client, { seq, result, index });
  if (machine.sessions.size > sessionsMax) forgetOldest(machine);
  return result;
}

/** What a command came to that has been executed and is its client's last. */
export function resultOf({ sessions }: Readonly<Machine>, client: string, seq: number) {
  const known = sessions.get(client);
  return known?.seq === seq ? known.result : undefined;
}

function change(machine: Machine, { f, key, from, to }: Command): Result {
  const { values } = machine;
  machine.executed++;
  if (f === 'cas') {
    if (!values.has(key)) return codes.missing;
    if (values.get(key) !== from) return codes.mismatch;
  }
  values.set(key, to);
  return 0;
}

/** The session that was silent longest, counted in entries, so that all servers forget the same. */
function forgetOldest({ sessions }: Machine): void {
  let oldest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [client, { index }] of sessions) {
    if (index >= least) continue;
    least = index;
    oldest = client;
  }
  if (oldest !== undefined) sessions.delete(oldest);
}
