import {DAY_MS} from '../../domain/time.ts';
import {alarmProbability, alarmStillToCome} from '../../replenish/core/demand/advance-demand.ts';
import {DEFAULT_POLICY} from '../../replenish/core/decision/policy.ts';
import {
  type Receipt,
  type RiskyComponent,
  type Situation,
  type Source,
} from '../../replenish/core/decision/situation.ts';
import {qualityOf, type AlarmSetting} from './alarm-setting.ts';
import type {Shelf} from './stock-point.ts';

/** Machines that are silent today; each fails once at most within what a decision looks ahead. */
const FLEET = 24;
/** Any instant: nothing here knows a calendar. */
const NOW = Date.UTC(2026, 0, 1);
const PPM = 1_000_000;
const PPB = 1e9;
/** An emergency purchase is here within the minute, in hours. */
const AT_ONCE_H = 0.01;
/** Of an emergency's cost, what a machine loses in an hour: too much for waiting a lead time, nothing within the minute. */
const HOURLY_SHARE = 0.01;
const HOLDING_RATE = 0.2;
const NO_EXPRESS = {expediteMeanH: null, expediteFeeMinor: null};

/**
 * What the core is told at the end of a day. An open alarm is a component whose forecast was made when it was raised, P(failure ≤ t) =
 * precision · P(τ ≤ t); how old it has become the core weighs itself. Failures whose alarm is still to come are the risk of machines that are silent
 * today, failures that nobody announces the background. The emergency purchase is one more source, the policy the shipped one.
 *
 * @param setting Its precision is what the core believes.
 */
export function alarmSituations(setting: AlarmSetting): (ages: readonly number[], shelf: Shelf) => Situation {
  const silent = silentMachines(setting);
  const sources = sourcesOf(setting);
  return (ages, {onHand, due}) => ({
    groupId: 'P',
    now: NOW,
    part: {partId: 'P', unitCostMinor: unitCostMinor(setting), currency: 'EUR'},
    depots: [
      {
        depotId: 'D',
        partyId: 'OWN',
        parentDepotId: null,
        onHand,
        receipts: due.flatMap((quantity, day) => (quantity === 0 ? [] : [receiptIn(day, quantity)])),
        needs: [],
        reservations: [],
        components: [...alarmsOf(setting, ages), ...silent],
        backgroundPerYear: setting.failuresPerYear * (1 - setting.recall),
        backgroundVmr: 1,
        holdingRatePerYear: HOLDING_RATE,
        mayStock: true,
        mustStock: false,
        maxStock: null,
        sources,
      },
    ],
    lanes: [],
    policy: DEFAULT_POLICY,
  });
}

function unitCostMinor({holdingPerYear}: AlarmSetting): number {
  return Math.round((100 * holdingPerYear) / HOLDING_RATE);
}

/** @param day Whole days before the morning on which it comes. */
function receiptIn(day: number, quantity: number): Receipt {
  const orderId = `O${String(day).padStart(3, '0')}`;
  return {orderId, kind: 'normal', quantity, meanH: Math.max(AT_ONCE_H, day * 24), sdH: 0, ...NO_EXPRESS};
}

function sourcesOf(setting: AlarmSetting): Source[] {
  const any = {
    sourceKind: 'supplier',
    sdH: 0,
    orderCostMinor: 0,
    minimum: 1,
    multiple: 1,
    ...NO_EXPRESS,
  } as const;
  const priceMinor = unitCostMinor(setting);
  const premiumMinor = Math.round(100 * setting.emergencyCost);
  return [
    // Ordered in the evening and received in the morning: one day of the lead time has passed already.
    {...any, sourceId: 'SUPPLIER', kind: 'normal', meanH: (setting.leadTimeDays - 1) * 24, priceMinor},
    {...any, sourceId: 'EMERGENCY', kind: 'emergency', meanH: AT_ONCE_H, priceMinor: priceMinor + premiumMinor}, // prettier-ignore
  ];
}

/** Sorted by id, as the ages are. */
function alarmsOf(setting: AlarmSetting, ages: readonly number[]): RiskyComponent[] {
  const {precision, window} = setting;
  const curve = curveOf(setting, (days) => alarmProbability(precision, window, 0, days));
  return ages.map((age, i) => ({
    ...machine(setting, `A${String(i).padStart(3, '0')}`),
    ...curve,
    asOf: NOW - age * DAY_MS,
  }));
}

/** P(an alarm and its failure both come within t | silent so far) = 1 − exp(−λ · recall · E[(t − τ)⁺] / machines). */
function silentMachines(setting: AlarmSetting): RiskyComponent[] {
  const {window} = setting;
  const quality = qualityOf(setting);
  const curve = curveOf(
    setting,
    (days) => -Math.expm1(-alarmStillToCome(quality, window, days) / FLEET),
    (quality.failureRatePerDay * quality.recall) / 24 / FLEET,
  );
  return Array.from({length: FLEET}, (_, i) => ({
    ...machine(setting, `M${String(i).padStart(2, '0')}`),
    ...curve,
  }));
}

/** A curve that is zero up to the window and known for each of its days. */
function curveOf(
  {window}: AlarmSetting,
  within: (days: number) => number,
  tailPerH = 0,
): Pick<RiskyComponent, 'horizonsH' | 'cumulativePpm' | 'tailHazardPpbPerH'> {
  const days = Array.from({length: window.toDays - window.fromDays + 2}, (_, i) => window.fromDays - 1 + i);
  return {
    horizonsH: days.map((day) => day * 24),
    cumulativePpm: days.map((day) => Math.round(within(day) * PPM)),
    tailHazardPpbPerH: Math.round(tailPerH * PPB),
  };
}

function machine(
  {emergencyCost}: AlarmSetting,
  id: string,
): Omit<RiskyComponent, keyof ReturnType<typeof curveOf>> {
  return {
    componentId: id,
    equipmentId: id,
    positionId: 'unit',
    quantity: 1,
    asOf: NOW,
    revision: 0,
    modelVersion: 'alarms',
    method: 'model',
    shortageMinorPerH: Math.round(100 * emergencyCost * HOURLY_SHARE),
    topSignals: [],
  };
}
