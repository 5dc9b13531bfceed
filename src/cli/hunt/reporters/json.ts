// One JSON document with everything.
import { exitCodeOf, type HuntReport, inertFaults, unreached } from '../report.js';
import type { Reporter } from '../reporter.js';
import { type Repeating, reproOf } from '../specimens.js';

export const json: Reporter = {
  name: 'json',
  about: 'One JSON document.',
  ended: (report, page) => {
    page.write(`${JSON.stringify(documentOf(report, page.repeating), undefined, 2)}\n`);
  },
};

/** A report with what follows from it: commands, exit code. */
export function documentOf(
  report: HuntReport,
  repeating: Repeating,
): Readonly<Record<string, unknown>> {
  const { scenarios, ...more } = report;
  return {
    ...more,
    exitCode: exitCodeOf(report),
    scenarios: scenarios.map((prey) => ({
      ...prey,
      tally: {
        ...prey.tally,
        findings: prey.tally.findings.map((finding) => {
          return { ...finding, repro: reproOf(prey, finding, repeating) };
        }),
      },
      inert: inertFaults(prey),
      unreached: unreached(prey),
    })),
  };
}
