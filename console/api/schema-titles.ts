import {z} from 'zod';
import {Alert} from './alert-view.ts';
import {Decision, DecisionDetail, Forecast, TracedForecast, Trace} from './decision-view.ts';
import {commandReply as CommandReply} from './network-command.ts';
import {AuditState, AuditLine} from './routes/audit.ts';
import {Backorder, CustomerImpact, ReviewListed, Override} from './routes/backorders.ts';
import {CampaignRow} from './routes/campaigns.ts';
import {ContractRow, Contract, CapitalRow} from './routes/contracts.ts';
import {DemandForecastRow, DemandAccuracyRow} from './routes/demand-forecasts.ts';
import {DemandLine} from './routes/demand.ts';
import {ExpediteReport} from './routes/expedites.ts';
import {Feed} from './routes/feeds.ts';
import {GlossaryTerm} from './routes/glossary.ts';
import {Hold} from './routes/holds.ts';
import {LastBuyRun} from './routes/last-buy.ts';
import {ModelWatch} from './routes/model-watch.ts';
import {MyNeed, PartReport} from './routes/my-needs.ts';
import {MyOrder} from './routes/my-orders.ts';
import {MyForecast, MyScore} from './routes/my-supply.ts';
import {Order} from './routes/orders.ts';
import {Parameter, ParameterChanged} from './routes/parameters.ts';
import {TargetRun, RebalanceRun, CriticalityRun, PlanTarget} from './routes/plans.ts';
import {PoliciesRun} from './routes/policies.ts';
import {ProposalReport} from './routes/proposal-report.ts';
import {QuarantinedRow, UnknownEquipment} from './routes/rejected.ts';
import {RepairReport} from './routes/repairs.ts';
import {ReservationRow} from './routes/reservations.ts';
import {ClauseRow, SettlementRow} from './routes/service-levels.ts';
import {ShareOut, ShareAdvice} from './routes/share-outs.ts';
import {SpreadRun} from './routes/spread.ts';
import {StockRow} from './routes/stock.ts';
import {Available, PromiseRow, LeadTime} from './routes/supply.ts';
import {Token} from './routes/tokens.ts';

/** What the API deals in, by the name that a generated client has for it. A schema without one is part of its request or reply. */
const TITLED: Readonly<Record<string, z.ZodType>> = {
  Alert,
  CommandReply,
  Decision,
  DecisionDetail,
  Forecast,
  TracedForecast,
  Trace,
  AuditState,
  AuditLine,
  Backorder,
  CustomerImpact,
  ReviewListed,
  Override,
  CampaignRow,
  ContractRow,
  Contract,
  CapitalRow,
  DemandForecastRow,
  DemandAccuracyRow,
  DemandLine,
  ExpediteReport,
  Feed,
  GlossaryTerm,
  Hold,
  LastBuyRun,
  ModelWatch,
  MyForecast,
  MyNeed,
  MyOrder,
  MyScore,
  Order,
  Parameter,
  ParameterChanged,
  PartReport,
  TargetRun,
  RebalanceRun,
  CriticalityRun,
  PlanTarget,
  PoliciesRun,
  ProposalReport,
  QuarantinedRow,
  UnknownEquipment,
  RepairReport,
  ReservationRow,
  ClauseRow,
  SettlementRow,
  ShareOut,
  ShareAdvice,
  SpreadRun,
  StockRow,
  Available,
  PromiseRow,
  LeadTime,
  Token,
};

const titles = new Map(Object.entries(TITLED).map(([title, schema]) => [schema as z.core.$ZodType, title]));

/** The name of a schema, its own or the one from the list above; null where it has none. */
export function titleOf(schema: z.core.$ZodType): string | null {
  return titles.get(schema) ?? z.globalRegistry.get(schema)?.title ?? null;
}
