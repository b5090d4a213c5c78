import {z} from 'zod';
import type {Queryable} from '../../../platform/pg.ts';
import {ok, refused} from '../../../domain/result.ts';
import {OwnProfile, REJECTIONS, namedProfile, previewPacket, sha256Key} from '../../../ingest/api.ts';
import type {Previewed, SignalLimits} from '../../../ingest/api.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant} from '../wire.ts';
import type {DeepReadonly} from '../wire.ts';

const PACKETS_MAX = 50;
/** What the door takes of one payload. */
const PAYLOAD_CHARACTERS_MAX = 262_144;
const BODY_BYTES_MAX = 4 * 1024 * 1024;

const Preview = z.object({
  packet: z.int().describe('Which of the packets, from 0'),
  equipmentId: z.string().nullable(),
  reading: z
    .object({
      observedAt: Instant,
      values: z.record(z.string(), z.number()).describe('By our signal names, in the units of the class'),
      event: z.object({type: z.string(), code: z.string().nullable()}).nullable(),
    })
    .nullable(),
  refusal: z.object({reason: z.string(), detail: z.string(), next: z.string()}).nullable(),
});

/** Signals and positions of a class, as the door knows them; null: there is no such class. */
async function machineOf(
  db: Queryable,
  equipmentClassId: string,
): Promise<{signals: Map<string, SignalLimits>; positions: Set<string>} | null> {
  const known = await db.query('SELECT 1 FROM network.equipment_class WHERE equipment_class_id = $1', [
    equipmentClassId,
  ]);
  if (known.rows.length === 0) return null;
  const signals = await db.query<{
    signal: string;
    unit: string;
    minValue: number;
    maxValue: number;
    normalLow: number | null;
    normalHigh: number | null;
  }>(
    `SELECT signal, unit, min_value AS "minValue", max_value AS "maxValue", normal_low AS "normalLow", normal_high AS "normalHigh"
       FROM network.class_signal WHERE equipment_class_id = $1 ORDER BY signal`,
    [equipmentClassId],
  );
  const positions = await db.query<{id: string}>(
    `SELECT DISTINCT position_id AS id FROM network.bom_position JOIN network.equipment_model USING (model_id)
      WHERE equipment_class_id = $1`,
    [equipmentClassId],
  );
  return {
    signals: new Map(
      signals.rows.map(({signal, normalLow, normalHigh, ...limits}) => [
        signal,
        {...limits, ...(normalLow !== null && {normalLow}), ...(normalHigh !== null && {normalHigh})},
      ]),
    ),
    positions: new Set(positions.rows.map(({id}) => id)),
  };
}

function previewView(packet: number, seen: Previewed): DeepReadonly<z.output<typeof Preview>> {
  if (!seen.ok) {
    const {reason, detail} = seen.rejection;
    const refusal = {reason, detail, next: REJECTIONS[reason].next};
    return {packet, equipmentId: seen.equipmentId, reading: null, refusal};
  }
  const {message, equipmentId} = seen;
  return {
    packet,
    equipmentId,
    reading: {
      observedAt: message.observedAt,
      values: message.kind === 'reading' ? {...message.values} : {},
      event: message.kind === 'event' ? {type: message.type, code: message.code ?? null} : null,
    },
    refusal: null,
  };
}

export const profileRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/v1/profiles/preview',
    tag: 'profiles',
    permission: 'intake.read',
    summary:
      'Reads messages by a profile as the door would, with its own decoder, and keeps nothing; state it as parameter ingest.profiles',
    body: z.object({
      profile: OwnProfile,
      equipmentClassId: z.string().min(1).max(128).describe('Whose signals and limits count'),
      packets: z
        .array(
          z.object({
            topic: z.string().min(1).max(1000),
            payload: z.string().max(PAYLOAD_CHARACTERS_MAX),
          }),
        )
        .min(1)
        .max(PACKETS_MAX),
    }),
    bodyBytesMax: BODY_BYTES_MAX,
    reply: z.object({messages: z.array(Preview)}),
    refusals: ['unknown-class'],
    async handle({body: {profile, equipmentClassId, packets}}, {db, clock}) {
      const machine = await machineOf(db, equipmentClassId);
      if (machine === null)
        return refused(
          'unknown-class',
          `there is no equipment class ${equipmentClassId}; import it with its signals first (equipment_class, class_signal)`,
        );
      const how = {
        profile: namedProfile('preview', profile),
        machine,
        receivedAt: clock.now(),
        keyOf: sha256Key,
      };
      return ok({
        messages: packets.flatMap((packet, index) =>
          previewPacket(packet, how).map((seen) => previewView(index, seen)),
        ),
      });
    },
  }),
];
