import {z} from 'zod';
import {nearestName} from '../../domain/nearest-name.ts';
import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import {OwnProfile} from '../../ingest/api.ts';
import {SHARE_RULES, STATEMENT_RULES, ShareRules, StatementRules} from '../../network/api.ts';
import {AlertRules, CustomerRules, DEFAULT_ALERT_RULES, DEFAULT_CUSTOMER_RULES} from '../../notices/api.ts';
import {BreachRules, DEFAULT_BREACH_RULES} from '../../partners/api.ts';
import {
  DEFAULT_GATE_LIMITS,
  DEFAULT_TUNING,
  DEFAULT_WATCH_RULES,
  GateLimits,
  PredictTuning,
  WatchRules,
} from '../../predict/api.ts';
import {BackorderPolicy, DEFAULT_BACKORDER_POLICY, DEFAULT_POLICY, Policy} from '../../replenish/api.ts';
import {DEFAULT_RETENTION, RetentionLimits} from '../../platform/audit/retention.ts';
import type {Stated} from '../../platform/parameters.ts';
import type {Problem} from './check-request.ts';

/** What ops tune: data with effective dates, and beside each what is delivered. */
interface Tunable {
  readonly about: string;
  readonly schema: z.ZodObject;
  readonly defaults: Stated;
  /** What is wrong with a whole value whose fields are right by themselves. */
  readonly contradiction?: (whole: Stated) => string | null;
}

/** The installation says the mode, and a version is named by whoever states one. */
const DELIVERED = Object.fromEntries(
  Object.entries(DEFAULT_POLICY).filter(([field]) => field !== 'mode' && field !== 'version'),
);

/** Every tunable by its key. */
export const TUNABLES = {
  'replenish.policy': {
    about:
      'what decisions go by: margins, review, limits of what goes out unasked, service of segments; mode, where it is stated, outdoes FORESTOCK_MODE',
    schema: Policy.partial({version: true, mode: true}),
    defaults: DELIVERED,
    contradiction: ({alertOpenMinor, alertClearMinor}) =>
      Number(alertClearMinor) > Number(alertOpenMinor)
        ? `alertClearMinor ${String(alertClearMinor)} is above alertOpenMinor ${String(alertOpenMinor)}: an alert would clear as it opens`
        : null,
  },
  'replenish.backorders': {
    about: 'how long customers may wait, who hears of it, and what is ordered then',
    schema: BackorderPolicy,
    defaults: DEFAULT_BACKORDER_POLICY,
  },
  'network.share-out': {
    about: 'by what waiting lines are weighed when pieces do not suffice for everybody',
    schema: ShareRules,
    defaults: SHARE_RULES,
  },
  'network.stock-statements': {
    about:
      'by how much stated stock may differ from the ledger, and whose figure is reckoned with until that is cleared up',
    schema: StatementRules,
    defaults: STATEMENT_RULES,
  },
  'ingest.profiles': {
    about:
      'payload profiles of this installation by name: where in a message the time, the values and who sends stand',
    schema: z.object({}).catchall(OwnProfile),
    defaults: {},
  },
  'predict.tuning': {
    about: 'when a forecast has moved enough to be told, and from which risk on it is explained',
    schema: PredictTuning,
    defaults: DEFAULT_TUNING,
  },
  'predict.gate': {
    about: 'what a model must show before it is promoted: on its card, beside the champion, and in stock',
    schema: GateLimits,
    defaults: DEFAULT_GATE_LIMITS,
  },
  'predict.watch': {
    about: 'how models are watched every night, and what sends a class back to its age model',
    schema: WatchRules,
    defaults: DEFAULT_WATCH_RULES,
  },
  'platform.retention': {
    about: 'how long what has no setting of its own is kept; what is on legal hold stays',
    schema: RetentionLimits,
    defaults: DEFAULT_RETENTION,
  },
  'partners.breaches': {
    about:
      'how soon after the discovery of a breach the authority and parties are told, where nothing was agreed',
    schema: BreachRules,
    defaults: DEFAULT_BREACH_RULES,
  },
  'notices.alerts': {
    about:
      'who is told of alerts when nobody acknowledges, how many messages an hour, and what is the same problem',
    schema: AlertRules,
    defaults: DEFAULT_ALERT_RULES,
  },
  'notices.customers': {
    about:
      'from how many hours on a moved date is told to customers, and after how many days a shortage is a prolonged one',
    schema: CustomerRules,
    defaults: DEFAULT_CUSTOMER_RULES,
  },
} as const satisfies Readonly<Record<string, Tunable>>;

export const TUNABLE_KEYS = Object.keys(TUNABLES) as TunableKey[];
export type TunableKey = keyof typeof TUNABLES;

/** The tunable of a name as somebody typed it. */
export function tunableKey(name: string): Result<TunableKey, 'unknown-tunable'> {
  if (Object.hasOwn(TUNABLES, name)) return ok(name as TunableKey);
  const nearest = nearestName(name, TUNABLE_KEYS);
  const meant = nearest === null ? '' : ` (did you mean ${nearest}?)`;
  return refused(
    'unknown-tunable',
    `there is no tunable ${name}${meant}; there are ${TUNABLE_KEYS.join(', ')}; forestock tune list shows their fields`,
  );
}

/** The whole value: what is stated over what is delivered. */
export function wholeOf(key: TunableKey, stated: Stated): Stated {
  return {...TUNABLES[key].defaults, ...stated};
}

/** Refused with everything that is wrong in it, by field, names that no field has included. */
export function checkStated(
  key: TunableKey,
  stated: Stated,
): Result<Stated, 'parameter-invalid'> & {readonly problems?: readonly Problem[]} {
  const {schema, contradiction}: Tunable = TUNABLES[key];
  const whole = wholeOf(key, stated);
  const named = schema.def.catchall === undefined ? schema.strict() : schema;
  const parsed = named.safeParse(whole);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => `${issue.path.join('.') || key}: ${issue.message}`);
    const problems = parsed.error.issues.map(({path, message}) => ({
      path: ['body', 'change', ...path.map(String)].join('.'),
      what: message,
      nextStep: 'correct it, or leave it out',
    }));
    return {
      ...refused('parameter-invalid', `${key} cannot be so: ${mistakes.join('; ')}; correct what is named`),
      problems,
    };
  }
  const odd = contradiction?.(whole) ?? null;
  if (odd !== null) return refused('parameter-invalid', `${key} cannot be so: ${odd}; change one of them`);
  return ok(stated);
}
