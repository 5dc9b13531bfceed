// The options of `stormglass test`: Maelstrom's under Maelstrom's names, then ours. What their
// values must be is said where they are read, when a test is run.
import type { Command } from 'commander';

type Row = readonly [flags: string, about: string];

const maelstroms: readonly Row[] = [
  ['-w, --workload <name>', 'What clients do; see `stormglass list workloads` (default: lin-kv).'],
  ['--bin <program>', 'The program that every node runs; its arguments follow after `--`.'],
  ['--node-count <n>', 'So many nodes, n0, n1 …; outweighs --nodes.'],
  ['--nodes <names>', 'Names of nodes, with commas between them (default: n1 … n5).'],
  ['--nodes-file <file>', 'Names of nodes, one a line.'],
  ['--time-limit <s>', 'How long clients work, in virtual seconds (default: 60).'],
  ['--rate <r>', 'Operations a second, all clients (default: 5).'],
  ['--concurrency <n>', 'Clients, or clients for each node as in 2n (default: 1n).'],
  ['--latency <ms>', 'Mean latency between nodes (default: 0).'],
  ['--latency-dist <dist>', 'constant, uniform or exponential (default: constant).'],
  ['--nemesis <faults>', 'partition, one-way, kill, pause, loss … with commas between them.'],
  ['--nemesis-interval <s>', 'From one turn of a fault to the next, on average (default: 10).'],
  ['--topology <name>', 'What broadcast tells nodes: line, grid, tree … (default: grid).'],
  ['--availability <share>', 'total, or the least share of operations to be acknowledged.'],
  ['--consistency-models <names>', 'What transactions promise (default: strict-serializable).'],
  ['--key-count <n>', 'Keys of transactions at once (default: 10).'],
  ['--max-writes-per-key <n>', 'After so many writes another key is used (default: 16).'],
  ['--max-txn-length <n>', 'Operations of a transaction at most (default: 4).'],
  ['--log-stderr', "Prints nodes' logs as they come."],
  ['--log-net-send', 'Prints messages as they are sent.'],
  ['--log-net-recv', 'Prints messages as they are received.'],
  ['--test-count <n>', 'So many tests, each with the next seed, up to the first that fails.'],
];

const ours: readonly Row[] = [
  ['--protocol <name>', 'Instead of --bin: a protocol of ours, or ./path/to/module.ts.'],
  ['--host <way>', 'in-process (JavaScript), pipe, or auto (default: auto).'],
  [
    '-s, --seed <seed>',
    'What chance is made of; without it the same test is the same run (default: 1).',
  ],
  ['--loss <share>', 'The share of messages between nodes that is lost, such as 2%.'],
  ['--duplicate <share>', 'The share of messages between nodes that arrives twice.'],
  [
    '--recovery <s>',
    'From the end of all faults to the final reads, as in Maelstrom (default: 10).',
  ],
  ['--strictness <whose>', 'stormglass, or maelstrom to judge as Maelstrom does.'],
  ['--output <dir>', 'Where results are kept (default: store).'],
  ['--no-store', 'Keeps no results.'],
  ['--json', 'Prints results.json instead of a report for people.'],
];

/** Accepted because scripts have them; there is nothing that they could change here. */
const unused: readonly Row[] = [
  ['--leave-db-running', ''],
  ['--logging-json', ''],
  ['--no-ssh', ''],
  ['--username <name>', ''],
  ['--password <word>', ''],
  ['--strict-host-key-checking', ''],
  ['--ssh-private-key <file>', ''],
];

const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

/** Adds the options to a command. */
export function withTestOptions(command: Command): Command {
  for (const [flags, about] of [...maelstroms, ...ours]) command.option(flags, about);
  command.option('-n, --node <name>', 'A node; may be repeated.', collect);
  command.option('--assert <claim>', "Such as 'msgs-per-op<30'; may be repeated.", collect);
  for (const [flags] of unused) {
    command.addOption(command.createOption(flags, '').hideHelp());
  }
  return command;
}

export const testHelp = `
Examples:
  stormglass test -w echo --bin ./echo.js --node-count 1 --time-limit 10
  stormglass test -w broadcast --bin ./broadcast.py --nemesis partition -- --verbose
  stormglass test -w broadcast --protocol broadcast/tree-retry --node-count 25 \\
    --rate 100 --time-limit 20 --latency 100 --assert 'msgs-per-op<30' \\
    --assert 'latency.p50<400ms && latency.max<600ms'

Results are in store/latest: results.json and .edn, history, messages.svg, timeline.html …

Exit codes:
  0    valid, and all assertions hold
  1    invalid, or an assertion does not hold
  2    nobody knows: a checker could not decide, or the run met a limit
  64   the command line or the program is not right
  70   a bug of Stormglass
  130  interrupted by ^C (129: by SIGHUP, 143: by SIGTERM)
`;
