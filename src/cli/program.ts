// The command line: which commands there are, what they take, and how they end. Each command's code
// is loaded when it is called.
import { Command } from 'commander';
import { engineVersion, packageVersion } from '../scenario/version.js';
import { collect, command, type End, editHelp, fileHelp, jsonHelp, seedHelp } from './declare.js';
import { addHunt, addMergeReports } from './hunt-command.js';
import type { Io } from './io.js';
import { addInevitable, addShrink } from './program-failures.js';
import { testHelp, withTestOptions } from './test-command.js';

/** Runs the program; the answer is the exit code. Throws nothing. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  const program = programOf(args[0], io, (code) => {
    exitCode = code;
  });
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    const { showError } = await import('./errors.js');
    return showError(error, io);
  }
}

/** The program; where a command is called, with that one alone. */
function programOf(command: string | undefined, io: Io, end: End): Command {
  const program = new Command('stormglass');
  program
    .description(
      'A deterministic distributed-systems simulator: one process, one thread, one seed.',
    )
    .usage('<command> …')
    .helpOption('-h, --help', 'Says what a command does and takes.')
    .version(
      `stormglass ${packageVersion} (engine ${engineVersion})`,
      '-V, --version',
      'Prints the versions of the package and the engine.',
    )
    .helpCommand('help [command]', 'Says what a command does and takes.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: () => {}, // `showError` says it.
    })
    .configureHelp({ helpWidth: Math.min(io.stdout.columns, 100), showGlobalOptions: false })
    .addHelpText('after', mainHelp);
  const called = commands.get(command ?? '');
  for (const add of called === undefined ? commands.values() : [called]) add(program, io, end);
  return program;
}

const exitCodes = `
Exit codes:
  0    the verdict is what the scenario expects
  1    it is not
  2    nobody knows: a checker could not decide, or the run met a limit
  3    not deterministic
  64   the input or the command line is not right
  70   a bug of Stormglass
  130  interrupted by ^C (129: by SIGHUP, 143: by SIGTERM)
`;

const mainHelp = `
Examples:
  stormglass run scenarios/broadcast-no-retry.yaml
  stormglass run scenarios/broadcast-no-retry.yaml --seed 2 --trace run.ndjson.gz
  stormglass step scenarios/broadcast-no-retry.yaml
  stormglass trace scenarios/broadcast-no-retry.yaml --why violation
  stormglass replay run.ndjson.gz
  stormglass hunt scenarios/*.yaml --time 5m
  stormglass check-determinism scenarios/broadcast-no-retry.yaml
  stormglass check history.edn --model cas-register
  stormglass test -w broadcast --bin ./node.js --node-count 5 --nemesis partition
  stormglass list
${exitCodes}`;

function addRun(program: Command, io: Io, end: End): void {
  command(program, 'run', 'Runs a scenario, judges it, and says what was found.')
    .argument('<file>', fileHelp)
    .option('-s, --seed <seed>', seedHelp)
    .option('--trace <out>', 'Writes every event to this file, in gzip if the name ends in .gz.')
    .option('-e, --edit <edit>', 'Lets one thing go differently; may be repeated.', collect)
    .option('--strict', 'Runs every handler twice and compares; freezes messages.')
    .option('--json', jsonHelp)
    .addHelpText('after', `${runExamples}${exitCodes}`)
    .action(async (file, options) => {
      const { run } = await import('./run.js');
      const { json = false, strict = false, edit = [], ...more } = options;
      end(await run(file, { ...more, json, strict, edit }, io));
    });
}

const runExamples = `
Examples:
  stormglass run scenarios/broadcast-no-retry.yaml
  stormglass run broadcast-no-retry --seed 2 --json
  stormglass run broadcast-no-retry --trace run.ndjson.gz
  stormglass run broadcast-no-retry --edit 'deliver 0123456789abcdef'

Edits (keys are in traces):
  drop KEY · delay KEY BY · duplicate KEY AFTER · deliver KEY
  choose KEY CHOICE VALUE · omit-op NUMBER · omit-fault ID
  or an edit as a scenario file writes it:
  '{edit: fault, at: KEY, fault: crash, nodes: [n1]}'
`;

const sourceHelp = 'A scenario file or its name, or a trace that `stormglass run --trace` wrote.';
const fromHelp = 'From this event on: its number, or a time such as 1.5s.';
const toHelp = 'Up to this event, without it.';

function addStep(program: Command, io: Io, end: End): void {
  command(program, 'step', 'Walks through a run at the terminal, forwards, backwards, sideways.')
    .argument('<file>', sourceHelp)
    .option('-s, --seed <seed>', seedHelp)
    .option('-e, --edit <edit>', editHelp, collect)
    .option('--at <event>', 'Begins at this event: its number, `violation` or `end`.')
    .option('--ascii', 'Draws in ASCII.')
    .option('--picture <out>', 'Writes the screen as an SVG instead; needs no terminal.')
    .option('--keys <keys>', 'Keys to type before that, with spaces between them.')
    .option('--size <size>', 'Columns and rows of the picture.', '120x34')
    .addHelpText('after', stepHelp)
    .action(async (file, options) => {
      const { step } = await import('./step.js');
      end(await step(file, { edit: [], ascii: false, ...options }, io));
    });
}

const stepHelp = `
Examples:
  stormglass step broadcast-no-retry
  stormglass step broadcast-no-retry --seed 2 --at violation
  stormglass step run.ndjson.gz --at 142
  stormglass step broadcast-no-retry --keys 'v w' --picture step.svg
Keys: ? shows them all.
`;

function addTrace(program: Command, io: Io, end: End): void {
  command(program, 'trace', 'Prints a run as a space-time diagram, a row an event.')
    .argument('<file>', sourceHelp)
    .option('-s, --seed <seed>', seedHelp)
    .option('-e, --edit <edit>', editHelp, collect)
    .option('--from <place>', fromHelp)
    .option('--to <place>', toHelp)
    .option('--node <node>', 'Only what happened at this node, or came from it.')
    .option('--grep <words>', 'Only rows with these words; `kind=lost`, `type=read` name fields.')
    .option('--why <event>', 'What led to an event, or to the first `violation`, and what if not.')
    .option('--ascii', 'Draws in ASCII.')
    .addHelpText('after', traceHelp)
    .action(async (file, options) => {
      const { trace } = await import('./trace.js');
      end(await trace(file, { edit: [], ascii: false, ...options }, io));
    });
}

const traceHelp = `
Examples:
  stormglass trace broadcast-no-retry --from 2s --to 3s
  stormglass trace broadcast-no-retry --node n1 --grep 'kind=deliver !read'
  stormglass trace broadcast-no-retry --why violation
`;

function addExport(program: Command, io: Io, end: End): void {
  command(program, 'export', 'Writes a run for other programs to show.')
    .argument('<file>', sourceHelp)
    .requiredOption('-f, --format <format>', 'html, svg, perfetto, shiviz or mermaid.')
    .option('-o, --out <out>', 'Writes to this file instead of the standard output.')
    .option('-s, --seed <seed>', seedHelp)
    .option('-e, --edit <edit>', editHelp, collect)
    .option('--from <place>', fromHelp)
    .option('--to <place>', toHelp)
    .addHelpText('after', exportHelp)
    .action(async (file, options) => {
      const { exportRun } = await import('./export.js');
      end(await exportRun(file, { edit: [], ...options }, io));
    });
}

const exportHelp = `
Examples:
  stormglass export broadcast-no-retry --format html --out run.html
  stormglass export broadcast-no-retry --format perfetto --out run.json   (ui.perfetto.dev)
  stormglass export broadcast-no-retry --format mermaid --from 2s --to 2.3s
`;

function addReplay(program: Command, io: Io, end: End): void {
  command(program, 'replay', 'Runs what a trace recorded again and compares every event.')
    .argument('<trace>', 'A file that `stormglass run --trace` has written.')
    .option('--json', jsonHelp)
    .addHelpText('after', `\nExample:\n  stormglass replay run.ndjson.gz\n${exitCodes}`)
    .action(async (file, options) => {
      const { isRecording } = await import('../maelstrom/pipe/recording-file.js');
      const { replay } = isRecording(file)
        ? await import('./replay-recording.js').then(({ replayRecording: replay }) => ({ replay }))
        : await import('./replay.js');
      end(await replay(file, { json: false, ...options }, io));
    });
}

function addDeterminism(program: Command, io: Io, end: End): void {
  const about = 'Looks for anything but the seed that decides how a run goes.';
  command(program, 'check-determinism', about)
    .argument('<file>', fileHelp)
    .option('-s, --seed <seed>', seedHelp)
    .option('-n, --seeds <count>', 'Checks so many seeds, counting up from the first.', '1')
    .option('--json', jsonHelp)
    .addHelpText('after', `${determinismHelp}${exitCodes}`)
    .action(async (file, options) => {
      const { checkDeterminism } = await import('./determinism.js');
      end(await checkDeterminism(file, { json: false, ...options }, io));
    });
}

const determinismHelp = `
Runs the scenario in two worlds side by side, event by event: clocks and chance of the outside
differ between them, and in one of them every handler runs twice. Then once more in a fresh
process. The first event that differs is named.

Example:
  stormglass check-determinism scenarios/broadcast-no-retry.yaml --seeds 20
`;

function addCheck(program: Command, io: Io, end: End): void {
  command(program, 'check', 'Judges a history that was recorded elsewhere.')
    .argument('<file>', 'a history: NDJSON of ours, EDN of Jepsen, a log …')
    .option('-m, --model <model>', 'the sequential object it should be like', undefined)
    .option('-c, --checker <name>', 'the checker that judges it (default: linearizable)')
    .option('--format <format>', 'its format, where the first lines do not tell')
    .option('--keyed', 'every value is [key, value]; keys do not affect each other', false)
    .option('--strictness <whose>', 'stormglass, or maelstrom to judge as Maelstrom does')
    .option('--html <out>', 'writes a picture of why it is not linearizable to this file')
    .option('--json', jsonHelp, false)
    .addHelpText('after', checkHelp)
    .action(async (file, options) => {
      const { check } = await import('./check.js');
      end(await check(file, options, io));
    });
}

const checkHelp = `
Models:
  cas-register, counter, fifo-queue, kv, lock, log, mutex, register, set
Formats:
  ndjson     Stormglass' own: a line for each invocation and each completion
  intervals  JSON lines, one for each operation, with its call and its return
  edn        Jepsen's and Knossos' history.edn
  etcd-log   Jepsen's log: INFO jepsen.util - PROCESS :TYPE :F VALUE
  kv-log     Porcupine's logs of a key-value store

Examples:
  stormglass check history.edn --model cas-register
  stormglass check history.edn --checker list-append
  stormglass check history.edn --checker set-full --strictness maelstrom
  stormglass check etcd.log --html why.html
  zcat history.edn.gz | stormglass check - --model kv

A file may be packed by gzip; - is what is piped in.

Exit codes:
  0    valid
  1    invalid
  2    nobody knows: the checker could not decide
  64   the history or the command line is not right
  70   a bug of Stormglass
`;

function addTest(program: Command, io: Io, end: End): void {
  const about =
    "Tests a node program as Maelstrom does: any of its workloads, and anyone's program.";
  withTestOptions(command(program, 'test', about))
    .argument('[args...]', 'Arguments of the program, after `--`.')
    .addHelpText('after', testHelp)
    .action(async (args, raw) => {
      const { test } = await import('./test.js');
      end(await test({ raw, args, typed: (program as { rawArgs?: string[] }).rawArgs ?? [] }, io));
    });
}

function addServe(program: Command, io: Io, end: End): void {
  command(program, 'serve', 'Is one node of a protocol, in JSON on stdin and stdout.')
    .argument('<protocol>', 'A name that `stormglass list protocols` knows, or a module.')
    .option('-o, --option <key=value>', 'Sets an option; may be repeated.', collect)
    .option('-s, --seed <seed>', 'Decides what the protocol decides by chance.')
    .addHelpText('after', serveHelp)
    .action(async (protocol, options) => {
      const { serveProtocol } = await import('./serve.js');
      end(await serveProtocol(protocol, { option: [], ...options }, io));
    });
}

const serveHelp = `
For Jepsen's Maelstrom, and whoever else speaks its protocol. Ends when stdin does.

Examples:
  stormglass serve broadcast/flood-retry --option retry=100ms
  maelstrom test -w broadcast --bin ./node.sh, where node.sh is:
    #!/bin/sh
    exec stormglass serve broadcast/flood-retry
`;

function addList(program: Command, io: Io, end: End): void {
  command(program, 'list', 'Lists what there is to choose from: protocols, checkers, scenarios …')
    .argument(
      '[kind]',
      'Only these: protocols, services, workloads, faults, shapes, checkers, models …',
    )
    .option('--json', jsonHelp)
    .addHelpText('after', '\nExample:\n  stormglass list protocols\n')
    .action(async (kind, options) => {
      const { list } = await import('./list.js');
      end(await list(kind, { json: false, ...options }, io));
    });
}

function addSchema(program: Command, io: Io, end: End): void {
  command(program, 'schema', 'Prints the JSON Schema of scenario files, for editors.')
    .addHelpText('after', schemaHelp)
    .action(async () => {
      const { schema } = await import('./schema.js');
      end(schema(io));
    });
}

const schemaHelp = `
Example:
  stormglass schema > scenario.schema.json
  and as the first line of a scenario:
  # yaml-language-server: $schema=scenario.schema.json
`;

/** For `check-determinism`, which asks a fresh process. */
function addDigests(program: Command, io: Io, end: End): void {
  program
    .command('digests', { hidden: true })
    .argument('<file>')
    .argument('<seeds...>')
    .action(async (file, seeds) => {
      const { digests } = await import('./digests.js');
      end(await digests(file, seeds, io));
    });
}

/** In the order in which the help shows them. */
const commands: ReadonlyMap<string, (program: Command, io: Io, end: End) => void> = new Map([
  ['run', addRun],
  ['hunt', addHunt],
  ['merge-reports', addMergeReports],
  ['replay', addReplay],
  ['step', addStep],
  ['trace', addTrace],
  ['export', addExport],
  ['shrink', addShrink],
  ['inevitable', addInevitable],
  ['check-determinism', addDeterminism],
  ['check', addCheck],
  ['test', addTest],
  ['serve', addServe],
  ['list', addList],
  ['schema', addSchema],
  ['digests', addDigests],
]);
