import type {Decision} from './decide.ts';

/**
 * What a decision comes down to. Two decisions of one essence, with nothing executed between them, say the same thing twice:
 * the second one's signals are linked to the first.
 */
export function essenceOf(partId: string, {depotId, option, reasons}: Decision): string {
  if (option.action !== 'nothing') {
    return [
      option.action,
      partId,
      depotId,
      option.sourceKind,
      option.sourceId,
      option.mode,
      option.quantity,
    ].join('|');
  }
  const why = reasons
    .filter(({code}) => code !== 'failure-expected')
    .map((reason) =>
      reason.code === 'reservation-released' ? `${reason.code}:${reason.componentId}` : reason.code,
    );
  return ['nothing', partId, [...new Set(why)].sort().join(',')].join('|');
}
