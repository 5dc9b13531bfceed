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
  readonly run: (ctx: Context) => void;
}

/** So many events are enough for every program here. */
const eventsMax = 2_000;

/** Runs `entry`, and says `lines` to it from 1 s on, one every 100 ms. */
export function runAlone(
  entry: string,
  {
    lines = [],
    files = new ProgramFiles(),
  }: { lines?: readonly string[]; files?: ProgramFiles } = {},
): Outcome {
  let [nowUs, number, bits] = [0, 0, 1];
  let due: Due[] = [];
  const said = { stdout: '', stderr: '', refused: [] as string[] };
  const ctx = {
    ...{ self: 'n0', nodes: ['n0'] },
    get nowUs() {
      return nowUs;
    },
    random: {
      below: () => {
        bits = (Math.imul(bits, 1_664_525) + 1_013_904_223) >>> 0;
        return bits;
      },
    },
    setTimer: ({ id }: { readonly id: number }, delayUs: number) => {
      const run = (now: Context): void => realm.timer(now, id);
      due.push({ atUs: nowUs + delayUs, number: ++number, run });
      return number;
    },
    clearTimer: (cleared: number) => {
      due = due.filter((each) => each.number !== cleared);
    },
  } as unknown as Context;
  const choices = { files, entry, args: [], env: { PATH: '/bin' }, root: packageDirectory(entry) };
  const realm = new NodeRealm(choices, ctx, {
    printed: (line) => {
      said.stdout += `${line}\n`;
    },
    logged: (line) => {
      said.stderr += `${line}\n`;
    },
    refused: (text) => said.refused.push(text),
  });
  for (const [nth, line] of lines.entries()) {
    const run = (now: Context): void => realm.line(now, `${line}\n`);
    due.push({ atUs: 1_000_000 + nth * 100_000, number: ++number, run });
  }
  realm.start(ctx);
  for (let events = 0; events < eventsMax && realm.ending === undefined; events++) {
    const next = due.sort((a, b) => a.atUs - b.atUs || a.number - b.number).shift();
    if (next === undefined) break;
    nowUs = next.atUs;
    next.run(ctx);
  }
  return { ...said, ending: realm.ending, endedUs: nowUs };
}
