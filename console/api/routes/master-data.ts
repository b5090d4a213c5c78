import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import {checkMasterData, importMasterData} from '../../../network/api.ts';
import type {RawFolder} from '../../../network/api.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';

/** A large installed base has some hundred thousand rows. */
const FOLDER_BYTES_MAX = 64 * 1024 * 1024;

/** Tables by name, in the columns of the CSV files (docs/operations.md); every cell is text. */
const Tables = z.record(
  z.string(),
  z.object({columns: z.array(z.string()), rows: z.array(z.array(z.string()))}),
);
type Tables = z.infer<typeof Tables>;

/** The header would be line 1 of a file. */
const FIRST_LINE = 2;

export const masterDataRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/master-data',
    tag: 'master data',
    summary:
      'The whole installed base, network and stock; imported into an empty database it is the same again',
    reply: z.object({tables: Tables}),
    handle: async (_request, {network}) => ok({tables: fromRaw(await network.reads.exportFolder())}),
  }),
  route({
    method: 'POST',
    path: '/api/v1/master-data',
    tag: 'master data',
    summary:
      'Imports tables, all or nothing; what is wrong is listed completely and is no error of the request',
    query: z.object({
      dryRun: z.boolean().default(false).describe('Say what would happen and change nothing'),
    }),
    body: z.object({tables: Tables, actor: z.string().min(1).max(64).default('api')}),
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

function toRaw(tables: Tables): RawFolder {
  return Object.fromEntries(
    Object.entries(tables).map(([name, {columns, rows}]) => [
      name,
      {
        columns,
        rows: rows.map((cells, index) => ({
          line: index + FIRST_LINE,
          cells: Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ''])),
        })),
      },
    ]),
  );
}

function fromRaw(raw: RawFolder): Tables {
  return Object.fromEntries(
    Object.entries(raw).map(([name, {columns, rows}]) => [
      name,
      {columns: [...columns], rows: rows.map(({cells}) => columns.map((column) => cells[column] ?? ''))},
    ]),
  );
}
