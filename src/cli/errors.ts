// How errors are told: the user's with a place, a frame and the nearest name; ours with a stack and
// a request to report it. Everything here goes to stderr.
import { CommanderError } from 'commander';
import { type Problem, pathText, UsageError, usageError } from '../scenario/usage-error.js';
import { DivergedError } from '../sim/timeline.js';
import { Bug } from './bug.js';
import { type Colors, colorsOf } from './colors.js';
import type { Io } from './io.js';
import { wrapped } from './layout.js';

const usageCode = 64;
const bugCode = 70;

/** Shows an error; the answer is the exit code. */
export async function showError(error: unknown, io: Io): Promise<number> {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    return showError(commandLineError(error), io);
  }
  if (error instanceof DivergedError) return showError(divergedError(error), io);
  const colors = await colorsOf(io.stderr, io.env);
  if (error instanceof UsageError) {
    io.stderr.write(usageText(error, colors));
    return usageCode;
  }
  io.stderr.write(bugText(error, colors));
  return bugCode;
}

/** Going back means running again, which gave something else. */
function divergedError({ message }: DivergedError): UsageError {
  const hint = '`stormglass check-determinism` names what differs, and where.';
  return usageError(message, { hint });
}

/** Commander's sentence, with its guess taken out of it. */
function commandLineError({ message }: CommanderError): UsageError {
  const [about = '', guess = ''] = message.replace(/^error: /, '').split('\n');
  const nearest = /^\(Did you mean (?:one of )?([^,?]+)/.exec(guess)?.[1];
  const hint = '`stormglass --help` lists commands, `stormglass <command> --help` options.';
  return usageError(about.replace(/\.$/, ''), { nearest, hint });
}

function usageText(error: UsageError, colors: Colors): string {
  const texts = error.problems.map((problem) => problemText(problem, error.source, colors));
  return `${texts.join('\n')}`;
}

function problemText(problem: Problem, source: string | undefined, colors: Colors): string {
  return problem.place === undefined
    ? plainText(problem, colors)
    : framedText(problem, problem.place, source ?? '', colors);
}

/** `error  unknown seed …` with the rest indented below. */
function plainText(problem: Problem, colors: Colors): string {
  const where = problem.path.length === 0 ? '' : `${pathText(problem.path)}: `;
  const lines = [`${colors.bad('error')}  ${where}${problem.about}`];
  const below = [...wishesOf(problem), problem.hint];
  for (const text of below.filter((line) => line !== undefined))
    lines.push(...wrapped(text, 92).map((line) => `       ${line}`));
  return `${lines.join('\n')}\n`;
}

/**
 * ```
 * split.yaml:8:11  error  unknown fault "crsh"
 *   7 |   - at: 2s
 * > 8 |     fault: crsh
 *     |            ^^^^ expected crash, cut …; did you mean "crash"?
 * ```
 */
function framedText(
  problem: Problem,
  place: NonNullable<Problem['place']>,
  source: string,
  colors: Colors,
): string {
  const { line, column, firstLine, lines } = place;
  const gutter = String(firstLine + lines.length - 1).length;
  const text = [
    `${colors.strong(`${source}:${line}:${column}`)}  ${colors.bad('error')}  ${problem.about}`,
  ];
  for (const [offset, shown] of lines.entries()) {
    const number = firstLine + offset;
    const head = `${String(number).padStart(gutter)} |`;
    const isIt = number === line;
    const mark = isIt ? colors.bad('>') : ' ';
    text.push(`${mark} ${isIt ? head : colors.faint(head)} ${shown}`.trimEnd());
    if (isIt) text.push(...underline(problem, place, gutter, colors));
  }
  if (problem.hint !== undefined) text.push(`  ${problem.hint}`);
  return `${text.join('\n')}\n`;
}

function underline(
  problem: Problem,
  { column, width }: NonNullable<Problem['place']>,
  gutter: number,
  colors: Colors,
): string[] {
  const margin = `  ${' '.repeat(gutter)} ${colors.faint('|')} `;
  const carets = colors.bad('^'.repeat(Math.min(width, 60)));
  const wishes = wishesOf(problem);
  const indent = ' '.repeat(column - 1);
  const inline = wishes.join('; ');
  if (column + width + inline.length < 90) {
    return [`${margin}${indent}${carets} ${inline}`.trimEnd()];
  }
  const below = wishes.flatMap((wish) => wrapped(wish, 90));
  return [`${margin}${indent}${carets}`, ...below.map((line) => `${margin}${line}`)];
}

function wishesOf({ expected, nearest }: Problem): readonly string[] {
  return [
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(nearest === undefined ? [] : [`did you mean "${nearest}"?`]),
  ];
}

function bugText(error: unknown, colors: Colors): string {
  const [cause, during] = error instanceof Bug ? [error.cause, error.during] : [error, []];
  const stack = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  const lines = [
    `${colors.bad('bug')}  This is a bug of Stormglass, not of what you gave it.`,
    ...during.map((line) => `     ${line}`),
    ...stack.split('\n').map((line) => `     ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}
