import type {Result} from '../domain/result.ts';
import type {EpochMs} from '../domain/time.ts';

/** A recall, retrofit or repair programme: pieces for each machine of a population, between two days. */
export interface CampaignPlan {
  readonly campaignId: string;
  readonly partId: string;
  /** The population: machines that are of one of each list; an empty list asks for nothing. */
  readonly modelIds: readonly string[];
  readonly siteIds: readonly string[];
  readonly customerPartyIds: readonly string[];
  /** Of an installed component. */
  readonly lots: readonly string[];
  /** Pieces that one machine takes. */
  readonly quantity: number;
  /** Of the machines, those that will really come. */
  readonly takePpm: number;
  /** How sure that is: as many machines as it is worth. */
  readonly takeStrength: number;
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
}

export interface CampaignProgress extends CampaignPlan {
  /** Of the population, today. */
  readonly machines: number;
  /** Those whose planned work asked for the part in the campaign's time. */
  readonly served: number;
}

/** Demand that people plan by date. */
export interface Campaigns {
  /** Plans it, or plans it anew under the same id; decisions of the part look again. */
  plan(campaign: CampaignPlan, actor: string): Promise<Result<CampaignProgress>>;
  /** Ends it now; what it has asked for so far stays out of the normal history. */
  end(campaignId: string, actor: string): Promise<Result<{readonly campaignId: string}>>;
}
