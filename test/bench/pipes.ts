// How much of what programs can do is left when we are between them: a cluster of five Python echo
// nodes behind our pipes, against two bare processes that ask and answer over a pipe. Both are
// measured in turn, in the same run; the ratios are the medians of the rounds'. By the wall's
// clock: what counts is how long a user waits. The goal is 70 % of two processes as they are; that
// these may be thrice as fast if they are made to share a processor, which then never has to be
// woken, is told as well.
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { RecordedReading } from '../../src/maelstrom/pipe/recording.js';
import { runPiped } from '../../src/maelstrom/pipe/run.js';
import { median } from './measure.js';

const rounds = 5;
const bareTrips = 20_000;
const echo = resolve('fixtures/nodes/python/echo.py');

/** Asks an echo node again and again; prints how many messages a second went over the pipes. */
const asker = `
import json, os, subprocess, sys, time
if sys.argv[3] == "one" and hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
node = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
def ask(number):
    body = {"type": "echo", "msg_id": number, "echo": "Please echo 3"}
    line = json.dumps({"id": number, "src": "c1", "dest": "n1", "body": body})
    node.stdin.write(line.encode() + b"\\n")
    node.stdin.flush()
    return json.loads(node.stdout.readline())
for number in range(1, 1000):
    ask(number)
trips = int(sys.argv[2])
since = time.perf_counter()
for number in range(1, trips + 1):
    ask(number)
print(2 * trips / (time.perf_counter() - since))
node.stdin.close()
node.wait()
`;

/** Prints the figures of hosting by pipe. Takes about half a minute. */
export async function pipes(print: (line: string) => void): Promise<void> {
  for (const [concurrency, rate] of [
    [5, 4_000],
    [25, 12_500],
  ] as const) {
    const ratios: { readonly free: number[]; readonly pinned: number[] } = { free: [], pinned: [] };
    const piped: number[] = [];
    const free: number[] = [];
    const pinned: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const alone = [bareRate('any'), bareRate('one')] as const;
      const hosted = await pipedRate(concurrency, rate);
      free.push(alone[0]);
      pinned.push(alone[1]);
      piped.push(hosted);
      ratios.free.push(hosted / alone[0]);
      ratios.pinned.push(hosted / alone[1]);
    }
    print(`pipe, 5 echo.py, ${concurrency} clients: ${perSecond(piped)}`);
    print(`  ${shareOf(ratios.free)} of two bare processes (${perSecond(free)}), goal 70 %`);
    print(`  ${shareOf(ratios.pinned)} of two made to share a processor (${perSecond(pinned)})`);
  }
}

/** Messages a second between two processes, on any processors or both on one. */
function bareRate(processors: 'any' | 'one'): number {
  return Number(execFileSync('python3', ['-c', asker, echo, String(bareTrips), processors]));
}

/** Messages a second, requests and replies, from the first answer to the last. */
async function pipedRate(concurrency: number, rate: number): Promise<number> {
  let sinceMs = 0;
  let untilMs = 0;
  const onReading = ({ turn }: RecordedReading): void => {
    untilMs = performance.now();
    if (sinceMs === 0 && turn > 0) sinceMs = untilMs; // In turn 0 they answer init.
  };
  const scenario = {
    nodes: 5,
    workload: { name: 'echo', rate, concurrency },
    duration: `${Math.round((1_000 * bareTrips) / rate)}ms`,
    recovery: '10ms',
  };
  const run = await runPiped(scenario, '1', { bin: echo }, { onReading });
  return run.result.counts.messages.all.delivered / ((untilMs - sinceMs) / 1_000);
}

function shareOf(ratios: readonly number[]): string {
  return `${Math.round(100 * median(ratios))} %`;
}

function perSecond(rates: readonly number[]): string {
  return `${Math.round(median(rates) / 1_000)} k messages/s`;
}
