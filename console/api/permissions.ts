import type {Segment} from '../../domain/segment.ts';
import type {Principal, Role} from '../../platform/principal.ts';

/**
 * How far a permission reaches. `all`: everything. `shelves`: parts of the caller's own segments at its own depots, where it
 * has been given some, else all. `party`: what belongs to the caller's own party, of its own segments.
 */
type Scope = 'all' | 'shelves' | 'party';
/** Bounds that a route must keep to by itself; who gives a role a bounded permission needs routes that say so (`keepsTo`). */
export type Bound = Exclude<Scope, 'all'>;

interface Row {
  readonly about: string;
  /** A role that is not named here may not. */
  readonly roles: Partial<Readonly<Record<Role, Scope>>>;
}

const STAFF = {planner: 'all', ops: 'all', auditor: 'all', admin: 'all'} as const;
const EVERYBODY = {...STAFF, equipment: 'all', technician: 'all', supplier: 'all', customer: 'all'} as const;
const PLANNER = {planner: 'all', admin: 'all'} as const;
const SHELF_PLANNER = {planner: 'shelves', admin: 'all'} as const;
const SUPPLIER = {supplier: 'party', admin: 'all'} as const;
const OPS = {ops: 'all', admin: 'all'} as const;

/**
 * Who may do what: the only place that says so (docs/access.md shows it as a table). Each route names one of these, and is
 * closed to every role that its row does not name.
 */
export const PERMISSIONS = {
  'api.describe': {about: 'the OpenAPI document', roles: EVERYBODY},
  'decisions.read': {about: 'decisions, proposals and alerts, with reasons and traces', roles: STAFF},
  'proposals.answer': {
    about: 'approve, change and reject proposals, each role within its bands of value',
    roles: {...SHELF_PLANNER, ops: 'all'},
  },
  'alerts.answer': {about: 'acknowledge and snooze alerts, close cases', roles: {...PLANNER, ops: 'all'}},
  'recipients.read': {about: 'who is told of alerts and in which words, without their secrets', roles: STAFF},
  'recipients.change': {about: 'change who is told and in which words, and send test messages', roles: OPS},
  'stock.read': {about: 'stock, reservations and what can be promised', roles: STAFF},
  'stock.book': {about: 'issues, receipts and counts', roles: SHELF_PLANNER},
  'stock.state': {
    about: 'state what lies on shelves, a party on its own; nothing is booked',
    roles: {...SHELF_PLANNER, technician: 'party', supplier: 'party', customer: 'party'},
  },
  'orders.read': {about: 'orders and lead times', roles: STAFF},
  'orders.book': {about: 'confirm, ship, receive and cancel orders', roles: SHELF_PLANNER},
  'plans.read': {about: 'targets, last orders, spreads, policies and the cost of speed', roles: STAFF},
  'plans.run': {about: 'plan targets, moves and classes of parts', roles: PLANNER},
  'demand.read': {about: 'needs, promises, forecasts, campaigns and shares', roles: STAFF},
  'demand.change': {about: 'call off needs, plan and end campaigns', roles: PLANNER},
  'backorders.read': {about: 'backorders, their causes and reviews', roles: STAFF},
  'backorders.change': {about: 'correct causes and fill in reviews', roles: PLANNER},
  'kpis.read': {about: 'key figures and the rows behind them', roles: STAFF},
  'equipment.read': {about: 'the installed base, its forecasts and part numbers', roles: STAFF},
  'equipment.change': {about: 'add and update machines', roles: {...OPS, planner: 'all'}},
  'devices.read': {
    about: 'MQTT logins of machines, without their secrets',
    roles: {ops: 'all', auditor: 'all', admin: 'all'},
  },
  'devices.manage': {about: 'make and revoke MQTT logins, and write them for a broker', roles: OPS},
  'contracts.read': {about: 'contracts, service levels, settlement, owners of stock', roles: STAFF},
  'repairs.read': {
    about: 'repair reports',
    roles: {...STAFF, technician: 'party', customer: 'party'},
  },
  'repairs.report': {
    about: 'tell what was found and done on a machine',
    roles: {planner: 'all', admin: 'all', technician: 'party', customer: 'party'},
  },
  'own-orders.read': {about: 'open orders to the own party, as their supplier', roles: SUPPLIER},
  'own-orders.confirm': {about: 'confirm them and change their dates', roles: SUPPLIER},
  'own-forecasts.read': {about: 'expected demand for the parts that the own party supplies', roles: SUPPLIER},
  'own-scorecard.read': {
    about: 'how a party did as a supplier, and what that was settled at',
    roles: {...STAFF, supplier: 'party'},
  },
  'own-jobs.read': {
    about: 'parts that the machines of the own party wait for, as their technician',
    roles: {technician: 'party', admin: 'all'},
  },
  'own-backorders.read': {
    about: 'parts that the own party waits for, as their customer',
    roles: {customer: 'party', admin: 'all'},
  },
  'feeds.read': {about: 'what partners agreed to send, and what is overdue', roles: STAFF},
  'feeds.agree': {about: 'agree on and end feeds', roles: {...OPS, planner: 'all'}},
  'data-shares.read': {
    about: 'what parties are sent, on which terms, and what was sent',
    roles: {...STAFF, technician: 'party', supplier: 'party', customer: 'party'},
  },
  'data-shares.agree': {about: 'agree on and end shares of data with parties', roles: OPS},
  'own-stock.read': {
    about: 'stock of the parts that a party supplies, as far as it is shared',
    roles: {...STAFF, supplier: 'party'},
  },
  'models.read': {about: 'failure models, their cards and how they do', roles: STAFF},
  'models.operate': {about: 'promote, roll back, retire and recover models', roles: OPS},
  'parameters.read': {about: 'what is tuned, with its versions', roles: STAFF},
  'what-if.run': {about: 'dry runs and what-ifs, which write nothing', roles: {...OPS, planner: 'all'}},
  'parameters.change': {about: 'change what is tuned', roles: OPS},
  'intake.read': {about: 'messages and rows that were refused', roles: STAFF},
  'intake.mend': {about: 'resubmit and drop them', roles: OPS},
  'master-data.export': {about: 'all master data as tables', roles: STAFF},
  'master-data.import': {about: 'import master data', roles: OPS},
  'service.read': {about: 'status of the stages and effects that wait', roles: STAFF},
  'service.measure': {about: 'metrics for Prometheus', roles: OPS},
  'outbox.replay': {about: 'send dead effects again', roles: OPS},
  'audit.read': {
    about: 'the audit trail, the access log and legal holds',
    roles: {auditor: 'all', admin: 'all'},
  },
  'audit.redact': {about: 'take the body out of an entry', roles: {admin: 'all'}},
  'holds.place': {about: 'place and lift legal holds', roles: {auditor: 'all', admin: 'all'}},
  'breaches.read': {
    about: 'breaches of data, and who was told of them',
    roles: {ops: 'all', auditor: 'all', admin: 'all'},
  },
  'breaches.record': {about: 'put breaches and their notices on record', roles: OPS},
  'access.read': {about: 'users and tokens, without their secrets', roles: {auditor: 'all', admin: 'all'}},
  'access.manage': {about: 'make, change and revoke users and tokens', roles: {admin: 'all'}},
} as const satisfies Readonly<Record<string, Row>>;

export type Permission = keyof typeof PERMISSIONS;

/** How far a request reaches: what `Scope` comes to for one caller. */
export type Reach =
  | {readonly kind: 'all'}
  | {
      readonly kind: 'shelves';
      /** Null: all. */
      readonly depotIds: readonly string[] | null;
      readonly segments: readonly Segment[] | null;
    }
  | {readonly kind: 'party'; readonly partyId: string; readonly segments: readonly Segment[] | null};

/**
 * How far the permission reaches for this caller; null: it has it not.
 *
 * Example: 'stock.book' for a planner of D-1 → {kind: 'shelves', depotIds: ['D-1'], segments: null}; for an auditor → null.
 */
export function reachOf(
  {role, partyId, depotIds, segments}: Principal,
  permission: Permission,
): Reach | null {
  const {roles}: Row = PERMISSIONS[permission];
  const scope = roles[role];
  if (scope === undefined) return null;
  if (scope === 'party') return partyId === null ? null : {kind: 'party', partyId, segments};
  if (scope === 'shelves' && (depotIds !== null || segments !== null))
    return {kind: 'shelves', depotIds, segments};
  return {kind: 'all'};
}

/** Everything that the caller may do, by name. */
export function permissionsOf(principal: Principal): readonly Permission[] {
  return (Object.keys(PERMISSIONS) as Permission[]).filter(
    (permission) => reachOf(principal, permission) !== null,
  );
}

/** Bounds that some role has this permission with. */
export function boundsOf(permission: Permission): readonly Bound[] {
  const {roles}: Row = PERMISSIONS[permission];
  return [...new Set(Object.values(roles))].filter((scope): scope is Bound => scope !== 'all');
}
