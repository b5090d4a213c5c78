import {messageOf} from '../domain/fault.ts';
import type {EpochMs} from '../domain/time.ts';
import path from 'node:path';
import type {WorldClock} from '../platform/clock.ts';
import type {Configuration} from '../platform/configuration.ts';
import {sha256} from '../platform/ids.ts';
import type {Logger} from '../platform/log.ts';
import {Maintenance} from '../platform/maintenance.ts';
import {repositoryRoot} from '../platform/migrate.ts';
import {pgLeaseBook} from '../platform/lease-book.ts';
import {outboxTargets} from '../platform/outbox-targets.ts';
import {PartitionLeases, processName} from '../platform/partition-leases.ts';
import type {Pool} from '../platform/pg.ts';
import {openBackend} from './adapters/backend.ts';
import type {Backend} from './adapters/backend.ts';
import {LineupKeeper} from './adapters/lineup-keeper.ts';
import {loadModels} from './adapters/model-store.ts';
import {gateLimits} from './adapters/gate-limits.ts';
import {pairedForecasts} from './adapters/live-rows.ts';
import {changeStates, loadRegistered, modelHistory, registeredModels} from './adapters/model-registry.ts';
import {createPredictStore} from './adapters/predict-store.ts';
import {predictUpkeep} from './adapters/upkeep.ts';
import {createWatchStore} from './adapters/watch-rows.ts';
import {coveredClasses} from './core/class-spec.ts';
import {ModelDesk} from './model-desk.ts';
import {PREDICT_DEFAULTS, PredictService} from './service.ts';
import {watchModels} from './watch.ts';

export interface Predict {
  readonly service: PredictService;
  readonly models: Pick<LineupKeeper, 'look' | 'current' | 'refusals'>;
  /** The nightly round of predict's tables, if it is due. @returns 1 when it was. */
  maintain(): Promise<number>;
  stop(): Promise<void>;
}

/** Wires model, backend and database. */
export async function startPredict(options: {
  readonly configuration: Configuration;
  readonly pool: Pool;
  readonly clock: WorldClock;
  readonly log: Logger;
  /** Instants before it are learned from and not forecast. */
  readonly forecastsFrom?: EpochMs;
}): Promise<Predict> {
  const {configuration, pool, clock, log} = options;
  const models = await LineupKeeper.open({
    pool,
    modelsDir: modelsFolder(configuration),
    choice: configuration.backend,
    strict: configuration.backendStrict,
    log,
    now: () => clock.now(),
  });
  const {scorer} = models.current;
  log.info(
    {
      backend: scorer.backend,
      passedOver: scorer.passedOver,
      models: scorer.models.map((m) => m.modelVersionId),
    },
    'model backend ready',
  );
  const serviceOptions = {
    ...PREDICT_DEFAULTS,
    forecastsFrom: options.forecastsFrom ?? PREDICT_DEFAULTS.forecastsFrom,
  };
  let forget = (): void => undefined;
  const leases =
    configuration.natsUrl === undefined
      ? undefined // one process, all partitions
      : new PartitionLeases({
          book: pgLeaseBook(pool),
          stage: 'predict',
          partitions: configuration.partitions,
          owner: processName(),
          log,
          changed: (owned) => {
            forget();
            log.info({stage: 'predict', partitions: owned}, 'partitions of this process');
          },
        });
  const ports = {
    store: createPredictStore(pool, leases && (() => [...leases.owned().keys()])),
    lineup: () => models.take(),
    now: () => clock.now(),
    digest: (text: string) => sha256(text).readUIntBE(0, 6),
    report: (problem: string) => log.warn({problem}, 'forecasts go on without it'),
  };
  const service = new PredictService(ports, serviceOptions);
  forget = () => service.forget();
  await leases?.start();
  const targets = outboxTargets(configuration).map(({id}) => id);
  const upkeeps = [
    ...predictUpkeep(pool, configuration),
    {
      name: 'watch',
      run: async (now: EpochMs) => ({
        ...(await watchModels({store: createWatchStore(pool, targets), report: ports.report}, now)),
      }),
    },
  ];
  const maintenance = new Maintenance(pool, {stage: 'predict', upkeeps, log});
  return {
    service,
    models,
    maintain: () => maintenance.runOnce(clock.now()),
    async stop() {
      await leases?.stop();
      await models.close();
    },
  };
}

/** Where the models lie. */
function modelsFolder({modelsDir}: Pick<Configuration, 'modelsDir'>): string {
  return modelsDir ?? path.join(repositoryRoot(), 'models');
}

export {trainModels} from './training/train-models.ts';
export type {TrainedModel} from './training/train-models.ts';
export {FAMILY_NAMES, type FamilyName} from './training/families/family.ts';
export {ownHistory} from './own-training.ts';
export {signalLabel} from './training/signal-label.ts';
export {poolOf} from './training/training-target.ts';
export type {TrainingTarget} from './training/training-target.ts';

export interface ModelListing {
  readonly modelVersionId: string;
  /** One, or those that a pooled model covers. */
  readonly equipmentClassIds: readonly string[];
  /** Whether it passed the quality gate when it was trained; its card.md says why. */
  readonly passed: boolean;
  /** What it was trained on. */
  readonly source: string;
}

/** The models of the installation, each proved unchanged since training. */
export async function listModels({modelsDir}: Pick<Configuration, 'modelsDir'>): Promise<ModelListing[]> {
  const models = await loadModels(modelsFolder({modelsDir}));
  return models.map(({modelVersionId, features, card}) => ({
    modelVersionId,
    equipmentClassIds: coveredClasses(features.spec),
    passed: card['passed'] === true,
    source: typeof card['source'] === 'string' ? card['source'] : 'not recorded',
  }));
}

/** Loads the configured TensorFlow.js backend as the service would. */
export async function inspectBackend({
  backend,
  backendStrict,
}: Pick<Configuration, 'backend' | 'backendStrict'>): Promise<Pick<Backend, 'name' | 'passedOver'>> {
  const {name, passedOver} = await openBackend({choice: backend, strict: backendStrict});
  return {name, passedOver};
}

/** Promotion, rollback and retirement of models, by the registry's rows. */
export function openModelDesk({
  configuration,
  pool,
  clock,
}: {
  readonly configuration: Pick<Configuration, 'modelsDir'>;
  readonly pool: Pool;
  readonly clock: WorldClock;
}): ModelDesk {
  const modelsDir = modelsFolder(configuration);
  return new ModelDesk({
    registered: () => registeredModels(pool),
    history: () => modelHistory(pool),
    change: (because, decide) => changeStates(pool, () => because, decide),
    verify: (model) =>
      loadRegistered(modelsDir, model).then(
        () => null,
        (fault: unknown) => messageOf(fault),
      ),
    paired: (of) => pairedForecasts(pool, {...of, now: clock.now()}),
    limits: () => gateLimits(pool, clock.now()),
    now: () => clock.now(),
  });
}
