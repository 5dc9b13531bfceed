// What a checker finds wrong in a scenario's run with other options, by kind.
import { loadScenario } from '../../src/files/scenario-file.js';
import { simulate } from '../../src/scenario/simulate.js';

interface Changes {
  readonly options?: Readonly<Record<string, unknown>>;
  /** By service its options. */
  readonly services?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The kinds of anomalies of the scenario in scenarios/ with this name and seed. */
export async function kindsIn(name: string, seed: string, changes: Changes = {}) {
  const scenario = await loadScenario(`scenarios/${name}.yaml`);
  const services = scenario.services.map((service) => {
    return { ...service, options: { ...service.options, ...changes.services?.[service.name] } };
  });
  const options = { ...scenario.options, ...changes.options };
  const { judgements } = simulate({ ...scenario, options, services }, seed).assessment;
  return new Set(
    judgements.flatMap((found) =>
      found.valid === false ? found.anomalies.map(({ kind }) => kind) : [],
    ),
  );
}
