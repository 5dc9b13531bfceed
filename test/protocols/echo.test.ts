// The echo protocol: it says what it was told, to whoever told it.
import { expect, it } from 'vitest';
import { simulate } from '../../src/scenario/simulate.js';
import { echo } from '../../src/workloads/echo.js';
import { scripted } from '../support/script.js';
import { transcript } from '../support/transcript.js';

it('answers with the text of the request', () => {
  const workload = { name: scripted(echo, [{ f: 'echo', value: 'hello' }]), concurrency: 1 };
  const lines = transcript({ protocol: 'echo', nodes: 1, workload, duration: '1s' });
  expect(lines).toEqual(['n0 starts', 'n0 ◀ c0 echo "hello" → c0 echo_ok "hello"']);
});

it('is at a loss when the network loses the answer', () => {
  const run = simulate({
    protocol: 'echo',
    nodes: 1,
    workload: { name: 'echo', rate: 20, timeout: '500ms' },
    network: { clients: 'network', loss: '10%' },
    duration: '5s',
    expect: 'echo',
  });
  expect(run.assessment.expected).toBe(true);
});
