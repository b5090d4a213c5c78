import {z} from 'zod';
import {DepotId, EquipmentId, PartId} from './ids.ts';
import type {Result} from './result.ts';
import {ok, refused} from './result.ts';
import {KEPT_PARAMS} from './term-params/kept.ts';
import {SERVICE_PARAMS} from './term-params/service.ts';
import {STOCK_PARAMS} from './term-params/stock.ts';
import {SUPPLY_PARAMS} from './term-params/supply.ts';

/**
 * Contract terms as data. Only what changes a decision, a deadline, a permission or a sum is typed; the rest of a contract is the
 * clause that a term points to.
 */

export {SLA_METRICS, SLA_WINDOWS} from './term-params/service.ts';
export type {SlaMetric, SlaWindow} from './term-params/service.ts';

const PARAMS = {...SERVICE_PARAMS, ...SUPPLY_PARAMS, ...STOCK_PARAMS, ...KEPT_PARAMS} as const;

export type TermType = keyof typeof PARAMS;
export const TERM_TYPES = Object.keys(PARAMS) as readonly TermType[];
export type TermParams<T extends TermType = TermType> = z.output<(typeof PARAMS)[T]>;

/** What a term is about; a list that is left out leaves nothing out. */
export const TermScope = z.strictObject({
  equipmentIds: z.array(EquipmentId).min(1).optional(),
  partIds: z.array(PartId).min(1).optional(),
  depotIds: z.array(DepotId).min(1).optional(),
});
export type TermScope = z.infer<typeof TermScope>;

export function inScope(
  {equipmentIds, partIds, depotIds}: TermScope,
  {
    equipmentId,
    partId,
    depotId,
  }: {readonly equipmentId: string; readonly partId: string; readonly depotId: string},
): boolean {
  const names = (ids: readonly string[] | undefined, id: string): boolean => ids?.includes(id) ?? true;
  return names(equipmentIds, equipmentId) && names(partIds, partId) && names(depotIds, depotId);
}

/** A term with its parameters, checked by its type; defaults are filled in. */
export type TypedTerm = {[T in TermType]: {readonly type: T; readonly params: TermParams<T>}}[TermType];

/**
 * Example: ('penalty', {slaTermNo: 1, currency: 'EUR', perHourMinor: 10000}) → the penalty with its defaults;
 * ('fine', …) → refused with 'unknown-term-type'.
 */
export function readTerm(type: string, params: unknown): Result<TypedTerm, 'unknown-term-type' | 'bad-term'> {
  const schema = Object.hasOwn(PARAMS, type) ? (PARAMS as Record<string, z.ZodType>)[type] : undefined;
  if (schema === undefined)
    return refused('unknown-term-type', `"${type}" is no term type: one of ${TERM_TYPES.join(', ')}`);
  const read = schema.safeParse(params);
  if (read.success) return ok({type, params: read.data} as TypedTerm);
  const [issue] = read.error.issues;
  const where = issue!.path.length === 0 ? '' : `${issue!.path.join('.')}: `;
  return refused('bad-term', `${where}${issue!.message}`);
}
