import type {EpochMs} from '../domain/time.ts';
import type {MasterData} from '../network/core/master-data.ts';
import {plainFleet} from '../test/support/plain-fleet.ts';

export const SIGNALS_MAX = 20;
export const SITE = 'BENCH';
export const signalName = (i: number): string => `signal_${String(i + 1).padStart(2, '0')}`;
export const machineId = (i: number): string => `B-${String(i + 1).padStart(6, '0')}`;

const PARTS = 40;

/** One class of machine with twenty signals. */
export function benchNetwork(machines: number, startAt: EpochMs): MasterData {
  return plainFleet(
    {
      name: SITE,
      signals: Array.from({length: SIGNALS_MAX}, (_, i) => ({
        ...{signal: signalName(i), unit: '1', min: -1000, max: 1000},
      })),
      parts: Array.from({length: PARTS}, (_, i) => ({
        ...{partId: `P-${String(i + 1).padStart(3, '0')}`, atRegional: 20, atCentral: 50},
      })),
      unitCostMinor: 100_000,
      weibullScaleH: 9000,
      positionId: 'main',
      installedH: 9000,
      machines: Array.from({length: machines}, (_, i) => machineId(i)),
    },
    startAt,
  );
}
