// Programs behind pipes as a protocol that any scenario can have: each world starts processes of
// its own and ends them. Whoever only advances a world, as `simulate` does, has its programs waited
// for where they stand; whoever can do better asks for the world's programs and drives it: run.ts.
import type { NodeId } from '../../node/message.js';
import type { AnyProtocol } from '../../node/protocol.js';
import type { World } from '../../sim/world.js';
import { Conduct } from '../conduct.js';
import type { Host } from './host.js';
import { nap } from './nap.js';
import type { Command } from './program.js';
import { Programs, type ProgramsOptions } from './programs.js';
import { pipedProtocol } from './protocol.js';
import { type RecordedReading, recorded } from './recording.js';
import type { Patience } from './wait.js';

/** How programs behind pipes are run. */
export interface PipeChoices {
  /** See `ProgramsOptions`. */
  readonly clock?: ProgramsOptions['clock'];
  /** Virtual time that a program takes to answer. */
  readonly turnUs?: number;
  /** Where the nodes' stderr goes, as `n0.log`, `n1.log` … */
  readonly logDirectory?: string | undefined;
  readonly patience?: Partial<Patience>;
  /** Told of every reading, as it happens. */
  readonly onReading?: (reading: RecordedReading) => void;
}

/** What a program may take if nothing else is said. */
export const pipeDefaults = {
  turnUs: 1_000,
  patience: { quiescentMs: 2_000, awaitedMs: 10_000 },
} as const;

/** The programs of one world, and what they have said. */
export interface PipedWorld {
  readonly command: Command;
  readonly turnUs: number;
  readonly conduct: Conduct;
  readonly readings: RecordedReading[];
  /** Nodes whose program has timers of its own. */
  readonly timed: ReadonlySet<NodeId>;
  /** They are started with the first node. */
  programs(): Programs;
  /** Somebody else sees to it that virtual time follows the wall's: nobody waits in here. */
  driven: boolean;
}

const worlds = new WeakMap<AnyProtocol, PipedWorld>();

/** The programs of a world whose members are programs behind pipes. */
export function pipedWorldOf({ programs }: World): PipedWorld | undefined {
  const [members] = programs;
  return members && worlds.get(members.protocol);
}

/** The protocol whose nodes are processes of `command`, which can be run. */
export function pipedPrograms(
  command: Command,
  name: string,
  choices: PipeChoices = {},
): AnyProtocol {
  const perWorld = (services: readonly NodeId[]): AnyProtocol =>
    worldOf(command, name, choices, services);
  const idle = { start() {}, hand() {}, stop() {}, collect: () => nothing };
  const { turnUs = pipeDefaults.turnUs } = choices;
  const base = pipedProtocol({
    ...{ name, turnUs, host: idle, conduct: new Conduct(), services: [] },
  }) as AnyProtocol;
  return { ...base, hosted: { perWorld, ended: () => {}, keyedByLink: true } };
}

const nothing = { said: [], timed: false, ended: undefined };

function worldOf(
  command: Command,
  name: string,
  choices: PipeChoices,
  services: readonly NodeId[],
): AnyProtocol {
  const { clock = 'auto', logDirectory, turnUs = pipeDefaults.turnUs, onReading } = choices;
  const patience = { ...pipeDefaults.patience, ...choices.patience };
  let started: Programs | undefined;
  const programs = (): Programs => {
    started ??= new Programs({ command, logDirectory, patience, clock });
    return started;
  };
  const timed = new Set<NodeId>();
  const readings: RecordedReading[] = [];
  const conduct = new Conduct();
  const piped: PipedWorld = {
    ...{ command, turnUs, conduct, readings, timed, programs },
    driven: false,
  };
  const host = recorded(paced(piped), (reading) => {
    readings.push(reading);
    if (reading.timed) timed.add(reading.node);
    onReading?.(reading);
  });
  const over = (): void => started?.end();
  const protocol = pipedProtocol({ name, host, conduct, turnUs, services, over }) as AnyProtocol;
  worlds.set(protocol, piped);
  return protocol;
}

/** A node's clock beside the wall's. */
interface Pace {
  dueMs: number;
  nowUs: number;
}

/** What virtual time may lag behind the wall's before it gives up catching up. */
const lagMsMax = 100;

/** Programs with timers of their own are asked no sooner than the wall's clock says. */
function paced(piped: PipedWorld): Host {
  const paces = new Map<NodeId, Pace>();
  return {
    start: (node, turn) => {
      paces.delete(node);
      piped.programs().start(node, turn);
    },
    hand: (node, lines, turnEndsUs) => piped.programs().hand(node, lines, turnEndsUs),
    stop: (node) => piped.programs().stop(node),
    collect: (node, nowUs) => {
      if (!piped.driven && piped.timed.has(node)) waitFor(node, nowUs);
      return piped.programs().collect(node);
    },
  };

  function waitFor(node: NodeId, nowUs: number): void {
    const wallMs = performance.now();
    const pace = paces.get(node);
    if (pace === undefined) return void paces.set(node, { dueMs: wallMs, nowUs });
    // Its own clock may have been made to jump: from one turn to the next is never long.
    const spanUs = Math.min(Math.max(0, nowUs - pace.nowUs), 2 * piped.turnUs);
    pace.dueMs = Math.max(pace.dueMs + spanUs / 1_000, wallMs - lagMsMax);
    pace.nowUs = nowUs;
    if (pace.dueMs > wallMs) nap(pace.dueMs - wallMs);
  }
}
