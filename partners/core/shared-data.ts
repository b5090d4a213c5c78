/** One kind of data that parties are sent, by the names that its fields have at the API. */
interface SharedKind {
  readonly about: string;
  /** What a party sees without any share: its own, and no more than its work needs. */
  readonly own: readonly string[];
  /** What a share may grant beyond. */
  readonly more: readonly string[];
  /** Texts by which rows may be added up. */
  readonly groups: readonly string[];
  /** Numbers that may be added up. */
  readonly sums: readonly string[];
  /** The number of those who stand behind a row (machines, customers); null: each row is one. */
  readonly behind: string | null;
}

const OWN_ONLY = {more: [], groups: [], sums: [], behind: null} as const;

/** A line of the party's own machines, or that it waits for itself: what its page needs. */
const NEED = [
  ...[
    'demandId',
    'equipmentId',
    'siteName',
    'partId',
    'partName',
    'depotId',
    'qty',
    'filledQty',
    'state',
    'neededAt',
  ],
  ...['promisedAt', 'confidence', 'filledAt'],
];

/**
 * Whatever a party can be sent, and the only place that says so. A field that stands here under neither name is sent to no party.
 */
export const SHARED_DATA = {
  agreements: {
    about: 'what was agreed with the party itself',
    own: [
      ...[
        'partyId',
        'data',
        'version',
        'from',
        'to',
        'agreedBy',
        'purpose',
        'useRights',
        'fields',
        'groupBy',
      ],
      ...['groupMin', 'smallGroups', 'everyHours', 'breachNoticeH', 'retentionDays'],
    ],
    ...OWN_ONLY,
  },
  sendings: {
    about: 'what the party was sent',
    own: ['sentNo', 'partyId', 'data', 'version', 'way', 'rows', 'sentAt', 'keepUntil'],
    ...OWN_ONLY,
  },
  'repair-reports': {
    about: 'what the party itself reported of machines',
    own: [
      ...['reportId', 'partyId', 'source', 'sourceKey', 'equipmentId', 'positionId', 'reportedAt', 'finding'],
      ...['failureMode', 'partId', 'qty', 'partMissing', 'note'],
    ],
    ...OWN_ONLY,
  },
  'part-reports': {
    about: 'what the party itself said of parts',
    own: [
      ...['reportId', 'partyId', 'demandId', 'problem', 'pieces', 'note', 'reportedAt', 'openedDemandId'],
      ...['need', 'answer', 'answeredAt'],
    ],
    ...OWN_ONLY,
  },
  jobs: {about: 'what the machines wait for that the party uses or serves', own: NEED, ...OWN_ONLY},
  backorders: {about: 'what the customer waits for', own: NEED, ...OWN_ONLY},
  orders: {
    about: 'orders to the supplier',
    own: [
      ...[
        'orderId',
        'kind',
        'partId',
        'partName',
        'depotId',
        'qty',
        'shippedQty',
        'receivedQty',
        'state',
        'orderedAt',
      ],
      ...['requestedAt', 'promisedAt', 'dueAt', 'isLate', 'slips', 'mode'],
    ],
    ...OWN_ONLY,
  },
  forecasts: {
    about: 'expected demand by month, of all depots, for the parts that the supplier supplies',
    own: ['partId', 'partName', 'month', 'pieces'],
    ...OWN_ONLY,
  },
  scorecard: {
    about: 'how the supplier delivered',
    own: [
      ...[
        'partId',
        'orders',
        'onTime',
        'pieces',
        'receivedPieces',
        'timed',
        'inLeadTime',
        'beyondAgreedDays',
      ],
      ...['segment', 'confirmed', 'confirmHours', 'slipped', 'handedOut', 'faulty', 'waitedDays'],
    ],
    ...OWN_ONLY,
  },
  'backorder-notices': {
    about: 'what a customer is told of a line of its own that waits',
    own: [
      ...[
        'demandId',
        'partId',
        'partName',
        'equipmentId',
        'qty',
        'state',
        'neededAt',
        'promisedAt',
        'promisedBefore',
      ],
      ...['waitingDays', 'tier'],
    ],
    more: ['depotId'],
    groups: [],
    sums: [],
    behind: null,
  },
  stock: {
    about: 'what lies at depots of the parts that the party supplies',
    own: [],
    more: ['partId', 'depotId', 'condition', 'qty', 'movedAt'],
    groups: ['partId', 'depotId', 'condition'],
    sums: ['qty'],
    behind: null,
  },
} as const satisfies Readonly<Record<string, SharedKind>>;

export type SharedData = keyof typeof SHARED_DATA;

/** Those that a share can be about. */
export const SHARED_DATA_NAMES = (Object.keys(SHARED_DATA) as SharedData[]).filter(
  (data) => sharedKind(data).more.length > 0,
);

/** Its row of the catalogue. */
export function sharedKind(data: SharedData): SharedKind {
  return SHARED_DATA[data];
}
