// How hosted programs behave at their stdout: which of their lines are no messages, answer twice,
// or answer what nobody asked. A run goes on after any of it; the report names the line.

import { formatInstant, type Micros } from '../kernel/time.js';
import type { NodeId } from '../node/message.js';
import type { Handshakes, Misconduct } from '../node/protocol.js';

/**
 * `garbage`: a line that is no message. `twice`: a request that one node answers more often than it
 * was asked. `out-of-turn`: said to a client that had not asked. `nobody`: said to a party that is
 * not there. Noted, and allowed, because some programs do so on purpose: `foreign`, said in the
 * name of another; `elsewhere`, an answer to what another node has answered, as old and new leaders
 * do.
 */
type Kind = 'garbage' | 'twice' | 'out-of-turn' | 'nobody' | 'foreign' | 'elsewhere';

const allowed: ReadonlySet<Kind> = new Set(['foreign', 'elsewhere']);

/** Something that a program should not have said. */
export interface Violation {
  readonly kind: Kind;
  readonly node: NodeId;
  readonly atUs: Micros;
  /** The number of the line among those that this start of the program has said, from 1. */
  readonly number: number;
  /** The line itself, or its beginning. */
  readonly line: string;
  readonly why: string;
  /** How often the node did the like, this time included. */
  count: number;
}

/** A line and where it was said. */
export interface Utterance {
  readonly node: NodeId;
  readonly atUs: Micros;
  readonly number: number;
  readonly line: string;
}

/** What has become of one request. */
interface Request {
  asked: number;
  /** The node of each answer. */
  readonly answers: NodeId[];
  readonly type: string;
}

/** What one client has asked, by `msg_id`. */
interface Asked {
  readonly requests: Map<number, Request>;
  /** Some have been forgotten. */
  forgotten: boolean;
}

/** Requests of a client that are remembered; an answer to an older one is no longer looked at. */
const requestsMax = 20_000;
/** Violations of one kind by one node of which the lines are kept. */
const listedMax = 20;
const lineMax = 300;
/** Answers to one request of which it is remembered who gave them. */
const answersMax = 100;

export class Conduct {
  readonly violations: Violation[] = [];
  /** Nodes whose program has not answered `init`. */
  readonly #silent = new Set<NodeId>();
  readonly #clients = new Map<NodeId, Asked>();

  /** How many programs were sent `init`, and how many have answered it. */
  handshakes: Handshakes = { asked: 0, answered: 0 };

  starts(node: NodeId): void {
    this.handshakes = { ...this.handshakes, asked: this.handshakes.asked + 1 };
    this.#silent.add(node);
  }

  isReady(node: NodeId): void {
    this.handshakes = { ...this.handshakes, answered: this.handshakes.answered + 1 };
    this.#silent.delete(node);
  }

  /** Its program is gone; that it has not answered is not its fault any more. */
  ends(node: NodeId): void {
    this.#silent.delete(node);
  }

  /** A client's request has been handed to some program. */
  asked(client: NodeId, messageId: number | undefined, type: string): void {
    let asked = this.#clients.get(client);
    if (asked === undefined) {
      asked = { requests: new Map(), forgotten: false };
      this.#clients.set(client, asked);
    }
    if (messageId === undefined) return;
    const { requests } = asked;
    const request = requests.get(messageId);
    if (request !== undefined) {
      request.asked++;
      return;
    }
    requests.set(messageId, { asked: 1, answers: [], type });
    if (requests.size <= requestsMax) return;
    asked.forgotten = true;
    for (const oldest of requests.keys()) {
      requests.delete(oldest);
      return;
    }
  }

  isClient(name: NodeId): boolean {
    return this.#clients.has(name);
  }

  /** Something has been said to a client. */
  answered(client: NodeId, inReplyTo: number | undefined, said: Utterance): void {
    if (inReplyTo === undefined) {
      return this.note('out-of-turn', said, `it answers nothing that ${client} has asked`);
    }
    const asked = this.#clients.get(client);
    const request = asked?.requests.get(inReplyTo);
    if (request === undefined) {
      if (asked?.forgotten) return;
      return this.note('out-of-turn', said, `${client} has sent no request ${inReplyTo}`);
    }
    const { asked: times, answers, type } = request;
    if (answers.length <= answersMax) answers.push(said.node);
    if (answers.length <= times) return;
    const own = answers.filter((node) => node === said.node).length;
    const kind = own > times ? 'twice' : 'elsewhere';
    this.note(kind, said, `${type} ${inReplyTo} of ${client} has been answered already`);
  }

  note(kind: Kind, { node, atUs, number, line }: Utterance, why: string): void {
    const alike = this.violations.filter((other) => other.kind === kind && other.node === node);
    for (const other of alike) other.count++;
    if (alike.length >= listedMax) return;
    const shown = line.length > lineMax ? `${line.slice(0, lineMax)}…` : line;
    const count = alike.length + 1;
    this.violations.push({ kind, node, atUs, number, line: shown, why, count });
  }

  /** What the programs are to be blamed for. */
  misconduct(): readonly Misconduct[] {
    return [
      ...this.violations.filter(({ kind }) => !allowed.has(kind)).map(misconductOf),
      ...[...this.#silent].map((node) => ({
        kind: 'init',
        about: `${node} has not answered init`,
      })),
    ];
  }
}

function misconductOf({ kind, node, atUs, number, line, why }: Violation): Misconduct {
  return { kind, about: `line ${number} of ${node}, at ${formatInstant(atUs)} s: ${why}: ${line}` };
}
