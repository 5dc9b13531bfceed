// By which messages the effects of an input came, where a checker objects to what became of it. The
// run is run again and listened to: that costs as much as it did, and nothing is kept of others.
import type { Micros } from '../kernel/time.js';
import type { Body, NodeId } from '../node/message.js';
import type { StreamInput } from '../node/protocol.js';
import type { EffectRow, Step } from '../sim/step.js';
import { advance, begin, type Run, sliceEvents } from './run.js';

/** The messages that bore one input, in the order in which they arrived or were lost. */
export interface InputPath {
  /** `partition@offset`, as the anomalies call it. */
  readonly input: string;
  readonly messages: readonly Passage[];
}

/** A message on its way. */
interface Passage {
  readonly event: number;
  readonly atUs: Micros;
  readonly src: NodeId;
  readonly dest: NodeId;
  readonly type: string;
  /** Why it did not arrive, if it did not. */
  readonly lost: string | undefined;
}

/** So many inputs are followed: those of the anomalies that come first. */
const inputsMax = 8;

/** The paths of the inputs that anomalies of the run name; none where no protocol tells. */
export function inputPaths({ scenario, seed, edits, result, assessment }: Run): InputPath[] {
  const anomalies = assessment.judgements.flatMap((judgement) =>
    judgement.valid === false ? judgement.anomalies : [],
  );
  const wanted = [...new Set(anomalies.flatMap(({ inputs = [] }) => inputs))].slice(0, inputsMax);
  if (wanted.length === 0 || result.end !== 'done' || scenario.protocol.hosted) return [];
  const paths = new Map<string, Passage[]>(wanted.map((input) => [input, []]));
  const running = begin(scenario, seed, edits, { observer: (step) => listen(step) });
  const tellers = running.world.programs.flatMap(({ protocol }) => protocol.inputsOf ?? []);
  if (tellers.length === 0) return [];
  while (advance(running, sliceEvents));
  return [...paths].map(([input, messages]) => ({ input, messages }));

  function listen(step: Step): void {
    const { happening, index: event, atUs } = step;
    if (happening.kind === 'deliver' || happening.kind === 'lost') {
      const { src, dest, body } = happening.message;
      const lost = happening.kind === 'lost' ? happening.why : undefined;
      note(body, { event, atUs, src, dest, lost });
    }
    const src = 'node' in happening ? happening.node : undefined;
    if (src === undefined) return;
    for (const { dest, body, why } of step.effects.flatMap(lostSend)) {
      note(body, { event, atUs, src, dest, lost: why });
    }
  }

  function note(body: Body, passage: Omit<Passage, 'type'>): void {
    const inputs = tellers.flatMap((inputsOf): readonly StreamInput[] => inputsOf(body));
    for (const [partition, offset] of inputs) {
      paths.get(`${String(partition)}@${String(offset)}`)?.push({ ...passage, type: body.type });
    }
  }
}

function lostSend(effect: EffectRow): { dest: NodeId; body: Body; why: string }[] {
  if (effect.effect !== 'send' || effect.fate.fate !== 'lost') return [];
  return [{ dest: effect.dest, body: effect.body as unknown as Body, why: effect.fate.why }];
}
