import type {EpochMs} from '../domain/time.ts';
import type {MasterData} from '../network/core/master-data.ts';
import {plainFleet} from '../test/support/plain-fleet.ts';

export const SITE = 'CHAOS';
export const SIGNAL = 'vibration_mm_s';
export const POSITION = 'bearing';
export const machineId = (i: number): string => `K-${String(i + 1).padStart(4, '0')}`;

const PARTS = 8;

/** One class of machine with one signal. Few pieces at the machines' depot: replacements soon make it order. */
export function chaosNetwork(machines: number, startAt: EpochMs): MasterData {
  return plainFleet(
    {
      name: SITE,
      signals: [{signal: SIGNAL, unit: 'mm/s', min: 0, max: 100_000}],
      parts: Array.from({length: PARTS}, (_, i) => ({
        ...{partId: `KP-${i + 1}`, atRegional: 1, atCentral: 500},
      })),
      unitCostMinor: 10_000,
      weibullScaleH: 2000,
      positionId: POSITION,
      installedH: 1500,
      machines: Array.from({length: machines}, (_, i) => machineId(i)),
    },
    startAt,
  );
}
