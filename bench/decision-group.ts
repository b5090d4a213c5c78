import {decide} from '../replenish/core/decision/decide.ts';
import {DEFAULT_POLICY} from '../replenish/core/decision/policy.ts';
import {
  Situation,
  type DepotSituation,
  type Lane,
  type Source,
} from '../replenish/core/decision/situation.ts';
import {streamOf} from '../simulator/random.ts';

const REGIONS = ['R1', 'R2', 'R3', 'R4'];
const MACHINES = 200;
const NOW = Date.UTC(2026, 0, 5);

/**
 * Situations of one part as the service decides them: a centre that feeds four regions, which can help each other by road; 200 machines with forecasts of
 * five horizons, some of them alarming; stock and orders differ from one to the next.
 */
export function groupSituations(count: number): readonly Situation[] {
  const random = streamOf(1, 'decision-group');
  return Array.from({length: count}, () => {
    const region = (depotId: string): DepotSituation => ({
      ...shelf(depotId, 'C', [source('depot', 'C', 48)]),
      onHand: random.integer(0, 3),
      components: Array.from({length: MACHINES / REGIONS.length}, (_, i) => {
        const weekP = random.uniform() < 0.05 ? 0.6 * random.uniform() : 0.01 * random.uniform();
        const id = `${depotId}-${String(i).padStart(3, '0')}`;
        return {
          componentId: id,
          equipmentId: id,
          positionId: 'bearing',
          quantity: 1,
          asOf: NOW - 3_600_000,
          revision: 0,
          modelVersion: 'bench',
          method: 'model',
          horizonsH: [24, 72, 168, 336, 672],
          cumulativePpm: [0.2, 0.5, 1, 1.5, 1.9].map((share) => Math.round(weekP * share * 5e5)),
          tailHazardPpbPerH: 50_000,
          shortageMinorPerH: 20_000,
          topSignals: [],
        };
      }),
    });
    return Situation.parse({
      groupId: 'BENCH',
      now: NOW,
      part: {partId: 'P', unitCostMinor: 90_000, currency: 'EUR'},
      depots: [
        {
          ...shelf('C', null, [source('supplier', 'SUP', 480), source('supplier', 'AIR', 48, 'emergency')]),
          onHand: random.integer(0, 8),
          receipts: random.uniform() < 0.5 ? [] : [receipt(random.integer(1, 6))],
        },
        ...REGIONS.map(region),
      ],
      lanes: REGIONS.flatMap((from) => REGIONS.filter((to) => to !== from).map((to) => lane(from, to))),
      policy: DEFAULT_POLICY,
    });
  });
}

/** Microseconds that each whole decision takes: plans of every depot, options, the choice, its reasons, and what customers will feel. */
export function decisionTimes(situations: readonly Situation[]): number[] {
  return situations.map((situation) => {
    const startedAt = performance.now();
    decide(situation);
    return 1000 * (performance.now() - startedAt);
  });
}

function shelf(depotId: string, parentDepotId: string | null, sources: Source[]): DepotSituation {
  return {
    depotId,
    partyId: 'OWN',
    parentDepotId,
    onHand: 0,
    receipts: [],
    needs: [],
    reservations: [],
    components: [],
    backgroundPerYear: 4,
    backgroundVmr: 1.5,
    holdingRatePerYear: 0.2,
    mayStock: true,
    mustStock: false,
    maxStock: null,
    sources,
  };
}

function source(
  sourceKind: Source['sourceKind'],
  sourceId: string,
  meanH: number,
  kind: Source['kind'] = 'normal',
): Source {
  return {
    sourceKind,
    sourceId,
    kind,
    meanH,
    sdH: meanH / 5,
    priceMinor: sourceKind === 'depot' ? 0 : kind === 'normal' ? 90_000 : 180_000,
    orderCostMinor: 6000,
    minimum: 1,
    multiple: 1,
    expediteMeanH: null,
    expediteFeeMinor: null,
  };
}

function receipt(quantity: number): DepotSituation['receipts'][number] {
  return {
    orderId: 'O',
    kind: 'normal',
    quantity,
    meanH: 200,
    sdH: 40,
    expediteMeanH: 72,
    expediteFeeMinor: 20_000,
  };
}

function lane(fromDepotId: string, toDepotId: string): Lane {
  return {
    fromDepotId,
    toDepotId,
    mode: 'road',
    meanH: 12,
    sdH: 2,
    costMinor: 8000,
    costPerPieceMinor: 200,
  };
}
