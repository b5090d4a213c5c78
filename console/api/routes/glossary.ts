import {z} from 'zod';
import {ok, refused} from '../../../domain/result.ts';
import {KPIS} from '../../../domain/kpi.ts';
import {GLOSSARY} from '../glossary-terms.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';

export const GlossaryTerm = z.object({
  id: z.string().describe('Stays the same when the wording changes'),
  version: z.int().min(1).describe('Grows when a formula or a meaning changes'),
  section: z.string(),
  term: z.string(),
  meaning: z.string(),
  formula: z.string().nullable().describe('Of a key figure'),
  unit: z.string().nullable(),
  field: z
    .string()
    .nullable()
    .describe('The field that shows it: "Order.lateProbability"; there x-glossary names the id'),
});

/** Words and figures; a word that is a KPI as well is explained by its formula. */
const TERMS: readonly z.output<typeof GlossaryTerm>[] = [
  ...KPIS.map(({id, version, name, formula, unit, row}) => ({
    ...{id, version, section: 'KPIs', term: name, formula, unit, field: null},
    meaning: `Over a window and any part of the network; each row behind it is ${row}.`,
  })),
  ...GLOSSARY.filter(({id}) => !KPIS.some((kpi) => kpi.id === id)),
];

export const glossaryRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/glossary',
    tag: 'glossary',
    permission: 'api.describe',
    summary: 'The words of this API and the formulas of its key figures, each with an id and a version',
    reply: z.object({terms: z.array(GlossaryTerm)}),
    handle: () => Promise.resolve(ok({terms: TERMS})),
  }),
  route({
    method: 'GET',
    path: '/api/v1/glossary/{termId}',
    tag: 'glossary',
    permission: 'api.describe',
    summary: 'One word or key figure',
    params: z.object({termId: z.string().max(100)}),
    reply: GlossaryTerm,
    refusals: ['not-found'],
    handle({params: {termId}}) {
      const found = TERMS.find(({id}) => id === termId);
      return Promise.resolve(
        found === undefined
          ? refused('not-found', `the glossary has no ${termId}; look it up in /api/v1/glossary`)
          : ok(found),
      );
    },
  }),
];
