// Checkers of long histories are asked in a thread of their own, so that keys are heard meanwhile.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { catalogueOf } from '../files/named-code.js';
import type { Op } from '../history/op.js';
import { judgeWith, type NamedJudgement } from '../scenario/check.js';
import type { CheckerSpec } from '../scenario/scenario.js';
import type { Ask, Asked } from '../scenario/walk.js';
import type { RunResult } from '../sim/result.js';

/** What the thread is told: all of it is plain. */
export interface Question {
  readonly name: string;
  readonly options: CheckerSpec['options'];
  readonly ops: readonly Op[];
  readonly counts: RunResult['counts'];
}

/** Of fewer lines any checker makes short work: a thread takes longer to start. */
const linesMin = 2_000;

const thread = new URL('./judge-thread.js', import.meta.url);

/**
 * Asks those of our checkers whose history is long. A user's own may keep what is not plain, and is
 * asked here; so is everybody where there is no thread to be had.
 */
export const askElsewhere: Ask = (spec, { history, result }) => {
  if (history.ops.length < linesMin || !existsSync(fileURLToPath(thread))) return undefined;
  const asked: Asked = { answer: undefined };
  const here = (): NamedJudgement => judgeWith(spec, history, result);
  isOurs(spec)
    .then((ours) => {
      if (!ours) return here();
      const { checker, options } = spec;
      return answerOf({ name: checker.name, options, ops: history.ops, counts: result.counts });
    })
    .catch(here)
    .then((answer) => {
      asked.answer = answer;
    });
  return asked;
};

async function isOurs({ checker }: CheckerSpec): Promise<boolean> {
  const { checker: found } = await catalogueOf({ checkers: [checker.name] }, new Map());
  return found.get(checker.name) === checker;
}

/** Rejects when the thread ends without an answer. */
function answerOf(question: Question): Promise<NamedJudgement> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(thread, { workerData: question });
    worker.unref(); // Whoever quits does not wait for it.
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread has ended')));
  });
}
