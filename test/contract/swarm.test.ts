// What every registered protocol promises in any trouble: scenarios of a swarm. A new protocol is
// under this contract as soon as it is registered.
import { describe, expect, it } from 'vitest';
import { protocols } from '../../src/protocols/index.js';
import { simulate } from '../../src/scenario/simulate.js';
import { swarm } from '../support/swarm.js';

/** Scenarios of the swarm that each protocol is tried on. */
const swarmSize = 12;
const numbers = Array.from({ length: swarmSize }, (_, number) => number);

describe.each([...protocols])('%s', (_, protocol) => {
  it.each(numbers)(
    'neither throws nor breaks its invariant, twice alike and in strict mode too, in swarm %i',
    (number) => {
      const [first, second, strict] = [false, false, true].map((isStrict) =>
        simulate(swarm(protocol, number), 'contract', [], { strict: isStrict }),
      );
      expect(first?.result.crashes).toEqual([]);
      expect(first?.result.end).toBe('done');
      expect(second?.digest).toBe(first?.digest);
      expect(strict?.digest).toBe(first?.digest);
    },
  );
});
