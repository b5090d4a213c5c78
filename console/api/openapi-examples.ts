import {purchaseOrderNo} from '../../domain/purchase-order-no.ts';

/** What one operation takes and answers, as it goes over the wire; a test reads each by the schema of its route. */
export interface OperationExample {
  readonly body?: unknown;
  readonly reply?: unknown;
}

const ORDER_ID = '6b1f5c0e-9d5a-5a3e-8f0c-2f6f1f0b7a11';
const DECISION_ID = 'd3310078-a728-533b-a6c3-d22a1cc3bb8d';
const CAUSE = 'What is here and coming (2 pieces) covers the demand of the next 65 h with 99.8 % only.';

const decision = {
  decisionId: DECISION_ID,
  decidedAt: '2026-01-05T06:00:00.000Z',
  partId: 'BRG-6310-C4',
  depotId: 'LYS-1',
  action: 'order',
  quantity: 1,
  text: 'order 1 from VLO-C, here in 65 h',
  state: 'executed',
  mode: 'auto',
  expiresAt: null,
  approverRole: null,
  reasons: [{code: 'at-reorder-point', text: CAUSE}],
  expectedCostMinor: 3706,
  landedMinor: 1500,
  currency: 'EUR',
  orderId: ORDER_ID,
  modelVersions: ['chiller-d47416f3'],
};

const order = {
  orderId: ORDER_ID,
  purchaseOrderNo: purchaseOrderNo(ORDER_ID),
  decisionId: DECISION_ID,
  kind: 'transfer',
  partId: 'BRG-6310-C4',
  fromLoc: 'depot:VLO-C',
  toLoc: 'depot:LYS-1',
  ownerPartyId: 'OPS-EU',
  qty: 1,
  uom: 'EA',
  shippedQty: 0,
  receivedQty: 0,
  state: 'released',
  orderedAt: '2026-01-05T06:00:00.000Z',
  expectedAt: '2026-01-07T23:00:00.000Z',
  promisedAt: null,
  firstPromisedAt: null,
  slips: 0,
  lateProbability: 0.12,
  receivedAt: null,
  costMinor: 1500,
  currency: 'EUR',
  mode: 'road',
};

const alert = {
  alertId: '0d4b1bb2-2f3c-5f0e-9c57-0c9a7f2a6d10',
  kind: 'backorder-impact',
  subject: 'BRG-6310-C4@LYS-1',
  text: 'BRG-6310-C4 at LYS-1 will be missing for CH-0142 compressor-bearing: 101.64 EUR expected',
  openedAt: '2026-01-05T06:00:00.000Z',
  state: 'open',
  level: 1,
  moneyMinor: 10164,
  currency: 'EUR',
  decisionId: DECISION_ID,
  acknowledgedBy: null,
  acknowledgedUntil: null,
  snoozedUntil: null,
  dueAt: null,
  resolution: null,
  resolvedBy: null,
  body: {partId: 'BRG-6310-C4', depotId: 'LYS-1', equipmentId: 'CH-0142'},
};

const stock = {
  loc: 'depot:LYS-1',
  partId: 'BRG-6310-C4',
  ownerPartyId: 'OPS-EU',
  condition: 'new',
  lot: '',
  qty: 2,
  valueMinor: 18400,
  currency: 'EUR',
  numbers: [{scheme: 'erp', number: '4711', revision: ''}],
};

const demandLine = {
  demandId: '7e2e9f7a-3d50-5c1c-9c1f-6b8b0d1f6f01',
  partId: 'BRG-6310-C4',
  depotId: 'LYS-1',
  equipmentId: 'CH-0142',
  customerPartyId: 'CUST-04',
  tier: 'gold',
  qty: 1,
  filledQty: 0,
  openQty: 1,
  cancelledQty: 0,
  requestedAt: '2026-01-05T04:00:00.000Z',
  neededAt: '2026-01-05T06:00:00.000Z',
  promisedAt: '2026-01-08T06:00:00.000Z',
  promiseConfidence: 0.95,
  coveredBy: ORDER_ID,
  filledAt: null,
  cancelledAt: null,
  state: 'open',
  cause: 'failure',
  ageH: 2,
  impactH: 0,
  openValueMinor: 9200,
  currency: 'EUR',
};

/** Of the operations that an integrator meets first, by method and path. */
export const EXAMPLES: Readonly<Record<string, OperationExample>> = {
  'GET /api/v1/decisions': {reply: {decisions: [decision], nextCursor: null}},
  'GET /api/v1/proposals': {reply: {proposals: [{...decision, state: 'proposed'}], nextCursor: null}},
  'GET /api/v1/alerts': {
    reply: {
      alerts: [
        {
          ...alert,
          tier: {
            step: 1,
            steps: 3,
            role: 'planner',
            next: {role: 'planning-lead', at: '2026-01-05T10:00:00.000Z'},
          },
        },
      ],
      nextCursor: null,
      budget: {perHour: 6, now: 1, digest: 0, waiting: 0, snoozed: 0, nextAt: null},
    },
  },
  'GET /api/v1/orders': {reply: {orders: [order]}},
  'GET /api/v1/stock': {reply: {stock: [stock]}},
  'GET /api/v1/demand': {reply: {demand: [demandLine]}},
  'POST /api/v1/orders/{orderId}/confirm': {
    body: {source: 'erp', sourceKey: 'PO-4711-confirm-1', promisedAt: '2026-01-07T12:00:00.000Z'},
    reply: {
      repeated: false,
      result: {orderId: ORDER_ID, state: 'confirmed', shippedQty: 0, receivedQty: 0},
    },
  },
  'POST /api/v1/orders/{orderId}/ship': {body: {source: 'erp', sourceKey: 'ASN-88-1', qty: 1}},
  'POST /api/v1/orders/{orderId}/receive': {body: {source: 'wms', sourceKey: 'GR-1', qty: 1, lot: 'L-7'}},
  'POST /api/v1/stock/counts': {
    body: {
      source: 'wms',
      sourceKey: 'count-2026-01-05-17',
      part: {number: 'BRG-6310-C4'},
      depotId: 'LYS-1',
      counted: 2,
    },
  },
  'POST /api/v1/stock/statements': {
    body: {
      source: 'wms',
      sourceKey: 'shelves-2026-01-05',
      statements: [
        {
          part: {number: 'BRG-6310-C4'},
          depotId: 'LYS-1',
          onHand: 7,
          countedAt: '2026-01-05T08:00:00.000Z',
        },
      ],
    },
    reply: {repeated: false, result: {stated: 1, known: 0}},
  },
  'POST /api/v1/proposals/{decisionId}/approve': {body: {actor: 'planner', note: 'agreed with the site'}},
};
