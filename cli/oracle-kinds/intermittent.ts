import {z} from 'zod';
import {adida, croston, demandClass, imapa, tsb} from '../../replenish/core/forecast/intermittent.ts';
import {smooth} from '../../replenish/core/forecast/smoothing.ts';
import {anything, kind, type OracleKind} from './oracle.ts';

const History = z.object({y: z.array(z.number()), alpha: z.number()});

/** `ad02_ap005`: sizes smoothed by 0.2, chances by 0.05. */
const TSB_NAME = /^ad0(\d+)_ap0(\d+)$/;

export const intermittentKinds: Readonly<Record<string, OracleKind>> = {
  intermittent_forecast: kind({
    input: History,
    asks: z.object({tsb_statsforecast: z.record(z.string(), z.number()).default({})}),
    toleranceOf: {
      croston_init_mean_interval: 'croston',
      ses_01: 'croston',
      tsb_statsforecast: 'tsb',
      tsb_tsintermittent_naive_01_01: 'tsb',
    },
    // The case says in words that the class is exact and its two figures within 1e-9.
    allowedAt: ([section, figure]) =>
      section === 'classification' && figure !== 'cls' ? CLASS_FIGURES : undefined,
    answer: ({y, alpha}, {tsb_statsforecast}) => {
      const found = demandClass(y);
      return {
        croston: croston(y, {smoothing: alpha}),
        sba: croston(y, {smoothing: alpha, correction: 'syntetos-boylan'}),
        sbj: croston(y, {smoothing: alpha, correction: 'shale-boylan-johnston'}),
        croston_init_mean_interval: croston(y, {smoothing: alpha, firstInterval: 'mean'}),
        croston_optimized: croston(y, {smoothing: 'fitted'}),
        tsb_statsforecast: Object.fromEntries(
          Object.keys(tsb_statsforecast).map((name) => [name, tsb(y, ...smoothings(name))]),
        ),
        tsb_tsintermittent_naive_01_01: tsb(y),
        adida: adida(y),
        imapa: imapa(y),
        ses_01: smooth(y, 0.1),
        classification: found && {adi: found.adi, cv2: found.cv2, cls: found.pattern},
      };
    },
  }),

  intermittent_forecast_edge: kind({
    input: History,
    asks: anything,
    answer: ({y, alpha}) => ({
      croston: croston(y, {smoothing: alpha}),
      tsb_ad01_ap01: tsb(y),
      adida: adida(y),
      imapa: imapa(y),
    }),
  }),
};

const CLASS_FIGURES = 1e-9;

function smoothings(name: string): [number, number] {
  const [, size, chance] = TSB_NAME.exec(name) ?? [];
  return [Number(`0.${size ?? ''}`), Number(`0.${chance ?? ''}`)];
}
