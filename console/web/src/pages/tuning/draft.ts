import type {Parameter} from './parameters.ts';

/** What was typed, by field; null: back to what is delivered. A field that nobody touched is not here. */
export type Draft = Readonly<Record<string, string | null>>;

/** What a draft asks for, and what of it cannot be read, by field. */
export interface Asked {
  readonly change: Record<string, unknown>;
  readonly unreadable: Readonly<Record<string, string>>;
}

/** A value as it stands in its input. Example: {eur: 5} → '{\n  "eur": 5\n}'; 0.1 → '0.1'. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/**
 * The change that a draft asks for: only fields that differ from what is in force.
 *
 * Example: {marginShare: '0.2'} over {marginShare: 0.1} → {marginShare: 0.2}.
 */
export function askedBy(draft: Draft, value: Parameter['value']): Asked {
  const change: Record<string, unknown> = {};
  const unreadable: Record<string, string> = {};
  for (const [field, text] of Object.entries(draft)) {
    const now = value[field];
    if (text === null) {
      change[field] = null;
    } else if (typeof now === 'string') {
      if (text !== now) change[field] = text;
    } else {
      const read = readJson(text);
      if ('problem' in read) unreadable[field] = `Cannot be read: ${read.problem}`;
      else if (JSON.stringify(read.value) !== JSON.stringify(now)) change[field] = read.value;
    }
  }
  return {change, unreadable};
}

function readJson(text: string): {readonly value: unknown} | {readonly problem: string} {
  try {
    return {value: JSON.parse(text) as unknown};
  } catch (error) {
    return {problem: error instanceof Error ? error.message : String(error)};
  }
}
