import {z} from 'zod';
import {Alert, alertView} from './alert-view.ts';
import {Decision, decisionView} from './decision-view.ts';
import type {FeedEvent} from './feed.ts';

const event = {
  version: z.literal(1),
  id: z.int().describe('Grows with every event of either feed; sent twice it is the same'),
  what: z.string().describe('executed, proposed, approved, opened, cleared, …'),
};

/** Version 1 of what integrators hear of decisions. A changed meaning would be version 2, on a subject of its own beside this one. */
export const DecisionFeedV1 = z.object({...event, decision: Decision}).meta({title: 'DecisionFeedV1'});

/** Version 1 of what integrators hear of alerts. */
export const AlertFeedV1 = z.object({...event, alert: Alert}).meta({title: 'AlertFeedV1'});

export interface FeedMessage {
  /** 'decisions.v1.order', 'alerts.v1.backorder-impact' */
  readonly subject: string;
  readonly body: unknown;
}

/** One event as a message, with the record as the lists of the API have it. */
export function feedMessage(event: FeedEvent): FeedMessage {
  const {id, what} = event;
  if (event.kind === 'decision') {
    const decision = decisionView(event.record) as z.output<typeof Decision>;
    return {
      subject: `decisions.v1.${event.record.action}`,
      body: z.encode(DecisionFeedV1, {version: 1, id, what, decision}),
    };
  }
  const alert = alertView(event.record) as z.output<typeof Alert>;
  return {
    subject: `alerts.v1.${event.record.kind}`,
    body: z.encode(AlertFeedV1, {version: 1, id, what, alert}),
  };
}
