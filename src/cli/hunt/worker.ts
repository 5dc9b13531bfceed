// A thread of a hunt: loads the scenario once, then tries the blocks that it is told to, batch
// after batch. What ends it, ends it; whoever hired it sees where it was.
import { parentPort, workerData } from 'node:worker_threads';
import { loadScenario } from '../../files/scenario-file.js';
import { huntBlocks } from '../../scenario/hunt/blocks.js';
import { accident } from '../../scenario/hunt/trial.js';
import { strategies } from '../../scenario/strategies/index.js';
import { type Answer, blocksIn, type Errand, type Order, Whereabouts } from './errand.js';
import { ownThread } from './silence.js';

const { path, strategy, seed, seeds, whereabouts } = workerData as Errand;
const here = new Whereabouts(whereabouts);
here.begin(ownThread());
const scenario = await loadScenario(path);
const chosen = strategies.get(strategy);
if (chosen === undefined) throw new Error(`there is no strategy ${strategy}`);
const plan = chosen.plan({ scenario, seed, seeds });
const { blockSize, trials, about } = plan;

parentPort?.on('message', ({ batch, skips, untilFailure }: Order) => {
  const hunted = huntBlocks(scenario, plan, blocksIn(batch), {
    begins: (trial, index) => {
      here.turnTo(index);
      const instead = skips.get(index);
      return instead && accident(scenario, trial, index, instead);
    },
    beat: () => here.beat(),
    enough: ({ findings }) =>
      untilFailure && findings.some(({ kind }) => kind === 'failure' || kind === 'accident'),
  });
  parentPort?.postMessage({ kind: 'done', hunted } satisfies Answer);
});
parentPort?.postMessage({ kind: 'ready', plan: { blockSize, trials, about } } satisfies Answer);
