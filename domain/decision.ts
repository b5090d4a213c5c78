import type {DepotId} from './ids.ts';
import type {TermEffect} from './term-effect.ts';

export const ACTIONS = [
  'order',
  'transfer',
  'expedite',
  'emergency',
  'substitute',
  'repair',
  'nothing',
] as const;
export type Action = (typeof ACTIONS)[number];

/** shadow: recorded only · propose: waits for a planner · auto: acts within its limits. */
export const MODES = ['shadow', 'propose', 'auto'] as const;
export type Mode = (typeof MODES)[number];

/** Who may be named to answer proposals beyond a value. */
export const APPROVER_ROLES = ['planner', 'ops', 'admin'] as const;
export type ApproverRole = (typeof APPROVER_ROLES)[number];

/** Why a reserved piece is free again. */
export type ReleaseCause = 'forecast-decayed' | 'failed' | 'component-removed' | 'expired' | 'piece-gone';

/** Why a decision is as it is, as data that a screen can phrase (replenish/core/decision/phrase.ts does, in English). */
export type Reason =
  /** What the depot has covers the demand it must be ready for. */
  | {
      readonly code: 'position-covers-demand';
      readonly position: number;
      readonly target: number;
      readonly probabilityPpm: number;
    }
  /** The position is too low: the demand until an order placed now arrives exceeds it too often. */
  | {
      readonly code: 'position-below-target';
      readonly position: number;
      readonly target: number;
      readonly leadTimeH: number;
      readonly probabilityPpm: number;
      readonly wantedPpm: number;
    }
  /** The components that weigh most in the demand. */
  | {
      readonly code: 'failure-expected';
      readonly equipmentId: string;
      readonly positionId: string;
      readonly componentId: string;
      readonly probabilityPpm: number;
      readonly withinH: number;
      readonly method: string;
      readonly modelVersion: string;
      readonly signals: readonly string[];
    }
  /** What the depot is asked for beside its monitored machines, by a forecast; without it the master data says. */
  | {
      readonly code: 'background-demand';
      readonly perYear: number;
      readonly forecastAt: number;
      readonly historyMonths: number;
      /** Weight of the depot's own history against the prior. */
      readonly credibilityPct: number;
      readonly priorKind: string;
      readonly priorPerYear: number;
    }
  /** A campaign asks for pieces in its time. */
  | {
      readonly code: 'campaign-demand';
      readonly campaignId: string;
      readonly machines: number;
      readonly quantity: number;
      readonly endsAt: number;
      /** Where its take rate is uncertain: what all of its machines have shown so far, and how many of those here are expected by it. */
      readonly seen?: {
        readonly served: number;
        readonly of: number;
        readonly plannedPpm: number;
        readonly expectedHere: number;
      };
    }
  /** Components of one production lot may fail for a cause in common, and that moves the level. */
  | {
      readonly code: 'lot-shares-cause';
      readonly sharePpm: number;
      /** Lots with several components here, and some of them by name. */
      readonly lots: number;
      readonly named: readonly string[];
      readonly components: number;
      readonly target: number;
      /** The target if each failed for itself. */
      readonly targetApart: number;
    }
  /** Customers wait already. */
  | {
      readonly code: 'backorders-open';
      readonly pieces: number;
      readonly perHourMinor: number;
      readonly currency: string;
    }
  /** Planned work needs pieces by date: `near` of them so soon that they count as owed, for `later` an order can wait. */
  | {
      readonly code: 'planned-needs';
      readonly near: number;
      readonly later: number;
      readonly firstAt: number;
    }
  /** Customers have waited too long: up to `capPieces` are ordered for them, also above the reorder point; `ordered` were. */
  | {
      readonly code: 'reorder-point-overridden';
      readonly overrideId: string;
      readonly usualTarget: number;
      readonly waiting: number;
      readonly capPieces: number;
      readonly ordered: number;
    }
  /** After a long backorder the safety stock comes back in steps. */
  | {
      readonly code: 'supply-recovering';
      readonly overrideId: string;
      readonly usualTarget: number;
      readonly target: number;
      readonly step: number;
      readonly steps: number;
    }
  /** The shelf let customers wait so often within the days before that it has a higher level until they are past. */
  | {
      readonly code: 'backorders-recur';
      readonly backorders: number;
      readonly withinDays: number;
      readonly serviceMinPpm: number;
    }
  /** A contract makes each hour of waiting dearer: by its penalty at the margin, for the dearest of its machines here. */
  | {
      readonly code: 'contract-charges';
      readonly contractId: string;
      readonly version: number;
      readonly perHourMinor: number;
      readonly currency: string;
    }
  /** The lead time is learnt from the source's deliveries; `planH` is the master data's. */
  | {
      readonly code: 'lead-time-learned';
      readonly sourceId: string;
      readonly leadTimeH: number;
      readonly planH: number;
      readonly deliveries: number;
    }
  /** The source has moved the promised date of a receipt back: P(a day or more after the date promised now). */
  | {
      readonly code: 'receipt-slips';
      readonly orderId: string;
      readonly slips: number;
      readonly probabilityPpm: number;
    }
  /** The chosen option against doing nothing else. */
  | {readonly code: 'saves-against-waiting'; readonly savingMinor: number; readonly currency: string}
  /** Another part is approved to do the work for a machine that stands: `ratio` pieces of it for one. */
  | {
      readonly code: 'substitute-approved';
      readonly partId: string;
      readonly ratio: number;
      readonly demandId: string;
      readonly serves: number;
      readonly equipmentId: string | null;
    }
  /** A run over the whole network proposed the move, and it still saves this: shortage and holding of both depots, freight paid. */
  | {
      readonly code: 'rebalanced';
      readonly runId: string;
      readonly donorDepotId: string;
      readonly gainMinor: number;
      readonly currency: string;
    }
  /** So many depots want what so many donors have not got for all of them: too many ways to compare, so each keeps its own best. */
  | {readonly code: 'jointly-approximated'; readonly depots: number; readonly donors: number}
  /** A neighbour's piece is worth more here than there. */
  | {readonly code: 'donor-can-spare'; readonly donorDepotId: DepotId; readonly donorRiskMinor: number}
  /** The piece is held for the machine that it was moved for: `withinH` hours, and while its probability is at least `keepPpm`. */
  | {
      readonly code: 'reserved-for';
      readonly equipmentId: string;
      readonly positionId: string;
      readonly componentId: string;
      readonly quantity: number;
      readonly withinH: number;
      readonly probabilityPpm: number;
      readonly keepPpm: number;
    }
  /** A piece that was held for a machine is free again. */
  | {
      readonly code: 'reservation-released';
      readonly depotId: string;
      readonly equipmentId: string;
      readonly positionId: string;
      readonly componentId: string;
      readonly quantity: number;
      readonly keepPpm: number;
      readonly cause: ReleaseCause;
    }
  /** Minimum quantity or multiple raised the order. */
  | {
      readonly code: 'rounded-up';
      readonly wanted: number;
      readonly ordered: number;
      readonly minimum: number;
      readonly multiple: number;
    }
  /** An order costs the same whatever is in it, so it brings a lot: saved a year against ordering what is needed each time, holding paid. */
  | {
      readonly code: 'economic-lot';
      readonly needed: number;
      readonly ordered: number;
      readonly orderCostMinor: number;
      /** Pieces that are sure to be asked for. */
      readonly perYear: number;
      readonly savingMinor: number;
      readonly currency: string;
    }
  /** It was asked for a short while ago, and only forecasts have moved since. */
  | {
      readonly code: 'order-stands';
      readonly pieces: number;
      readonly askedAt: number;
      readonly frozenH: number;
    }
  /** The source has fewer pieces than wanted. */
  | {
      readonly code: 'source-short';
      readonly sourceId: string;
      readonly wanted: number;
      readonly available: number;
    }
  /** A contract has a say in it. */
  | ({readonly code: 'contract-term'; readonly sourceId: string | null} & TermEffect)
  /** Something better was found, but not by enough to move stock for it. */
  | {
      readonly code: 'saving-below-margin';
      readonly savingMinor: number;
      readonly marginMinor: number;
      readonly currency: string;
    }
  /** The shelf is at its permitted maximum. */
  | {readonly code: 'stock-capped'; readonly maxStock: number}
  /** Nobody can deliver this part here. */
  | {readonly code: 'no-source'}
  /** The mode or a limit turned an act into a proposal. */
  | {
      readonly code: 'needs-approval';
      readonly mode: Mode;
      readonly limit: string;
      /** Who may answer, beside an admin; a planner, where it was recorded before there were bands. */
      readonly approverRole?: ApproverRole;
    };

/** When something will be here: mean and standard deviation of the time until then, in hours. */
export interface Arrival {
  readonly meanH: number;
  readonly sdH: number;
}

/** What `actionMinor` of an option consists of. */
export interface MovementMinor {
  /** What the pieces cost beyond the usual price; negative for a repair that is cheaper than a new piece. */
  readonly premiumMinor: number;
  /** Of ordering, hurrying, repairing: whatever the number of pieces. */
  readonly feeMinor: number;
  readonly freightMinor: number;
  readonly dutyMinor: number;
  readonly handlingMinor: number;
}

/** Another part that does the work: `ratio` pieces of it for one of the decision's part. */
export interface SubstituteUse {
  readonly partId: string;
  readonly ratio: number;
  /** The line that it serves, and how many pieces of that line. */
  readonly demandId: string;
  readonly serves: number;
}

/** One way to act, with what it is expected to cost. Whole minor units of the part's currency. */
export interface Option {
  readonly action: Action;
  /** Supplier, donor depot or order that delivers; null for nothing. */
  readonly sourceKind: 'supplier' | 'depot' | 'order' | null;
  readonly sourceId: string | null;
  readonly mode: string | null;
  readonly quantity: number;
  readonly arrival: Arrival | null;
  /** Fees, freight and premium that this option causes and waiting would not. */
  readonly actionMinor: number;
  /** Expected downtime and penalty at the depot over the horizon, after the option. */
  readonly downtimeMinor: number;
  /** Holding what arrives, until it is expected to be used. */
  readonly holdingMinor: number;
  /** How much worse off the donor's own customers are. */
  readonly donorRiskMinor: number;
  /** The sum of the four: what options are compared by. */
  readonly totalMinor: number;
  /** What has to be paid for it, price included. */
  readonly landedMinor: number;
  /** Why it could not be chosen, when it could not. */
  readonly excluded: string | null;
  /** Not in decisions of situations that tell nothing of weight. */
  readonly movement?: MovementMinor;
  /** Whose pieces are sent, when they are not the receiving depot's party's. */
  readonly ownerPartyId?: string;
  /** With 'substitute': `quantity` counts pieces of that part. */
  readonly substitute?: SubstituteUse;
  /** What contracts make of it; left out where they make nothing. */
  readonly terms?: readonly TermEffect[];
}
