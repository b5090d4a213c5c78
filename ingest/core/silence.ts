import {plusMs, SECOND_MS} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';

export interface SilenceRule {
  /** Equipment is silent after this many of its expected intervals. */
  readonly intervals: number;
  /** From this share of silent equipment on, it is the line and not the machines … */
  readonly outageShare: number;
  /** … until fewer than this share are silent. */
  readonly recoveredShare: number;
  /** … and only where at least so many are expected to speak. */
  readonly outageEquipmentMin: number;
}

export const SILENCE_RULE: SilenceRule = {
  intervals: 6,
  outageShare: 0.5,
  recoveredShare: 0.25,
  outageEquipmentMin: 5,
};

/** One equipment whose timer is due, or that is silent and has news. */
export interface WatchedEquipment {
  readonly equipmentId: string;
  readonly partyId: string;
  readonly siteId: string;
  readonly expectedIntervalS: number;
  readonly lastReceivedAt: EpochMs | null;
  /** Since when it counts as silent: its last word then, or the start of listening. */
  readonly silentSince: EpochMs | null;
  readonly alerted: boolean;
  /** Its edge node, or the broker in its name, says that it is gone (Sparkplug DEATH), and it has not spoken since. */
  readonly dead: boolean;
  /** As the round before saw it. */
  readonly wasDead: boolean;
}

export interface SilenceView {
  readonly now: EpochMs;
  readonly doorUp: boolean;
  /** When this installation began to listen: nobody is silent for what we did not hear. */
  readonly listeningSince: EpochMs;
  readonly watched: readonly WatchedEquipment[];
  readonly expectedCount: number;
  /** Silent before this look, the watched ones included. */
  readonly silentCount: number;
  readonly outageOpen: boolean;
}

export interface SilenceVerdict {
  readonly timers: readonly {
    readonly equipmentId: string;
    readonly dueAt: EpochMs;
    readonly silentSince: EpochMs | null;
    readonly alerted: boolean;
    readonly dead: boolean;
  }[];
  readonly raise: readonly (WatchedEquipment & {readonly silentSince: EpochMs})[];
  /** Equipment that speaks again. */
  readonly clear: readonly string[];
  readonly outage: boolean;
  readonly silentCount: number;
}

/**
 * Who is silent now. One alert each, unless so many are that the line must be down: then one alert for all of them, and each that
 * is still silent when the line is back gets its own. Who is reported dead is silent at once, and is not any more once it is
 * reported alive. Silence is a statement about data; it never predicts a failure.
 *
 * Example: expected every 60 s, last word at 10:00:00, rule 6 intervals → silent at 10:06:00, not at 10:05:59.
 */
export function watchSilence(view: SilenceView, rule: SilenceRule = SILENCE_RULE): SilenceVerdict {
  const looks = view.watched.map((equipment) => ({equipment, ...look(equipment, view, rule)}));
  const fell = looks.filter(
    ({equipment, silentSince}) => equipment.silentSince === null && silentSince !== null,
  ).length;
  const spoke = looks.filter(
    ({equipment, silentSince}) => equipment.silentSince !== null && silentSince === null,
  );
  const silentCount = view.silentCount + fell - spoke.length;
  const outage = isOutage(view, silentCount, rule);
  const raise = outage
    ? []
    : looks.flatMap(({equipment, silentSince}) =>
        silentSince === null || equipment.alerted ? [] : [{...equipment, silentSince}],
      );
  const timers = looks.map(({equipment, silentSince, dueAt}) => ({
    equipmentId: equipment.equipmentId,
    dueAt,
    silentSince,
    alerted: silentSince !== null && (equipment.alerted || !outage),
    dead: equipment.dead,
  }));
  const clear = spoke.filter(({equipment}) => equipment.alerted).map(({equipment}) => equipment.equipmentId);
  return {timers, raise, clear, outage, silentCount};
}

/** How long an equipment may say nothing. Example: every 60 s and 6 intervals → 360,000 ms. */
export function silenceLimitMs(expectedIntervalS: number, rule: SilenceRule = SILENCE_RULE): number {
  return expectedIntervalS * SECOND_MS * rule.intervals;
}

function look(
  {lastReceivedAt, silentSince, expectedIntervalS, dead, wasDead}: WatchedEquipment,
  {now, listeningSince}: SilenceView,
  rule: SilenceRule,
): {readonly silentSince: EpochMs | null; readonly dueAt: EpochMs} {
  const limitMs = silenceLimitMs(expectedIntervalS, rule);
  const heardAt =
    lastReceivedAt === null || lastReceivedAt < listeningSince ? listeningSince : lastReceivedAt;
  if (dead) return {silentSince: heardAt, dueAt: plusMs(now, limitMs)};
  if (wasDead) return {silentSince: null, dueAt: plusMs(now, limitMs)}; // a BIRTH is a word, with values or without
  const silentBefore = silentSince !== null && (lastReceivedAt === null || lastReceivedAt <= silentSince);
  if (silentBefore) return {silentSince, dueAt: plusMs(now, limitMs)};
  const dueAt = plusMs(heardAt, limitMs);
  return dueAt > now ? {silentSince: null, dueAt} : {silentSince: heardAt, dueAt: plusMs(now, limitMs)};
}

function isOutage(
  {doorUp, expectedCount, outageOpen}: SilenceView,
  silentCount: number,
  rule: SilenceRule,
): boolean {
  if (!doorUp) return true;
  if (expectedCount < rule.outageEquipmentMin) return false;
  const share = silentCount / expectedCount;
  return share >= (outageOpen ? rule.recoveredShare : rule.outageShare);
}
