// A process that runs programs behind pipes and can be ended from outside, in any way.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtCli } from './built-cli.js';

/** Starts a process that runs `bin` as three nodes for an hour, unless it is ended before. */
export function startPiped(bin: string, more: object = {}): ChildProcess {
  const built = resolve(builtCli(), '../../maelstrom/pipe/run.js');
  const scenario = {
    nodes: 3,
    workload: { name: 'echo', rate: 200 },
    network: { latency: '2ms' },
    duration: '1h',
    ...more,
  };
  const script = join(mkdtempSync(join(tmpdir(), 'stormglass-script-')), 'run.mjs');
  writeFileSync(
    script,
    `import { runPiped } from ${JSON.stringify(pathToFileURL(built).href)};
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
process.on('message', (what) => {
  if (what === 'throw') throw new Error('our own mistake');
  process.exit(0);
});
let told = false;
const onReading = () => {
  if (told) return;
  told = true;
  process.send('running');
};
const options = { signal: stop.signal, onReading };
await runPiped(${JSON.stringify(scenario)}, '1', { bin: ${JSON.stringify(bin)} }, options);
process.disconnect();
`,
  );
  return spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
}
