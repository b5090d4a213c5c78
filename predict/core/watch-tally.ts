import {HORIZONS_H} from '../../domain/forecast.ts';
import {PPM} from '../../domain/quantity.ts';
import {DAY_MS, HOUR_MS, plusMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {alarmEventScore, type MachineEvent} from './alarm-events.ts';
import type {Resolved} from './calibration-evidence.ts';
import {failureBetween, type StatedCurve} from './survival-curve.ts';
import type {WatchRules} from './watch-rules.ts';

/** What was said of a component at a midnight: the newest forecast that was there by then. */
export interface NightSample {
  /** A midnight, UTC. */
  readonly at: EpochMs;
  readonly asOf: EpochMs;
  /** Model version; of an age rung its method, for its law is fitted anew every day. */
  readonly said: string;
  readonly curve: StatedCurve;
}

/** One life of a component in a place, and what was said of it night by night. */
export interface WatchedLife {
  readonly componentId: string;
  readonly installedAt: EpochMs;
  /** null: it is there still. */
  readonly endedAt: EpochMs | null;
  readonly failed: boolean;
  /** Oldest first. */
  readonly samples: readonly NightSample[];
}

export interface WatchedMachine {
  readonly equipmentNo: number;
  readonly equipmentClassId: string;
  /** That serves it first; null: none does. */
  readonly depotId: string | null;
  readonly lives: readonly WatchedLife[];
}

/** Which forecasts belong together; depot null: all of them. */
export interface Slice {
  readonly said: string;
  readonly equipmentClassId: string;
  readonly depotId: string | null;
}

/** Forecasts of one slice at one horizon, at most; more say nothing more. */
const ROWS_MAX = 200_000;
export const LAST_H = HORIZONS_H[HORIZONS_H.length - 1]!;

/** What one slice adds up to. */
export class SliceTally {
  /** By horizon: forecasts of one component that do not overlap, so that each stands for itself. */
  readonly resolved = new Map<number, Resolved[]>(HORIZONS_H.map((horizonH) => [horizonH, []]));
  readonly leadHours: number[] = [];
  /** P(failure within the last horizon), one a component, by when it was said. */
  readonly scores: {readonly firstAt: EpochMs; readonly first: number; readonly lastAt: EpochMs; readonly last: number}[] = []; // prettier-ignore
  failures = 0;
  foreseen = 0;
  trueAlarms = 0;
  falseAlarms = 0;
  machineDays = 0;
  firstAt = Infinity;

  addResolved(horizonH: number, row: Resolved): void {
    const rows = this.resolved.get(horizonH)!;
    if (rows.length < ROWS_MAX) rows.push(row);
  }
}

export interface WatchWindow {
  readonly now: EpochMs;
  readonly rules: WatchRules;
}

/** First midnight that a look at `now` goes back to. */
export function windowStart({now, rules}: WatchWindow): EpochMs {
  return plusMs(midnight(now), -rules.windowDays * DAY_MS);
}

export function midnight(at: EpochMs): EpochMs {
  return plusMs(at, -(at % DAY_MS));
}

/** Tallies by slice, each machine in that of its class and in that of its depot. */
export class WatchTally {
  readonly #window: WatchWindow;
  readonly #slices = new Map<string, {readonly slice: Slice; readonly tally: SliceTally}>();

  constructor(window: WatchWindow) {
    this.#window = window;
  }

  get slices(): readonly {readonly slice: Slice; readonly tally: SliceTally}[] {
    return [...this.#slices.values()];
  }

  add(machine: WatchedMachine): void {
    const {equipmentClassId, depotId} = machine;
    const days = new Map<SliceTally, Set<number>>();
    for (const life of machine.lives) {
      for (const said of new Set(life.samples.map((sample) => sample.said))) {
        const own = {...life, samples: life.samples.filter((sample) => sample.said === said)};
        const depots = depotId === null ? [null] : [null, depotId];
        for (const depot of depots) {
          const tally = this.#tallyOf({said, equipmentClassId, depotId: depot});
          addCalibration(tally, own, this.#window);
          addAlarms(tally, own, this.#window);
          addScores(tally, own);
          const seen = days.get(tally) ?? new Set();
          for (const {at} of own.samples) seen.add(at);
          days.set(tally, seen);
        }
      }
    }
    for (const [tally, seen] of days) tally.machineDays += seen.size;
  }

  #tallyOf(slice: Slice): SliceTally {
    const key = JSON.stringify([slice.said, slice.equipmentClassId, slice.depotId]);
    const known = this.#slices.get(key) ?? {slice, tally: new SliceTally()};
    this.#slices.set(key, known);
    return known.tally;
  }
}

/**
 * Time is laid out in windows of the horizon's length, the same ones every night. A component that is there when one begins has one
 * forecast in it, counted down to that instant; what counts is whether it fails before the window ends. A window that has not ended
 * counts not at all, or failures would come before survivals. A part that is taken out unfailed counts for as long as it was watched;
 * one that failed for the whole window, though it might have been taken out in it.
 */
function addCalibration(tally: SliceTally, life: WatchedLife, {now}: WatchWindow): void {
  const {endedAt, failed} = life;
  for (const {at, asOf, curve} of life.samples) {
    if (endedAt !== null && endedAt <= at) continue;
    const ageH = (at - asOf) / HOUR_MS;
    for (const horizonH of HORIZONS_H) {
      const end = at + horizonH * HOUR_MS;
      if ((at / HOUR_MS) % horizonH !== 0 || end > now) continue;
      const ends = endedAt !== null && endedAt <= end;
      const until = ends && !failed ? endedAt : end;
      tally.addResolved(horizonH, {
        probability: failureBetween(curve, ageH, ageH + (until - at) / HOUR_MS),
        failed: ends && failed,
        night: Math.floor(end / DAY_MS),
      });
    }
  }
}

/** Alarms in a row are one; what nobody can know, because the part was taken out before, counts neither as true nor as false. */
function addAlarms(tally: SliceTally, life: WatchedLife, window: WatchWindow): void {
  const {now, rules} = window;
  const {endedAt, failed, componentId} = life;
  const alarms = alarmStarts(life, rules.alarm.ppm).map((at) => ({
    machine: componentId,
    atHours: at / HOUR_MS,
  }));
  const seenFrom = windowStart(window) + LAST_H * HOUR_MS;
  const failedHere = failed && endedAt !== null && life.samples.some(({at}) => at < endedAt);
  const score = (own: readonly MachineEvent[]) =>
    alarmEventScore({
      failures: failedHere ? [{machine: componentId, atHours: endedAt / HOUR_MS}] : [],
      alarms: own,
      horizonHours: LAST_H,
      minLeadHours: rules.alarm.minLeadH,
      machineHours: 1,
    });
  if (failedHere && endedAt >= seenFrom) {
    const {detected, leadHours} = score(alarms);
    tally.failures += 1;
    tally.foreseen += detected;
    tally.leadHours.push(...leadHours);
  }
  const known = alarms.filter(({atHours}) => {
    const end = (atHours + LAST_H) * HOUR_MS;
    return end <= now && (failed || endedAt === null || endedAt > end);
  });
  const {trueAlarms, falseAlarms} = score(known);
  tally.trueAlarms += trueAlarms;
  tally.falseAlarms += falseAlarms;
}

function alarmStarts({samples}: WatchedLife, ppm: number): EpochMs[] {
  let before: NightSample | undefined;
  let on = false;
  const starts: EpochMs[] = [];
  for (const sample of samples) {
    const isAlarm = riskOf(sample) * PPM >= ppm;
    const follows = before !== undefined && sample.at - before.at <= DAY_MS;
    if (isAlarm && !(on && follows)) starts.push(sample.at);
    on = isAlarm;
    before = sample;
  }
  return starts;
}

function addScores(tally: SliceTally, {samples}: WatchedLife): void {
  const [first, last] = [samples[0]!, samples[samples.length - 1]!];
  tally.firstAt = Math.min(tally.firstAt, first.at);
  tally.scores.push({firstAt: first.at, first: riskOf(first), lastAt: last.at, last: riskOf(last)});
}

/** P(failure within the last horizon), as it was said. */
function riskOf({curve}: NightSample): number {
  return curve.cumulativePpm[curve.cumulativePpm.length - 1]! / PPM;
}
