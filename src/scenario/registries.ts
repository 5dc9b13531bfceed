// All code that comes with Stormglass, loaded. Who needs but what one scenario names, and starts a
// process for it, asks `files/named-code.ts` instead.
import { checkers } from '../checkers/index.js';
import { protocols } from '../protocols/index.js';
import { services } from '../services/index.js';
import { workloads } from '../workloads/index.js';
import type { Catalogue } from './catalogue.js';

/** The registries as they are. */
export const registries: Catalogue = {
  protocol: protocols,
  service: services,
  workload: workloads,
  checker: checkers,
  property: new Map(), // Protocols bring their own; the others are users'.
};
