import type {TermType} from '../../domain/contract-term.ts';

interface Example {
  readonly good: object;
  /** Changes that make it wrong, each with what the refusal says. */
  readonly bad: readonly (readonly [change: object, says: RegExp])[];
}

const sla = {slaTermNo: 1};
const EUR = {currency: 'EUR'};

/** A term of every type, and how it may be mistaken. */
export const TERM_EXAMPLES: Readonly<Record<TermType, Example>> = {
  sla: {good: {metric: 'restoreH', target: 8}, bad: [[{metric: 'uptime'}, /^metric: /]]},
  penalty: {
    good: {...sla, ...EUR, perHourMinor: 100, floorMinor: 50, pctOfFee: 10, feeMinor: 90_000},
    bad: [
      [{currency: 'euro'}, /ISO 4217/],
      [{feeMinor: undefined}, /share of a fee that it does not name/],
    ],
  },
  bonus: {good: {...sla, ...EUR, perWindowMinor: 100}, bad: [[{perWindowMinor: 0}, /^perWindowMinor: /]]},
  review: {good: {...sla, consecutiveWindows: 2}, bad: [[{consecutiveWindows: 25}, /^consecutiveWindows: /]]},
  terminate: {good: {...sla, consecutiveWindows: 3}, bad: [[{slaTermNo: 0}, /^slaTermNo: /]]},
  delivery: {
    good: {
      ...EUR,
      targetPct: 90,
      perEventMinor: 5000,
      capPerWindowMinor: 20_000,
      bonus: {fromPct: 95, perWindowMinor: 1000},
    },
    bad: [
      [{bonus: {fromPct: 80, perWindowMinor: 1}}, /rewards what it charges/],
      [{bonus: undefined, perEventMinor: 0}, /neither charges nor rewards/],
      [{disputes: [{orderId: 'PO-1', reason: 'rain'}]}, /^disputes.0.orderId: /],
    ],
  },
  moq: {
    good: {min: 5, multiple: 3},
    bad: [
      [{min: 0}, /^min: /],
      [{multiple: 1.5}, /^multiple: /],
    ],
  },
  price: {
    good: {model: 'volume-tier', ...EUR, tiers: [{fromQty: 10, priceMinor: 900}]},
    bad: [
      [{model: 'market'}, /^model: /],
      [{model: 'fixed'}, /priceMinor of fixed/],
      [{tiers: []}, /^tiers: /],
      [{tiers: [{fromQty: 9, priceMinor: 1}, {fromQty: 9, priceMinor: 2}]}, /do not rise/], // prettier-ignore
    ],
  },
  calendar: {
    good: {shutdowns: [{from: '2026-07-27', until: '2026-08-10'}], frozenDays: 5},
    bad: [
      [{shutdowns: [], frozenDays: 0}, /neither shuts down nor freezes/],
      [{shutdowns: [{from: '2026-08-10', until: '2026-08-10'}]}, /does not end after it begins/],
      [{shutdowns: [{from: 'August', until: '2026-08-10'}]}, /is no date/],
    ],
  },
  flex: {
    good: {basePerPeriod: 20, pct: 25, period: 'quarter', surchargePct: 10, noticeDays: 14},
    bad: [
      [{pct: 101}, /^pct: /],
      [{period: 'week'}, /^period: /],
    ],
  },
  vmiBand: {
    good: {min: 2, max: 6, reviewDays: 7, supplierPartyId: 'SUP'},
    bad: [
      [{min: 7}, /min above its max/],
      [{supplierPartyId: ''}, /^supplierPartyId: /],
    ],
  },
  exclusivity: {good: {supplierPartyId: 'SUP'}, bad: [[{emergencyExcepted: 'no'}, /^emergencyExcepted: /]]},
  obsolescence: {
    good: {lastOrderDate: '2027-06-30', liableParty: 'SUP', buybackPct: 60},
    bad: [
      [{lastOrderDate: '2027-06-31'}, /^lastOrderDate: is no date/],
      [{buybackPct: -1}, /^buybackPct: /],
    ],
  },
  ownership: {
    good: {model: 'owned', ownerPartyId: 'SUP', titleTransfer: 'receipt'},
    bad: [[{titleTransfer: 'payment'}, /^titleTransfer: /]],
  },
  usableBy: {good: {ownerPartyId: 'SUP', partyIds: ['OWN']}, bad: [[{partyIds: []}, /^partyIds: /]]},
  poolShare: {
    good: {depots: ['D-1', 'D-C'], quotaPct: 50, priority: 1, transferPriceMinor: 500, ...EUR},
    bad: [
      [{depots: ['D-1']}, /^depots: /],
      [{quotaPct: 120}, /^quotaPct: /],
    ],
  },
  lane: {good: {rule: 'forbidden', toDepotId: 'D-1'}, bad: [[{rule: 'closed'}, /^rule: /]]},
  substitution: {
    good: {allowed: true, approverRole: 'engineer', customerConsent: true},
    bad: [[{allowed: 'yes'}, /^allowed: /]],
  },
  aging: {
    good: {buckets: [{fromDays: 180, payerSharePct: 50, writeDownPct: 20}], payerPartyId: 'SUP'},
    bad: [
      [{buckets: [{fromDays: 9, payerSharePct: 1}, {fromDays: 5, payerSharePct: 2}]}, /do not rise/], // prettier-ignore
    ],
  },
  buyback: {
    good: {condition: 'new', valuationPct: 80, windowDays: 365},
    bad: [[{windowDays: -1}, /^windowDays: /]],
  },
  dataShare: {
    good: {
      fields: ['vibration'],
      granularity: 'day',
      frequency: 'daily',
      purpose: 'forecasting',
      retentionDays: 90,
      roles: ['analyst'],
    },
    bad: [
      [{fields: []}, /^fields: /],
      [{granularity: 'second'}, /^granularity: /],
    ],
  },
  audit: {
    good: {frequency: 'yearly', scope: ['stock'], costBearer: 'OWN', noticeDays: 30},
    bad: [[{frequency: 'often'}, /^frequency: /]],
  },
  forceMajeure: {
    good: {
      ...{events: ['flood'], noticeHours: 48, altSourceDuty: true},
      declared: [{event: 'flood', from: '2026-08-03T06:00:00Z', until: '2026-08-09T00:00:00Z'}],
    },
    bad: [
      [{noticeHours: 1e6}, /^noticeHours: /],
      [{declared: [{event: 'flood', from: '2026-08-03T06:00:00Z', until: '2026-08-03T06:00:00Z'}]}, /does not end after it begins/], // prettier-ignore
      [{declared: [{event: 'flood', from: 'August', until: '2026-08-09T00:00:00Z'}]}, /is no instant/],
    ],
  },
  escalation: {
    good: {levels: [{afterMin: 30, role: 'lead', channel: 'phone'}, {afterMin: 90, role: 'head', channel: 'phone'}]}, // prettier-ignore
    bad: [
      [{levels: [{afterMin: 30, role: 'lead', channel: 'phone'}, {afterMin: 30, role: 'head', channel: 'phone'}]}, /do not rise/], // prettier-ignore
    ],
  },
  warranty: {good: {months: 24, failureCodes: ['F1'], ...EUR}, bad: [[{months: 0}, /^months: /]]},
  capacityShare: {
    good: {partnerPartyId: 'SUP', unitsPerPeriod: 4, rateMinor: 9000, ...EUR, trigger: 'backlog above ten'},
    bad: [[{rateMinor: 1.5}, /^rateMinor: /]],
  },
};
