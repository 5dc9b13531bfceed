// Which reporters were asked for, and where each writes: `--reporter`, `--output-file`.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { openOutput } from '../../files/output-file.js';
import type { Finding } from '../../scenario/hunt/tally.js';
import { nearest } from '../../scenario/nearest.js';
import { oneOf, quoted } from '../../scenario/problems.js';
import { usageError } from '../../scenario/usage-error.js';
import { colorsOf } from '../colors.js';
import type { Io } from '../io.js';
import type { HuntReport, Prey } from './report.js';
import type { Page, Reporter } from './reporter.js';
import { reporters } from './reporters/index.js';
import type { Repeating } from './specimens.js';

export interface PageFlags {
  readonly reporter: readonly string[];
  /** `path`, or `junit=path`. */
  readonly outputFile: readonly string[];
}

/** All reporters of a hunt at once. */
export interface Pages {
  found(finding: Finding, prey: Pick<Prey, 'scenario' | 'strategy'>): void;
  ended(report: HuntReport): void;
}

/** Opens a page for each reporter. Throws a UsageError for one that is unknown. */
export async function pagesOf(flags: PageFlags, repeating: Repeating, io: Io): Promise<Pages> {
  const chosen = chosenOf(flags.reporter, io.env);
  const files = filesOf(flags.outputFile, chosen);
  const none = await colorsOf({ ...io.stdout, isTty: false }, {});
  const colors = await colorsOf(io.stdout, io.env);
  const sheets = chosen.map((reporter) => {
    const file = files.get(reporter.name);
    const texts: string[] = [];
    const isKept = file !== undefined || reporter.file !== undefined;
    const page: Page = {
      write: (text) => void (isKept ? texts.push(text) : io.stdout.write(text)),
      colors: isKept ? none : colors,
      columns: isKept ? 100 : io.stdout.columns,
      ...{ env: io.env, repeating },
    };
    return { reporter, page, texts, file };
  });
  return {
    found: (finding, prey) => {
      for (const { reporter, page } of sheets) reporter.found?.(finding, prey, page);
    },
    ended: (report) => {
      for (const { reporter, page, texts, file } of sheets) {
        reporter.ended(report, page);
        const path = file ?? reporter.file?.(report);
        if (path !== undefined) save(path, texts.join(''));
      }
    },
  };
}

function save(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const output = openOutput(path, 'report');
  output.write(Buffer.from(text));
  output.commit();
}

/** The default one, and on GitHub its annotations. */
function chosenOf(names: readonly string[], env: Io['env']): readonly Reporter[] {
  const asked = names.flatMap((name) => name.split(',')).filter((name) => name !== '');
  const usual = env.GITHUB_ACTIONS === 'true' ? ['default', 'github'] : ['default'];
  return [...new Set(asked.length === 0 ? usual : asked)].map((name) => {
    const reporter = reporters.get(name);
    if (reporter !== undefined) return reporter;
    const known = [...reporters.keys()];
    throw usageError(`unknown reporter ${quoted(name)}`, {
      expected: oneOf(known),
      nearest: nearest(name, known),
    });
  });
}

function filesOf(
  texts: readonly string[],
  chosen: readonly Reporter[],
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const text of texts) {
    const [, name, path] = /^(\w+)=(.+)$/.exec(text) ?? [];
    const owner = name ?? chosen.find((each) => each.name !== 'default')?.name ?? 'default';
    if (!chosen.some((each) => each.name === owner)) {
      throw usageError(
        `--output-file names the reporter ${quoted(owner)}, which is not asked for`,
        {
          expected: oneOf(chosen.map((each) => each.name)),
        },
      );
    }
    files.set(owner, path ?? text);
  }
  return files;
}
