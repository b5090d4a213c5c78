import {z} from 'zod';
import type {TermEffect} from '../../../domain/term-effect.ts';
import type {Lane, Source} from '../decision/situation.ts';
import type {Express} from './express.ts';

const term = {contractId: z.string(), termNo: z.int()};

/** All pieces of an order cost what its size says. */
export const PriceTier = z.object({...term, fromQty: z.int().positive(), priceMinor: z.int().min(0)});

/** Each piece beyond `freePieces` costs so much more, unless it is here `noticeH` ahead or later. */
export const Flex = z.object({
  ...term,
  freePieces: z.int().min(0),
  surchargePct: z.number().min(0),
  noticeH: z.number().min(0).optional(),
});

/** The supplier keeps the shelf between these by itself. */
export const VmiBand = z.object({...term, minimum: z.int().min(0), maximum: z.int().positive()});

/** Agreed between the depots of a lane: what a piece costs, and how many one transfer takes at most. */
export const Pool = z.object({...term, piecesMax: z.int().positive(), priceMinor: z.int().min(0)});

/** What the contract of a machine says of other parts. */
export const SubstitutionRule = z.object({
  ...term,
  allowed: z.boolean(),
  approverRole: z.string().optional(),
  customerConsent: z.boolean(),
});
export type SubstitutionRule = z.infer<typeof SubstitutionRule>;

interface Order {
  readonly pieces: number;
  readonly express?: Express | undefined;
}

/** What a piece costs in an order of so many. Example: 10.00, from 5 on 9.00 → 10.00 for 4, 9.00 for 5 or more. */
export function priceOf({priceMinor, priceTiers = []}: Source, pieces: number): number {
  return priceTiers.findLast(({fromQty}) => fromQty <= pieces)?.priceMinor ?? priceMinor;
}

/**
 * What an order costs beyond its price because its period was planned for fewer pieces.
 * Example: 2 of 5 are beyond, 10.00 a piece, 15 % → 3.00.
 */
export function surchargeMinor(source: Source, order: Order): number {
  const each = (priceOf(source, order.pieces) * (source.flex?.surchargePct ?? 0)) / 100;
  return Math.round(each * piecesBeyond(source, order));
}

function piecesBeyond({flex, meanH}: Source, {pieces, express}: Order): number {
  if (flex === undefined) return 0;
  const hereAfterH = express?.meanH ?? meanH;
  const isNoticed = flex.noticeH !== undefined && hereAfterH >= flex.noticeH;
  return isNoticed ? 0 : Math.max(0, pieces - flex.freePieces);
}

/** Hours that an order waits because its supplier is shut down; they are in the source's lead time. */
export function shutdownHours({terms = []}: Pick<Source, 'terms'>): number {
  return terms.reduce((sum, effect) => (effect.term === 'calendar' ? sum + effect.laterH : sum), 0);
}

/** What contracts make of an order to a source. */
export function sourceEffects(
  source: Source,
  order: Order & {readonly position: number; readonly currency: string},
): TermEffect[] {
  const {terms = [], priceTiers = [], priceMinor: insteadOfMinor, flex, vmiBand} = source;
  const effects = [...terms];
  const tier = priceTiers.findLast(({fromQty}) => fromQty <= order.pieces);
  if (tier !== undefined) {
    const {contractId, termNo, priceMinor} = tier;
    effects.push({term: 'price', contractId, termNo, priceMinor, insteadOfMinor, currency: order.currency});
  }
  const beyond = piecesBeyond(source, order);
  if (flex !== undefined && beyond > 0 && flex.surchargePct > 0) {
    const {contractId, termNo, surchargePct} = flex;
    effects.push({term: 'flex', contractId, termNo, beyond, surchargePct});
  }
  if (vmiBand !== undefined) effects.push({term: 'vmiBand', ...vmiBand, position: order.position});
  return effects;
}

/** Why a plain order is not placed: its supplier refills the shelf unasked. Null: it may be. */
export function whyLeftToSupplier({vmiBand, sourceId}: Source, position: number): string | null {
  if (vmiBand === undefined || position < vmiBand.minimum) return null;
  const {contractId, minimum, maximum} = vmiBand;
  return `contract ${contractId} has ${sourceId} keep ${minimum} to ${maximum} here by itself`;
}

/** Pieces that one transfer takes at most, by the agreement of its depots. */
export function lendable({pool}: Pick<Lane, 'pool'>): number {
  return pool?.piecesMax ?? Infinity;
}
