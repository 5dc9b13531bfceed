// How strictly a history is judged: by what its clients were promised, or as Maelstrom judges it,
// holes included, so that a program that passes there can be told what it got away with. Checkers
// that know the difference have an option `strictness`; of all others the two are one.
import type { Counts } from '../history/counts.js';
import type { History } from '../history/history.js';
import { type Checker, type CheckerOptions, type Judgement, judge } from './checker.js';

const strictnesses = ['stormglass', 'maelstrom'] as const;
type Strictness = (typeof strictnesses)[number];

/** Whether the options ask for Maelstrom's verdict. Throws for what is neither. */
export function asMaelstrom({ strictness = 'stormglass' }: CheckerOptions): boolean {
  const known = strictnesses.find((each) => each === strictness);
  if (known !== undefined) return known === 'maelstrom';
  throw new Error(`strictness is stormglass or maelstrom, not ${String(strictness)}`);
}

/** Both verdicts on one history. */
interface Comparison {
  readonly stormglass: Judgement;
  readonly maelstrom: Judgement;
  /** In what they differ, in words; undefined if they do not. */
  readonly difference: string | undefined;
}

/** What there is to judge by. */
interface Given {
  readonly options?: CheckerOptions;
  readonly counts?: Counts | undefined;
}

/** Judges both ways. A checker without the option is asked once. */
export function compareStrictness(
  checker: Checker,
  history: History,
  { options, counts }: Given = {},
): Comparison {
  const ask = (strictness: Strictness): Judgement =>
    judge(checker, history, { options: { ...options, strictness }, counts });
  const stormglass = Object.hasOwn(checker.options, 'strictness')
    ? ask('stormglass')
    : judge(checker, history, { options: { ...options }, counts });
  const maelstrom = Object.hasOwn(checker.options, 'strictness') ? ask('maelstrom') : stormglass;
  return { stormglass, maelstrom, difference: differenceOf(checker, stormglass, maelstrom) };
}

function differenceOf(
  { name }: Checker,
  stormglass: Judgement,
  maelstrom: Judgement,
): string | undefined {
  if (stormglass.valid === maelstrom.valid) {
    if (stormglass.valid !== false || maelstrom.valid !== false) return undefined;
    const more = kindsOf(stormglass).filter((kind) => !kindsOf(maelstrom).includes(kind));
    if (more.length === 0) return undefined;
    return `${name}: both refuse it, but Maelstrom does not see ${more.join(', ')}`;
  }
  const verdict = words[`${maelstrom.valid}`];
  return `${name}: Maelstrom ${verdict}${whyText(maelstrom)}; Stormglass ${
    words[`${stormglass.valid}`]
  }${whyText(stormglass)}`;
}

const words = { true: 'accepts it', false: 'refuses it', unknown: 'cannot tell' } as const;

function whyText(judgement: Judgement): string {
  if (judgement.valid === true) return '';
  if (judgement.valid === 'unknown') return `: ${judgement.reason}`;
  const [{ kind, about }] = judgement.anomalies;
  return ` for ${kind}: ${about}`;
}

function kindsOf(judgement: Judgement): readonly string[] {
  return judgement.valid === false ? [...new Set(judgement.anomalies.map(({ kind }) => kind))] : [];
}
