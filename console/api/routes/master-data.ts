import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import {checkMasterData, importMasterData} from '../../../network/api.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {WireTables, fromRaw, toRaw} from '../wire-tables.ts';

/** A large installed base has some hundred thousand rows. */
const FOLDER_BYTES_MAX = 64 * 1024 * 1024;

export const masterDataRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/master-data',
    tag: 'master data',
    permission: 'master-data.export',
    summary:
      'The whole installed base, network and stock; imported into an empty database it is the same again',
    reply: z.object({tables: WireTables}),
    handle: async (_request, {network}) => ok({tables: fromRaw(await network.reads.exportFolder())}),
  }),
  route({
    method: 'POST',
    path: '/api/v1/master-data',
    tag: 'master data',
    permission: 'master-data.import',
    summary:
      'Imports tables, all or nothing; what is wrong is listed completely and is no error of the request',
    query: z.object({
      dryRun: z.boolean().default(false).describe('Say what would happen and change nothing'),
    }),
    body: z.object({tables: WireTables, actor: z.string().min(1).max(64).default('api')}),
    bodyBytesMax: FOLDER_BYTES_MAX,
    reply: z.object({
      imported: z.boolean(),
      rows: z.record(z.string(), z.int()).describe('By table'),
      stockKept: z.int().describe('Rows of opening_stock left alone: their part has moved there before'),
      mistakes: z.array(
        z.object({
          file: z.string(),
          line: z.int(),
          column: z.string(),
          what: z.string(),
          nextStep: z.string(),
        }),
      ),
    }),
    async handle({query: {dryRun}, body: {tables, actor}}, {network: {ports}}) {
      const raw = toRaw(tables);
      const outcome = dryRun
        ? await checkMasterData(ports, raw)
        : await importMasterData(ports, raw, {actor});
      if (!outcome.ok) return ok({imported: false, rows: {}, stockKept: 0, mistakes: outcome.mistakes});
      return ok({imported: !dryRun, rows: outcome.rows, stockKept: outcome.stockKept, mistakes: []});
    },
  }),
];
