// The registry of faults: each kind with a line about it. What a kind does to a world is
// `sim/faults.ts`; the compiler demands a line here for every variant of `nemesis/fault.ts`.
import type { FaultName } from './fault.js';
import { drawable } from './schedule.js';

const abouts: Readonly<Record<FaultName, string>> = {
  partition: 'Groups of nodes cannot reach each other; messages are dropped or held.',
  cut: 'What some nodes send to some others is dropped, or held until the end.',
  heal: 'Ends every fault of the network that is active.',
  loss: 'A share of the messages is lost.',
  duplicate: 'A share of the messages arrives twice.',
  reorder: 'A share of the messages waits longer, so that others overtake it.',
  'slow-link': 'Messages take several times as long, and something on top.',
  crash: 'Nodes stop and lose their memory and unsynced writes; at the end they restart.',
  restart: 'Nodes that are down start again with what their disks hold.',
  pause: 'Nodes stand still; at the end all that waited for them happens.',
  resume: 'Nodes that are paused go on.',
  'slow-node': 'Nodes take a while for every event; what comes meanwhile queues.',
  'clock-offset': "Nodes' clocks are ahead or behind by a fixed amount.",
  'clock-drift': "Nodes' clocks and timers run fast or slow.",
  'clock-jump': "Nodes' clocks jump ahead or back, once and for good.",
  'disk-slow': 'Syncs take several times as long.',
  'disk-full': 'Writes are refused, and the sync after them says so.',
  'disk-fail': 'A share of the syncs fails, and their writes are lost.',
  join: 'Nodes become members, new ones or ones that had left.',
  leave: 'Nodes stop and are members no longer; at the end they come back.',
};

interface FaultKind {
  /** One line for `stormglass list`. */
  readonly about: string;
  /** Whether a generator can draw it (`every: …`); others strike at a time or at a milestone. */
  readonly drawn: boolean;
}

/** Kinds of faults by name. */
export const faultKinds: ReadonlyMap<FaultName, FaultKind> = new Map(
  Object.entries(abouts).map(([name, about]) => {
    return [name as FaultName, { about, drawn: drawable.has(name) }];
  }),
);
