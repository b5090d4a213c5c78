import {z} from 'zod';
import {EquipmentId, PartId, PartyId} from '../domain/ids.ts';
import type {Result} from '../domain/result.ts';
import {type EpochMs, epochMs} from '../domain/time.ts';
import {type Command, instantText, type Outcome, run} from './command.ts';
import {addEquipment, reportRepair} from './equipment-commands.ts';
import {agreeFeed, endFeed} from './feed-commands.ts';
import {cancelDemand} from './demand-commands.ts';
import {cancelOrder, confirmOrder, receiveOrder, shipOrder} from './order-commands.ts';
import type {Feed} from './core/feed.ts';
import {partNamed} from './part-named.ts';
import {answerPartReport, reportPart} from './part-report.ts';
import type {NetworkPorts, QuarantineItem} from './ports.ts';
import type {
  InstallationAsOf,
  NetworkReads,
  OrderRow,
  RepairReportFilter,
  RepairReportRow,
} from './read-ports.ts';
import {countStock, issueStock, receiveStock} from './stock-commands.ts';
import {stateStock} from './stock-statement.ts';

export {checkMasterData, importMasterData} from './import-master-data.ts';
export {type MasterData, type RawFolder, toRawFolder} from './core/master-data.ts';
export {FEED_KINDS} from './core/feed.ts';
export {FeedName} from './feed-commands.ts';
export {SHARE_RULES, ShareRules} from './core/service-order.ts';
export {STATEMENT_RULES, StatementRules} from './core/stock-statement.ts';
export {dropQuarantined, resubmit} from './resubmit.ts';
export {DemandQuery, demandLines, listDemand, showDemand} from './demand-register.ts';
export {ShareAdviceQuery, ShareQuery, adviseShares, listShareOuts} from './share-view.ts';
export {partNamed} from './part-named.ts';
export {sharedStock} from './adapters/shared-stock.ts';
export {supplierScorecard} from './core/supplier-scorecard.ts';
export {PART_PROBLEMS} from './ports.ts';
export {StockQuery, listStock} from './stock-view.ts';
export {type StateStock, StatementQuery} from './stock-statement.ts';
export type {Command, Outcome} from './command.ts';
export type {NetworkPorts} from './ports.ts';
export type {NeedPlace, NetworkReads, OwnNeed} from './read-ports.ts';

/** Every command by its kind. Its schema is what the HTTP layer publishes; `execute` runs it. */
export const NETWORK_COMMANDS = {
  issueStock,
  receiveStock,
  countStock,
  stateStock,
  confirmOrder,
  shipOrder,
  receiveOrder,
  cancelOrder,
  cancelDemand,
  reportRepair,
  reportPart,
  answerPartReport,
  addEquipment,
  agreeFeed,
  endFeed,
} as const;

/**
 * Runs one command in one transaction. The body is checked here; a repeat of (source, sourceKey) answers the first outcome.
 *
 * Example: execute(ports, NETWORK_COMMANDS.receiveStock, body, 'wms') → {ok: true, value: {pieces: 12, …}, repeated: false}.
 */
export async function execute<B extends {source: string; sourceKey: string}, T>(
  ports: NetworkPorts,
  command: Command<B, T>,
  body: unknown,
  actor: string,
): Promise<Outcome<T>> {
  return run(ports, command, body, actor);
}

const limit = z.int().min(1).max(10_000).default(500).describe('Rows at most, 1 to 10000');

export const OrderQuery = z.object({
  partId: PartId.optional().describe('Only this part'),
  orderId: z.uuid().optional().describe('Only this order'),
  purchaseOrderNo: z
    .string()
    .regex(/^[0-9a-fA-F]{22}$/, 'a purchase order number is 22 digits from 0 to F')
    .optional()
    .describe('Only the order of this number'),
  from: z.string().max(140).optional().describe('Only from this place: supplier:SUP-07, depot:LYS-1'),
  state: z
    .enum(['open', 'proposed', 'released', 'confirmed', 'shipped', 'received', 'cancelled', 'rejected'])
    .optional(),
  limit,
});
export const EquipmentQuery = z.object({
  equipmentId: EquipmentId.optional(),
  asOf: instantText.optional(),
  limit,
});
export const QuarantineQuery = z.object({
  state: z.enum(['open', 'resubmitted', 'dropped']).optional(),
  limit,
});
export const PartNumberQuery = z.object({
  scheme: z.string().optional(),
  number: z.string().min(1),
  revision: z.string().optional(),
  asOf: instantText.optional(),
});

export const FeedQuery = z.object({partyId: PartyId.optional().describe('Only of this party'), limit});

type Clock = NetworkPorts['worldClock'];
const instantOr = (iso: string | undefined, clock: Clock): EpochMs =>
  iso === undefined ? clock.now() : epochMs(Date.parse(iso));

export function listOrders(reads: NetworkReads, query: z.infer<typeof OrderQuery>): Promise<OrderRow[]> {
  return reads.orders(query);
}

/** What was installed at `asOf` (default now), in one equipment or all: serial, age, serving depots, contract (A3). */
export function equipmentHistory(
  reads: NetworkReads,
  query: z.infer<typeof EquipmentQuery>,
  clock: Clock,
): Promise<InstallationAsOf[]> {
  return reads.installationsAsOf({
    at: instantOr(query.asOf, clock),
    equipmentId: query.equipmentId,
    limit: query.limit,
  });
}

export function listQuarantine(
  reads: NetworkReads,
  query: z.infer<typeof QuarantineQuery>,
): Promise<QuarantineItem[]> {
  return reads.quarantine(query);
}

/** Repair reports, newest first; `asParty` reads them in the name of a party, which sees its own only (A4). */
export function listRepairReports(
  reads: NetworkReads,
  query: RepairReportFilter,
): Promise<RepairReportRow[]> {
  return reads.repairReports(query);
}

/** What parties have agreed to send, when it last came, and what is overdue (A4). */
export function listFeeds(reads: NetworkReads, query: z.infer<typeof FeedQuery>): Promise<Feed[]> {
  return reads.feeds(query);
}

/** The part that somebody's number means; a number that means two is refused with both named (K2). */
export function resolvePart(
  reads: NetworkReads,
  query: z.infer<typeof PartNumberQuery>,
  clock: Clock,
): Promise<Result<string>> {
  return partNamed(reads, query, instantOr(query.asOf, clock));
}
