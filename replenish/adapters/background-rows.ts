import {groupBy} from '../../domain/group-by.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp, together} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {DepotSituation} from '../core/decision/situation.ts';
import {servingDepot} from './component-rows.ts';

type Background = Pick<
  DepotSituation,
  'backgroundPerYear' | 'backgroundVmr' | 'background' | 'season' | 'campaigns'
>;

interface ForecastRow {
  readonly depot_id: string;
  readonly as_of: EpochMs;
  readonly per_year: number;
  readonly vmr: number;
  readonly season: number[] | null;
  readonly prior_kind: string;
  readonly prior_per_year: number;
  readonly credibility: number;
  readonly history_months: number;
}
const FORECASTS = `
  SELECT DISTINCT ON (depot_id) depot_id, as_of, per_year, vmr, season, prior_kind, prior_per_year, credibility, history_months
    FROM replenish.demand_forecast WHERE part_id = $1 AND as_of <= $2 ORDER BY depot_id, as_of DESC`;

interface CampaignRow {
  readonly depot_id: string;
  readonly campaign_id: string;
  readonly machines: number;
  readonly quantity: number;
  readonly take_ppm: number;
  readonly take_strength: number;
  readonly population: number;
  readonly served: number;
  readonly starts_at: EpochMs;
  readonly ends_at: EpochMs;
}
/** Machines that a campaign has not served yet, by the depot that serves them; and what all of its machines have shown of its take rate. */
const CAMPAIGNS = `
  WITH machine AS MATERIALIZED (
    SELECT c.campaign_id, m.equipment_no, e.state, EXISTS (
             SELECT FROM replenish.campaign_line k WHERE k.campaign_id = c.campaign_id AND k.equipment_no = m.equipment_no) AS served
      FROM replenish.demand_campaign c JOIN replenish.campaign_machine m USING (campaign_id) JOIN network.equipment e USING (equipment_no)
     WHERE c.part_id = $1 AND c.ends_at > $2)
  SELECT a.depot_id, c.campaign_id, count(*)::int AS machines, c.quantity, c.take_ppm, c.take_strength, c.starts_at, c.ends_at,
         s.population, s.served
    FROM replenish.demand_campaign c JOIN machine m USING (campaign_id)
    JOIN (SELECT campaign_id, count(*) FILTER (WHERE served OR state = 'active')::int AS population, count(*) FILTER (WHERE served)::int AS served
            FROM machine GROUP BY campaign_id) s USING (campaign_id)
    JOIN LATERAL (${servingDepot('m.equipment_no', 'c.part_id', '$2')}) a ON true
   WHERE m.state = 'active' AND NOT m.served
   GROUP BY a.depot_id, c.campaign_id, s.population, s.served ORDER BY c.campaign_id COLLATE "C"`;

/** What is known of a part's demand beside the failures of its components, by depot; depots of which the master data alone knows are missing. */
export async function loadBackgrounds(
  db: Queryable,
  partId: string,
  now: EpochMs,
): Promise<(depotId: string) => Partial<Background>> {
  const asked = [partId, timestamp(now)];
  const [forecast, campaign] = await together([
    db.query<ForecastRow>(FORECASTS, asked),
    db.query<CampaignRow>(CAMPAIGNS, asked),
  ]);
  const forecasts = new Map(forecast.rows.map((row) => [row.depot_id, row]));
  const campaigns = groupBy(campaign.rows, (row) => row.depot_id);
  return (depotId) => ({
    ...forecastOf(forecasts.get(depotId)),
    ...campaignsOf(campaigns.get(depotId)),
  });
}

function forecastOf(row: ForecastRow | undefined): Partial<Background> {
  if (row === undefined) return {};
  return {
    backgroundPerYear: row.per_year,
    backgroundVmr: row.vmr,
    background: {
      asOf: row.as_of,
      priorKind: row.prior_kind,
      priorPerYear: row.prior_per_year,
      credibility: row.credibility,
      historyMonths: row.history_months,
    },
    ...(row.season === null ? {} : {season: row.season}),
  };
}

function campaignsOf(rows: readonly CampaignRow[] | undefined): Partial<Background> {
  if (rows === undefined) return {};
  return {
    campaigns: rows.map((row) => ({
      campaignId: row.campaign_id,
      machines: row.machines,
      quantity: row.quantity,
      takePpm: row.take_ppm,
      startsAt: row.starts_at,
      endsAt: row.ends_at,
      evidence: {strength: row.take_strength, machines: row.population, served: row.served},
    })),
  };
}
