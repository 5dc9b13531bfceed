// Connections, for the transport of that name: one per unordered pair of parties, opened by the
// first message, FIFO in each direction. Whatever breaks one kills what is under way on it, in both
// directions; the next message opens a new one. Duplicates never show, as TCP hides them.
import type { Micros } from '../kernel/time.js';
import { linkOf } from './rules.js';

interface Connection {
  /** Messages of an older epoch than the connection's are dead. */
  epoch: number;
  /** When the last message of each direction arrives: none may overtake it. */
  readonly lastUs: [lowToHigh: Micros, highToLow: Micros];
}

/** All connections of a world: plain data, cloned with it. */
export type Connections = Map<number, Connection>;

/** The epoch that a message sent now belongs to. */
export function epochOf(connections: Connections, a: number, b: number): number {
  return connectionOf(connections, a, b).epoch;
}

/** When a message that would arrive at `atUs` arrives in order behind those before it. */
export function inOrder(connections: Connections, from: number, to: number, atUs: Micros): Micros {
  const connection = connectionOf(connections, from, to);
  const direction = from < to ? 0 : 1;
  const arrivesUs = Math.max(atUs, connection.lastUs[direction]);
  connection.lastUs[direction] = arrivesUs;
  return arrivesUs;
}

/** Breaks the connection: what was sent before is dead. */
export function breakConnection(connections: Connections, a: number, b: number): void {
  const connection = connectionOf(connections, a, b);
  connection.epoch++;
  connection.lastUs.fill(0);
}

/** The parties that have had a connection with `party`, in the order of opening. */
export function peersOf(connections: Connections, party: number, parties: number): number[] {
  const peers: number[] = [];
  for (let peer = 0; peer < parties; peer++) {
    if (connections.has(pairOf(party, peer))) peers.push(peer);
  }
  return peers;
}

function connectionOf(connections: Connections, a: number, b: number): Connection {
  const pair = pairOf(a, b);
  let connection = connections.get(pair);
  if (connection === undefined) {
    connection = { epoch: 1, lastUs: [0, 0] };
    connections.set(pair, connection);
  }
  return connection;
}

function pairOf(a: number, b: number): number {
  return a < b ? linkOf(a, b) : linkOf(b, a);
}
