import {z} from 'zod';
import type {ModelVersionId} from '../domain/ids.ts';
import type {GateCheck} from './core/gate-check.ts';
import type {GateLimits} from './core/gate-limits.ts';
import {figure, judgeLive, liveChecks} from './core/live-evidence.ts';
import type {LiveHorizon} from './core/live-evidence.ts';
import {holder} from './core/model-lifecycle.ts';
import type {ModelStep} from './core/model-lifecycle.ts';
import type {ModelDeskPorts, RegisteredModel} from './model-ports.ts';
import {qualityGate} from './training/gate.ts';

/** What speaks for and against a version at one of its classes, without what it would cost in stock. */
export interface ClassEvidence {
  readonly equipmentClassId: string;
  /** Who holds the seat; null: nobody, age laws forecast. */
  readonly champion: ModelVersionId | null;
  readonly live: readonly LiveHorizon[];
  readonly checks: readonly GateCheck[];
  /** What is lacking before live forecasts can tell; null: enough have come to an end. */
  readonly lacking: string | null;
}

export interface Examination {
  readonly model: RegisteredModel;
  /** In force when it was asked. */
  readonly limits: GateLimits;
  /** The gate of training, by today's limits, on the figures of its card. */
  readonly card: readonly GateCheck[];
  readonly classes: readonly ClassEvidence[];
}

/** What live forecasts beside whoever forecasts the class today have shown. */
export async function liveEvidence(
  ports: Pick<ModelDeskPorts, 'paired' | 'now'>,
  {modelVersionId, pooled}: RegisteredModel,
  equipmentClassId: string,
  history: readonly ModelStep[],
  limits: GateLimits,
): Promise<ClassEvidence> {
  const seat = holder(history, {equipmentClassId, pooled});
  const isForecasting = seat?.state === 'champion';
  const pairs = await ports.paired({
    challenger: modelVersionId,
    champion: isForecasting ? seat.modelVersionId : null,
    equipmentClassId,
    days: limits.live.days,
  });
  const live = judgeLive(pairs, ports.now(), limits.live);
  const most = live.reduce((best, one) => Math.max(best, one.failures), 0);
  const lacking = live.some(({enough}) => enough)
    ? null
    : `${equipmentClassId}: ${limits.live.rowsMin} daily forecasts beside the champion's and ${limits.live.failuresMin} failures at one horizon, of which ` +
      `${live.reduce((best, one) => Math.max(best, one.rows), 0)} and ${most} have come to an end`;
  return {
    equipmentClassId,
    champion: seat?.modelVersionId ?? null,
    live,
    checks: liveChecks(live, limits).map((check) => ({
      ...check,
      claim: `${equipmentClassId}: ${check.claim}`,
    })),
    lacking,
  };
}

const metrics = z.object({calibrationError: z.number(), averagePrecision: z.number(), logLoss: z.number()});
const CardQuality = z.object({
  quality: z
    .array(z.object({horizonH: z.number(), model: metrics, age: metrics, brierSkillOverAge: z.number()}))
    .min(1),
});

/** The gate of training, by today's limits, on the figures that the card holds. */
export function cardChecks(
  card: Readonly<Record<string, unknown>>,
  limits: GateLimits,
): readonly GateCheck[] {
  const read = CardQuality.safeParse(card);
  if (read.success)
    return qualityGate(read.data.quality, limits).map((check) => ({...check, claim: `card: ${check.claim}`}));
  return [
    {
      claim: 'the card holds the figures that the gate asks for, at one horizon and more',
      value: 0,
      passed: false,
    },
  ];
}

/** 'card: calibration error at 24 h is at most 0.02 (0.031)'. */
export function checkText({claim, value}: GateCheck): string {
  return `${claim} (${figure(value)})`;
}
