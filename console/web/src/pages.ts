import type {ComponentType} from 'preact';
import {lazy} from 'preact/compat';
import type {Permission, Session} from './data/session.ts';

/** Who works there; the navigation shows the groups in this order. */
export const GROUPS = ['Planning', 'Operations', 'Mine'] as const;

export interface PageEntry {
  /** As wouter reads it: '/decisions/:decisionId'. */
  readonly path: string;
  readonly title: string;
  /** Null for a page that is reached from another one. */
  readonly group: (typeof GROUPS)[number] | null;
  /** Who lacks it does not see the page. Null: everybody who is signed in. */
  readonly permission: Permission | null;
  /** With g before it: goes there from anywhere. */
  readonly key?: string;
  /** A page of what is one's own party's: who speaks for none has no such page. */
  readonly ofParty?: true;
  readonly component: ComponentType;
}

/** Every page of the console. Each is a file of its own, loaded when it is first opened. */
const PAGES: readonly PageEntry[] = [
  {
    path: '/',
    title: 'Today',
    key: 't',
    group: 'Planning',
    permission: 'decisions.read',
    component: lazy(() => import('./pages/today/today.tsx')),
  },
  {
    path: '/alerts',
    title: 'Alerts',
    key: 'a',
    group: 'Planning',
    permission: 'decisions.read',
    component: lazy(() => import('./pages/alerts/alerts.tsx')),
  },
  {
    path: '/network',
    title: 'Network',
    key: 'n',
    group: 'Planning',
    permission: 'stock.read',
    component: lazy(() => import('./pages/network/network.tsx')),
  },
  {
    path: '/network/:depotId',
    title: 'Depot',
    group: null,
    permission: 'stock.read',
    component: lazy(() => import('./pages/network/depot.tsx')),
  },
  {
    path: '/part-depots/:partId/:depotId',
    title: 'Shelf',
    group: null,
    permission: 'stock.read',
    component: lazy(() => import('./pages/network/shelf.tsx')),
  },
  {
    path: '/equipment/:equipmentId',
    title: 'Equipment',
    group: null,
    permission: 'equipment.read',
    component: lazy(() => import('./pages/equipment/equipment.tsx')),
  },
  {
    path: '/backorders',
    title: 'Backorders',
    key: 'b',
    group: 'Planning',
    permission: 'backorders.read',
    component: lazy(() => import('./pages/backorders/backorders.tsx')),
  },
  {
    path: '/backorders/:demandId',
    title: 'Backorder',
    group: null,
    permission: 'backorders.read',
    component: lazy(() => import('./pages/backorder/backorder.tsx')),
  },
  {
    path: '/part-reports',
    title: 'Part reports',
    key: 'p',
    group: 'Planning',
    permission: 'demand.read',
    component: lazy(() => import('./pages/part-reports/part-reports.tsx')),
  },
  {
    path: '/what-if',
    title: 'What if',
    key: 'w',
    group: 'Planning',
    permission: 'what-if.run',
    component: lazy(() => import('./pages/what-if/what-if.tsx')),
  },
  {
    path: '/kpis',
    title: 'Key figures',
    key: 'k',
    group: 'Planning',
    permission: 'kpis.read',
    component: lazy(() => import('./pages/kpis/kpis.tsx')),
  },
  {
    path: '/kpis/:kpiId',
    title: 'Key figure',
    group: null,
    permission: 'kpis.read',
    component: lazy(() => import('./pages/kpis/kpi.tsx')),
  },
  {
    path: '/orders/:orderId',
    title: 'Order',
    group: null,
    permission: 'orders.read',
    component: lazy(() => import('./pages/order/order.tsx')),
  },
  {
    path: '/decisions/:decisionId',
    title: 'Why',
    group: null,
    permission: 'decisions.read',
    component: lazy(() => import('./pages/why/why.tsx')),
  },
  {
    path: '/health',
    title: 'Stream health',
    key: 'h',
    group: 'Operations',
    permission: 'service.read',
    component: lazy(() => import('./pages/health/health.tsx')),
  },
  {
    path: '/models',
    title: 'Models',
    key: 'm',
    group: 'Operations',
    permission: 'models.read',
    component: lazy(() => import('./pages/models/models.tsx')),
  },
  {
    path: '/models/:modelVersionId',
    title: 'Model',
    group: null,
    permission: 'models.read',
    component: lazy(() => import('./pages/models/model.tsx')),
  },
  {
    path: '/tuning',
    title: 'Tuning',
    key: 'u',
    group: 'Operations',
    permission: 'parameters.read',
    component: lazy(() => import('./pages/tuning/tuning.tsx')),
  },
  {
    path: '/tuning/:key',
    title: 'Tuning',
    group: null,
    permission: 'parameters.read',
    component: lazy(() => import('./pages/tuning/tunable.tsx')),
  },
  {
    path: '/recipients',
    title: 'Recipients',
    key: 'r',
    group: 'Operations',
    permission: 'recipients.read',
    component: lazy(() => import('./pages/recipients/recipients.tsx')),
  },
  {
    path: '/onboarding',
    title: 'Onboarding',
    key: 'o',
    group: 'Operations',
    permission: 'intake.mend',
    component: lazy(() => import('./pages/onboarding/onboarding.tsx')),
  },
  {
    path: '/suppliers/:partyId',
    title: 'Supplier',
    group: null,
    permission: 'orders.read',
    component: lazy(() => import('./pages/supplier/supplier.tsx')),
  },
  {
    path: '/my/orders',
    title: 'My orders',
    group: 'Mine',
    permission: 'own-orders.read',
    ofParty: true,
    component: lazy(() => import('./pages/my-orders/my-orders.tsx')),
  },
  {
    path: '/my/forecasts',
    title: 'My forecasts',
    group: 'Mine',
    permission: 'own-forecasts.read',
    ofParty: true,
    component: lazy(() => import('./pages/my-forecasts/my-forecasts.tsx')),
  },
  {
    path: '/my/scorecard',
    title: 'My scorecard',
    group: 'Mine',
    permission: 'own-scorecard.read',
    ofParty: true,
    component: lazy(() => import('./pages/my-scorecard/my-scorecard.tsx')),
  },
  {
    path: '/my/jobs',
    title: 'My jobs',
    group: 'Mine',
    permission: 'own-jobs.read',
    ofParty: true,
    component: lazy(() => import('./pages/my-jobs/my-jobs.tsx')),
  },
  {
    path: '/my/backorders',
    title: 'My backorders',
    group: 'Mine',
    permission: 'own-backorders.read',
    ofParty: true,
    component: lazy(() => import('./pages/my-backorders/my-backorders.tsx')),
  },
  {
    path: '/password',
    title: 'Password',
    group: null,
    permission: null,
    component: lazy(() => import('./pages/password/password.tsx')),
  },
];

/** The pages that somebody may open; the first one in the navigation is where that one starts. */
export function pagesFor({can, partyId}: Session): readonly PageEntry[] {
  return PAGES.filter(
    ({permission, ofParty}) =>
      (permission === null || can(permission)) && (ofParty !== true || partyId !== null),
  );
}
