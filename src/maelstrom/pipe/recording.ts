// What programs said, and when: all that a run by pipe needs beside its scenario and seed in order
// to go the same way again without them.
import type { NodeId } from '../../node/message.js';
import type { EditFile, ScenarioFile } from '../../scenario/schema.js';
import type { Host, Reading, Said } from './host.js';
import type { Command } from './program.js';

/** A reading that was more than silence. */
export interface RecordedReading {
  readonly type: 'said';
  readonly node: NodeId;
  /** By the node's clock. */
  readonly atUs: number;
  /** Which start of the node's program it was, from 1. */
  readonly start: number;
  /** Which turn of that start, from 0. */
  readonly turn: number;
  readonly said: readonly Said[];
  readonly timed: boolean;
  readonly ended?: string;
}

/** A run by pipe: what it was made from, what its programs said, what it came to. */
export interface Recording {
  readonly scenario: ScenarioFile;
  readonly seed: string;
  /** Beside those of the scenario. */
  readonly edits: readonly EditFile[];
  /** What the programs were; they are not needed any more. */
  readonly command: Command;
  readonly turnUs: number;
  readonly readings: readonly RecordedReading[];
  readonly digest: string;
}

/** Where a program is in its life. */
interface Place {
  start: number;
  turn: number;
  timed: boolean;
}

/** Counts the starts and turns of every node. */
class Places {
  readonly #places = new Map<NodeId, Place>();

  start(node: NodeId): void {
    const start = (this.#places.get(node)?.start ?? 0) + 1;
    this.#places.set(node, { start, turn: 0, timed: false });
  }

  of(node: NodeId): Place {
    const place = this.#places.get(node);
    if (place === undefined) throw new Error(`${node} was never started`);
    return place;
  }
}

/** A host that passes on what it hears to `record`. */
export function recorded(host: Host, record: (reading: RecordedReading) => void): Host {
  const places = new Places();
  return {
    start: (node, turn) => {
      places.start(node);
      host.start(node, turn);
    },
    hand: (node, lines, turnEndsUs) => host.hand(node, lines, turnEndsUs),
    stop: (node) => host.stop(node),
    collect: (node, atUs) => {
      const reading = host.collect(node, atUs);
      const place = places.of(node);
      const { said, timed, ended } = reading;
      if (said.length > 0 || ended !== undefined || timed !== place.timed) {
        const { start, turn } = place;
        const more = ended === undefined ? {} : { ended };
        record({ type: 'said', node, atUs, start, turn, said, timed, ...more });
      }
      place.turn++;
      place.timed = timed;
      return reading;
    },
  };
}

/** A host without programs: what was recorded is said again, at the same turns. */
export function player(readings: readonly RecordedReading[]): Host {
  const places = new Places();
  const known = new Map(readings.map((one) => [`${one.node} ${one.start} ${one.turn}`, one]));
  return {
    start: (node) => places.start(node),
    hand: () => {},
    stop: () => {},
    collect: (node): Reading => {
      const place = places.of(node);
      const reading = known.get(`${node} ${place.start} ${place.turn}`);
      place.turn++;
      place.timed = reading?.timed ?? place.timed;
      return { said: reading?.said ?? [], timed: place.timed, ended: reading?.ended };
    },
  };
}
