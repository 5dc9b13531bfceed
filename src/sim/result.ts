// What is known of a run, while it goes on or when it is over: plain data for reports.
import type { Counts, MessageCount } from '../history/counts.js';
import type { Op } from '../history/op.js';
import type { Micros } from '../kernel/time.js';
import type { Fault } from '../nemesis/fault.js';
import type { AnyProperty } from '../node/property.js';
import type { Handshakes, Misconduct } from '../node/protocol.js';
import type { Breach, Standing } from './watch.js';
import type { CrashReport, End, World } from './world.js';

/** What became of a fault. Effective: it changed the fate of something. */
export interface FaultReport {
  readonly id: string;
  readonly fault: Fault;
  /** `undefined`: it never struck. */
  readonly startUs: Micros | undefined;
  readonly endUs: Micros | undefined;
  readonly effective: boolean;
  /** Messages, operations, writes and timers whose fate it changed. */
  readonly touched: number;
}

/** What became of a property. */
export interface PropertyReport {
  readonly name: string;
  readonly kind: AnyProperty['kind'];
  /** `open`: still true (`always`), never reached (`sometimes`), not yet due (`eventually`). */
  readonly standing: Standing;
  /** Where it was broken, or reached; what was missing; what it threw. */
  readonly breach: Breach | undefined;
}

export interface RunResult {
  readonly history: readonly Op[];
  /** Chained over all events: 16 hexadecimal digits. */
  readonly digest: string;
  readonly events: number;
  readonly virtualUs: Micros;
  /** `interrupted`: the run had not ended when it was asked. */
  readonly end: End | 'interrupted';
  readonly counts: Counts;
  readonly faults: readonly FaultReport[];
  readonly crashes: readonly CrashReport[];
  /** `init` and its answers, of hosted programs; they are not among the messages of `counts`. */
  readonly handshakes: Handshakes;
  /** What hosted programs should not have said. */
  readonly misconduct: readonly Misconduct[];
  readonly properties: readonly PropertyReport[];
  /** Messages and timers of types that the protocol has no handler for. */
  readonly unhandled: readonly { readonly type: string; readonly count: number }[];
  readonly milestones: readonly {
    readonly id: string;
    readonly reachedUs: Micros | undefined;
  }[];
  /** By the position of each edit, whether it found what it changes. */
  readonly edits: readonly boolean[];
}

export function resultOf(world: World): RunResult {
  const { spec, counts } = world;
  return {
    history: world.history,
    digest: world.digest.toString(),
    events: world.events,
    virtualUs: world.queue.nowUs,
    end: world.end ?? 'interrupted',
    counts: { messages: { ...counts, all: sum(counts.clients, counts.servers) } },
    faults: world.faults.map(({ id, fault, startUs, endUs, touched }) => ({
      id,
      fault,
      startUs,
      endUs,
      effective: touched > 0,
      touched,
    })),
    crashes: world.crashes,
    handshakes: world.programs[0]?.protocol.hosted?.handshakes?.() ?? { asked: 0, answered: 0 },
    misconduct: world.programs.flatMap(({ protocol }) => protocol.hosted?.misconduct?.() ?? []),
    properties: (world.watch?.states ?? []).map(
      ({ property: { name, kind }, standing, breach }) => ({
        name,
        kind,
        standing,
        breach,
      }),
    ),
    unhandled: [...world.unhandled].map(([type, count]) => ({ type, count })),
    milestones: spec.milestones.map(({ id }, i) => ({
      id,
      reachedUs: world.milestones[i]?.reachedUs,
    })),
    edits: spec.edits.map((_, position) => world.applied.has(position)),
  };
}

function sum(a: MessageCount, b: MessageCount): MessageCount {
  return {
    sent: a.sent + b.sent,
    delivered: a.delivered + b.delivered,
    dropped: a.dropped + b.dropped,
    duplicated: a.duplicated + b.duplicated,
  };
}
