// The public surface. A run in one call: `simulate(scenario, seed)`. A protocol of your own: the
// types of `node/protocol.ts`. A world by hand, event by event: `createWorld`, `advance`,
// `forkWorld`.
export type { Anomaly, Checker, CheckerOptions, Judgement, Verdict } from './checkers/checker.js';
export { checkers } from './checkers/index.js';
export { checkOperations } from './checkers/linearizable/check.js';
export type { Action, Model } from './checkers/linearizable/model.js';
export { type Operation, operationsOf } from './checkers/linearizable/operation.js';
export { pictureOf } from './checkers/linearizable/picture.js';
export type { Counts, MessageCount } from './history/counts.js';
export { type History, historyOf } from './history/history.js';
export { formatOp, parseHistory } from './history/ndjson.js';
export type { Op, OpType } from './history/op.js';
export { digestOf } from './kernel/digest.js';
export type { Plain } from './kernel/plain.js';
export type { Random } from './kernel/random.js';
export { formatDuration, type Micros, minutes, ms, seconds } from './kernel/time.js';
export { type HostedProgram, hostedProgram } from './maelstrom/hosted-program.js';
export type { Fault, FaultName, Milestone, PlannedFault } from './nemesis/fault.js';
export type { Latency, NetworkSpec, Transport } from './network/spec.js';
export {
  type Body,
  type ErrorBody,
  errorCodes,
  type Message,
  type NodeId,
} from './node/message.js';
export type {
  Always,
  AnyProperty,
  Cluster,
  Eventually,
  Property,
  Sometimes,
} from './node/property.js';
export type {
  AnyProtocol,
  Context,
  DiskError,
  Protocol,
  Store,
  Timer,
  TimerId,
} from './node/protocol.js';
export { protocols } from './protocols/index.js';
export {
  type Failure,
  type FoundFailure,
  failureName,
  failureNamed,
  failuresOf,
  shows,
} from './scenario/failure.js';
export { type Report, reportOf } from './scenario/report.js';
export type { Scenario, ScenarioInput } from './scenario/scenario.js';
export {
  finish,
  type Run,
  type Running,
  type RunOptions,
  simulate,
  start,
} from './scenario/simulate.js';
export { type Problem, UsageError } from './scenario/usage-error.js';
export { engineVersion } from './scenario/version.js';
export { services } from './services/index.js';
export { createWorld, forkWorld } from './sim/create.js';
export type { Edit, EventKey } from './sim/edit.js';
export { digestWorld, inspect, type NodeView } from './sim/inspect.js';
export { advance, step } from './sim/loop.js';
export { type FaultReport, type PropertyReport, type RunResult, resultOf } from './sim/result.js';
export type { ClientSpec, DiskSpec, Limits, WorldSpec } from './sim/spec.js';
export type { EffectRow, Fate, Happening, Step } from './sim/step.js';
export { DeterminismError } from './sim/strict.js';
export { Trace, type TraceRow } from './sim/trace.js';
export type { CrashReport, World } from './sim/world.js';
export { workloads } from './workloads/index.js';
export type {
  Generator,
  GeneratorContext,
  Invocation,
  Session,
  Workload,
} from './workloads/workload.js';
