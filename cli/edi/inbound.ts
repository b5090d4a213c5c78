import {OPERATIONS} from '../operations/catalogue.ts';
import type {OperationLine} from '../operations/operation-file.ts';
import type {Interchange, Segment, TransactionSet} from './interchange.ts';

/** An order of ours, as a document of its supplier means it. */
export interface KnownOrder {
  readonly orderId: string;
  readonly purchaseOrderNo: string;
  readonly qty: number;
  readonly uom: string;
}

/** Something in a document that nobody can book. */
export interface EdiMistake {
  /** '855 0001'. */
  readonly document: string;
  /** Where it stands in the interchange: 1 is ISA. */
  readonly line: number;
  readonly what: string;
  readonly nextStep: string;
}

export interface Inbound {
  readonly lines: readonly OperationLine[];
  readonly mistakes: readonly EdiMistake[];
  /** What partners said of our own documents (997). */
  readonly notes: readonly string[];
}

/** Documents that are understood, and what they are. */
export const UNDERSTOOD: Readonly<Record<string, string>> = {
  '846': 'inventory advice',
  '855': 'purchase order acknowledgement',
  '856': 'ship notice',
  '861': 'receiving advice',
  '997': 'functional acknowledgement',
};

/** The number on a purchase order → our order; null: no order of ours has it. */
export type FindOrder = (purchaseOrderNo: string) => Promise<KnownOrder | null>;

/**
 * Everything that an interchange tells the books, as operations; what cannot be booked is a mistake with the next step.
 *
 * Each operation carries a key of the interchange, the document and the segment: a file that comes twice books nothing twice.
 */
export async function operationsOf(interchange: Interchange, findOrder: FindOrder): Promise<Inbound> {
  const lines: OperationLine[] = [];
  const mistakes: EdiMistake[] = [];
  const notes: string[] = [];
  for (const group of interchange.groups)
    for (const set of group.sets) {
      const document = `${set.id} ${set.control}`;
      const reading: Reading = {
        set,
        findOrder,
        note: (text) => void notes.push(`${document}: ${text}`),
        mistake: (index, what, nextStep) =>
          mistakes.push({document, line: set.at + 1 + index, what, nextStep}),
        tell: (index, name, values) => {
          const line = set.at + 1 + index;
          const {sender, control} = interchange;
          const sourceKey = [sender.id, control, group.control, set.control, line, name].join(':');
          lines.push({line, operation: OPERATIONS[name], values: {...values, source: 'x12', sourceKey}});
        },
      };
      await (READERS[set.id] ?? notUnderstood)(reading);
    }
  return {lines, mistakes, notes};
}

type OperationName = keyof typeof OPERATIONS;

interface Reading {
  readonly set: TransactionSet;
  readonly findOrder: FindOrder;
  readonly note: (text: string) => void;
  readonly mistake: (index: number, what: string, nextStep: string) => void;
  readonly tell: (index: number, name: OperationName, values: Readonly<Record<string, unknown>>) => void;
}

const READERS: Readonly<Record<string, (reading: Reading) => Promise<void> | void>> = {
  '846': readInventory,
  '855': readAcknowledgement,
  '856': readShipNotice,
  '861': readReceipt,
  '997': readFunctionalAcknowledgement,
};

function notUnderstood({set, mistake}: Reading): void {
  const understood = Object.entries(UNDERSTOOD).map(([id, name]) => `${id} (${name})`);
  mistake(
    -1,
    `${set.id} is no document that is understood`,
    `send one of ${understood.join(', ')}; the rest of the file is read`,
  );
}

/** DTM and ACK qualifiers that say when goods arrive; others say when they leave. */
const ARRIVAL: ReadonlySet<string> = new Set(['002', '017', '067']);
/** Line states of an 855 that say no, or not as ordered. */
const REFUSED: ReadonlySet<string> = new Set(['IR', 'ID']);
const WAITING: ReadonlySet<string> = new Set(['IB', 'IH', 'SP']);

/** BAK, then ACK by line: an order is confirmed with its latest date, or called off. */
async function readAcknowledgement(reading: Reading): Promise<void> {
  const {set, mistake, tell} = reading;
  const head = set.segments.findIndex(({tag}) => tag === 'BAK');
  const order = await orderAt(reading, head, element(set.segments[head], 3));
  if (order === null) return;
  const {orderId} = order;
  const acks = set.segments.flatMap((segment, index) => (segment.tag === 'ACK' ? [{segment, index}] : []));
  const type = element(set.segments[head], 2);
  if (type.startsWith('R') || (acks.length > 0 && acks.every(({segment}) => isOneOf(segment, REFUSED)))) {
    tell(head, 'order-cancellation', {orderId});
    return;
  }
  const open = acks.find(({segment}) => isOneOf(segment, REFUSED) || isOneOf(segment, WAITING));
  const count = acks.reduce((sum, {segment}) => sum + Number(element(segment, 2) || 0), 0);
  if (open !== undefined || (acks.length > 0 && count !== order.qty && count !== 0)) {
    const said = open === undefined ? `${count} of ${order.qty} pieces` : element(open.segment, 1);
    mistake(
      (open ?? acks[0]!).index,
      `order ${order.purchaseOrderNo} is not confirmed as ordered: ${said}`,
      'an order is confirmed whole: agree with its supplier, then confirm or cancel it',
    );
    return;
  }
  const dates = set.segments.flatMap(({tag, elements}) => {
    const [qualifier = '', date = ''] = tag === 'ACK' ? elements.slice(3) : tag === 'DTM' ? elements : [];
    return ARRIVAL.has(qualifier) ? [endOfDay(date)] : [];
  });
  if (dates.includes(null)) {
    mistake(head, `order ${order.purchaseOrderNo}: its date is none`, 'dates are written as 20260105');
    return;
  }
  const promisedAt = dates.toSorted().at(-1);
  tell(head, 'order-confirmation', {orderId, ...(promisedAt ? {promisedAt} : {})});
}

/** HL loops: the order (PRF) and, under it, its items (SN1); what the shipment says of its arrival confirms the date. */
async function readShipNotice(reading: Reading): Promise<void> {
  const {set, mistake, tell} = reading;
  let order: KnownOrder | null = null;
  let arrival: string | null = null;
  for (const [index, segment] of set.segments.entries()) {
    if (segment.tag === 'DTM' && ARRIVAL.has(element(segment, 1))) arrival = endOfDay(element(segment, 2));
    if (segment.tag === 'PRF') {
      order = await orderAt(reading, index, element(segment, 1));
      if (order !== null && arrival !== null)
        tell(index, 'order-confirmation', {orderId: order.orderId, promisedAt: arrival});
    }
    if (segment.tag !== 'SN1') continue;
    if (order === null)
      mistake(index, 'an item without an order (PRF) that is known', 'book its shipment by hand');
    else {
      const qty = piecesAt(reading, index, order, element(segment, 2), element(segment, 3));
      if (qty !== null) tell(index, 'order-shipment', {orderId: order.orderId, qty});
    }
  }
}

/** RCD by line, and after it PRF with the order and LIN with lot and serial. */
async function readReceipt(reading: Reading): Promise<void> {
  const {set, mistake, tell} = reading;
  const whole = set.segments.find(({tag, elements}) => tag === 'REF' && elements[0] === 'PO');
  const starts = set.segments.flatMap(({tag}, index) => (tag === 'RCD' ? [index] : []));
  for (const [nth, start] of starts.entries()) {
    const loop = set.segments.slice(start, starts[nth + 1]);
    const number = element(
      loop.find(({tag}) => tag === 'PRF') ?? {tag: 'PRF', elements: [element(whole, 2)]},
      1,
    );
    const order = await orderAt(reading, start, number);
    if (order === null) continue;
    const [received, unit, returned] = [2, 3, 4].map((at) => element(loop[0], at)) as [
      string,
      string,
      string,
    ];
    if (Number(returned) > 0)
      mistake(
        start,
        `order ${order.purchaseOrderNo}: ${returned} pieces go back`,
        'the others are booked as received; agree with the supplier on a replacement',
      );
    if (Number(received) === 0) continue;
    const qty = piecesAt(reading, start, order, received, unit);
    const named = pairsOf(loop.find(({tag}) => tag === 'LIN'));
    const trace = {lot: named.get('LT') ?? '', serial: named.get('SN') ?? ''};
    if (qty !== null) tell(start, 'order-receipt', {orderId: order.orderId, qty, ...trace});
  }
}

/** N1*WH names the depot; each LIN is a part, and its QTY*17 what lies there: a count. */
function readInventory({set, mistake, tell}: Reading): void {
  let depotId = '';
  let part: {scheme?: string; number: string} | null = null;
  for (const [index, segment] of set.segments.entries()) {
    if (segment.tag === 'N1' && ['WH', 'ST'].includes(element(segment, 1))) depotId = element(segment, 4);
    if (segment.tag === 'LIN') {
      const named = pairsOf(segment);
      const own = named.get('BP');
      const makers = named.get('MG') ?? named.get('MN');
      part =
        own !== undefined ? {number: own} : makers === undefined ? null : {scheme: 'MPN', number: makers};
    }
    if (segment.tag !== 'QTY' || element(segment, 1) !== '17') continue;
    const counted = Number(element(segment, 2));
    if (depotId === '')
      mistake(index, 'a quantity of no warehouse', 'name the depot before it: N1*WH**92*<depot>');
    else if (part === null)
      mistake(
        index,
        'a quantity of no part',
        'name the part before it: LIN**BP*<part>, or MG with the maker’s number',
      );
    else if (!Number.isInteger(counted) || counted < 0)
      mistake(index, `${element(segment, 2)} is no number of pieces`, 'correct it and send the file again');
    else {
      const uom = element(segment, 3);
      tell(index, 'count', {part, depotId, counted, ...(uom === '' ? {} : {uom})});
    }
  }
}

function readFunctionalAcknowledgement({set, note, mistake}: Reading): void {
  let about = '';
  for (const [index, segment] of set.segments.entries()) {
    if (segment.tag === 'AK2') about = `${element(segment, 1)} ${element(segment, 2)}`;
    if (segment.tag !== 'AK5') continue;
    const verdict = element(segment, 1);
    if (['A', 'E'].includes(verdict)) note(`its receiver could read our ${about}`);
    else mistake(index, `its receiver refused our ${about} (${verdict})`, 'ask what was wrong with it');
  }
}

async function orderAt(
  {findOrder, mistake}: Reading,
  index: number,
  number: string,
): Promise<KnownOrder | null> {
  const order = number === '' ? null : await findOrder(number);
  if (order === null)
    mistake(
      Math.max(index, -1),
      number === '' ? 'it names no purchase order' : `purchase order ${number} is not known`,
      'give the number that our 850 had',
    );
  return order;
}

/** Whole pieces in the stocking unit of the part, which is what our 850 asked for. */
function piecesAt(
  {mistake}: Reading,
  index: number,
  order: KnownOrder,
  text: string,
  unit: string,
): number | null {
  const pieces = Number(text);
  if (Number.isInteger(pieces) && pieces > 0 && (unit === '' || unit === order.uom)) return pieces;
  mistake(
    index,
    `order ${order.purchaseOrderNo}: ${text} ${unit} are no whole pieces in ${order.uom}`,
    `tell it in ${order.uom}, as it was ordered, or book it by hand`,
  );
  return null;
}

function element(segment: Segment | undefined, at: number): string {
  return segment?.elements[at - 1] ?? '';
}

function isOneOf(segment: Segment, codes: ReadonlySet<string>): boolean {
  return codes.has(element(segment, 1));
}

/** Qualifiers and ids of a LIN. Example: LIN*1*BP*VAC-30*LT*L-7 → BP → VAC-30, LT → L-7. */
function pairsOf(segment: Segment | undefined): ReadonlyMap<string, string> {
  const [, ...rest] = segment?.elements ?? [];
  return new Map(
    rest.flatMap((qualifier, at): [string, string][] =>
      at % 2 === 0 ? [[qualifier, rest[at + 1] ?? '']] : [],
    ),
  );
}

/** A day of delivery is kept until it is over. Example: '20260201' → '2026-02-01T23:59:59.000Z'; null: it is no day. */
function endOfDay(date: string): string | null {
  const iso = date.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3T23:59:59.000Z');
  return Number.isNaN(Date.parse(iso)) || iso === date ? null : iso;
}
