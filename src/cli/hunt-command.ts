// What `stormglass hunt` and `stormglass merge-reports` take, and how they end.
import { type Command, Option } from 'commander';
import type { Io } from './io.js';

type End = (code: number) => void;

const collect = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  text,
];

const reporterHelp = 'default, json, ndjson, junit, github, blob; several with commas.';
const outputHelp = 'Where a reporter writes: PATH, or REPORTER=PATH; may be repeated.';

/** vitest's way to say it, `--outputFile.junit=out.xml`, beside ours. */
function withReporters(command: Command): Command {
  command
    .option('--reporter <names>', reporterHelp, collect)
    .option('--output-file <path>', outputHelp, collect);
  for (const name of reporterNames) {
    const hidden = (flag: string) => command.addOption(new Option(`${flag} <path>`).hideHelp());
    hidden(`--output-file.${name}`);
    hidden(`--outputFile.${name}`);
  }
  return command;
}

const reporterNames = ['default', 'json', 'ndjson', 'junit', 'github', 'blob'];

type Options = Readonly<Record<string, unknown>> & {
  readonly reporter?: readonly string[];
  readonly outputFile?: readonly string[];
};

/** Reporters and where they write, however that was said. */
function reportersOf(options: Options) {
  const dotted = reporterNames.flatMap((name) => {
    const path = options[`outputFile.${name}`];
    return typeof path === 'string' ? [`${name}=${path}`] : [];
  });
  const { reporter = [], outputFile = [] } = options;
  return { reporter, outputFile: [...outputFile, ...dotted] };
}

export function addHunt(program: Command, io: Io, end: End): void {
  withReporters(program.command('hunt'))
    .description('Looks for failures: many seeds, on all cores, faults in ever other combinations.')
    .argument('<files...>', 'Scenario files, or names of scenarios that come with Stormglass.')
    .option('-n, --seeds <count>', 'So many seeds (1,000 unless there is a --time).')
    .option('-t, --time <duration>', 'For so long, such as 5m; shared out among the files.')
    .option('-s, --seed <seed>', "The first seed, instead of the scenario's own.")
    .option('--strategy <name>', 'swarm, uniform, pct, crash-points, partitions, novelty.')
    .option('-w, --workers <count>', 'So many threads; as many as there are processors.')
    .option('--shard <i/n>', 'Only this part, such as 2/4; `none`: whatever the environment says.')
    .option('--until-failure', 'Ends at the first failure.')
    .option('--shrink', 'Makes each failure small and keeps it in `regressions/`: 30s each.')
    .option('--fail-on-inert', 'Fails when a fault changes nothing in any run.')
    .option('--save <directory>', 'Where variants that fail are saved (store/hunt).')
    .option('--patience <duration>', 'A run that does nothing for so long hangs (30s).')
    .option('--memory <MiB>', 'What a thread may use.')
    .option(
      '--queue <url>',
      'Shares the hunt with other machines over Redis (needs bullmq, ioredis).',
    )
    .option('--queue-id <word>', 'Names the hunt there; a CI pipeline has one of its own.')
    .option('--quiet', 'Shows no progress.')
    .addHelpText('after', huntHelp)
    .action(async (files, options) => {
      const { hunt } = await import('./hunt/hunt.js');
      const choices = { untilFailure: false, failOnInert: false, quiet: false, shrink: false };
      end(await hunt(files, { ...choices, ...options, ...reportersOf(options) }, io));
    });
}

const huntHelp = `
Strategies:
  swarm         each seed has its own subset of the faults, its own sizes and rates
  uniform       the scenario as it is
  pct           links have priorities; at up to four points one falls behind all others
  crash-points  a crash before and after every sync, send and acknowledgement of a run
  partitions    every partition in two sides, both ways and one way, at sixteen times
  novelty       changes the faults of runs that have visited new states

Examples:
  stormglass hunt scenarios/*.yaml --time 5m
  stormglass hunt broadcast-durable --strategy crash-points
  stormglass hunt broadcast-grid --seeds 100000 --shard 2/4 --reporter blob
  stormglass merge-reports --reporter default,junit --output-file junit=storm.xml

A shard is taken from JOB_COMPLETION_INDEX and JOB_COMPLETIONS (Kubernetes), SLURM_ARRAY_TASK_ID,
CI_NODE_INDEX (GitLab), CIRCLE_NODE_INDEX, BUILDKITE_PARALLEL_JOB or SEMAPHORE_JOB_INDEX, too.

Exit codes:
  0    no failure was found
  1    one was, or what some run must reach was not, or (--fail-on-inert) a fault does nothing
  2    nobody knows: a checker could not decide, or a run met a limit
  64   the scenario or the command line is not right
  70   a bug of Stormglass
  130  interrupted by ^C (129: by SIGHUP, 143: by SIGTERM), after a report of what was found so far
`;

export function addMergeReports(program: Command, io: Io, end: End): void {
  withReporters(program.command('merge-reports'))
    .description("Joins the reports of a hunt's shards.")
    .argument('[blobs...]', 'Files or directories that `hunt --reporter blob` wrote.')
    .option('--save <directory>', 'Where variants that fail are saved (store/hunt).')
    .addHelpText('after', '\nExample:\n  stormglass merge-reports --reporter default,github\n')
    .action(async (blobs, options) => {
      const { mergeReports } = await import('./hunt/merge.js');
      end(await mergeReports(blobs, { ...options, ...reportersOf(options) }, io));
    });
}
