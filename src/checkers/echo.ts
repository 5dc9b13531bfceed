// Maelstrom's echo: what comes back is what was said. Source: Maelstrom, workload/echo.clj, which
// also counts every echo without an answer as an error.
import type { History } from '../history/history.js';
import type { Op } from '../history/op.js';
import { showValue } from '../history/value.js';
import { assert } from '../kernel/assert.js';
import { equal } from '../kernel/plain.js';
import type { Checker, CheckerOptions, Judgement } from './checker.js';
import { countsOf, find, noFindings, verdictOf } from './findings.js';
import { when, where } from './words.js';

export const echo: Checker = {
  name: 'echo',
  about: 'Every echo comes back, and comes back unchanged.',
  options: { unansweredAllowed: false },
  check: checkEcho,
};

function checkEcho(history: History, options: CheckerOptions): Judgement {
  const { unansweredAllowed } = options;
  assert(typeof unansweredAllowed === 'boolean', 'unansweredAllowed is true or false');
  const findings = noFindings(['wrong-echo', 'unanswered']);
  let [asked, answered, errors] = [0, 0, 0];
  for (const op of history.ops) {
    if (op.process === 'nemesis' || op.type !== 'invoke' || op.f !== 'echo') continue;
    const completion = history.completionOf(op);
    asked++;
    if (completion?.type !== 'ok') {
      errors++;
      if (!unansweredAllowed) find(findings, 'unanswered', () => unanswered(op, completion));
      continue;
    }
    answered++;
    if (equal(completion.value, op.value)) continue;
    errors++;
    find(findings, 'wrong-echo', () => wrongEcho(op, completion));
  }
  const doubts = answered === 0 ? ['no echo came back'] : [];
  const maelstrom = { 'valid?': errors === 0, 'error-count': errors };
  const stats = { asked, answered, anomalies: countsOf(findings), maelstrom };
  return { ...verdictOf(findings, doubts), stats };
}

function wrongEcho(op: Op, completion: Op) {
  const [said, heard] = [showValue(op.value), showValue(completion.value)];
  return {
    about: `${where(op)} was told ${said} ${when(op)} and echoed ${heard} ${when(completion)}`,
    ops: [op.index, completion.index],
  };
}

function unanswered(op: Op, completion: Op | undefined) {
  const end =
    completion === undefined
      ? 'had not answered when the history ended'
      : `did not echo it: ${completion.error ?? completion.type} ${when(completion)}`;
  return {
    about: `${where(op)} was told ${showValue(op.value)} ${when(op)} and ${end}`,
    ops: completion === undefined ? [op.index] : [op.index, completion.index],
  };
}
