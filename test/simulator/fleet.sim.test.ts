import {describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, MINUTE_MS, epochMs} from '../../domain/time.ts';
import {equipmentClassOf} from '../../simulator/equipment-classes.ts';
import {createFleet, type Emission, type Fleet} from '../../simulator/fleet.ts';
import {machineSpecs} from '../../simulator/machine-spec.ts';
import {referenceNetwork} from '../../simulator/network.ts';

const startAt = epochMs(Date.UTC(2026, 0, 5));
const DAYS = 60;
const MACHINES = 24;

function fleetOf(
  machines: number,
  more: {autoRepairH?: number; seed?: number; intervalMs?: number} = {},
): Fleet {
  const {seed = 3, ...options} = more;
  const network = referenceNetwork({seed: 3, startAt, machines});
  // An hour between samples keeps two months of a small fleet within a second.
  return createFleet({seed, network, startAt, historyDays: 30, intervalMs: HOUR_MS, ...options});
}

interface Sent {
  readonly observedAt: string;
  readonly boot: number;
  readonly seq: number;
  readonly values?: Record<string, number>;
  readonly type?: string;
  readonly component?: string;
  readonly partSerial?: string;
}
const read = (emission: Emission): Sent => JSON.parse(emission.payload) as Sent;

/** Distinct messages of one machine in the order of their observation: repeats out, the rest by boot and seq. */
function messagesOf(emissions: readonly Emission[], equipmentId: string): Sent[] {
  const distinct = new Set(
    emissions.filter((each) => each.equipmentId === equipmentId).map((each) => each.payload),
  );
  return [...distinct]
    .map((payload) => JSON.parse(payload) as Sent)
    .sort((a, b) => a.boot - b.boot || a.seq - b.seq);
}

const fleet = fleetOf(MACHINES, {autoRepairH: 12});
const emissions = fleet.advance(epochMs(startAt + DAYS * DAY_MS));
const specs = machineSpecs(referenceNetwork({seed: 3, startAt, machines: MACHINES}));

describe('the fleet', () => {
  it('sends the same bytes for the same seed, in one stride or in many', () => {
    const again = fleetOf(MACHINES, {autoRepairH: 12});
    const strides: Emission[] = [];
    for (let hour = 7; hour <= DAYS * 24; hour += 7)
      strides.push(...again.advance(epochMs(startAt + hour * HOUR_MS)));
    strides.push(...again.advance(epochMs(startAt + DAYS * DAY_MS)));
    const key = (each: Emission): string => `${each.arrivesAt} ${each.payload} ${each.topic}`;
    expect(strides.map(key).sort()).toEqual(emissions.map(key).sort());
  });

  it('does not change what a machine sends when another is added', () => {
    const larger = fleetOf(MACHINES + 1, {autoRepairH: 12}).advance(epochMs(startAt + 3 * DAY_MS));
    const before = emissions.filter((each) => each.arrivesAt <= startAt + 3 * DAY_MS);
    const known = new Set(before.map((each) => each.equipmentId));
    expect(larger.filter((each) => known.has(each.equipmentId))).toEqual(before);
  });

  it('sends in the order of arrival, nothing early and nothing ahead of its time', () => {
    emissions.slice(1).forEach((each, i) => {
      if (each.arrivesAt < emissions[i]!.arrivesAt) throw new Error(`message ${i + 1} comes before ${i}`);
    });
    expect(emissions[0]!.arrivesAt).toBeGreaterThan(startAt);
    expect(emissions.every((each) => Date.parse(read(each).observedAt) < each.arrivesAt)).toBe(true);
  });

  it('numbers each boot without a gap over both topics; only what is still under way is missing', () => {
    for (const {equipmentId} of specs) {
      const messages = messagesOf(emissions, equipmentId);
      const last = messages.at(-1)!;
      for (let boot = 1; boot <= last.boot; boot += 1) {
        const seqs = messages.filter((each) => each.boot === boot).map(({seq}) => seq);
        const underWay = boot === last.boot ? 12 : 0; // an outage at the very end holds some back
        expect(new Set(seqs).size).toBe(seqs.length);
        expect(seqs.at(-1)! + 1 - seqs.length).toBeLessThanOrEqual(underWay);
      }
    }
  });

  it('tells in events what the ground truth says of lives', () => {
    let failures = 0;
    for (const {equipmentId, lives} of fleet.truth()) {
      const messages = messagesOf(emissions, equipmentId);
      const told = messages
        .filter(({type}) => type === 'failure')
        .map(({component, observedAt}) => `${component!} ${Date.parse(observedAt)}`);
      const ended = lives.filter(
        ({endedAt}) => endedAt !== null && endedAt > startAt && endedAt < startAt + (DAYS - 1) * DAY_MS,
      );
      const failed = ended
        .filter(({end}) => end === 'failure')
        .map((life) => `${life.positionId} ${life.endedAt!}`);
      expect(told).toEqual(expect.arrayContaining(failed));
      failures += failed.length;
      const replaced = new Set(
        messages.filter(({type}) => type === 'part-replaced').map((each) => each.partSerial),
      );
      const installed = lives.filter(
        ({installedAt}) => installedAt > startAt && installedAt < startAt + (DAYS - 1) * DAY_MS,
      );
      expect(installed.every((life) => replaced.has(life.componentId))).toBe(true);
      expect(messages.filter(({type}) => type === 'maintenance').length).toBeGreaterThanOrEqual(
        ended.filter(({end}) => end === 'planned').length,
      );
    }
    expect(failures).toBeGreaterThan(3);
  });

  it('keeps every value within its physical limits, but for spikes that the truth knows', () => {
    const truths = new Map(fleet.truth().map((truth) => [truth.equipmentId, truth]));
    let beyond = 0;
    for (const {equipmentId, classId} of specs) {
      const limits = equipmentClassOf(classId).signals;
      for (const {values = {}, observedAt} of messagesOf(emissions, equipmentId)) {
        for (const [signal, value] of Object.entries(values)) {
          const {min, max} = limits[signal]!;
          if (value >= min && value <= max) continue;
          beyond += 1;
          const at = Date.parse(observedAt);
          const spike = truths
            .get(equipmentId)!
            .sensorFaults.some(
              (fault) =>
                fault.kind === 'spike' && fault.signal === signal && fault.from <= at && at < fault.to,
            );
          expect(spike, `${equipmentId} ${signal} ${value} at ${observedAt}`).toBe(true);
        }
      }
    }
    expect(beyond).toBeGreaterThan(0);
  });

  it('delivers what an outage held back late, shuffled and with repeats', () => {
    const late = emissions.filter((each) => each.arrivesAt - Date.parse(read(each).observedAt) > HOUR_MS / 2);
    expect(late.length).toBeGreaterThan(50);
    const one = late
      .filter((each) => each.equipmentId === late[0]!.equipmentId)
      .map((each) => read(each).seq);
    expect(one).not.toEqual([...one].sort((a, b) => a - b));
    expect(new Set(emissions.map((each) => each.topic + each.payload)).size).toBeLessThan(emissions.length);
  });

  it('waits at a standstill for repair, silent, and starts a new boot with the part that was put in', () => {
    const waiting = fleetOf(MACHINES);
    const sent = waiting.advance(epochMs(startAt + DAYS * DAY_MS));
    const {equipmentId, positionId} = waiting.down()[0]!;
    const stopped = messagesOf(sent, equipmentId).at(-1)!;
    expect(stopped.type).toBe('stopped');
    expect(waiting.repair(equipmentId, 'no-such-position', waiting.now)).toBe(false);
    const at = epochMs(waiting.now + 3 * HOUR_MS);
    expect(waiting.repair(equipmentId, positionId, at, 'SN-1')).toBe(true);
    const after = messagesOf(waiting.advance(epochMs(at + 2 * DAY_MS)), equipmentId).filter(
      (each) => each.boot > stopped.boot,
    );
    expect(after[0]).toMatchObject({
      seq: 0,
      type: 'part-replaced',
      component: positionId,
      partSerial: 'SN-1',
    });
    expect(after[0]!.observedAt).toBe(new Date(at).toISOString());
    expect(after[1]).toMatchObject({seq: 1, type: 'started'});
    expect(after.slice(2).some((each) => each.values !== undefined)).toBe(true);
    expect(() => waiting.repair('XX-1', positionId, at)).toThrow('not in this fleet');
  });

  it('refuses a network of another seed, and to go back in time', () => {
    expect(() => fleetOf(MACHINES, {seed: 4})).toThrow('make network and fleet with one seed');
    expect(() => fleet.advance(startAt)).toThrow('cannot go back');
  });
});

describe('the fleet’s past', () => {
  const past = fleetOf(3, {intervalMs: 10 * MINUTE_MS}).history();

  it('tells hours, events and demand up to the start, the same at every asking', () => {
    const machines = [...past.machines];
    expect(machines.map((each) => each.equipmentId)).toEqual(
      specs.slice(0, 3).map((spec) => spec.equipmentId),
    );
    expect([...past.machines]).toEqual(machines);
    for (const {hours, events, signals} of machines) {
      expect(hours.at(-1)).toBe(startAt);
      expect(hours.length).toBeLessThanOrEqual(30 * 24);
      expect(events.every(({at}) => at > startAt - 30 * DAY_MS && at <= startAt + 1000)).toBe(true);
      const [signal] = Object.values(signals);
      // Six samples an hour, but for standstills and dropped-out sensors.
      expect(signal!.n.filter((n) => n === 6).length / hours.length).toBeGreaterThan(0.8);
      expect(Math.max(...signal!.n)).toBe(6);
    }
    const readings = [...past.telemetry];
    expect(readings.length).toBeGreaterThan(3 * 30 * 24 * 0.8);
    for (const {signals} of readings.slice(0, 200)) {
      for (const {min, mean, max, sd} of Object.values(signals)) {
        expect(mean).toBeGreaterThanOrEqual(min - 1e-4);
        expect(mean).toBeLessThanOrEqual(max + 1e-4);
        expect(sd).toBeLessThanOrEqual(max - min);
      }
    }
    expect([...past.events].length).toBe(machines.reduce((sum, each) => sum + each.events.length, 0));
    expect(past.demand.length).toBeGreaterThan(0);
  });
});
