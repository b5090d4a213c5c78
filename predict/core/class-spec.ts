import {z} from 'zod';
import {VisitCalendar, visitMemoryH} from './visit-calendar.ts';

/** One signal that a model reads, with the band a planner calls normal. */
const SignalSpec = z.object({
  name: z.string().min(1),
  /** As a planner says it: 'vibration'. */
  label: z.string().min(1),
  unit: z.string(),
  normalLow: z.number().nullable(),
  normalHigh: z.number().nullable(),
});
export type SignalSpec = z.infer<typeof SignalSpec>;

/** A place for a component in the equipment; a model tells its components apart by it. */
const ComponentSpec = z.object({
  positionId: z.string().min(1),
  classId: z.string().min(1),
  /** The class's life by age as known when the model was trained: the yardstick of its age inputs. */
  life: z.object({shape: z.number().positive(), scaleH: z.number().positive()}),
});
export type ComponentSpec = z.infer<typeof ComponentSpec>;

/**
 * What a model of one equipment class reads and answers, as data: a new class needs a spec, not code.
 * Order matters: it is the order of the inputs.
 */
export const ClassSpec = z.object({
  /** The equipment class; of a pooled model, the name of its pool. */
  equipmentClassId: z.string().min(1),
  components: z.array(ComponentSpec).min(1),
  signals: z.array(SignalSpec),
  /** Error codes that are counted one by one; all others count as "other". */
  eventCodes: z.array(z.string()),
  /** Numeric attributes of the equipment (see numericAttributes). */
  attributes: z.array(z.string()),
  /** Hours of telemetry and events before the forecast's instant. */
  windowH: z.int().positive(),
  gridH: z.number().positive(),
  horizonsH: z.array(z.int().positive()).min(1),
  /** Of a pooled model: the equipment classes whose machines taught it together. */
  pools: z.array(z.string().min(1)).min(2).optional(),
  /** Hours a step, where networks of sequences read the class: each signal's means over such steps of the window are inputs, too. */
  sequenceStepH: z.number().positive().optional(),
  /** Where machines are visited on a calendar: when, and what is found between visits. */
  visits: VisitCalendar.optional(),
});
export type ClassSpec = z.infer<typeof ClassSpec>;

/** How many hours of events a window of this class holds: its own, or what it takes to know the visit calendar. */
export function eventMemoryH({windowH, visits}: ClassSpec): number {
  return visits === undefined ? windowH : Math.max(windowH, visitMemoryH(visits));
}

/** The equipment classes that a model speaks of: its own one, or those it pools. */
export function coveredClasses({equipmentClassId, pools}: ClassSpec): readonly string[] {
  return pools ?? [equipmentClassId];
}

/** The index of a component among the spec's places; −1 when the model does not know it and the ladder must go lower. */
export function componentIndex(
  spec: ClassSpec,
  component: {readonly positionId: string; readonly classId: string},
): number {
  return spec.components.findIndex(
    (known) => known.positionId === component.positionId && known.classId === component.classId,
  );
}

/**
 * Equipment attributes as numbers: numbers stay, a text becomes a one-hot name.
 *
 * Example: ({loadClass: 2, refrigerant: 'R134a'}, 'CH-200') → {loadClass: 2, 'refrigerant=R134a': 1, 'model=CH-200': 1}.
 */
export function numericAttributes(
  attributes: Readonly<Record<string, unknown>>,
  modelId: string,
): Readonly<Record<string, number>> {
  const numbers: Record<string, number> = {};
  for (const [name, value] of Object.entries({...attributes, model: modelId})) {
    if (typeof value === 'number' && Number.isFinite(value)) numbers[name] = value;
    else if (typeof value === 'boolean') numbers[name] = Number(value);
    else if (typeof value === 'string') numbers[`${name}=${value}`] = 1;
  }
  return numbers;
}

/** The spec in one canonical text: the shell hashes it, and a model whose hash differs is not fed with these features. */
export function canonicalSpec(spec: ClassSpec): string {
  return JSON.stringify(ClassSpec.parse(spec));
}
