// Asking the judges of a run, with an ear for signals.
import { judgeWith, type NamedJudgement } from '../scenario/check.js';
import { conclude, type Ended, end, notAsked, type Run, type Running } from '../scenario/run.js';
import type { Interruption } from './drive.js';
import type { Io } from './io.js';

/**
 * Asks the checkers, one by one; of a run that was interrupted, too. A signal meanwhile spares the
 * rest of them, a second one everything: `undefined`.
 */
export async function judged(
  running: Running,
  io: Io,
  interrupted: Interruption,
  ended: Ended = end(running),
): Promise<Run | undefined> {
  const judgements: NamedJudgement[] = [];
  for (const spec of running.scenario.checkers) {
    await io.pause();
    const wanted = interrupted.signal() === undefined || ended.result.end === 'interrupted';
    const asked = wanted
      ? io.interruptibly(() => judgeWith(spec, ended.history, ended.result))
      : { value: notAsked(spec) };
    if (asked === undefined && interrupted.signal() !== undefined) return undefined;
    if (asked === undefined) interrupted.brokenOff();
    judgements.push(asked?.value ?? notAsked(spec));
  }
  return conclude(running, ended, judgements);
}
