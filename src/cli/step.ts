// `stormglass step`: walks through a run at the terminal. Where there is none it says what to do
// instead.
import { openOutput } from '../files/output-file.js';
import { usageError } from '../scenario/usage-error.js';
import { colorsOf } from './colors.js';
import type { Io } from './io.js';
import { openSource, type Source, type SourceFlags } from './source.js';

export interface StepFlags extends SourceFlags {
  readonly at?: string | undefined;
  readonly ascii: boolean;
  /** Keys to be typed before the picture is made. */
  readonly keys?: string | undefined;
  readonly size?: string | undefined;
  readonly picture?: string | undefined;
}

/** Steps through a scenario or a trace; the answer is the exit code. */
export async function step(file: string, flags: StepFlags, io: Io): Promise<number> {
  const source = await openSource(file, flags, io);
  const at = readAt(flags.at);
  const origin = { ...source, command: io.command };
  if (flags.picture !== undefined) return writePicture(flags.picture, origin, at, flags);
  const { stdin, stdout } = process;
  if (!io.stdout.isTty || stdin.isTTY !== true || io.env.TERM === 'dumb') {
    throw usageError('the stepper needs a terminal that can move its cursor', {
      hint: `\`${io.command} trace ${file}\` prints the same rows for pipes and logs.`,
    });
  }
  const { strong } = await colorsOf(io.stdout, io.env);
  const palette = { colors: strong('x') !== 'x', ascii: flags.ascii || !isUtf8(io.env) };
  const { processHost: host, stepThrough } = await loaded();
  const { askElsewhere: ask } = await import('../tui/judges.js');
  const { exitCode, farewell, printed } = await stepThrough(
    { stdin, stdout, host },
    { origin, at, palette, ask },
  );
  if (printed.length > 0) io.stderr.write(`printed on the way:\n${printed.join('\n')}\n`);
  io.stdout.write(farewell);
  return exitCode;
}

async function writePicture(
  out: string,
  origin: Source & { readonly command: string },
  at: ReturnType<typeof readAt>,
  { keys = '', size = '120x34' }: StepFlags,
): Promise<number> {
  const [, columns, rows] = /^(\d{2,3})x(\d{2,3})$/.exec(size) ?? [];
  if (columns === undefined || rows === undefined) {
    throw usageError(`--size is "${size}"`, { expected: 'columns and rows, such as 120x34' });
  }
  const { pictureOf } = await import('../tui/picture.js');
  const options = { origin, at, keys, columns: Number(columns), rows: Number(rows) };
  const output = openOutput(out, 'picture');
  output.write(Buffer.from(pictureOf(options)));
  output.commit();
  return 0;
}

/** React decides at its loading whether it keeps notes on everything, which take memory. */
async function loaded() {
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    return await import('../tui/session.js');
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
}

function readAt(text: string | undefined): number | 'violation' | 'end' | undefined {
  if (text === undefined || text === 'violation' || text === 'end') return text;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw usageError(`--at is "${text}"`, {
    expected: 'the number of an event, `violation` or `end`',
  });
}

/** Unless the locale says otherwise. */
function isUtf8({ LC_ALL, LC_CTYPE, LANG }: Io['env']): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG || 'UTF-8';
  return /utf-?8/i.test(locale);
}
