// One hired thread, as those see it who hire: it answers, or it is lost, because it does not answer
// any more, has ended, or has used up its memory.
import { Worker } from 'node:worker_threads';
import type { Hunted } from '../../scenario/hunt/blocks.js';
import { type Answer, type Errand, type Order, type PlanFigures, Whereabouts } from './errand.js';
import { Silence, shareOf } from './silence.js';

/** How a thread was lost. */
export interface Lost {
  readonly how: 'hang' | 'exit' | 'memory' | 'error';
  readonly about: string;
  /** The number of the trial at which it was. */
  readonly trial: number;
}

export interface Hand {
  readonly plan: PlanFigures;
  work(order: Order): Promise<Hunted | Lost>;
  dismiss(): void;
}

/** What a thread may use. */
export interface Means {
  /** A thread that says nothing for so long, while it can run, is ended. */
  readonly patienceMs: number;
  readonly memoryMb: number;
}

/** Between two looks at whether a thread still lives. */
const lookMs = 200;
/** Loading a scenario's code may take so long at least. */
const startMs = 60_000;
/**
 * Node ends a thread that is out of memory 16 MiB later. What is young is a third of this, and if
 * all of that should stay, too, it has to have room there: else V8 ends the whole process.
 */
const maxYoungGenerationSizeMb = 24;

export function isLost(outcome: object): outcome is Lost {
  return 'how' in outcome;
}

/** Hires a thread; what it answers first is what the plan is. */
export async function hire(
  errand: Omit<Errand, 'whereabouts'>,
  means: Means,
): Promise<Hand | Lost> {
  const whereabouts = new Whereabouts();
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: { ...errand, whereabouts: whereabouts.shared } satisfies Errand,
    resourceLimits: { maxOldGenerationSizeMb: means.memoryMb, maxYoungGenerationSizeMb },
  });
  const line = lineTo(worker, whereabouts, means);
  const first = await line.answer(Math.max(means.patienceMs, startMs));
  if (isLost(first)) return first;
  if (first.kind !== 'ready') throw new Error('a thread says first what its plan is');
  return {
    plan: first.plan,
    work: async (order) => {
      worker.postMessage(order);
      const answer = await line.answer(means.patienceMs);
      if (isLost(answer)) return answer;
      if (answer.kind !== 'done') throw new Error('a thread says what its batch came to');
      return answer.hunted;
    },
    dismiss: () => void worker.terminate(),
  };
}

interface Line {
  /** The next answer, or how the thread was lost. */
  answer(patienceMs: number): Promise<Answer | Lost>;
}

/** Listens to a thread for as long as it lives. */
function lineTo(worker: Worker, here: Whereabouts, means: Means): Line {
  let settle: (outcome: Answer | Lost) => void = () => {};
  let end: Lost | undefined;
  const lost = (how: Lost['how'], about: string): void => {
    end ??= { how, about, trial: here.trial };
    settle(end);
  };
  worker.on('message', (answer: Answer) => settle(answer));
  worker.on('exit', (code) => lost('exit', `it ended its process with exit code ${code}`));
  worker.on('error', (error: NodeJS.ErrnoException) => {
    const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    if (isMemory) lost('memory', `it used more than ${means.memoryMb} MiB of memory`);
    else lost('error', `outside every handler: ${error.name}: ${error.message}`);
  });
  const answer = (patienceMs: number): Promise<Answer | Lost> =>
    new Promise((resolve) => {
      const stop = whenSilent(here, patienceMs, () => {
        void worker.terminate();
        lost('hang', `it did nothing for ${patienceMs / 1_000} s and was ended`);
      });
      settle = (outcome) => {
        stop();
        resolve(outcome);
      };
      if (end !== undefined) settle(end);
    });
  return { answer };
}

/** Calls `tell` once the thread has shown no sign of life for so long; returns what stops that. */
function whenSilent(here: Whereabouts, patienceMs: number, tell: () => void): () => void {
  const silence = new Silence(here.beats, () => shareOf(here.thread));
  const clock = setInterval(() => {
    if (silence.look(here.beats, lookMs) >= patienceMs) tell();
  }, lookMs);
  return () => clearInterval(clock);
}
