import type {Queryable} from '../../platform/pg.ts';
import type {Recipient} from '../core/recipient.ts';

/** Alerts that the installation's webhook or folder gets, until a recipient of that name says otherwise. */
const INSTALLATION: Recipient = {
  recipientId: 'installation',
  role: '*',
  partyId: null,
  channel: 'installation',
  address: 'WEBHOOK_URL, else files under the data folder',
  kinds: ['backorder-impact', 'backorder-duration'],
  depots: null,
  levelMin: 1,
  language: 'en',
  timeZone: 'UTC',
  hours: 'Mon-Sun 00:00-24:00',
  quietBelow: null,
  perHour: null,
  active: true,
};

/** Recipients at most; each costs a comparison with each alert. */
const RECIPIENTS_MAX = 2000;

/** Our own recipients and those of parties that have not opted out. */
export async function listRecipients(db: Queryable): Promise<readonly Recipient[]> {
  const {rows} = await db.query<Recipient>(
    `SELECT recipient_id AS "recipientId", role, party_id AS "partyId", channel, address, kinds, depots, level_min AS "levelMin", language,
            time_zone AS "timeZone", hours, quiet_below AS "quietBelow", per_hour AS "perHour", active AND opted_out_at IS NULL AS active
       FROM notices.recipient ORDER BY recipient_id LIMIT ${RECIPIENTS_MAX}`,
  );
  return rows.some(({recipientId}) => recipientId === INSTALLATION.recipientId)
    ? rows
    : [INSTALLATION, ...rows];
}
