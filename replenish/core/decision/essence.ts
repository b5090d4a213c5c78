import type {Option, Reason} from '../../../domain/decision.ts';

interface Said {
  readonly depotId: string;
  readonly option: Option;
  readonly reasons: readonly Reason[];
}

/**
 * What a decision comes down to. Two decisions of one essence, with nothing executed between them, say the same thing twice:
 * the second one's signals are linked to the first.
 */
export function essenceOf(partId: string, {depotId, option, reasons}: Said): string {
  if (option.action !== 'nothing') return essenceOfAction(partId, depotId, option);
  const why = reasons
    .filter(({code}) => code !== 'failure-expected')
    .map((reason) =>
      reason.code === 'reservation-released' ? `${reason.code}:${reason.componentId}` : reason.code,
    );
  return ['nothing', partId, [...new Set(why)].sort().join(',')].join('|');
}

/** What of an option makes its essence. */
export type EssentialOption = Pick<
  Option,
  'action' | 'sourceKind' | 'sourceId' | 'mode' | 'quantity' | 'substitute'
>;

/** How many pieces an essence asks for that differs from the option in their number at most; null when it asks for something else. */
export function quantityAsked(
  essence: string,
  partId: string,
  depotId: string,
  option: EssentialOption,
): number | null {
  if (option.substitute !== undefined) return null;
  const nothing = essenceOfAction(partId, depotId, {...option, quantity: 0});
  const upToQuantity = nothing.slice(0, -1);
  const quantity = essence.startsWith(upToQuantity) ? essence.slice(upToQuantity.length) : '';
  return /^[1-9]\d*$/.test(quantity) ? Number(quantity) : null;
}

/** Of a decision that does something: what, where, from whom, how many. */
export function essenceOfAction(partId: string, depotId: string, option: EssentialOption): string {
  const {action, sourceKind, sourceId, mode, quantity, substitute} = option;
  const essence = [action, partId, depotId, sourceKind, sourceId, mode, quantity];
  // Each line has its own substitution.
  if (substitute !== undefined) essence.push(substitute.partId, substitute.demandId);
  return essence.join('|');
}
