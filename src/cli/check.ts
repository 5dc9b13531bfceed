// `stormglass check`: judges a history that was recorded elsewhere, in any format that is known.
import { resolve } from 'node:path';
import { type Checker, type CheckerOptions, judge } from '../checkers/checker.js';
import { checkers } from '../checkers/index.js';
import { judgePictured, type Pictured } from '../checkers/linearizable/linearizable.js';
import { models } from '../checkers/linearizable/models/index.js';
import { type OutputFile, openOutput } from '../files/output-file.js';
import { formatNamed } from '../history/formats/index.js';
import { ndjson } from '../history/formats/ndjson.js';
import type { About, Format } from '../history/formats/recording.js';
import { nearest } from '../scenario/nearest.js';
import { oneOf, quoted } from '../scenario/problems.js';
import { shellWord } from '../scenario/report.js';
import { usageError } from '../scenario/usage-error.js';
import { type Counts, checkReport, countsOf } from './check-report.js';
import { colorsOf } from './colors.js';
import { interruption } from './drive.js';
import { type Io, signalCodes } from './io.js';
import { counted } from './layout.js';
import { assertFits } from './model-fit.js';
import { type Recorded, readRecorded, sourceName } from './recorded.js';
import { shareProgress } from './share-progress.js';

export interface CheckFlags {
  readonly model?: string | undefined;
  readonly checker?: string | undefined;
  readonly format?: string | undefined;
  readonly html?: string | undefined;
  readonly strictness?: string | undefined;
  readonly keyed: boolean;
  readonly json: boolean;
}

/** Judges a history; the answer is the exit code. */
export async function check(file: string, flags: CheckFlags, io: Io): Promise<number> {
  const checker = checkerNamed(flags.checker ?? 'linearizable');
  assertFlags(file, flags, checker);
  const atOnce = checker.name === 'linearizable' && (await checkedAtOnce(file, flags, checker, io));
  if (atOnce) return concluded(atOnce, { file, flags, checker }, io);
  const interrupted = interruption(io, () => {});
  let recorded: Recorded | undefined;
  try {
    recorded = await readRecorded(file, flags.format, io, interrupted.signal);
  } finally {
    interrupted.stop(); // A judge works without a pause: from now on a signal ends the process.
  }
  if (recorded === undefined) return signalCodes[interrupted.signal() ?? 'SIGINT'];
  const options = optionsOf(recorded, flags, checker);
  if (checker.name === 'linearizable') await assertFits(recorded, options);
  const { format, recording } = recorded;
  const judge = () => judged(recorded, checker, options, io);
  const counts = countsOf(recording.history.ops);
  return concluded({ format, counts, options, judge }, { file, flags, checker }, io);
}

/** What has been read, and who judges it. */
interface Read {
  readonly format: Format;
  readonly counts: Counts;
  readonly options: CheckerOptions;
  readonly judge: () => Promise<Pictured>;
}

/** What was asked. */
interface Asked {
  readonly file: string;
  readonly flags: CheckFlags;
  readonly checker: Checker;
}

/** Judges what was read and says what became of it; the answer is the exit code. */
async function concluded(
  { format, counts, options, judge }: Read,
  { file, flags, checker }: Asked,
  io: Io,
): Promise<number> {
  const picture = flags.html === undefined ? undefined : openOutput(flags.html, 'picture');
  try {
    const { judgement, page } = await judge();
    const html = picture && drawn(picture, page()) ? flags.html : undefined;
    const repro = reproOf(file, flags, io);
    const { model } = options;
    const more = { checker: checker.name, model, judgement, html, repro };
    const colors = await colorsOf(io.stdout, io.env);
    const told = { file, format: format.name, counts, ...more };
    io.stdout.write(checkReport(told, flags, colors, io.stdout.columns));
    return exitCodes[`${judgement.valid}`];
  } finally {
    picture?.abandon();
  }
}

/** What is said of a long file with many keys that nothing is wrong with; undefined of others. */
async function checkedAtOnce(
  file: string,
  flags: CheckFlags,
  checker: Checker,
  io: Io,
): Promise<Read | undefined> {
  const { format = ndjson.name } = flags;
  if (file === '-' || formatNamed(format) !== ndjson) return undefined;
  const keyed = (about: About): CheckerOptions | undefined => {
    const options = optionsOf({ file, recording: about }, flags, checker);
    return options.keyed === true ? options : undefined;
  };
  const { checkFile } = await import('./check-file.js');
  const title = `checking ${file}`;
  const progress = shareProgress(io, title);
  try {
    const { usedBytes, limitBytes } = io.heap();
    const roomBytes = 0.9 * limitBytes - usedBytes;
    const task = { path: file, optionsOf: keyed, progress: progress.show, roomBytes };
    const found = await checkFile(task);
    if (found === undefined) return undefined;
    const { options, types, lines, judgement, page } = found;
    const [invoke = 0, ok = 0, fail = 0, info = 0] = types;
    const counts = { invoke, ok, fail, info, nemesis: lines - invoke - ok - fail - info };
    return { format: ndjson, counts, options, judge: async () => ({ judgement, page }) };
  } finally {
    progress.clear();
  }
}

const exitCodes = { true: 0, false: 1, unknown: 2 } as const;

function checkerNamed(name: string): Checker {
  const checker = checkers.get(name);
  if (checker !== undefined) return checker;
  const names = [...checkers.keys()];
  throw usageError(`there is no checker ${quoted(name)}`, {
    expected: oneOf(names),
    nearest: nearest(name, names),
    hint: '`stormglass list checkers` says what each is for.',
  });
}

/** What can be said of the flags before the file has been read. */
function assertFlags(file: string, flags: CheckFlags, checker: Checker): void {
  const { model, html, keyed, strictness } = flags;
  const names = [...models.keys()];
  if (model !== undefined && !models.has(model)) {
    const more = { expected: oneOf(names), nearest: nearest(model, names) };
    throw usageError(`there is no model ${quoted(model)}`, more);
  }
  const wish = (flag: string, fits: boolean, which: string): void => {
    if (fits) return;
    const hint = `Leave ${flag} out, or choose another checker.`;
    throw usageError(`the checker ${checker.name} ${which}`, { hint });
  };
  const { options } = checker;
  const takesModel = Object.hasOwn(options, 'model') || Object.hasOwn(options, 'keyed');
  wish('--model', model === undefined || takesModel, 'has no models');
  wish('--keyed', !keyed || Object.hasOwn(options, 'keyed'), 'knows no keys');
  if (strictness !== undefined && !strictnesses.includes(strictness)) {
    const more = { expected: oneOf(strictnesses), nearest: nearest(strictness, strictnesses) };
    throw usageError(`there is no strictness ${quoted(strictness)}`, more);
  }
  const isLenient = Object.hasOwn(options, 'strictness');
  wish('--strictness', strictness === undefined || isLenient, 'judges in one way only');
  wish('--html', html === undefined || checker.name === 'linearizable', 'draws no pictures');
  if (html !== undefined && resolve(html) === resolve(file)) {
    throw usageError(`--html ${html} is the history itself`, { expected: 'another file' });
  }
}

const strictnesses = ['stormglass', 'maelstrom'];

/** A file, and what it says of itself. */
interface Named {
  readonly file: string;
  readonly recording: About;
}

/** What the file says of the checker's options, and what the flags do. */
function optionsOf(
  { file, recording }: Named,
  flags: CheckFlags,
  { options }: Checker,
): CheckerOptions {
  const own = Object.entries(recording.options).filter(([name]) => Object.hasOwn(options, name));
  const chosen: Record<string, unknown> = Object.fromEntries(own);
  const model = modelOf({ file, recording }, flags, Object.hasOwn(options, 'model'));
  if (Object.hasOwn(options, 'model')) chosen.model = model;
  const keyed = flags.keyed || models.get(model ?? '')?.keyed === true;
  if (keyed && Object.hasOwn(options, 'keyed')) chosen.keyed = true;
  if (flags.strictness !== undefined) chosen.strictness = flags.strictness;
  return chosen;
}

/** The history's own model; only where it names none does the flag decide. */
function modelOf(
  { file, recording: { model: own, usual } }: Named,
  { model: asked }: CheckFlags,
  needed: boolean,
): string | undefined {
  const names = [...models.keys()];
  if (own !== undefined && needed && !models.has(own)) {
    const more = { expected: oneOf(names), nearest: nearest(own, names) };
    throw usageError(`${file} names the model ${quoted(own)}, which there is not`, more, file);
  }
  if (own !== undefined && asked !== undefined && own !== asked && needed) {
    const about = `${file} is a history of the model ${own}, not of ${asked}`;
    throw usageError(about, { expected: `--model ${own}, or none` }, file);
  }
  const model = own ?? asked ?? usual;
  if (model === undefined && needed) {
    const about = `${file} does not say which model it is a history of`;
    throw usageError(about, { expected: `--model with ${oneOf(names)}` }, file);
  }
  return model;
}

async function judged(
  { source, recording: { history } }: Recorded,
  checker: Checker,
  options: CheckerOptions,
  io: Io,
): Promise<Pictured> {
  const lines = counted(history.ops.length, 'line');
  const title = `checking ${lines} of ${sourceName(source)}`;
  const progress = shareProgress(io, title);
  const isLong = history.ops.length >= longOps;
  if (isLong) progress.say(`${title} …`);
  await io.pause();
  try {
    if (checker.name !== 'linearizable') {
      const judgement = judge(checker, history, { options, progress: progress.show });
      return { judgement, page: () => undefined };
    }
    let pictured: Pictured | undefined;
    const check: Checker['check'] = (ops, chosen, _counts, heard) => {
      pictured = judgePictured(ops, chosen, heard);
      return pictured.judgement;
    };
    const evidence = { options, progress: progress.show };
    const judgement = judge({ ...checker, check }, history, evidence);
    return { judgement, page: () => pictured?.page() };
  } finally {
    progress.clear();
  }
}

/** Histories with fewer lines than this are judged before anybody can read that they are. */
const longOps = 20_000;

/** Writes the picture, if there is something to see. */
function drawn(picture: OutputFile, page: string | undefined): boolean {
  if (page === undefined) return false;
  picture.write(Buffer.from(page));
  picture.commit();
  return true;
}

function reproOf(file: string, flags: CheckFlags, { command }: Io): string {
  const words = [command, 'check', shellWord(file)];
  for (const name of ['model', 'checker', 'format', 'strictness', 'html'] as const) {
    const value = flags[name];
    if (value !== undefined) words.push(`--${name}`, shellWord(value));
  }
  if (flags.keyed) words.push('--keyed');
  return words.join(' ');
}
