import {readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {acknowledgementsOf} from '../../../cli/edi/functional-acknowledgement.ts';
import {operationsOf} from '../../../cli/edi/inbound.ts';
import type {Inbound, KnownOrder} from '../../../cli/edi/inbound.ts';
import {readInterchange, tradingPartner, writeInterchange} from '../../../cli/edi/interchange.ts';
import type {Interchange} from '../../../cli/edi/interchange.ts';
import {purchaseOrderSegments} from '../../../cli/edi/purchase-order.ts';
import {orderIdsOf, purchaseOrderNo} from '../../../domain/purchase-order-no.ts';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/x12');
const textOf = (name: string): string => readFileSync(path.join(FIXTURES, `${name}.x12`), 'utf8');
const ORDER = '5f8e4a3c-1b2d-5c6e-8f90-0123456789ab';
const NUMBER = '5F8E4A3C1B2D5C6E8F9001';

function read(text: string): Interchange {
  const result = readInterchange(text);
  if (!result.ok) throw new Error(result.detail);
  return result.value;
}

const known = (purchaseOrderNumber: string, qty: number): KnownOrder => ({
  orderId: `id-of-${purchaseOrderNumber}`,
  purchaseOrderNo: purchaseOrderNumber,
  qty,
  uom: 'EA',
});
const ORDERS: readonly KnownOrder[] = [
  known(NUMBER, 3),
  known('6F8E4A3C1B2D5C6E8F9002', 1),
  known('7F8E4A3C1B2D5C6E8F9003', 5),
];
const inboundOf = (text: string): Promise<Inbound> =>
  operationsOf(read(text), (number) =>
    Promise.resolve(ORDERS.find((order) => order.purchaseOrderNo === number) ?? null),
  );
const told = ({lines}: Inbound): unknown[] =>
  lines.map(({line, operation, values}) => [
    line,
    operation.name,
    Object.fromEntries(Object.entries(values).filter(([field]) => !field.startsWith('source'))),
  ]);

describe('X12', () => {
  it('H12 an order is an 850 that reads back the same, byte by byte', () => {
    const order = {
      purchaseOrderNo: purchaseOrderNo(ORDER),
      kind: 'purchase',
      partId: 'VAC-30',
      uom: 'EA',
      qty: 3,
      fromLoc: 'supplier:SUP-07',
      toLoc: 'depot:WAW-1',
      orderedAt: '2026-01-05T08:30:00.000Z',
      expectedAt: '2026-01-12T06:00:00.000Z',
    };
    const sending = {
      sender: tradingPartner('FORESTOCK'),
      receiver: tradingPartner('01:SUP-07'),
      control: 17,
      isTest: false,
      at: '2026-01-05T08:31:00.000Z',
      code: 'PO',
      sets: [
        {id: '850', segments: purchaseOrderSegments(order)},
        {id: '850', segments: purchaseOrderSegments({...order, kind: 'expedite', partId: 'A*B~C'})},
      ],
    };
    const text = writeInterchange(sending);
    expect(text.split('\n')).toEqual([
      'ISA*00*          *00*          *ZZ*FORESTOCK      *01*SUP-07         *260105*0831*^*00501*000000017*0*P*>~',
      'GS*PO*FORESTOCK*SUP-07*20260105*0831*17*X*005010~',
      'ST*850*0001~',
      'BEG*00*NE*5F8E4A3C1B2D5C6E8F9001**20260105~',
      'DTM*002*20260112~',
      'N1*ST**92*WAW-1~',
      'N1*SU**92*SUP-07~',
      'PO1*1*3*EA***BP*VAC-30~',
      'CTT*1~',
      'SE*8*0001~',
      'ST*850*0002~',
      'BEG*00*RO*5F8E4A3C1B2D5C6E8F9001**20260105~',
      'DTM*002*20260112~',
      'N1*ST**92*WAW-1~',
      'N1*SU**92*SUP-07~',
      'PO1*1*3*EA***BP*A B C~',
      'CTT*1~',
      'SE*8*0002~',
      'GE*2*17~',
      'IEA*1*000000017~',
      '',
    ]);
    const back = read(text);
    expect(back).toMatchObject({sender: sending.sender, receiver: sending.receiver, isTest: false});
    expect(back.groups[0]!.sets.map(({at}) => at)).toEqual([3, 11]);
    expect(writeInterchange({...sending, sets: back.groups[0]!.sets})).toBe(text);
  });

  it.each(['846', '855', '856', '861'])('H12 a %s comes back as it was, whatever its delimiters', (name) => {
    const text = textOf(name);
    const other = text.replaceAll('\n', '').replaceAll('*', '|').replaceAll('~', "'");
    expect(read(other)).toEqual(read(text));
    expect(read(text.replaceAll('\n', '\r\n'))).toEqual(read(text));
  });

  it('H12 an acknowledgement confirms with its latest date, calls off, or is left to people', async () => {
    const inbound = await inboundOf(textOf('855'));
    expect(told(inbound)).toEqual([
      [4, 'order-confirmation', {orderId: `id-of-${NUMBER}`, promisedAt: '2026-01-19T23:59:59.000Z'}],
      [11, 'order-cancellation', {orderId: 'id-of-6F8E4A3C1B2D5C6E8F9002'}],
    ]);
    expect(inbound.mistakes).toMatchObject([
      {
        document: '855 0003',
        line: 16,
        what: 'order 7F8E4A3C1B2D5C6E8F9003 is not confirmed as ordered: 3 of 5 pieces',
      },
    ]);
    expect(inbound.lines[0]!.values.sourceKey).toBe('SUP-07:412:412:0001:4:order-confirmation');
  });

  it('H12 a ship notice ships what it names and tells when it arrives; boxes are not pieces', async () => {
    const inbound = await inboundOf(textOf('856'));
    expect(told(inbound)).toEqual([
      [8, 'order-confirmation', {orderId: `id-of-${NUMBER}`, promisedAt: '2026-01-13T23:59:59.000Z'}],
      [11, 'order-shipment', {orderId: `id-of-${NUMBER}`, qty: 2}],
    ]);
    expect(inbound.mistakes).toMatchObject([
      {line: 14, what: `order ${NUMBER}: 1 BX are no whole pieces in EA`},
    ]);
  });

  it('H12 a receiving advice books what came, with its lot, and says what goes back', async () => {
    const inbound = await inboundOf(textOf('861'));
    expect(told(inbound)).toEqual([
      [5, 'order-receipt', {orderId: `id-of-${NUMBER}`, qty: 2, lot: 'L-7', serial: ''}],
    ]);
    expect(inbound.mistakes).toMatchObject([{line: 5, what: `order ${NUMBER}: 1 pieces go back`}]);
  });

  it('H12 an inventory advice is a count of what lies there, by our number or the maker’s', async () => {
    const inbound = await inboundOf(textOf('846'));
    expect(told(inbound)).toEqual([
      [7, 'count', {part: {number: 'VAC-30'}, depotId: 'WAW-1', counted: 4, uom: 'EA'}],
      [10, 'count', {part: {scheme: 'MPN', number: '6205'}, depotId: 'WAW-1', counted: 0, uom: 'EA'}],
    ]);
    expect(inbound.mistakes.map(({line, what}) => [line, what])).toEqual([
      [12, 'a quantity of no part'],
      [14, '810 is no document that is understood'],
    ]);
    expect(
      acknowledgementsOf(read(textOf('846')))[0]!.map(({tag, elements}) => [tag, ...elements].join('*')),
    ).toEqual(['AK1*IB*78', 'AK2*846*0001', 'AK5*A', 'AK2*810*0002', 'AK5*R*1', 'AK9*P*2*2*1']);
  });

  it('H12 our own documents that were refused are told, and a 997 is never answered', async () => {
    const {sender, receiver} = read(textOf('855'));
    const [segments] = acknowledgementsOf(read(textOf('846')));
    const text = writeInterchange({
      sender,
      receiver,
      control: 1,
      isTest: false,
      at: '2026-01-06T00:00:00.000Z',
      code: 'FA',
      sets: [{id: '997', segments: segments!}],
    });
    const inbound = await inboundOf(text);
    expect(inbound.notes).toEqual(['997 0001: its receiver could read our 846 0001']);
    expect(inbound.mistakes).toMatchObject([{what: 'its receiver refused our 810 0002 (R)'}]);
    expect(acknowledgementsOf(read(text))).toEqual([]);
  });

  it('an order that is not known, and a date that is none, are named', async () => {
    const strange = await inboundOf(textOf('855').replaceAll(NUMBER, '0000000000000000000000'));
    expect(strange.mistakes[0]).toMatchObject({
      line: 4,
      what: 'purchase order 0000000000000000000000 is not known',
    });
    const odd = await inboundOf(textOf('855').replace('20260119', '20261399'));
    expect(odd.mistakes[0]).toMatchObject({what: `order ${NUMBER}: its date is none`});
  });

  it.each([
    ['nothing', () => '', 'Document is too short'],
    ['half a file', () => textOf('855').slice(0, 400), 'it ends before its IEA segment'],
    ['a wrong count', () => textOf('855').replace('SE*7', 'SE*8'), 'SE01'],
    ['another control number', () => textOf('855').replace('IEA*1*000000412', 'IEA*1*000000413'), 'IEA02'],
    ['two interchanges', () => textOf('855') + textOf('856'), 'it holds several'],
  ])('%s is no interchange', (_, text, what) => {
    expect(readInterchange(text())).toMatchObject({
      ok: false,
      reason: 'edi-unreadable',
      detail: expect.stringContaining(what) as string,
    });
  });

  it('a purchase order number leads back to its order', () => {
    expect(orderIdsOf(NUMBER)).toEqual({
      first: '5f8e4a3c-1b2d-5c6e-8f90-010000000000',
      last: '5f8e4a3c-1b2d-5c6e-8f90-01ffffffffff',
    });
    expect(purchaseOrderNo(ORDER)).toBe(NUMBER);
    expect(orderIdsOf('PO-1')).toBeNull();
    expect(() => tradingPartner('a name with blanks')).toThrow('no X12 sender or receiver');
  });
});
