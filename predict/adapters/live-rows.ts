import {DAY_MS} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {plusMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {PairedForecast} from '../core/live-evidence.ts';

/** Forecasts that two models are compared on at most; the newest ones where there are more. */
const PAIRS_MAX = 200_000;

/**
 * What two models said of the same components at the same instants, one forecast a day (that of midnight UTC), and what became of
 * the components.
 *
 * @param champion A version; null: whichever forecast stood, of a model or of an age law.
 */
export async function pairedForecasts(
  db: Queryable,
  {
    challenger,
    champion,
    equipmentClassId,
    now,
    days,
  }: {
    readonly challenger: string;
    readonly champion: string | null;
    readonly equipmentClassId: string;
    readonly now: EpochMs;
    readonly days: number;
  },
): Promise<readonly PairedForecast[]> {
  const found = await db.query<Omit<PairedForecast, 'removedAt'> & {readonly removedAt: number | null}>(
    `SELECT s.component_id AS "componentId", s.as_of AS "asOf", s.horizons_h AS "horizonsH", s.cumulative_ppm AS "challengerPpm",
            c.cumulative_ppm AS "championPpm", i.ended_at AS "removedAt",
            coalesce(i.failed AND i.ended_at <= $5, false) AS failed
       FROM (SELECT DISTINCT ON (f.as_of, f.component_id) f.* FROM predict.forecast f
               JOIN network.equipment e USING (equipment_no) JOIN network.equipment_model m USING (model_id)
              WHERE f.model_version_id = $1 AND m.equipment_class_id = $3 AND f.as_of > $4 AND f.as_of <= $5
                AND f.as_of = date_trunc('day', f.as_of)
              ORDER BY f.as_of DESC, f.component_id, f.revision DESC LIMIT ${PAIRS_MAX}) s
       JOIN LATERAL (SELECT c.cumulative_ppm FROM predict.forecast c
                      WHERE c.component_id = s.component_id AND c.as_of = s.as_of AND c.horizons_h = s.horizons_h
                        AND c.model_version_id <> $1 AND CASE WHEN $2::text IS NULL THEN NOT c.shadow ELSE c.model_version_id = $2 END
                      ORDER BY c.issued_at DESC, c.revision DESC LIMIT 1) c ON true
       JOIN predict.component_stretch i ON i.component_id = s.component_id AND i.began_at <= s.as_of
        AND (i.ended_at IS NULL OR i.ended_at > s.as_of)`,
    [challenger, champion, equipmentClassId, timestamp(plusMs(now, -days * DAY_MS)), timestamp(now)],
  );
  return found.rows.map(({removedAt, ...row}) => ({...row, removedAt: removedAt ?? Infinity}));
}
