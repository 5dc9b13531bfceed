// By which messages the effects of an input came that went wrong.
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/files/scenario-file.js';
import { inputPaths } from '../../src/scenario/paths.js';
import { advance, begin, finish, type Run } from '../../src/scenario/run.js';

async function ran(name: string): Promise<Run> {
  const running = begin(await loadScenario(`scenarios/${name}.yaml`));
  while (advance(running, 10_000));
  return finish(running);
}

describe('the path of an input', () => {
  it('is told where its output is shown twice, up to the sink', async () => {
    const run = await ran('streams-at-least-once');
    const doubled = run.assessment.judgements.flatMap((judgement) =>
      judgement.valid === false
        ? judgement.anomalies.filter(({ kind }) => kind === 'duplicated-output')
        : [],
    );
    const [input] = doubled.flatMap(({ inputs = [] }) => inputs);
    const path = inputPaths(run).find((each) => each.input === input);
    const types = path?.messages.map(({ type }) => type) ?? [];
    expect(types.filter((type) => type === 'data').length).toBeGreaterThan(1);
    expect(types.filter((type) => type === 'emit').length).toBeGreaterThan(1);
    const events = path?.messages.map(({ event }) => event) ?? [];
    expect(events).toEqual(events.toSorted((a, b) => a - b));
  });

  it('is not looked for where no input is named', async () => {
    expect(inputPaths(await ran('broadcast-no-retry'))).toEqual([]);
  });
});
