// Why the run went wrong, and what would have changed that: found out by trying.
import { type Line, span, type Tone } from '../../scenario/diagram/span.js';
import { outcomeText } from '../../scenario/explain.js';
import { wrappedText } from '../text.js';
import type { View } from '../view.js';
import type { Pane } from './pane.js';

export const why: Pane = { title: () => 'why, and why not', lines, rows: 10 };

function lines({ stepper: { explanation, track } }: View, width: number): readonly Line[] {
  if (explanation === undefined) {
    const hint =
      track.violations.length === 0
        ? '  no checker objects to this run'
        : '  v goes to a violation, w there says why';
    return [[span(hint, 'faint')]];
  }
  const { violation, trials } = explanation;
  return [
    ...wrappedText(`${violation.checker}: ${violation.about}`, width - 2).map(
      (text): Line => [span(`  ${text}`)],
    ),
    ...(trials.length === 0 ? nothingToTry(track.fixed, width) : []),
    ...trials.flatMap((trial): readonly Line[] => {
      const tones: Readonly<Record<string, Tone>> = { stays: 'faint', untried: 'faint' };
      const tone = tones[trial.outcome] ?? 'good';
      const mark = tone === 'good' ? '✓' : '·';
      return [
        [span(`${mark} ${trial.about}`, tone === 'faint' ? 'faint' : 'plain')],
        [span(`    ${outcomeText(trial)}`, tone)],
      ];
    }),
  ];
}

function nothingToTry(isRecording: boolean, width: number): readonly Line[] {
  const text = isRecording
    ? 'nothing can be tried: this is a recording, and its programs cannot be asked again'
    : 'no message was missing and no fault had done anything: look at what the nodes did';
  return wrappedText(text, width - 2).map((part): Line => [span(`  ${part}`, 'faint')]);
}
