// How much of what programs can do is left when we are between them: a cluster of five Python echo
// nodes behind our pipes, against two bare processes that ask and answer over a pipe. Both are
// measured in turn, in the same run; the ratio is the median of the rounds'. By the wall's clock:
// what counts is how long a user waits.
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { runPiped } from '../../src/maelstrom/pipe/run.js';
import { median } from './measure.js';

const rounds = 5;
const bareTrips = 20_000;
const echo = resolve('fixtures/nodes/python/echo.py');

/** Asks an echo node again and again; prints how many messages a second went over the pipes. */
const asker = `
import json, subprocess, sys, time
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
    [25, 20_000],
  ] as const) {
    const ratios: number[] = [];
    const piped: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const alone = bareRate();
      const hosted = await pipedRate(concurrency, rate);
      bare.push(alone);
      piped.push(hosted);
      ratios.push(hosted / alone);
    }
    const share = `${Math.round(100 * median(ratios))} %`;
    const rates = `${perSecond(piped)}, bare ${perSecond(bare)}`;
    print(`pipe, 5 echo.py, ${concurrency} clients: ${rates}: ${share}`);
  }
}

function bareRate(): number {
  return Number(execFileSync('python3', ['-c', asker, echo, String(bareTrips)]));
}

/** Messages a second, requests and replies, from the first answer to the verdict. */
async function pipedRate(concurrency: number, rate: number): Promise<number> {
  let sinceMs = 0;
  const onReading = (): void => {
    if (sinceMs === 0) sinceMs = performance.now();
  };
  const scenario = {
    nodes: 5,
    workload: { name: 'echo', rate, concurrency },
    duration: `${Math.round((1_000 * bareTrips) / rate)}ms`,
    recovery: '10ms',
  };
  const run = await runPiped(scenario, '1', { bin: echo }, { onReading });
  return run.result.counts.messages.all.delivered / ((performance.now() - sinceMs) / 1_000);
}

function perSecond(rates: readonly number[]): string {
  return `${Math.round(median(rates) / 1_000)} k messages/s`;
}
