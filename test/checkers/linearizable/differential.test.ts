// Every search against the oracle that tries every order, on small random histories of both
// verdicts. STORMGLASS_ORACLE_RUNS sets how many there are of each model; 100,000 is the full size.
import { describe, expect, it } from 'vitest';
import * as automaton from '../../../src/checkers/linearizable/automaton.js';
import * as chains from '../../../src/checkers/linearizable/chains.js';
import * as decide from '../../../src/checkers/linearizable/decide.js';
import * as general from '../../../src/checkers/linearizable/general-search.js';
import * as layers from '../../../src/checkers/linearizable/layered-search.js';
import * as registry from '../../../src/checkers/linearizable/models/index.js';
import * as refutations from '../../../src/checkers/linearizable/refutations.js';
import * as registerDecision from '../../../src/checkers/linearizable/register-decision.js';
import * as registerPart from '../../../src/checkers/linearizable/register-part.js';
import * as register from '../../../src/checkers/linearizable/register-search.js';
import * as timeline from '../../../src/checkers/linearizable/timeline.js';
import * as windows from '../../../src/checkers/linearizable/windows.js';
import { compare, compareLonger } from './judges.js';
import { specs } from './specs.js';

const runs = Number(process.env.STORMGLASS_ORACLE_RUNS ?? 1_500);
const judges = {
  ...{ ...automaton, ...chains, ...decide, ...general },
  ...{ ...registry, ...registerPart, ...register, ...timeline },
  ...{ ...layers, ...refutations, ...registerDecision, ...windows },
};

const registers = ['register', 'cas-register', 'kv', 'log'];

describe.each(specs.filter(({ model }) => registers.includes(model)))('$model', (spec) => {
  it('has the verdict of the general search on longer histories', () => {
    expect(compareLonger(judges, spec, Math.ceil(runs / 5))).toBeUndefined();
  }, 3_600_000);
});

describe.each(specs)('$model', (spec) => {
  it('has the verdict of brute force on every small random history', () => {
    const { mistake, valid } = compare(judges, spec, runs);
    expect(mistake).toBeUndefined();
    expect(valid / runs).toBeGreaterThan(0.2);
    expect(valid / runs).toBeLessThan(0.8);
  }, 3_600_000);
});
