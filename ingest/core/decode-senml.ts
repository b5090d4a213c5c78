import type {Decoded, DraftValue} from './draft.ts';
import {isObject} from './decode-json.ts';
import type {JsonDocument} from './decode-json.ts';
import type {Json, JsonObject} from './json.ts';
import {ELEMENTS_MAX} from './profile.ts';
import {rejection} from './rejection.ts';
import type {Rejection} from './rejection.ts';

/** Times below this are relative to now (RFC 8428 §4.5.3): such a record carries no time of its own that we could trust. */
const RELATIVE_BELOW_S = 2 ** 28;

interface Base {
  readonly name: string;
  readonly timeS: number;
  readonly unit: string | undefined;
  readonly value: number;
}

/**
 * A SenML pack (RFC 8428, JSON) as one draft per instant: base name, time, unit and value are added to each record.
 * A signal is the record's own name; without one, the last segment of the base name. Text and data values are left to vendors'
 * own profiles and refused here.
 *
 * Example: [{"bn":"urn:dev:CH-1/","bt":1767607200,"n":"temperature_c","u":"Cel","v":71.5}] → temperature_c 71.5 °C at 10:00 UTC.
 */
export function decodeSenml(document: JsonDocument, equipmentId: string): readonly Decoded[] {
  const fault = document.faults[0];
  // One record's base changes the meaning of all that follow, so a pack is read whole or not at all.
  if (fault)
    return [
      {ok: false, equipmentId, rejection: rejection(fault.reason, `offset ${fault.offset}: ${fault.detail}`)},
    ];
  const pack = document.value;
  if (!Array.isArray(pack))
    return [
      {ok: false, equipmentId, rejection: rejection('wrong-shape', 'a SenML pack is an array of records')},
    ];
  const instants = resolve(pack as readonly Json[]);
  if (!(instants instanceof Map)) return [{ok: false, equipmentId, rejection: instants}];
  return [...instants].map(([timeS, values]) => ({
    ok: true,
    draft: {
      kind: 'reading',
      equipmentId,
      time: timeS < RELATIVE_BELOW_S ? undefined : {sent: timeS, form: 'epoch-s'},
      boot: undefined,
      seq: undefined,
      values,
    },
  }));
}

function resolve(pack: readonly Json[]): Map<number, DraftValue[]> | Rejection {
  if (pack.length > ELEMENTS_MAX)
    return rejection('too-many', `${pack.length} records in one pack; ${ELEMENTS_MAX} are allowed`);
  const instants = new Map<number, DraftValue[]>();
  let base: Base = {name: '', timeS: 0, unit: undefined, value: 0};
  for (const [i, record] of pack.entries()) {
    if (!isObject(record)) return rejection('wrong-shape', `record ${i} is no object`);
    const version = record['bver'];
    if (version !== undefined && version !== 10)
      return rejection('wrong-shape', `record ${i}: SenML version must be 10`);
    base = {
      name: textOf(record, 'bn') ?? base.name,
      timeS: numberOf(record, 'bt') ?? base.timeS,
      unit: textOf(record, 'bu') ?? base.unit,
      value: numberOf(record, 'bv') ?? base.value,
    };
    const value = valueOf(record, base);
    if (value === undefined) {
      if (record['n'] === undefined && record['u'] === undefined) continue; // a record may set bases only
      return rejection(
        'wrong-shape',
        `record ${i} has no "v" or "vb"; texts and data need a profile of their own`,
      );
    }
    const signal = textOf(record, 'n') ?? lastSegment(base.name);
    if (signal === '') return rejection('wrong-shape', `record ${i} has no name`);
    const timeS = base.timeS + (numberOf(record, 't') ?? 0);
    const unit = textOf(record, 'u') ?? base.unit;
    const draft: DraftValue = {signal, value, ...(unit === undefined ? {} : {unit})};
    const together = instants.get(timeS);
    if (together) together.push(draft);
    else instants.set(timeS, [draft]);
  }
  return instants.size === 0 ? rejection('no-values', 'the pack has no value') : instants;
}

function valueOf(record: JsonObject, base: Base): Json | undefined {
  const {v, vb} = record;
  if (typeof v === 'number') return v + base.value;
  if (v !== undefined) return v; // a text or null: judged like anybody's
  return typeof vb === 'boolean' ? Number(vb) : undefined;
}

function textOf(record: JsonObject, key: string): string | undefined {
  const value = record[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(record: JsonObject, key: string): number | undefined {
  const value = record[key];
  return typeof value === 'number' ? value : undefined;
}

function lastSegment(name: string): string {
  return name.split(/[/:]/).findLast((segment) => segment !== '') ?? '';
}
