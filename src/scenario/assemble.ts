// The second half of reading a scenario: the form is right, now names become code, texts numbers,
// and what was left out is filled in; and what does not fit together is reported.
import { meanLatencyUs } from '../network/latency.js';
import type { NodeId } from '../node/message.js';
import type { AnyProperty } from '../node/property.js';
import type { AnyProtocol } from '../node/protocol.js';
import type { ClientSpec, ServiceSpec } from '../sim/spec.js';
import type { Workload, WorkloadOptions } from '../workloads/workload.js';
import { type Catalogue, lookUp, type Modules, namesModule } from './catalogue.js';
import { complain, type Report } from './complaint.js';
import { readEdit } from './edits.js';
import { idOf, readFaults } from './faults.js';
import { durationOr, readNetwork } from './network.js';
import { readOptions } from './options.js';
import { quoted } from './problems.js';
import { programKey } from './program-path.js';
import { type CheckerSpec, defaults, type Expectation, type Scenario } from './scenario.js';
import type { ScenarioFile } from './schema.js';
import { checkScript, readScript } from './script.js';
import type { Path } from './usage-error.js';
import {
  checkEdits,
  checkExpectation,
  checkNetworkLinks,
  checkServiceName,
  checkWorkload,
  readNodes,
} from './validate.js';
import { checkFaults } from './validate-faults.js';

/** Where names are looked up and where problems go. */
interface Reading {
  readonly catalogue: Catalogue;
  readonly modules: Modules;
  readonly report: Report;
  /** Fields at the root whose form is right; the others hold placeholders. */
  readonly sound: ReadonlySet<string>;
}

/** The scenario of a file of the right form. Worthless if anything was reported. */
export function assemble(file: ScenarioFile, reading: Reading): Scenario {
  const nodes = readNodes(file.nodes, reading.report);
  const durationUs = durationOr(file.duration, defaults.durationUs);
  const { protocol, options } = readProtocol(file, reading);
  const services = readServices(file, nodes, reading);
  const clients = readClients(file, nodes.length, reading);
  const checkers = readCheckers(file, clients, reading);
  const properties = readProperties(file, reading);
  const faults = readFaults(file.faults ?? [], durationUs);
  const parts = { protocol, services, clients, checkers, nodes, durationUs, faults };
  checkFit(file, parts, reading);
  return {
    file,
    about: file.about,
    expect: expectationOf(file.expect),
    seed: String(file.seed ?? defaults.seed),
    // Where there is no protocol that has been reported, and nobody gets to see this scenario.
    protocol: protocol as AnyProtocol,
    options,
    nodes,
    services,
    clients,
    network: readNetwork(file.network, reading.report),
    disk: { syncUs: durationOr(file.disk?.sync, defaults.syncUs) },
    faults,
    edits: (file.edits ?? []).map(readEdit),
    durationUs,
    recoveryUs: durationOr(file.recovery, defaults.recoveryUs),
    limits: {
      eventsMax: file.limits?.events ?? defaults.limits.eventsMax,
      pendingMax: file.limits?.pending ?? defaults.limits.pendingMax,
    },
    checkers,
    ownWorkload: file.workload !== undefined && namesModule(named(file.workload, []).name),
    properties,
  };
}

/** The parts of a scenario that must go together. */
interface Parts
  extends Pick<Scenario, 'services' | 'clients' | 'checkers' | 'nodes' | 'durationUs' | 'faults'> {
  readonly protocol: AnyProtocol | undefined;
}

/** Parts whose own form is wrong are not held against the others. */
function checkFit(file: ScenarioFile, parts: Parts, { report, sound }: Reading): void {
  const { protocol, services, clients } = parts;
  const places = sound.has('nodes') && sound.has('services');
  const nodes = places ? [...parts.nodes, ...services.map(({ name }) => name)] : undefined;
  const durationUs = sound.has('duration') ? parts.durationUs : undefined;
  const known = nodes && new Set<NodeId>(nodes);
  if (clients !== undefined) {
    checkWorkload(protocol, clients, durationUs, report);
    checkScript(file.workload, { ...clients, known, durationUs }, report);
  }
  if (sound.has('checkers') && sound.has('workload') && sound.has('expect')) {
    checkExpectation(
      file.expect,
      parts.checkers.map(({ checker }) => checker),
      report,
    );
  }
  const around = {
    ...{ nodes, durationUs },
    milestones:
      protocol &&
      [protocol, ...services.map((service) => service.protocol)].flatMap(({ milestones }) =>
        Object.keys(milestones ?? {}),
      ),
  };
  checkFaults(file.faults ?? [], around, report);
  checkNetworkLinks(file.network, known, report);
  if (sound.has('faults')) checkEdits(file.edits ?? [], known, parts.faults.map(idOf), report);
}

function readProtocol(file: ScenarioFile, reading: Reading) {
  if (!reading.sound.has('protocol')) return { protocol: undefined, options: {} };
  const given = file.protocol;
  if (typeof given === 'object' && 'program' in given) {
    const { program } = given;
    const key = programKey(program);
    const hosted = (reading.modules.get(key)?.protocol ?? reading.catalogue.protocol.get(key)) as
      | AnyProtocol
      | undefined;
    const hint = 'In code, give a protocol that hosts it: `await hostedProgram({ program })`.';
    if (hosted === undefined) {
      complain(reading.report, ['protocol', 'program'], `${quoted(program)} was not loaded`, {
        ...{ expected: 'a program that a scenario file names', hint },
      });
    }
    return { protocol: hosted, options: {} };
  }
  const { name, options, path } = named(given, ['protocol']);
  const protocol = lookUp('protocol', name, reading, path);
  return { protocol, options: protocolOptions(protocol, options, ['protocol'], reading) };
}

function protocolOptions(
  protocol: AnyProtocol | undefined,
  given: object | undefined,
  at: Path,
  { report }: Reading,
): object {
  if (protocol === undefined) return {};
  const { problem } = protocol;
  const declared = {
    owner: `${at[0] === 'protocol' ? 'protocol' : 'service'} ${protocol.name}`,
    options: protocol.options as object,
    ...(problem && { problem }),
  };
  return readOptions(declared, given, [...at, 'options'], report);
}

function readServices(
  file: ScenarioFile,
  nodes: readonly NodeId[],
  reading: Reading,
): readonly ServiceSpec[] {
  if (!reading.sound.has('services')) return [];
  const taken = new Set(nodes);
  return (file.services ?? []).flatMap((entry, index) => {
    const at = ['services', index];
    const given = typeof entry === 'string' ? { name: entry } : entry;
    const { name, service = name, options } = given;
    checkServiceName(name, taken, typeof entry === 'string' ? at : [...at, 'name'], reading.report);
    taken.add(name);
    const place = typeof entry === 'string' ? at : [...at, given.service ? 'service' : 'name'];
    const protocol = lookUp('service', service, reading, place);
    if (protocol === undefined) return [];
    return [{ name, protocol, options: protocolOptions(protocol, options, at, reading) }];
  });
}

function readClients(
  file: ScenarioFile,
  nodeCount: number,
  reading: Reading,
): ClientSpec | undefined {
  if (file.workload === undefined) return undefined;
  const { name, options, path } = named(file.workload, ['workload']);
  const workload = lookUp('workload', name, reading, path);
  if (workload === undefined) return undefined;
  const given = typeof file.workload === 'string' ? undefined : file.workload;
  const { problem } = workload;
  const declared = {
    owner: `workload ${workload.name}`,
    options: workload.options,
    ...(problem && { problem: (read: object) => problem(read as WorkloadOptions) }),
  };
  const at = ['workload', 'options'];
  const latencyUs = meanLatencyUs(readNetwork(file.network, () => {}).latency);
  const timeoutUs = workload.timeoutUs?.(latencyUs) ?? defaults.timeoutUs;
  return {
    workload,
    // The workload's own options are plain data, and what overlays them comes from a file.
    options: readOptions(declared, options, at, reading.report) as WorkloadOptions,
    ratePerSecond: given?.rate ?? defaults.ratePerSecond,
    concurrency: given?.concurrency ?? nodeCount * (workload.workersPerNode ?? 1),
    timeoutUs: durationOr(given?.timeout, timeoutUs),
    script: given?.operations && readScript(given.operations),
  };
}

function readCheckers(
  file: ScenarioFile,
  clients: ClientSpec | undefined,
  reading: Reading,
): readonly CheckerSpec[] {
  const own = clients?.workload.checkers ?? [];
  const listed = file.checkers ?? own;
  const seen = new Set<string>();
  return listed.flatMap((entry, index) => {
    const { name, options, path } = named(entry, ['checkers', index]);
    const checker = lookUp('checker', name, reading, path);
    if (checker === undefined) return [];
    if (seen.has(checker.name)) complain(reading.report, path, `"${checker.name}" judges twice`);
    seen.add(checker.name);
    const base = { ...checker.options, ...optionsOf(own, checker.name) };
    const declared = { owner: `checker ${checker.name}`, options: base };
    if (file.checkers === undefined) return [{ checker, options: base }];
    const at = ['checkers', index, 'options'];
    return [{ checker, options: readOptions(declared, options, at, reading.report) }];
  });
}

function readProperties(file: ScenarioFile, reading: Reading): readonly AnyProperty[] {
  if (!reading.sound.has('properties')) return [];
  return (file.properties ?? []).flatMap((name, index) => {
    const property = lookUp('property', name, reading, ['properties', index]);
    return property === undefined ? [] : [property];
  });
}

/** What the workload has one of its checkers judge by, unless the scenario says otherwise. */
function optionsOf(own: Workload['checkers'], name: string): object | undefined {
  const choice = own.find((each) => typeof each !== 'string' && each.name === name);
  return typeof choice === 'object' ? choice.options : undefined;
}

function named(
  value: string | { readonly name: string; readonly options?: object | undefined },
  at: Path,
): { readonly name: string; readonly options: object | undefined; readonly path: Path } {
  if (typeof value === 'string') return { name: value, options: undefined, path: at };
  return { name: value.name, options: value.options, path: [...at, 'name'] };
}

function expectationOf(expect: ScenarioFile['expect']): Expectation {
  if (expect === 'valid') return { expect: 'valid' };
  if (typeof expect === 'string') return { expect: 'object', checker: expect, anomaly: undefined };
  return { expect: 'object', checker: expect.object, anomaly: expect.anomaly };
}
