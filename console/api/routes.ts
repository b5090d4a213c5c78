import type {Route} from './route.ts';
import {alertRoutes} from './routes/alerts.ts';
import {decisionRoutes} from './routes/decisions.ts';
import {equipmentRoutes} from './routes/equipment.ts';
import {masterDataRoutes} from './routes/master-data.ts';
import {orderRoutes} from './routes/orders.ts';
import {proposalRoutes} from './routes/proposals.ts';
import {rejectedRoutes} from './routes/rejected.ts';
import {serviceRoutes} from './routes/service.ts';
import {stockRoutes} from './routes/stock.ts';

/** Every route of the API. */
export const ROUTES: readonly Route[] = [
  ...decisionRoutes,
  ...proposalRoutes,
  ...alertRoutes,
  ...stockRoutes,
  ...orderRoutes,
  ...equipmentRoutes,
  ...rejectedRoutes,
  ...masterDataRoutes,
  ...serviceRoutes,
];
