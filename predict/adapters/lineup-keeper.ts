import type {ModelVersionId} from '../../domain/ids.ts';
import type {Logger} from '../../platform/log.ts';
import {rolesOf, standings, withStandIns} from '../core/model-lifecycle.ts';
import type {ModelStep} from '../core/model-lifecycle.ts';
import type {Lineup} from '../lineup.ts';
import type {BackendOptions} from './backend.ts';
import {alertRefusals} from './model-alerts.ts';
import {loadInUse, registerNew} from './model-loading.ts';
import type {ModelsHome} from './model-loading.ts';
import {modelHistory, registeredModels} from './model-registry.ts';
import type {StoredModel} from './model-store.ts';
import {openScorer} from './scorer.ts';
import type {OpenScorer} from './scorer.ts';

export interface LineupOptions extends BackendOptions, ModelsHome {
  readonly log: Logger;
}

type OpenLineup = Lineup & {readonly scorer: OpenScorer};

/** What a line-up is made of. */
interface Plan {
  readonly history: readonly ModelStep[];
  /** Verified, by version. */
  readonly models: ReadonlyMap<string, StoredModel>;
}

/**
 * The models that the registry wants loaded, kept in step with it while runs go on. A look prepares the next line-up beside the
 * one that works; the next run begins with it, and the one before is closed then. What cannot be verified is refused by name,
 * and whoever forecast before goes on.
 */
export class LineupKeeper {
  readonly #options: LineupOptions;
  #current: OpenLineup;
  #next: OpenLineup | undefined;
  /** Of the newest line-up. */
  #plan: Plan;
  #closing: Promise<void> = Promise.resolve();
  #refusals: ReadonlyMap<string, string> = new Map();
  /** Versions that have an alert, or may have one from before this process. */
  #alerted: ReadonlySet<string>;

  private constructor(options: LineupOptions, lineup: OpenLineup, plan: Plan) {
    this.#options = options;
    this.#current = lineup;
    this.#plan = plan;
    this.#alerted = new Set(plan.models.keys());
  }

  /**
   * Registers what the folder holds and loads what is in use.
   *
   * @throws OperationalFault 'model-unreadable' when a champion cannot be verified, or when nothing is registered yet and a
   * folder is damaged: then nothing says what it was for.
   */
  static async open(options: LineupOptions): Promise<LineupKeeper> {
    const isFirst = (await registeredModels(options.pool)).length === 0;
    const refused = await registerNew(options, []);
    const history = await modelHistory(options.pool);
    const {models, faults} = await loadInUse(options, inUse(history), new Map());
    const lost = standings(history).find(
      (step) => step.state === 'champion' && faults.has(step.modelVersionId),
    );
    const [first] = isFirst ? refused.values() : [];
    const fault = lost === undefined ? first : faults.get(lost.modelVersionId);
    if (fault !== undefined) throw fault;
    const plan = {history, models};
    const keeper = new LineupKeeper(options, await openLineup(options, plan), plan);
    await keeper.#note(refused, faults);
    return keeper;
  }

  /** The line-up that works now. */
  get current(): OpenLineup {
    return this.#current;
  }

  /** Versions that are in use or lie in the folder and are not loaded, and why. */
  get refusals(): ReadonlyMap<string, string> {
    return this.#refusals;
  }

  /** The line-up for a run that begins now, and with it the end of the one before. Between runs only. */
  take(): OpenLineup {
    if (this.#next !== undefined) {
      const before = this.#current.scorer;
      this.#current = this.#next;
      this.#next = undefined;
      this.#closing = Promise.all([this.#closing, before.close()]).then(() => undefined);
      const models = this.#current.scorer.models.map(({modelVersionId}) => modelVersionId);
      this.#options.log.info({models}, 'models changed without a restart');
    }
    return this.#current;
  }

  /** Registers new folders and prepares what the registry has changed. @returns 1 when the next run has a new line-up. */
  async look(): Promise<number> {
    const {pool} = this.#options;
    const before = this.#plan;
    const refused = await registerNew(this.#options, await registeredModels(pool));
    const history = await modelHistory(pool);
    const {models, faults} = await loadInUse(
      this.#options,
      [...inUse(history), ...inUse(before.history)],
      before.models,
    );
    await this.#note(refused, faults);
    const seen = withStandIns(history, before.history, (id) => models.has(id));
    const used = inUse(seen).filter((id) => models.has(id));
    if (seen.at(-1)?.stateNo === before.history.at(-1)?.stateNo && used.every((id) => before.models.has(id)))
      return 0;
    const plan = {history: seen, models: new Map(used.map((id) => [id, models.get(id)!]))};
    const lineup = await openLineup(this.#options, plan);
    const unused = this.#next?.scorer; // a run may have begun with it meanwhile
    this.#plan = plan;
    this.#next = lineup;
    await unused?.close();
    return 1;
  }

  async close(): Promise<void> {
    await this.#closing;
    await this.#next?.scorer.close();
    await this.#current.scorer.close();
  }

  /** @param inUse Of those refused, the versions that the registry wants: each is an alert. */
  async #note(strangers: ReadonlyMap<string, Error>, inUse: ReadonlyMap<string, Error>): Promise<void> {
    const {log, pool, now} = this.#options;
    const alerted = textsOf(inUse);
    const refusals = new Map([...textsOf(strangers), ...alerted]);
    for (const [modelVersionId, problem] of refusals) {
      if (this.#refusals.get(modelVersionId) !== problem)
        log.error({modelVersionId, problem}, 'model refused; whoever forecast before it goes on');
    }
    this.#refusals = refusals;
    await alertRefusals(pool, this.#alerted, alerted, now());
    this.#alerted = new Set(alerted.keys());
  }
}

function textsOf(faults: ReadonlyMap<string, Error>): Map<string, string> {
  return new Map([...faults].map(([id, fault]) => [id, fault.message]));
}

/** Versions that score, in any role. */
function inUse(history: readonly ModelStep[]): ModelVersionId[] {
  return standings(history).flatMap(({state, modelVersionId}) =>
    state === 'retired' ? [] : [modelVersionId],
  );
}

async function openLineup({choice, strict}: LineupOptions, {history, models}: Plan): Promise<OpenLineup> {
  const scorer = await openScorer({
    models: [...models.values()],
    choice,
    ...(strict === undefined ? {} : {strict}),
  });
  return {scorer, roles: rolesOf(history, scorer.models)};
}
