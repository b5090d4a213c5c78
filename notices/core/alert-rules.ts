import {z} from 'zod';
import {invariant} from '../../domain/invariant.ts';

const minutes = z.int().min(0).max(525_600);
const hours = z.number().min(0).max(8760);
const roles = z.string().min(1).max(64);

/** Who is told when nobody has acknowledged: the first path counts whose conditions an alert meets. */
const Path = z.strictObject({
  /** What it is for; a condition that is left out holds for everything. */
  kinds: z.array(z.string()).optional(),
  criticality: z.enum(['A', 'B', 'C']).optional(),
  /** Of the contract of the machine, or of the line that waits. */
  tier: z.string().optional(),
  partyId: z.string().optional(),
  levelMin: z.int().optional(),
  moneyMinMinor: z.int().optional(),
  steps: z
    .array(z.strictObject({role: roles, afterMin: minutes}))
    .min(1)
    .max(10)
    .refine((steps) => steps.every((step, i) => i === 0 || step.afterMin > steps[i - 1]!.afterMin), {
      error: 'each step comes later than the one before',
    }),
});
export type EscalationPath = z.infer<typeof Path>;

/** What ops say about telling people: data with effective dates (platform.parameter, key 'notices.alerts'). */
export const AlertRules = z.strictObject({
  /** Messages about alerts that one recipient gets within any hour; its own figure goes before. */
  perHour: z.int().min(1).max(1000),
  /** What has found no room for so many of a recipient's hours leaves in one digest. */
  digestAfterH: z.number().positive().max(168),
  /** An alert is told when it has stood so long. */
  standMin: minutes,
  /** One that clears and comes back within this is the same problem, of which people were told. */
  calmH: hours,
  /** Kinds that go before any money. */
  first: z.array(z.string()).max(50),
  escalation: z
    .array(Path)
    .min(1)
    .max(100)
    .refine(
      (paths) => {
        const {steps, ...conditions} = paths.at(-1)!;
        return steps.length > 0 && Object.keys(conditions).length === 0;
      },
      {error: 'the last path has no conditions: it is for everything else'},
    ),
});
export type AlertRules = z.infer<typeof AlertRules>;

/** A place to start from. */
export const DEFAULT_ALERT_RULES: AlertRules = {
  perHour: 6,
  digestAfterH: 1,
  standMin: 0,
  calmH: 6,
  first: ['breach-notice', 'telemetry-outage', 'model-fallen-back'],
  escalation: [
    {
      // Of its 72 hours 18 are left.
      kinds: ['breach-notice'],
      steps: [
        {role: 'operations-manager', afterMin: 0},
        {role: 'planning-lead', afterMin: 60},
        {role: 'planner', afterMin: 240},
      ],
    },
    {
      criticality: 'A',
      steps: [
        {role: 'planner', afterMin: 0},
        {role: 'planning-lead', afterMin: 60},
        {role: 'operations-manager', afterMin: 240},
      ],
    },
    {
      steps: [
        {role: 'planner', afterMin: 0},
        {role: 'planning-lead', afterMin: 240},
        {role: 'operations-manager', afterMin: 1440},
      ],
    },
  ],
};

/** What is known of an alert when somebody is to be told. */
export interface AlertFacts {
  readonly kind: string;
  readonly level: number;
  readonly moneyMinor: number;
  readonly partyId: string | null;
  readonly criticality: string | null;
  readonly tier: string | null;
}

/** The path of an alert. Example: by the delivered rules one about a machine of criticality A reaches the lead after 60 min. */
export function pathOf({escalation}: AlertRules, alert: AlertFacts): EscalationPath {
  const path = escalation.find(
    (one) =>
      (one.kinds?.includes(alert.kind) ?? true) &&
      (one.criticality ?? alert.criticality) === alert.criticality &&
      (one.tier ?? alert.tier) === alert.tier &&
      (one.partyId ?? alert.partyId) === alert.partyId &&
      alert.level >= (one.levelMin ?? alert.level) &&
      alert.moneyMinor >= (one.moneyMinMinor ?? alert.moneyMinor),
  );
  invariant(path !== undefined, 'the last path has no conditions');
  return path;
}
