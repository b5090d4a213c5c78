import {readdirSync, readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {OracleFile} from '../../cli/oracle-kinds/oracle.ts';
import {judge} from '../../cli/oracle-kinds/verdict.ts';

const FOLDER = new URL('../fixtures/oracles/', import.meta.url);

const stock = {
  id: 'one',
  kind: 'poisson',
  input: {pipeline_mean: 1, S: 1},
  expected: {ebo: 0.36787944117, note_info: 'any'} as Record<string, unknown>,
  tol: {abs: 1e-9},
};

describe('tables of known answers', () => {
  for (const file of readdirSync(FOLDER)) {
    const {cases} = OracleFile.parse(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')));
    for (const one of cases) {
      it(`${file} ${one.id}: the product agrees`, () => {
        expect(judge(one)).toMatchObject({passed: true});
      });
    }
  }
});

describe('a verdict', () => {
  it('passes when every value is within its tolerance, notes aside', () => {
    expect(judge(stock)).toMatchObject({passed: true, detail: '1 values agree'});
  });

  it('fails on a value beyond its tolerance and names the field', () => {
    const verdict = judge({...stock, expected: {ebo: 0.36787945}});
    expect(verdict).toMatchObject({passed: false, worst: {field: 'ebo'}});
    expect(verdict.detail).toContain('1 of 1 values differ: ebo');
  });

  it('fails on an expected value that the product does not give', () => {
    expect(judge({...stock, expected: {ebo: 0.36787944117, sigma: 1}})).toMatchObject({passed: false});
  });

  it('fails on a kind that the product does not know', () => {
    expect(judge({...stock, kind: 'tea-leaves'}).detail).toBe('no product function for kind tea-leaves');
  });

  it('fails, with the field, on input that it cannot read', () => {
    expect(judge({...stock, input: {pipeline_mean: 'much', S: 1}})).toMatchObject({passed: false});
  });

  it('takes the stricter of two stated bounds, and exact as exact', () => {
    expect(judge({...stock, expected: {ebo: 0.368}, tol: {abs: 1e-3, rel: 1e-6}}).passed).toBe(false);
    expect(judge({...stock, expected: {ebo: 0.36787944117144233 + 1e-15}, tol: {ebo: 'exact'}}).passed).toBe(
      false,
    );
    expect(judge({...stock, expected: {ebo: 0.368}, tol: {ebo_abs: 1e-3}}).passed).toBe(true);
  });
});
