// What some run has to come to, or the invariants were never put to the test.
import type { Sometimes } from '../../../node/property.js';
import type { State } from '../state.js';
import { memberAt, ownedAt } from './observing.js';

export const takenOver: Sometimes<State> = {
  name: 'taken-over',
  kind: 'sometimes',
  about: 'Somebody goes on from the log of another owner.',
  reached: (cluster, node) =>
    ownedAt(cluster, node).some(({ adopted, commit }) => adopted > 1 && commit > adopted),
};

/** In the sound variant of streams §2.6 in 1,957 of 2,000 runs. */
export const twoBelieve: Sometimes<State> = {
  name: 'two-believe',
  kind: 'sometimes',
  about: 'Two nodes believe that they own the same topo.',
  reached(cluster, node) {
    const [own] = ownedAt(cluster, node);
    if (own === undefined) return false;
    const { topo } = own;
    return cluster.nodes.some(
      (other) => other !== node && memberAt(cluster, other)?.owns.has(topo) === true,
    );
  },
};

export const seedReplaced: Sometimes<State> = {
  name: 'seed-replaced',
  kind: 'sometimes',
  about: 'A seed that was gone for long has been replaced.',
  reached: (cluster, node) => ownedAt(cluster, node).some(({ published }) => published > 1),
};

export const handedOff: Sometimes<State> = {
  name: 'handing-off',
  kind: 'sometimes',
  about: 'An owner offers its topo to somebody else.',
  reached: (cluster, node) => ownedAt(cluster, node).some(({ handOff }) => handOff !== undefined),
};
