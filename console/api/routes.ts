import type {Described} from './openapi.ts';
import type {Route} from './route.ts';
import {accessLogRoutes} from './routes/access-log.ts';
import {alertRoutes} from './routes/alerts.ts';
import {auditRoutes} from './routes/audit.ts';
import {backorderRoutes} from './routes/backorders.ts';
import {contractRoutes} from './routes/contracts.ts';
import {dataShareRoutes} from './routes/data-shares.ts';
import {decisionRoutes} from './routes/decisions.ts';
import {breachRoutes} from './routes/breaches.ts';
import {campaignRoutes} from './routes/campaigns.ts';
import {demandForecastRoutes} from './routes/demand-forecasts.ts';
import {demandRoutes} from './routes/demand.ts';
import {deviceRoutes} from './routes/devices.ts';
import {equipmentRoutes} from './routes/equipment.ts';
import {equipmentChoiceRoutes} from './routes/equipment-choices.ts';
import {expediteRoutes} from './routes/expedites.ts';
import {feedRoutes} from './routes/feeds.ts';
import {glossaryRoutes} from './routes/glossary.ts';
import {healthRoutes} from './routes/health.ts';
import {holdRoutes} from './routes/holds.ts';
import {kpiRoutes} from './routes/kpis.ts';
import {lastBuyRoutes} from './routes/last-buy.ts';
import {masterDataRoutes} from './routes/master-data.ts';
import {modelRoutes} from './routes/models.ts';
import {modelWatchRoutes} from './routes/model-watch.ts';
import {myNeedRoutes} from './routes/my-needs.ts';
import {myOrderRoutes} from './routes/my-orders.ts';
import {mySupplyRoutes} from './routes/my-supply.ts';
import {networkRoutes} from './routes/network.ts';
import {orderRoutes} from './routes/orders.ts';
import {parameterRoutes} from './routes/parameters.ts';
import {planRoutes} from './routes/plans.ts';
import {policyRoutes} from './routes/policies.ts';
import {profileRoutes} from './routes/profiles.ts';
import {proposalRoutes} from './routes/proposals.ts';
import {recipientRoutes} from './routes/recipients.ts';
import {rejectedRoutes} from './routes/rejected.ts';
import {repairRoutes} from './routes/repairs.ts';
import {reservationRoutes} from './routes/reservations.ts';
import {serviceLevelRoutes} from './routes/service-levels.ts';
import {serviceRoutes} from './routes/service.ts';
import {SESSION_ROUTES} from './routes/session.ts';
import {shareOutRoutes} from './routes/share-outs.ts';
import {spreadRoutes} from './routes/spread.ts';
import {stockRoutes} from './routes/stock.ts';
import {stockStatementRoutes} from './routes/stock-statements.ts';
import {supplyRoutes} from './routes/supply.ts';
import {templateRoutes} from './routes/templates.ts';
import {tokenRoutes} from './routes/tokens.ts';
import {userRoutes} from './routes/users.ts';
import {whatIfRoutes} from './routes/what-if.ts';
import {workRoutes} from './routes/work.ts';

/** Every route of the API but those of sessions. */
export const ROUTES: readonly Route[] = [
  ...workRoutes,
  ...decisionRoutes,
  ...proposalRoutes,
  ...alertRoutes,
  ...recipientRoutes,
  ...templateRoutes,
  ...stockRoutes,
  ...stockStatementRoutes,
  ...planRoutes,
  ...lastBuyRoutes,
  ...spreadRoutes,
  ...policyRoutes,
  ...expediteRoutes,
  ...reservationRoutes,
  ...supplyRoutes,
  ...demandRoutes,
  ...shareOutRoutes,
  ...demandForecastRoutes,
  ...campaignRoutes,
  ...backorderRoutes,
  ...orderRoutes,
  ...equipmentRoutes,
  ...equipmentChoiceRoutes,
  ...modelRoutes,
  ...repairRoutes,
  ...myOrderRoutes,
  ...mySupplyRoutes,
  ...myNeedRoutes,
  ...feedRoutes,
  ...dataShareRoutes,
  ...contractRoutes,
  ...serviceLevelRoutes,
  ...rejectedRoutes,
  ...profileRoutes,
  ...masterDataRoutes,
  ...modelWatchRoutes,
  ...parameterRoutes,
  ...kpiRoutes,
  ...networkRoutes,
  ...whatIfRoutes,
  ...auditRoutes,
  ...accessLogRoutes,
  ...holdRoutes,
  ...breachRoutes,
  ...tokenRoutes,
  ...userRoutes,
  ...deviceRoutes,
  ...serviceRoutes,
  ...glossaryRoutes,
  ...healthRoutes,
];

/** Every route that the OpenAPI document shows. */
export const DESCRIBED: readonly Described[] = [...Object.values(SESSION_ROUTES), ...ROUTES];
