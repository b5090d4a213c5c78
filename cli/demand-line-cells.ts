import type {z} from 'zod';
import type {Backorder} from '../console/api/routes/backorders.ts';
import {formatMoney} from '../domain/quantity.ts';
import {epochMs, toMinute} from '../domain/time.ts';

/** What a need has in every list: what it is, and how much of it is open. */
type Line = Pick<
  z.output<typeof Backorder>,
  | 'neededAt'
  | 'demandId'
  | 'partId'
  | 'depotId'
  | 'equipmentId'
  | 'tier'
  | 'openQty'
  | 'openValueMinor'
  | 'currency'
  | 'impactH'
>;

export const LINE_COLUMNS = ['needed', 'line', 'part', 'depot', 'equipment', 'tier', 'open'];

export function lineCells(line: Line): (string | number)[] {
  return [
    toMinute(epochMs(line.neededAt)),
    line.demandId,
    line.partId,
    line.depotId,
    line.equipmentId ?? '',
    line.tier,
    line.openQty,
  ];
}

export const WAITING_COLUMNS = ['value', 'late'];

/** What the open pieces are worth, and how long they are late. */
export function waitingCells(line: Line): string[] {
  return [formatMoney({minor: line.openValueMinor, currency: line.currency}), `${line.impactH} h`];
}
