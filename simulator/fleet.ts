import {DAY_MS, epochMs, type EpochMs} from '../domain/time.ts';
import type {ComponentLife, HistoryEvent, MachineHistory} from './history.ts';
import {machineSpecs} from './machine-spec.ts';
import {Machine} from './machine.ts';
import {rowsOf, type MasterData, type MasterRow} from './master-data.ts';
import type {FalseWarning, SensorFault} from './symptoms.ts';
import type {MachineSpec} from './timeline.ts';
import {SAMPLE_INTERVAL_MS, machineHistory} from './training-history.ts';
import {Uplink, type Emission, type Outage} from './uplink.ts';

export type {Emission} from './uplink.ts';

export interface FleetOptions {
  /** The seed that the network was made with. */
  readonly seed: number;
  /** From referenceNetwork(). */
  readonly network: MasterData;
  /** Where the past ends and sending begins; the network's own start. */
  readonly startAt: EpochMs;
  /** Days of past that `history()` tells. */
  readonly historyDays: number;
  /** Between two samples of a machine; default ten minutes. */
  readonly intervalMs?: number;
  /** Hours from failure to restart. Without it a failed machine waits for `repair`. */
  readonly autoRepairH?: number;
}

/** What one machine's signals were over one hour. */
export interface HourlyReading {
  readonly equipmentId: string;
  readonly siteId: string;
  /** End of the hour. */
  readonly at: EpochMs;
  readonly signals: Readonly<Record<string, {n: number; mean: number; sd: number; min: number; max: number}>>;
}

/** The past, machine by machine. Every iterable can be walked again and computes as it goes. */
export interface FleetHistory {
  readonly machines: Iterable<MachineHistory>;
  readonly events: Iterable<HistoryEvent & {readonly equipmentId: string; readonly siteId: string}>;
  /** Hours without any sample are left out. */
  readonly telemetry: Iterable<HourlyReading>;
  /** Rows of demand_history. */
  readonly demand: readonly MasterRow[];
}

/** What really happened to one machine, for whoever judges forecasts and decisions. */
export interface MachineTruth {
  readonly equipmentId: string;
  readonly lives: readonly ComponentLife[];
  readonly falseWarnings: readonly FalseWarning[];
  readonly sensorFaults: readonly SensorFault[];
  readonly outages: readonly Outage[];
}

export interface Fleet {
  /** The instant sent up to. */
  readonly now: EpochMs;
  history(): FleetHistory;
  /** Everything that reaches the broker in (now, to], in order of arrival. Instants do not go back. */
  advance(to: EpochMs): Emission[];
  /** Machines at a standstill and the component they wait for. */
  down(): {equipmentId: string; positionId: string}[];
  /**
   * A technician puts the part in at `at` (no earlier than now) and starts the machine.
   * False when this component did not stop it. @param newSerial  Defaults to `<equipment>.<position>.<n>`.
   */
  repair(equipmentId: string, positionId: string, at: EpochMs, newSerial?: string): boolean;
  /** Lives, false warnings and sensor faults up to now, in the order of the network's machines. */
  truth(): MachineTruth[];
}

/**
 * A fleet that goes on from where its network's installed base stands.
 * @throws RangeError when network and seed do not belong together.
 */
export function createFleet(options: FleetOptions): Fleet {
  const {seed, network, startAt, historyDays, intervalMs = SAMPLE_INTERVAL_MS, autoRepairH} = options;
  const sampledFrom = epochMs(startAt - historyDays * DAY_MS);
  const specs = machineSpecs(network);
  const connected = specs.map((spec) => {
    const machine = new Machine({seed, spec, sampledFrom, intervalMs, run: 'live'});
    machine.skipTo(startAt);
    machine.timeline.repairPolicy = autoRepairH === undefined ? 'on-call' : {afterH: autoRepairH};
    return {spec, machine, uplink: new Uplink(seed, spec, startAt)};
  });
  checkInstalled(network, connected);
  const byId = new Map(connected.map((each) => [each.spec.equipmentId, each]));
  let now = startAt;
  let underway: Emission[] = [];

  return {
    get now() {
      return now;
    },
    history: () => pastOf(seed, specs, sampledFrom, startAt, intervalMs, network),
    advance(to) {
      if (to < now) throw new RangeError(`the fleet is at ${now} and cannot go back to ${to}`);
      for (const each of connected) send(each, to, underway);
      const due = underway.filter((emission) => emission.arrivesAt <= to);
      underway = underway.filter((emission) => emission.arrivesAt > to);
      now = to;
      // Sorting is stable: one machine's messages of the same instant keep their order.
      return due.sort((a, b) => a.arrivesAt - b.arrivesAt);
    },
    down: () =>
      connected.flatMap(({spec, machine}) => {
        const positionId = machine.timeline.failedPositionId;
        return positionId === null ? [] : [{equipmentId: spec.equipmentId, positionId}];
      }),
    repair(equipmentId, positionId, at, newSerial) {
      const each = byId.get(equipmentId);
      if (!each) throw new RangeError(`equipment ${equipmentId}: not in this fleet`);
      return each.machine.timeline.repair(positionId, epochMs(Math.max(at, now)), newSerial);
    },
    truth: () =>
      connected.map(({spec, machine, uplink}) => ({
        equipmentId: spec.equipmentId,
        lives: machine.timeline.livesAt(now),
        falseWarnings: [...machine.falseWarnings.started],
        sensorFaults: [...machine.sensorFaults.started],
        outages: [...uplink.outages.started],
      })),
  };
}

interface Connected {
  readonly spec: MachineSpec;
  readonly machine: Machine;
  readonly uplink: Uplink;
}

function send({machine, uplink}: Connected, to: EpochMs, underway: Emission[]): void {
  for (const observation of machine.observe(to)) {
    underway.push(
      ...(observation.kind === 'event'
        ? uplink.event(observation.event)
        : uplink.telemetry(observation.at, machine.signals.names, observation.values)),
    );
  }
}

/** Another seed has other lives: its events would name serials that the installed base does not know. */
function checkInstalled(network: MasterData, connected: readonly Connected[]): void {
  const installed = new Set(
    rowsOf(network, 'installation')
      .filter((row) => row['removed_at'] === '')
      .map((row) => row['component_id']),
  );
  for (const {spec, machine} of connected) {
    for (const life of machine.timeline.lives) {
      if (life.endedAt === null && !installed.has(life.componentId)) {
        throw new RangeError(`${spec.equipmentId}: ${life.componentId} is not installed; make network and fleet with one seed and start`); // prettier-ignore
      }
    }
  }
}

function pastOf(
  seed: number,
  specs: readonly MachineSpec[],
  from: EpochMs,
  to: EpochMs,
  intervalMs: number,
  network: MasterData,
): FleetHistory {
  const past = function* (): Generator<readonly [MachineSpec, MachineHistory]> {
    for (const spec of specs) yield [spec, machineHistory(seed, spec, from, to, intervalMs)];
  };
  return {
    machines: again(function* () {
      for (const [, history] of past()) yield history;
    }),
    events: again(function* () {
      for (const [{equipmentId, siteId}, {events}] of past()) {
        for (const event of events) yield {...event, equipmentId, siteId};
      }
    }),
    telemetry: again(function* () {
      for (const [{siteId}, history] of past()) yield* hourlyReadings(siteId, history);
    }),
    demand: rowsOf(network, 'demand_history'),
  };
}

function* hourlyReadings(
  siteId: string,
  {equipmentId, hours, signals}: MachineHistory,
): Generator<HourlyReading> {
  const entries = Object.entries(signals);
  for (let i = 0; i < hours.length; i += 1) {
    const heard = entries.filter(([, signal]) => signal.n[i]! > 0);
    if (heard.length === 0) continue;
    const values = heard.map(([name, {n, mean, sd, min, max}]) => [
      name,
      {n: n[i]!, mean: mean[i]!, sd: sd[i]!, min: min[i]!, max: max[i]!},
    ]);
    yield {
      equipmentId,
      siteId,
      at: epochMs(hours[i]!),
      signals: Object.fromEntries(values) as HourlyReading['signals'],
    };
  }
}

/** An iterable that starts over each time it is walked. */
function again<T>(walk: () => Generator<T>): Iterable<T> {
  return {[Symbol.iterator]: walk};
}
