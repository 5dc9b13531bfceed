// How often members that are well are held to be failed while others stall: what is sent to three
// members of 24 is kept from them for 20 s and comes in a burst, as when their processors are
// starved. Modelled on the experiments of Lifeguard (Dadgar, Phillips & Currey 2017, §V).
import { simulate } from '../../src/scenario/simulate.js';

const stalled = ['n3', 'n7', 'n11'];

/** Members that are well and were declared failed, each counted once per member who believes it. */
export function falseAlarms(options: Readonly<Record<string, unknown>>, seed: string): number {
  let count = 0;
  const observer: Parameters<typeof simulate>[3] = {
    observer: ({ effects }) => {
      for (const effect of effects) {
        const found = effect.effect === 'note' && /^knows that (\S+) has failed/.exec(effect.text);
        if (found && !stalled.includes(found[1] ?? '')) count += 1;
      }
    },
  };
  const faults = stalled.map((node, index) => ({
    at: `${10 + 15 * index}s`,
    for: '20s',
    fault: 'cut' as const,
    mode: 'hold' as const,
    links: [['*', node]] as ['*', string][],
  }));
  const protocol = { name: 'membership/swim', options };
  const network = { latency: { shape: 'exponential', mean: '10ms' } } as const;
  simulate({ protocol, nodes: 24, network, faults, duration: '70s' }, seed, [], observer);
  return count;
}
