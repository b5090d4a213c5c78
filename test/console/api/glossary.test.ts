import {describe, expect, it} from 'vitest';
import {GLOSSARY} from '../../../console/api/glossary-terms.ts';
import {openApiOf} from '../../../console/api/openapi.ts';
import {ROUTES} from '../../../console/api/routes.ts';
import {glossaryRoutes} from '../../../console/api/routes/glossary.ts';
import {termsOf} from '../../../scripts/glossary-source.ts';

interface Schema {
  readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const schemas = (openApiOf(ROUTES, {secured: true})['components'] as {schemas: Record<string, Schema>})
  .schemas;

describe('the glossary', () => {
  const figures = GLOSSARY.filter(({formula}) => formula !== null);

  it('K8 has the formula, the unit and the version of every key figure, at the field that shows it', () => {
    expect(figures.length).toBeGreaterThan(10);
    for (const {id, version, unit, field} of figures) {
      expect(version).toBeGreaterThanOrEqual(1);
      expect(unit).not.toBe('');
      const [title, name] = field!.split('.');
      expect(schemas[title!]?.properties[name!]?.['x-glossary'], `${id} at ${field}`).toBe(id);
    }
  });

  it('K8 serves one term by its id, and says where to look for one that it has not', async () => {
    const one = glossaryRoutes[1]!;
    const ask = (termId: string): ReturnType<typeof one.handle> =>
      one.handle({params: {termId}, query: {}, body: undefined, caller: null as never}, null as never);
    expect(await ask('inventory-position')).toMatchObject({
      ok: true,
      value: {term: 'inventory position', meaning: 'On hand + on order − backordered.', version: 1},
    });
    expect(await ask('wizardry')).toMatchObject({ok: false, reason: 'not-found'});
  });

  it('reads the tables of the page, and refuses a word that it explains twice', () => {
    const page = '## Words\n\n| term | meaning |\n| --- | --- |\n| On hand | There, and `usable`. |\n';
    expect(termsOf(page)).toMatchObject([{id: 'on-hand', meaning: 'There, and usable.', formula: null}]);
    expect(() => termsOf(`${page}| on hand | Again. |\n`)).toThrow('the glossary explains on-hand once');
  });
});
