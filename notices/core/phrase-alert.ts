import {z} from 'zod';
import {purchaseOrderNo} from '../../domain/purchase-order-no.ts';
import {formatMoney} from '../../domain/quantity.ts';

export interface SpokenAlert {
  readonly kind: string;
  readonly subject: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly moneyMinor: number;
  readonly currency: string | null;
}

/** Facts of a feed that does not keep its schedule. */
const OverdueFeed = z.object({
  partyId: z.string(),
  feed: z.string(),
  lapse: z.enum(['nothing-came', 'only-old-entries']),
  lastHeardAt: z.string().nullable(),
  newestAt: z.string().nullable(),
  expectedIntervalH: z.int(),
  freshWithinH: z.int().nullable(),
});

/** Example: 'CUST-01 repair-reports: nothing came since 2026-01-05 06:00 UTC, expected every 24 h'. */
function phraseFeed(facts: z.output<typeof OverdueFeed>): string {
  const minute = (iso: string | null): string => (iso === null ? 'the schedule was agreed' : minuteOf(iso));
  const what =
    facts.lapse === 'nothing-came'
      ? `nothing came since ${minute(facts.lastHeardAt)}, expected every ${facts.expectedIntervalH} h`
      : `what comes is older than the agreed ${facts.freshWithinH} h; the newest entry is of ${minute(facts.newestAt)}`;
  return `${facts.partyId} ${facts.feed}: ${what}`;
}

/** Facts of an order whose source moves its date back. */
const SlippingOrder = z.object({
  orderId: z.string(),
  partId: z.string(),
  fromLoc: z.string(),
  toLoc: z.string(),
  openQty: z.int(),
  slips: z.int(),
  firstPromisedAt: z.string(),
  promisedAt: z.string(),
});

/** Example: 'supplier:SUP moved 2 of VAC-30 for depot:WAW-1 back 2 times: from 2026-01-05 to 2026-01-19'. */
function phraseSlip({
  openQty,
  partId,
  fromLoc,
  toLoc,
  slips,
  ...dates
}: z.output<typeof SlippingOrder>): string {
  const times = slips === 1 ? 'once' : `${slips} times`;
  const [from, to] = [dates.firstPromisedAt, dates.promisedAt].map((iso) => iso.slice(0, 10));
  return `${fromLoc} moved ${openQty} of ${partId} for ${toLoc} back ${times}: from ${from} to ${to}`;
}

/** Facts of an order that its supplier has not answered in the agreed time. */
const UnansweredOrder = z.object({
  orderId: z.string(),
  partId: z.string(),
  supplierPartyId: z.string(),
  toLoc: z.string(),
  qty: z.int(),
  orderedAt: z.string(),
});

/** Example: 'SUP has not confirmed 2 of VAC-30 for depot:WAW-1, ordered 2026-01-05 06:00 UTC as 5F8E4A3C1B2D5C6E8F9001'. */
function phraseUnanswered({
  orderId,
  partId,
  supplierPartyId,
  toLoc,
  qty,
  orderedAt,
}: z.output<typeof UnansweredOrder>): string {
  return `${supplierPartyId} has not confirmed ${qty} of ${partId} for ${toLoc}, ordered ${minuteOf(orderedAt)} as ${purchaseOrderNo(orderId)}`;
}

/** Facts of a backorder that has passed a threshold of its duration. */
const LongBackorder = z.object({
  partId: z.string(),
  depotId: z.string(),
  equipmentId: z.string().nullable(),
  openQty: z.int(),
  waitedH: z.int(),
  level: z.enum(['warn', 'breach', 'escalate']),
  tell: z.string(),
});

const PASSED = {
  warn: 'is on its way past what is acceptable',
  breach: 'has lasted longer than acceptable',
  escalate: 'has lasted far longer than acceptable',
} as const satisfies Record<string, string>;

/** Example: 'CH-0001 waits for 1 of VAC-30 at WAW-1 since 50 h: the backorder has lasted longer than acceptable, for the planning-lead'. */
function phraseLong({
  partId,
  depotId,
  equipmentId,
  openQty,
  waitedH,
  level,
  tell,
}: z.output<typeof LongBackorder>): string {
  const who = equipmentId ?? 'a customer';
  return `${who} waits for ${openQty} of ${partId} at ${depotId} since ${waitedH} h: the backorder ${PASSED[level]}, for the ${tell}`;
}

/** Facts of a part whose demand forecasts have drifted. */
const DriftedForecast = z.object({
  partId: z.string(),
  direction: z.enum(['too-low', 'too-high']),
  months: z.int(),
  expected: z.number(),
  actual: z.number(),
});

/** Example: 'the demand forecast of VAC-30 is too low: 12.5 expected in 6 months, 25 asked for'. */
function phraseDrift({
  partId,
  direction,
  months,
  expected,
  actual,
}: z.output<typeof DriftedForecast>): string {
  const pieces = (count: number): string => String(Math.round(count * 10) / 10);
  return `the demand forecast of ${partId} is ${direction.replace('-', ' ')}: ${pieces(expected)} expected in ${months} months, ${pieces(actual)} asked for`;
}

/** Facts of a part that no depot has for some of its machines. */
const MachinesUnserved = z.object({partId: z.string(), machines: z.int(), equipmentIds: z.array(z.string())});

/** Example: 'no depot that serves CH-0001, CH-0002 and 10 more has a shelf for VAC-30' */
function phraseUnserved({partId, machines, equipmentIds}: z.output<typeof MachinesUnserved>): string {
  const rest = machines - equipmentIds.length;
  return `no depot that serves ${equipmentIds.join(', ')}${rest > 0 ? ` and ${rest} more` : ''} has a shelf for ${partId}`;
}

/** Facts of equipment that says nothing. */
const SilentEquipment = z.object({
  equipmentId: z.string(),
  lastHeardAt: z.string().nullable(),
  expectedIntervalS: z.number(),
  because: z.enum(['nothing-heard', 'reported-dead']),
});

/** Example: 'CH-0001 has said nothing since 2026-01-05 06:00 UTC; a word every 15 min is expected' */
function phraseSilence({
  equipmentId,
  lastHeardAt,
  expectedIntervalS,
  because,
}: z.output<typeof SilentEquipment>): string {
  const heard = lastHeardAt === null ? null : minuteOf(lastHeardAt);
  if (because === 'reported-dead')
    return `${equipmentId} is reported dead, ${heard === null ? 'and was never heard' : `last heard ${heard}`}`;
  const interval =
    expectedIntervalS < 120 ? `${expectedIntervalS} s` : `${Math.round(expectedIntervalS / 60)} min`;
  return `${equipmentId} has said nothing ${heard === null ? 'yet' : `since ${heard}`}; a word every ${interval} is expected`;
}

/** Facts of a line that is down, as so many machines say nothing. */
const Outage = z.object({silent: z.int(), expected: z.int()});

/** Example: '120 of 240 machines say nothing: look at the line to them first' */
function phraseOutage({silent, expected}: z.output<typeof Outage>): string {
  return `${silent} of ${expected} machines say nothing: look at the line to them first`;
}

/** Facts of a shelf that runs out, or owes already. */
const Backorder = z.object({
  partId: z.string(),
  depotId: z.string(),
  equipmentId: z.string().nullable(),
  positionId: z.string().nullable(),
  backordered: z.int(),
  emptyAt: z.string().nullable(),
});

/** Example: 'MIL-1 may run out of UNL-50 by 2026-01-07 11:00 UTC; expected cost 1,234.56 EUR. PK-0012 unloader is hit first.' */
function phraseBackorder(
  {partId, depotId, equipmentId, positionId, backordered, emptyAt}: z.output<typeof Backorder>,
  {moneyMinor, currency}: SpokenAlert,
): string {
  const until = emptyAt === null ? '' : ` by ${minuteOf(emptyAt)}`;
  const what =
    backordered > 0
      ? `${depotId} owes ${backordered} of ${partId}`
      : `${depotId} may run out of ${partId}${until}`;
  const money = currency === null ? '' : `; expected cost ${formatMoney({minor: moneyMinor, currency})}`;
  const machine = [equipmentId, positionId].filter((id) => id !== null).join(' ');
  const first = equipmentId === null ? '' : ` ${machine} is hit first.`;
  return `${what}${money}.${first}`;
}

/** '2026-01-05T06:00:12.000Z' → '2026-01-05 06:00 UTC' */
function minuteOf(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

type Phrase = (alert: SpokenAlert) => string | null;

/** Speaks where the facts are of this shape. */
function of<T>(facts: z.ZodType<T>, phrase: (facts: T, alert: SpokenAlert) => string): Phrase {
  return (alert) => {
    const read = facts.safeParse(alert.body);
    return read.success ? phrase(read.data, alert) : null;
  };
}

/** What the facts say decides, not the kind: kinds may share them. */
const PHRASES: readonly Phrase[] = [
  of(DriftedForecast, phraseDrift),
  of(OverdueFeed, phraseFeed),
  of(UnansweredOrder, phraseUnanswered),
  of(SlippingOrder, phraseSlip),
  of(LongBackorder, phraseLong),
  of(Backorder, phraseBackorder),
  of(MachinesUnserved, phraseUnserved),
  of(SilentEquipment, phraseSilence),
  of(Outage, phraseOutage),
];

/** What is said of an alert in one line; of other facts the kind, the subject and the reason. */
export function phraseAlert(alert: SpokenAlert): string {
  for (const phrase of PHRASES) {
    const text = phrase(alert);
    if (text !== null) return text;
  }
  const reason = [alert.body['why'], alert.body['reason']].find((one) => typeof one === 'string');
  return `${alert.kind.replaceAll('-', ' ')}: ${alert.subject}${reason === undefined ? '' : `, ${reason}`}`;
}
