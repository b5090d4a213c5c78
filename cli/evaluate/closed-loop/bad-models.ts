import {evaluate} from '../../../predict/training/evaluate.ts';
import {qualityGate} from '../../../predict/training/gate.ts';
import {streamOf} from '../../../simulator/random.ts';
import type {MachineSpec} from '../../../simulator/timeline.ts';
import {HORIZONS, trackKey, type ScoredFleet, type Tracks} from './model-scores.ts';

/** Each machine is told what was forecast for another of its class: the right numbers for the wrong machines. */
export function shuffled(tracks: Tracks, specs: readonly MachineSpec[], seed: number): Tracks {
  const random = streamOf(seed, 'closed-loop-shuffle');
  const mixed = new Map(tracks);
  for (const classId of new Set(specs.map((spec) => spec.classId))) {
    const machines = specs.filter((spec) => spec.classId === classId);
    const others = [...machines];
    for (let i = others.length - 1; i > 0; i -= 1) {
      const j = random.integer(0, i - 1); // Sattolo: nobody keeps his own
      [others[i], others[j]] = [others[j]!, others[i]!];
    }
    machines.forEach(({equipmentId, positions}, i) => {
      for (const {positionId} of positions) {
        const theirs = tracks.get(trackKey(others[i]!.equipmentId, positionId));
        if (theirs) mixed.set(trackKey(equipmentId, positionId), theirs);
      }
    });
  }
  return mixed;
}

/** Every probability twice as high, 1 at most. */
export function doubled(tracks: Tracks): Tracks {
  return new Map([...tracks].map(([key, track]) => [key, track.map((ppm) => Math.min(1_000_000, 2 * ppm))]));
}

/**
 * The equipment classes whose model passes the gate that guards promotion (predict/training/gate.ts), judged on fleets of their
 * own: calibration, Brier skill, average precision and log loss against the age law, at every horizon. Where one check
 * fails, predict goes down its ladder: the class is forecast by age.
 */
export function passedClasses(
  fleets: readonly ScoredFleet[],
  bend: (tracks: Tracks, nth: number) => Tracks,
): ReadonlySet<string> {
  const bent = fleets.map(({tracks}, nth) => bend(tracks, nth));
  const classes = [...new Set(fleets.flatMap(({judged}) => [...judged.keys()]))];
  return new Set(
    classes.filter((classId) => {
      const {spec} = fleets[0]!.judged.get(classId)!;
      const judged = fleets.flatMap((fleet, nth) =>
        fleet.judged.get(classId)!.rows.flatMap((row) => {
          const track = bent[nth]!.get(row.key)!.subarray(row.point * HORIZONS, (row.point + 1) * HORIZONS);
          return track[0]! < 0 ? [] : [{row, curve: Array.from(track, (ppm) => ppm / 1e6)}];
        }),
      );
      const quality = evaluate(
        judged.map(({row}) => row),
        judged.map(({curve}) => curve),
        spec,
      );
      return qualityGate(quality).every(({passed}) => passed);
    }),
  );
}
