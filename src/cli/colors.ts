// Colours by meaning. NO_COLOR and FORCE_COLOR are respected, and what is no terminal gets none.
import type { Io, Sink } from './io.js';

export interface Colors {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly doubtful: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

/** The colours of a stream. Where there are none, nothing is loaded for them. */
export async function colorsOf(sink: Sink, env: Io['env']): Promise<Colors> {
  if (!wantsColors(sink, env)) return noColors;
  const { Chalk, supportsColor } = await import('chalk');
  const chalk = new Chalk({ level: forcedLevel(env) ?? (supportsColor || { level: 1 }).level });
  return {
    // Wrapped, because chalk's functions join all their arguments, and `map` passes three.
    good: (text) => chalk.green(text),
    bad: (text) => chalk.red(text),
    doubtful: (text) => chalk.yellow(text),
    strong: (text) => chalk.bold(text),
    faint: (text) => chalk.dim(text),
  };
}

const plain = (text: string): string => text;

const noColors: Colors = {
  good: plain,
  bad: plain,
  doubtful: plain,
  strong: plain,
  faint: plain,
};

/** As Node has it: FORCE_COLOR outweighs NO_COLOR, which outweighs what the terminal can do. */
function wantsColors(sink: Sink, env: Io['env']): boolean {
  const forced = forcedLevel(env);
  if (forced !== undefined) return forced > 0;
  const { NO_COLOR, TERM } = env;
  return sink.isTty && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}

function forcedLevel({ FORCE_COLOR }: Io['env']): 0 | 1 | 2 | 3 | undefined {
  switch (FORCE_COLOR) {
    case undefined:
      return undefined;
    case '0':
    case 'false':
      return 0;
    case '2':
      return 2;
    case '3':
      return 3;
    default:
      return 1;
  }
}
