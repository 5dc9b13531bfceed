// When each input of a stream was in the log, and when the world first saw an output of it: told
// from the messages of a run, whatever the stream is.
import type { ScenarioInput } from '../../../src/scenario/scenario.js';
import { simulate } from '../../../src/scenario/simulate.js';
import type { Step } from '../../../src/sim/step.js';

interface Sight {
  /** By partition and offset when the input was in the log. */
  readonly inputs: ReadonlyMap<string, number>;
  /** By partition, offset and branch when the output was first seen. */
  readonly outputs: ReadonlyMap<string, number>;
  /** Outputs that were seen again. */
  readonly repeats: number;
  readonly messages: number;
  /** When snapshots were committed. */
  readonly commits: readonly number[];
}

type Fields = Readonly<Record<string, unknown>> & { readonly type: string };

export function observed(scenario: ScenarioInput, seed: string): Sight {
  const watch = new Watch();
  const { result } = simulate(scenario, seed, [], { observer: (step) => watch.see(step) });
  const { inputs, outputs, repeats, commits } = watch;
  return { inputs, outputs, repeats, commits, messages: result.counts.messages.servers.sent };
}

class Watch {
  readonly inputs = new Map<string, number>();
  readonly outputs = new Map<string, number>();
  readonly commits: number[] = [];
  repeats = 0;
  /** Requests that a service has not answered, by who asks and the number. */
  readonly #asked = new Map<string, Fields>();
  /** By producer the outputs of its open transaction. */
  readonly #open = new Map<string, unknown[]>();
  #hides = false;

  see({ atUs, happening, effects }: Step): void {
    if (happening.kind === 'deliver' && ['log', 'sink'].includes(happening.node)) {
      const { src, body } = happening.message;
      this.#asked.set(`${src} ${body.msg_id}`, body as unknown as Fields);
    }
    for (const effect of effects) {
      if (effect.effect === 'note' && /^committed /.test(effect.text)) this.commits.push(atUs);
      if (effect.effect !== 'send') continue;
      const body = effect.body as Fields;
      const name = `${effect.dest} ${String(body.in_reply_to)}`;
      const request = this.#asked.get(name);
      if (request === undefined || body.type !== `${request.type}_ok`) continue;
      this.#asked.delete(name);
      this.#answered(request, body, atUs);
    }
  }

  #answered(request: Fields, reply: Fields, atUs: number): void {
    switch (request.type) {
      case 'append': {
        const records = request.records as readonly unknown[];
        for (const nth of records.keys()) {
          this.inputs.set(`${String(request.partition)}/${Number(reply.offset) + nth}`, atUs);
        }
        return;
      }
      case 'emit':
        this.#show(request.outputs as readonly unknown[], atUs);
        return;
      case 'commit':
        this.#hides = true;
        this.#show(request.outputs as readonly unknown[], atUs);
        return;
      case 'produce': {
        const records = request.records as readonly unknown[];
        const outputs = records.filter((each) => Array.isArray(each) && each.length === 4);
        const open = this.#open.get(String(request.producer)) ?? [];
        this.#open.set(String(request.producer), [...open, ...outputs.flat()]);
        return;
      }
      case 'end_transaction':
        if (request.commit === true)
          this.#show(this.#open.get(String(request.producer)) ?? [], atUs);
        this.#open.delete(String(request.producer));
    }
  }

  /** Each output is its partition, its offset, its number and its value. */
  #show(outputs: readonly unknown[], atUs: number): void {
    for (let at = 0; at < outputs.length; at += 4) {
      const name = outputs
        .slice(at, at + 3)
        .map(String)
        .join('/');
      if (!this.outputs.has(name)) this.outputs.set(name, atUs);
      else if (!this.#hides) this.repeats += 1;
    }
  }
}
