import {z} from 'zod';
import {alarmEventScore} from '../../predict/core/alarm-events.ts';
import {
  alertScore,
  costThreshold,
  equalWidthCalibrationError,
  leastAlertCost,
  rocAuc,
} from '../../predict/core/alert-metrics.ts';
import {kolmogorovSmirnov, populationStability, wasserstein} from '../../predict/core/drift.ts';
import {fitIsotonic, isotonicAt} from '../../predict/core/isotonic.ts';
import {judge} from '../../predict/core/metrics.ts';
import {remainingLifeScore} from '../../predict/core/remaining-life-metrics.ts';
import {anything, kind, type OracleKind} from './oracle.ts';

const Events = z
  .array(z.object({machine: z.string(), t: z.number()}))
  .transform((events) => events.map(({machine, t}) => ({machine, atHours: t})));

export const predictionMetricKinds: Readonly<Record<string, OracleKind>> = {
  classifier_metrics: kind({
    input: z.object({
      y: z.array(z.number()),
      p: z.array(z.number()),
      bins: z.number(),
      cost_false_alarm: z.number(),
      cost_missed: z.number(),
    }),
    asks: z.object({isotonic_at: z.record(z.string(), z.number()).default({})}),
    toleranceOf: {isotonic_at: 'isotonic'},
    answer: ({y, p, bins, cost_false_alarm, cost_missed}, {isotonic_at}) => {
      const rows = p.map((probability, i) => ({probability, failed: y[i] === 1, weight: 1}));
      const costs = {falseAlert: cost_false_alarm, missed: cost_missed};
      const metrics = judge(rows);
      const alert = alertScore(rows, 0.5);
      const curve = fitIsotonic(rows);
      return {
        brier: metrics.brier,
        log_loss: metrics.logLoss,
        average_precision: metrics.averagePrecision,
        roc_auc: rocAuc(rows),
        [`ece_equal_width_${bins}`]: equalWidthCalibrationError(rows, bins),
        precision_at_0_5: alert.precision,
        recall_at_0_5: alert.recall,
        f1_at_0_5: alert.f1,
        bayes_threshold_if_calibrated: costThreshold(costs),
        empirical_min_cost: leastAlertCost(rows, costs),
        isotonic_at: Object.fromEntries(
          Object.keys(isotonic_at).map((at) => [at, isotonicAt(curve, Number(at))]),
        ),
      };
    },
  }),

  drift: kind({
    input: z.object({
      reference: z.array(z.number()),
      current: z.array(z.number()),
      psi_edges: z.array(z.number()),
      psi_floor: z.number(),
    }),
    asks: anything,
    toleranceOf: {ks_statistic: 'ks_stat'},
    answer: ({reference, current, psi_edges, psi_floor}) => {
      const {statistic, pValue} = kolmogorovSmirnov(reference, current);
      return {
        psi: populationStability(reference, current, psi_edges, psi_floor),
        ks_statistic: statistic,
        ks_pvalue: pValue,
        ks_method: 'exact',
        wasserstein: wasserstein(reference, current),
      };
    },
  }),

  rul_metrics: kind({
    input: z.object({true_rul: z.array(z.number()), pred_rul: z.array(z.number())}),
    asks: anything,
    answer: ({true_rul, pred_rul}) => {
      const {phmScore, ...errors} = remainingLifeScore(true_rul, pred_rul);
      return {...errors, nasa_score_sum: phmScore};
    },
  }),

  alarm_event_metrics: kind({
    input: z.object({
      failures: Events,
      alarms: Events,
      horizon_hours: z.number(),
      min_lead_hours: z.number(),
      observed_machine_hours: z.number(),
    }),
    asks: anything,
    answer: (input) => {
      const score = alarmEventScore({
        failures: input.failures,
        alarms: input.alarms,
        horizonHours: input.horizon_hours,
        minLeadHours: input.min_lead_hours,
        machineHours: input.observed_machine_hours,
      });
      return {
        detected: score.detected,
        missed: score.missed,
        recall: score.recall,
        true_alarms: score.trueAlarms,
        false_alarms: score.falseAlarms,
        alarm_precision: score.precision,
        lead_hours: score.leadHours,
        false_alarms_per_machine_year: score.falseAlarmsPerMachineYear,
      };
    },
  }),
};
