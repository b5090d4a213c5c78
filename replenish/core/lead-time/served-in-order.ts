import type {EpochMs} from '../../../domain/time.ts';
import {inServiceOrder, SHARE_RULES} from '../../../network/core/service-order.ts';
import type {WaitingLine} from '../../../network/core/service-order.ts';

export type WaitingNeed = WaitingLine;

/** Lines that wait for one part at one depot, the first to be served first: the order in which the books will fill them. */
export function servedInOrder<L extends WaitingNeed>(lines: readonly L[], now: EpochMs): L[] {
  const byId = new Map(lines.map((line) => [line.demandId, line]));
  return inServiceOrder(lines, {now, nextSupplyAt: null, rules: SHARE_RULES}).map(({line}) =>
    byId.get(line.demandId)!,
  );
}
