import type {EpochMs} from '../domain/time.ts';
import type {Fleet} from './core/plan/availability.ts';
import type {CriticalityClass, CriticalityReason} from './core/plan/criticality.ts';
import type {FleetEnds} from './core/plan/last-buy-input.ts';
import type {OrdersOnRecord, TieredMachine} from './core/plan/policy-input.ts';
import type {RepairHistory} from './core/plan/repair-loop.ts';
import type {Situation} from './core/decision/situation.ts';

/** A run of the plan, as it is kept. */
export interface KeptRun {
  readonly kind: 'targets' | 'rebalance' | 'criticality';
  readonly actor: string;
  readonly goal: Readonly<Record<string, unknown>>;
  readonly outcome: Readonly<Record<string, unknown>>;
  readonly now: EpochMs;
}

/** The whole network at one instant, part by part. */
export interface PlanSnapshot {
  groups(): Promise<readonly string[]>;
  situations(groupId: string): Promise<readonly Situation[]>;
  /** Of each part: its class in the master data, null where left out, and the one in force. */
  criticalities(): Promise<ReadonlyMap<string, KnownCriticality>>;
  /** Of a part; null: it is not known. */
  groupOf(partId: string): Promise<string | null>;
  /** Until when machines that ask for the part at these depots are served. */
  fleetEnds(partId: string, depotIds: readonly string[]): Promise<FleetEnds>;
  /** What contracts agree for the end of the part at these depots; null: nothing. */
  lastOrderTerm(partId: string, depotIds: readonly string[]): Promise<LastOrderTerm | null>;
  /** Sizes of the orders for the part at these depots, of the years that demand is learnt from. */
  orderSizes(partId: string, depotIds: readonly string[]): Promise<OrdersOnRecord>;
  /** Machines whose failures ask for the part at the depot. */
  tieredMachines(partId: string, depotId: string): Promise<readonly TieredMachine[]>;
  /** Of all parts that lie at some depot. */
  currencies(): Promise<readonly string[]>;
  /** Active equipment, and which parts it asks for where. */
  fleet(): Promise<Fleet>;
  /** Base stock by JSON [part, depot], as the newest run set it. */
  targets(): Promise<ReadonlyMap<string, number>>;
  /** Of each part at each depot, what the books say of its repairs; undefined where nothing. */
  repairs(): Promise<(partId: string, depotId: string) => RepairHistory | undefined>;
}

export interface PlanStore {
  /** One consistent read. */
  inSnapshot<T>(now: EpochMs, work: (snapshot: PlanSnapshot) => Promise<T>): Promise<T>;
  /** Writes run and targets, and has the groups whose target changed looked at. @returns the run's id. */
  keepTargets(run: KeptRun, targets: readonly PlannedTarget[]): Promise<string>;
  keepMoves(run: KeptRun, moves: readonly PlannedMove[]): Promise<string>;
  /** Writes run and classes, and has the groups whose class in force changed looked at. @returns the run's id. */
  keepCriticality(run: KeptRun, parts: readonly DerivedCriticality[]): Promise<string>;
}

export interface LastOrderTerm {
  readonly contractId: string;
  /** The last day, UTC, on which an order is taken. */
  readonly lastOrderDate: string;
  /** Who bears what is left over; null: nobody is named. */
  readonly liablePartyId: string | null;
  /** Of the unit cost, what is paid for a piece that is given back; null: nothing is agreed. */
  readonly buybackShare: number | null;
}

export interface KnownCriticality {
  readonly stated: CriticalityClass | null;
  readonly inForce: CriticalityClass;
}

export interface DerivedCriticality {
  readonly partId: string;
  readonly derived: CriticalityClass;
  readonly inForce: CriticalityClass;
  readonly before: CriticalityClass;
  readonly reason: CriticalityReason;
}

export interface PlannedTarget {
  readonly partId: string;
  readonly depotId: string;
  readonly baseStock: number;
  readonly before: number | null;
  readonly expectedBackorders: number;
}

export interface PlannedMove {
  readonly partId: string;
  readonly fromDepotId: string;
  readonly toDepotId: string;
  readonly mode: string;
  readonly quantity: number;
  readonly gainMinor: number;
  readonly freightMinor: number;
}
