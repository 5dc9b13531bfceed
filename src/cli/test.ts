// `stormglass test`: a node program or a protocol under one of Maelstrom's workloads.
import { reportOf } from '../scenario/report.js';
import { begin, end, type Run } from '../scenario/run.js';
import { seedsFrom } from './arguments.js';
import { colorsOf } from './colors.js';
import { drive, type Interruption, interruption } from './drive.js';
import { type Io, signalCodes } from './io.js';
import { judged } from './judged.js';
import { progressOf } from './progress.js';
import { repeatedTest } from './repeated-test.js';
import { testReport } from './test-report.js';

/** What was typed: options by their names, the program's arguments, and all of it as it was. */
export interface TestCommand {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly args: readonly string[];
  readonly typed: readonly string[];
}

/** All that is known of a test before it runs. */
type Preparation = Awaited<ReturnType<Awaited<ReturnType<typeof modules>>['prepareTest']>>;

/** Loaded when a test is run: no other command needs them. */
async function modules() {
  const [test, keeping, nemesis] = await Promise.all([
    import('../maelstrom/test.js'),
    import('../maelstrom/keeping.js'),
    import('../maelstrom/nemesis-ops.js'),
  ]);
  return { ...test, ...keeping, ...nemesis };
}

/** Runs a test, or several with one seed after the other; the answer is the exit code. */
export async function test(command: TestCommand, io: Io): Promise<number> {
  const { prepareTest } = await modules();
  const preparation = await prepareTest(command.raw, command.args);
  for (const note of preparation.notes) io.stderr.write(`note   ${note}\n`);
  const { seed, testCount } = preparation.options;
  for (const one of seedsFrom(seed, testCount)) {
    const code = await testOnce(preparation, one, command, io);
    if (code !== 0) return code;
  }
  return 0;
}

async function testOnce(
  preparation: Preparation,
  seed: string,
  command: TestCommand,
  io: Io,
): Promise<number> {
  const { watchTest, concludeTest, hearingOf } = await modules();
  const watch = watchTest(preparation, new Date(), (line) => io.stderr.write(line));
  const interrupted = interruption(io, () => watch.recorder?.abandon());
  try {
    const way = preparation.host.kind === 'pipe' ? pipe : simulate;
    const hearing = hearingOf(preparation, watch);
    const run = await way(preparation, seed, watch, { io, interrupted });
    if (run === undefined) return signalCodes.SIGINT;
    const tested = concludeTest(preparation, run, hearing?.notes());
    return await told(preparation, tested, watch, { command, io, interrupted });
  } finally {
    interrupted.stop();
    watch.recorder?.abandon();
  }
}

interface Around {
  readonly io: Io;
  readonly interrupted: Interruption;
}

/** `undefined`: a signal broke even the judges off. */
async function simulate(
  preparation: Preparation,
  seed: string,
  watch: Watch,
  { io, interrupted }: Around,
): Promise<Run | undefined> {
  const { journalFor, withNemesis } = await modules();
  const running = begin(preparation.scenario, seed, [], { journal: journalFor(watch) });
  await drive(running, io, interrupted);
  const { result } = end(running);
  const ended = { result, history: withNemesis(result) };
  return judged(running, io, interrupted, ended);
}

/** The programs are gone when it is over, however it ends. */
async function pipe(
  preparation: Preparation,
  seed: string,
  watch: Watch,
  { io, interrupted }: Around,
): Promise<Run> {
  const { runByPipe } = await import('../maelstrom/piped-test.js');
  const controller = new AbortController();
  const progress = progressOf(io, `seed ${seed}`);
  const run = runByPipe(preparation, seed, watch, {
    signal: controller.signal,
    say: (line) => io.stderr.write(line),
    reached: (world) => progress.show(world),
    slice: (action) => {
      const done = io.interruptibly(action);
      if (done === undefined) interrupted.brokenOff();
      if (interrupted.signal() !== undefined) controller.abort();
      return done;
    },
  });
  return run.finally(() => progress.clear());
}

type Modules = Awaited<ReturnType<typeof modules>>;
type Tested = ReturnType<Modules['concludeTest']>;
type Watch = ReturnType<Modules['watchTest']>;

interface Teller extends Around {
  readonly command: TestCommand;
}

/** Keeps the results and says what was found; of a test that was interrupted, nothing is kept. */
async function told(
  preparation: Preparation,
  tested: Tested,
  watch: Watch,
  { command, io, interrupted }: Teller,
): Promise<number> {
  const { keepTest, resultsDocument, aboutOf, recordingName } = await modules();
  const { run, verdict } = tested;
  const repeat = repeatedTest(command.typed, run.seed, io.command);
  const broken = run.result.end === 'interrupted' || interrupted.signal() !== undefined;
  const { host, options } = preparation;
  const told = {
    host: { kind: host.kind, promise: tested.promise },
    refused: tested.refused,
    ...{ verdict, figures: tested.figures, repeat },
    about: aboutOf(preparation, tested),
    report: reportFor(run, io),
    path: broken ? undefined : watch.recorder?.path,
    recording: 'recording' in run ? recordingName : undefined,
    isStable: run.assessment.judgements.some(({ name }) => name === 'set-full'),
  };
  const plain = testReport(told, await colorsOf({ ...io.stdout, isTty: false }, {}), 100);
  if (broken) watch.recorder?.abandon();
  else await keepTest(preparation, watch, tested, { command: repeat, report: plain });
  if (options.json) {
    const document = resultsDocument(preparation, tested, repeat);
    io.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  } else {
    io.stdout.write(testReport(told, await colorsOf(io.stdout, io.env), io.stdout.columns));
  }
  const signal = interrupted.signal();
  return signal === undefined ? verdict.exitCode : signalCodes[signal];
}

function reportFor(run: Run, io: Io) {
  return reportOf(run, { scenario: 'scenario.yaml', command: io.command, strict: false });
}
