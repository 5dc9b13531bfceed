// A realm without a simulator: lines in, lines out, timers in the order in which they are due.
import { NodeRealm } from '../../../src/maelstrom/realm/node-realm.js';
import { ProgramFiles, packageDirectory } from '../../../src/maelstrom/realm/program-files.js';
import type { Context } from '../../../src/node/protocol.js';

/** What a program did until it ended, or until nothing was left to do. */
interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly refused: readonly string[];
  /** How it ended; `undefined`: it did not. */
  readonly ending: NodeRealm['ending'];
  readonly endedUs: number;
}

interface Due {
  readonly atUs: number;
  readonly number: number;
  readonly run: () => void;
}

/** So many events are enough for every program here. */
const eventsMax = 2_000;

/** Runs `entry`, and says `lines` to it from 1 s on, one every 100 ms. */
export function runAlone(
  entry: string,
  { lines = [] }: { readonly lines?: readonly string[] } = {},
): Outcome {
  const said = { stdout: '', stderr: '', refused: [] as string[] };
  const agenda = new Agenda((id) => realm.timer(agenda.ctx, id));
  const files = new ProgramFiles();
  const choices = {
    ...{ files, entry, args: [], logged: true, env: { PATH: '/bin' } },
    root: packageDirectory(entry),
  };
  const realm: NodeRealm = new NodeRealm(choices, agenda.ctx, {
    printed: (line) => {
      said.stdout += `${line}\n`;
    },
    logged: (line) => {
      said.stderr += `${line}\n`;
    },
    refused: (text) => said.refused.push(text),
  });
  for (const [nth, line] of lines.entries()) {
    agenda.add(1_000_000 + nth * 100_000, () => realm.line(agenda.ctx, line));
  }
  realm.start(agenda.ctx);
  for (let events = 0; events < eventsMax && realm.ending === undefined; events++) {
    if (!agenda.runNext()) break;
  }
  return { ...said, ending: realm.ending, endedUs: agenda.nowUs };
}

/** What is due, by time and then by order; with the context that adds to it. */
class Agenda {
  nowUs = 0;
  readonly ctx: Context;
  #count = 0;
  #due: Due[] = [];

  constructor(fire: (id: number) => void) {
    const now = (): number => this.nowUs;
    this.ctx = {
      ...{ self: 'n0', nodes: ['n0'], random: { below: draws() } },
      get nowUs() {
        return now();
      },
      setTimer: ({ id }: { readonly id: number }, delayUs: number) =>
        this.add(this.nowUs + delayUs, () => fire(id)),
      clearTimer: (cleared: number) => {
        this.#due = this.#due.filter(({ number }) => number !== cleared);
      },
    } as unknown as Context;
  }

  add(atUs: number, run: () => void): number {
    const number = ++this.#count;
    this.#due.push({ atUs, number, run });
    return number;
  }

  runNext(): boolean {
    const next = this.#due.sort((a, b) => a.atUs - b.atUs || a.number - b.number).shift();
    if (next === undefined) return false;
    this.nowUs = next.atUs;
    next.run();
    return true;
  }
}

/** The same 32 bits at every call of the same number. */
function draws(): () => number {
  let bits = 1;
  return () => {
    bits = (Math.imul(bits, 1_664_525) + 1_013_904_223) >>> 0;
    return bits;
  };
}
