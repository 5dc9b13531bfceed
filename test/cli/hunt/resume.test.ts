// The command that goes on with an interrupted hunt.
import { describe, expect, it } from 'vitest';
import { resumption } from '../../../src/cli/hunt/resume.js';

const cut = { scenario: 'a b.yaml', strategy: 'uniform', seed: '7', seeds: 100, open: 40 };

describe('an interrupted hunt', () => {
  it('goes on from the first seed that was not tried, to the same last one', () => {
    expect(resumption(cut, 'stormglass')).toBe(
      "stormglass hunt 'a b.yaml' --seed 47 --seeds 60 --strategy uniform",
    );
  });

  it('goes on without end where there was none', () => {
    expect(resumption({ ...cut, seeds: undefined }, 'x')).not.toContain('--seeds');
  });

  it.each([{ strategy: 'crash-points' }, { strategy: 'novelty' }, { seed: 'storm' }])(
    'cannot go on by its seeds where trials do not count them: %o',
    (other) => {
      expect(resumption({ ...cut, ...other }, 'stormglass')).toBeUndefined();
    },
  );
});
