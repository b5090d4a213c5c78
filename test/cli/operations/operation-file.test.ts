import {describe, expect, it} from 'vitest';
import {readOperations} from '../../../cli/operations/operation-file.ts';
import {requestOf} from '../../../cli/operations/catalogue.ts';
import type {RawTable} from '../../../network/main.ts';

const HEADER = 'operation,part,depot_id,counted';

function tableOf(text: string): RawTable {
  const [header, ...rows] = text.split('\n').map((line) => line.split(','));
  return {
    columns: header!,
    rows: rows.map((cells, index) => ({
      line: index + 2,
      cells: Object.fromEntries(header!.map((name, at) => [name, cells[at] ?? ''])),
    })),
  };
}

const read = (text: string, batch = 'day-1.csv'): ReturnType<typeof readOperations> =>
  readOperations({file: 'day-1.csv', batch}, tableOf(text));
const keys = (text: string, batch?: string): string[] =>
  read(text, batch).lines.map(({values}) => values.sourceKey);
const mistakes = (text: string): string[] =>
  read(text).mistakes.map(({line, column, what, nextStep}) => `${line} ${column}: ${what}; ${nextStep}`);

describe('a file of operations', () => {
  it('becomes requests of the API: path and body', () => {
    const orderId = '3f1f9c62-6f5b-4a6e-9a6e-0d8a1f9c6c11';
    const {lines} = read(`operation,order_id,promised_at,source_key\norder-confirmation,${orderId},,conf-1`);
    const [{operation, values}] = lines as [(typeof lines)[0]];
    expect(requestOf(operation, values)).toEqual({
      path: `/api/v1/orders/${orderId}/confirm`,
      body: {source: 'csv', sourceKey: 'conf-1'},
    });
  });

  it('A6 a line about one shelf is sent as a list of one', () => {
    const {lines, mistakes: none} = read(
      'operation,part,depot_id,on_hand,counted_at,source,source_key\nstatement,P-1,D-1,7,2026-01-05T08:00:00.000Z,wms,s-1',
    );
    expect(none).toEqual([]);
    const [{operation, values}] = lines as [(typeof lines)[0]];
    const statements = [
      {part: {number: 'P-1'}, depotId: 'D-1', onHand: 7, countedAt: '2026-01-05T08:00:00.000Z'},
    ];
    expect(requestOf(operation, values)).toEqual({
      path: '/api/v1/stock/statements',
      body: {source: 'wms', sourceKey: 's-1', statements},
    });
  });

  it('an answer to a proposal takes its key in the header, and no source', () => {
    const decisionId = '3f1f9c62-6f5b-4a6e-9a6e-0d8a1f9c6c11';
    const {lines, mistakes: none} = read(
      `operation,decision_id,reason_code,quantity,actor\nproposal-change,${decisionId},quantity-too-low,2,ada`,
    );
    expect(none).toEqual([]);
    const [{operation, values}] = lines as [(typeof lines)[0]];
    expect(requestOf(operation, values)).toEqual({
      path: `/api/v1/proposals/${decisionId}/change`,
      body: {actor: 'ada', reasonCode: 'quantity-too-low', quantity: 2},
      key: values.sourceKey,
    });
  });

  it('the same lines have the same keys, in any order and beside corrected ones', () => {
    const [first, second] = keys(`${HEADER}\ncount,P-1,D-1,3\ncount,P-2,D-1,4`);
    expect(keys(`${HEADER}\ncount,P-2,D-1,4\ncount,P-1,D-1,3`)).toEqual([second, first]);
    expect(keys(`${HEADER}\ncount,P-1,D-1,3\ncount,P-2,D-1,5`)[0]).toBe(first);
    expect(keys(`counted,operation,depotId,part\n3,count,D-1,P-1`)).toEqual([first]);
  });

  it('equal lines are as many operations, and the same line in another batch is another operation', () => {
    const equal = keys(`${HEADER}\ncount,P-1,D-1,3\ncount,P-1,D-1,3`);
    expect(new Set(equal).size).toBe(2);
    expect(keys(`${HEADER}\ncount,P-1,D-1,3`, 'day-2.csv')).not.toContain(equal[0]);
    expect(keys(`${HEADER}\ncount,P-1,D-1,3`, 'x'.repeat(255))[0]!.length).toBeLessThanOrEqual(200);
  });

  it('an equal line of another day is another operation, and the same day again is the same one', () => {
    const file = (...days: string[]): string =>
      ['operation,day,part,depot_id,counted', ...days.map((day) => `count,${day},P-1,D-1,3`)].join('\n');
    const [monday, tuesday] = keys(file('2026-01-05', '2026-01-06'));
    expect(tuesday).not.toBe(monday);
    expect(keys(file('2026-01-06'))).toEqual([tuesday]);
    expect(keys(file('2026-01-05', '2026-01-05'))[0]).toBe(monday);
    expect(mistakes(file('5.1.2026'))).toEqual(['2 day: "5.1.2026" is no day; write it as 2026-01-05']);
  });

  it('a file that says no day is asked for one, once, unless its lines have keys or days of their own', () => {
    const asked = (text: string): number[] =>
      readOperations({file: 'issues.csv'}, tableOf(text)).mistakes.map(({line}) => line);
    expect(asked(`${HEADER}\ncount,P-1,D-1,3\ncount,P-2,D-1,3`)).toEqual([2]);
    expect(asked(`${HEADER},day\ncount,P-1,D-1,3,2026-01-05\ncount,P-2,D-1,3,`)).toEqual([3]);
    expect(asked(`${HEADER},source_key\ncount,P-1,D-1,3,c-1`)).toEqual([]);
  });

  it('a key of one’s own stands once in a file', () => {
    const text = `${HEADER},source_key\ncount,P-1,D-1,3,c-1\ncount,P-2,D-1,3,c-1`;
    expect(mistakes(text)).toEqual(['3 source_key: "c-1" stands in line 2 already; give each line its own']);
  });

  it('everything that is wrong is said at once, with line, column and next step', () => {
    const text = `${HEADER},qty,colour\ncount,P-1,D-1,3,1,\ncount,P-1,,-1,,\nrecount,P-1,D-1,3,,`;
    expect(mistakes(text)).toEqual([
      '1 colour: is no column of any operation; remove it, or correct its name: forestock book --help lists all',
      '2 qty: is nothing that count takes; leave the cell empty',
      '3 depot_id: is missing; fill it in: The depot whose shelf it is',
      expect.stringMatching(/^3 counted: "-1"/),
      '4 operation: "recount" is no operation; write one of issue, receipt, count, statement, order-confirmation, order-shipment, order-receipt, order-cancellation, demand-cancellation, backorder-correction, backorder-review, repair, proposal-approval, proposal-change, proposal-rejection',
    ]);
  });

  it('a file without the column operation, one with semicolons and a column in both spellings are told so', () => {
    expect(mistakes('part,depot_id\nP-1,D-1')[0]).toMatch(/^1 operation: is missing/);
    expect(mistakes('operation;part\ncount;P-1')[0]).toMatch(/separate the columns by commas$/);
    expect(mistakes(`${HEADER},depotId\ncount,P-1,D-1,3,D-2`)).toContain(
      '1 depotId: stands there twice; keep one of the two',
    );
  });
});
