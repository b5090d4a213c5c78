import {describe, expect, it} from 'vitest';
import {z} from 'zod';
import {fieldsOf, readFields, snakeCase} from '../../../cli/operations/fields.ts';

const schema = z.object({
  depotId: z.string(),
  part: z.object({scheme: z.string().optional(), number: z.string()}),
  qty: z.int().min(1),
  condition: z.enum(['new', 'used']).default('new'),
  missing: z.boolean().default(false),
  at: z.iso.datetime().optional(),
});
const fields = fieldsOf(schema);

describe('fields of a request', () => {
  it('have the names that a CSV file and the command line call them by, required ones first', () => {
    expect(fields.map(({column}) => column)).toEqual([
      'depot_id',
      'part',
      'qty',
      'part_scheme',
      'condition',
      'missing',
      'at',
    ]);
    expect(fields.map(({option}) => option)).toContain('depot');
    expect(fields.filter(({required}) => required)).toHaveLength(3);
    expect(snakeCase('customerPartyId')).toBe(snakeCase('customer_party_id'));
  });

  it('are read as the schema has them; an empty cell is a value left out', () => {
    const texts = {
      depot_id: ' D-1 ',
      part: '6205',
      part_scheme: 'MPN',
      qty: '3',
      condition: '',
      missing: 'true',
    };
    expect(readFields(schema, fields, texts)).toEqual({
      ok: true,
      values: {
        depotId: 'D-1',
        part: {number: '6205', scheme: 'MPN'},
        qty: 3,
        condition: 'new',
        missing: true,
      },
    });
  });

  it('are refused all at once, each with its next step', () => {
    const read = readFields(schema, fields, {
      part_scheme: 'MPN',
      qty: '1.5',
      condition: 'old',
      missing: 'yes',
      at: '2026-01-05',
    });
    expect(
      read.ok ? [] : read.problems.map(({field, what, nextStep}) => [field.column, what, nextStep]),
    ).toEqual([
      ['depot_id', 'is missing', 'fill it in'],
      ['part', 'is missing', 'fill it in'],
      ['qty', '"1.5" is no whole number', 'write digits only'],
      ['condition', '"old" is none of its values', 'write one of new, used'],
      ['missing', '"yes" is neither true nor false', 'write true or false'],
      ['at', '"2026-01-05" is no instant in UTC', 'write it as 2026-01-05T10:00:00.000Z'],
    ]);
  });

  it('a part that is left out is missed under its own name, not under its scheme', () => {
    const read = readFields(schema, fields, {depot_id: 'D-1', qty: '1'});
    expect(read.ok ? [] : read.problems.map(({field}) => field.column)).toEqual(['part']);
  });
});
