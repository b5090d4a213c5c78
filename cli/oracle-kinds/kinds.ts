import {advanceDemandKinds} from './advance-demand.ts';
import {demandEstimationKinds} from './demand-estimation.ts';
import {intermittentKinds} from './intermittent.ts';
import type {OracleKind} from './oracle.ts';
import {pipelineKinds} from './pipeline.ts';
import {policyKinds} from './policies.ts';
import {poolingKinds} from './pooling.ts';
import {predictionMetricKinds} from './prediction-metrics.ts';
import {supplyChoiceKinds} from './supply-choices.ts';
import {twoEchelonKinds} from './two-echelon.ts';

/** Every kind of oracle case that the product answers. */
export const ORACLE_KINDS: ReadonlyMap<string, OracleKind> = new Map(
  Object.entries({
    ...advanceDemandKinds,
    ...pipelineKinds,
    ...policyKinds,
    ...poolingKinds,
    ...supplyChoiceKinds,
    ...predictionMetricKinds,
    ...demandEstimationKinds,
    ...intermittentKinds,
    ...twoEchelonKinds,
  }),
);
