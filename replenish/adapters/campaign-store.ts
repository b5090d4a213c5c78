import type {ListFilter} from '../../domain/list-filter.ts';
import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import {toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Client, Pool, Queryable} from '../../platform/pg.ts';
import type {CampaignPlan, CampaignProgress, Campaigns} from '../campaign-ports.ts';

/** Campaigns in PostgreSQL, through a pool under the role forestock_replenish. */
export function createCampaigns(pool: Pool, now: () => EpochMs): Campaigns {
  return {
    plan: (campaign, actor) => inTransaction(pool, (client) => plan(client, campaign, actor, now())),
    end: (campaignId, actor) => inTransaction(pool, (client) => end(client, campaignId, actor, now())),
  };
}

async function plan(
  client: Client,
  campaign: CampaignPlan,
  actor: string,
  now: EpochMs,
): Promise<Result<CampaignProgress>> {
  const {campaignId, partId, startsAt, endsAt} = campaign;
  const group = await groupOf(client, partId);
  if (group === undefined) return refused('unknown-part', `part ${partId} is not known; add it to part.csv`);
  if (endsAt <= startsAt)
    return refused(
      'empty-period',
      `no time lies between ${toIso(startsAt)} and ${toIso(endsAt)}; put "startsAt" before "endsAt"`,
    );
  const {modelIds, siteIds, customerPartyIds, lots} = campaign;
  if ([modelIds, siteIds, customerPartyIds, lots].every((list) => list.length === 0))
    return refused(
      'population-missing',
      `campaign ${campaignId} names no machines; give modelIds, siteIds, customerPartyIds or lots`,
    );
  await client.query(
    `INSERT INTO replenish.demand_campaign (campaign_id, part_id, model_ids, site_ids, customer_party_ids, lots, quantity, take_ppm, starts_at,
            ends_at, planned_at, actor, take_strength) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (campaign_id) DO UPDATE SET part_id = $2, model_ids = $3, site_ids = $4, customer_party_ids = $5, lots = $6, quantity = $7,
            take_ppm = $8, starts_at = $9, ends_at = $10, planned_at = $11, actor = $12, take_strength = $13`,
    [
      campaignId,
      partId,
      modelIds,
      siteIds,
      customerPartyIds,
      lots,
      campaign.quantity,
      campaign.takePpm,
      timestamp(startsAt),
      timestamp(endsAt),
      timestamp(now),
      actor,
      campaign.takeStrength,
    ],
  );
  await tell(client, group, {action: 'campaign.planned', campaignId, actor, now, body: campaign});
  return ok((await listCampaigns(client, {campaignId, limit: 1}))[0]!);
}

async function end(
  client: Client,
  campaignId: string,
  actor: string,
  now: EpochMs,
): Promise<Result<{readonly campaignId: string}>> {
  const [campaign] = await listCampaigns(client, {campaignId, limit: 1});
  if (campaign === undefined)
    return refused('unknown-campaign', `there is no campaign ${campaignId}; look it up in the list`);
  // What it has asked for so far stays its own: the time that is over is kept.
  await client.query(
    `UPDATE replenish.demand_campaign SET ends_at = greatest($2::timestamptz, starts_at + interval '1 second') WHERE campaign_id = $1 AND ends_at > $2`,
    [campaignId, timestamp(now)],
  );
  const group = (await groupOf(client, campaign.partId))!;
  await tell(client, group, {action: 'campaign.ended', campaignId, actor, now, body: {}});
  return ok({campaignId});
}

async function groupOf(client: Client, partId: string): Promise<string | undefined> {
  const found = await client.query<{group_id: string}>(
    'SELECT group_id FROM network.part WHERE part_id = $1',
    [partId],
  );
  return found.rows[0]?.group_id;
}

/** An audit entry, and a signal to look again. */
async function tell(
  client: Client,
  groupId: string,
  word: {
    readonly action: string;
    readonly campaignId: string;
    readonly actor: string;
    readonly now: EpochMs;
    readonly body: object;
  },
): Promise<void> {
  const {action, campaignId, actor, now, body} = word;
  await client.query('SELECT platform.record_audit($1, $2, $3, $4, $5)', [
    timestamp(now),
    actor,
    action,
    campaignId,
    JSON.stringify(body),
  ]);
  await client.query(`SELECT replenish.raise_demand_signal($1, $2, 'campaign', $3, $4)`, [
    causeId('signal', action, campaignId, now),
    groupId,
    campaignId,
    timestamp(now),
  ]);
}

/** Campaigns with how far they have come, the next to start first. */
export async function listCampaigns(
  db: Queryable,
  filter: ListFilter<'campaignId' | 'partId'>,
): Promise<readonly CampaignProgress[]> {
  const found = await db.query<CampaignProgress>(
    `SELECT c.campaign_id AS "campaignId", c.part_id AS "partId", c.model_ids AS "modelIds", c.site_ids AS "siteIds",
            c.customer_party_ids AS "customerPartyIds", c.lots, c.quantity, c.take_ppm AS "takePpm", c.take_strength AS "takeStrength", c.starts_at AS "startsAt",
            c.ends_at AS "endsAt",
            (SELECT count(*)::int FROM replenish.campaign_machine m WHERE m.campaign_id = c.campaign_id) AS machines,
            (SELECT count(DISTINCT k.equipment_no)::int FROM replenish.campaign_line k WHERE k.campaign_id = c.campaign_id) AS served
       FROM replenish.demand_campaign c WHERE ($1::text IS NULL OR c.campaign_id = $1) AND ($2::text IS NULL OR c.part_id = $2)
      ORDER BY c.starts_at, c.campaign_id LIMIT $3`,
    [filter.campaignId ?? null, filter.partId ?? null, filter.limit],
  );
  return found.rows;
}
