import {YEAR_DAYS} from '../../domain/time.ts';
import type {SignalQuality, WarningWindow} from '../../replenish/core/demand/advance-demand.ts';

/** One stock point, one sort of alarm. */
export interface AlarmSetting {
  readonly failuresPerYear: number;
  readonly recall: number;
  readonly precision: number;
  readonly window: WarningWindow;
  readonly leadTimeDays: number;
  readonly holdingPerYear: number;
  readonly emergencyCost: number;
}

export function qualityOf({failuresPerYear, recall, precision}: AlarmSetting): SignalQuality {
  return {failureRatePerDay: failuresPerYear / YEAR_DAYS, recall, precision};
}
