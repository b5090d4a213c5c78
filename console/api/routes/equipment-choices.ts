import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';

/** What a form offers of each; names beyond it can still be typed. */
const OFFERED_MAX = 1000;

const Signal = z.object({
  signal: z.string(),
  unit: z.string(),
  minValue: z.number(),
  maxValue: z.number(),
});

/** What a new machine can be made of: the names that forms offer. */
export const equipmentChoiceRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/equipment-choices',
    tag: 'equipment',
    permission: 'equipment.read',
    summary: `What a new machine can name: classes with their signals, models, sites, customers and depots, at most ${OFFERED_MAX} of each`,
    reply: z.object({
      classes: z.array(z.object({equipmentClassId: z.string(), name: z.string(), signals: z.array(Signal)})),
      models: z.array(z.object({modelId: z.string(), equipmentClassId: z.string(), name: z.string()})),
      sites: z.array(z.object({siteId: z.string(), name: z.string(), partyId: z.string()})),
      customers: z.array(z.object({partyId: z.string(), name: z.string()})),
      depots: z.array(z.object({depotId: z.string(), siteId: z.string()})),
      currencies: z.array(z.string()).describe('Of machines that are there'),
    }),
    async handle(_request, {db}) {
      const rows = async <T extends object>(sql: string): Promise<readonly T[]> =>
        (await db.query<T>(`${sql} LIMIT ${OFFERED_MAX}`)).rows;
      const [classes, models, sites, customers, depots, currencies] = await Promise.all([
        rows<{equipmentClassId: string; name: string; signals: z.output<typeof Signal>[]}>(
          `SELECT equipment_class_id AS "equipmentClassId", name,
                  coalesce((SELECT jsonb_agg(jsonb_build_object('signal', s.signal, 'unit', s.unit, 'minValue', s.min_value, 'maxValue', s.max_value) ORDER BY s.signal)
                              FROM network.class_signal s WHERE s.equipment_class_id = c.equipment_class_id), '[]') AS signals
             FROM network.equipment_class c ORDER BY 1`,
        ),
        rows<{modelId: string; equipmentClassId: string; name: string}>(
          `SELECT model_id AS "modelId", equipment_class_id AS "equipmentClassId", name FROM network.equipment_model ORDER BY 1`,
        ),
        rows<{siteId: string; name: string; partyId: string}>(
          `SELECT site_id AS "siteId", name, party_id AS "partyId" FROM network.site ORDER BY 1`,
        ),
        rows<{partyId: string; name: string}>(
          `SELECT party_id AS "partyId", name FROM network.party WHERE kind = 'customer' ORDER BY 1`,
        ),
        rows<{depotId: string; siteId: string}>(
          `SELECT depot_id AS "depotId", site_id AS "siteId" FROM network.depot ORDER BY 1`,
        ),
        rows<{currency: string}>('SELECT DISTINCT currency FROM network.equipment ORDER BY 1'),
      ]);
      return ok({
        ...{classes, models, sites, customers, depots},
        currencies: currencies.map(({currency}) => currency),
      });
    },
  }),
];
