import {z} from 'zod';
import {ok, refused} from '../../../domain/result.ts';
import {DAY_MS, epochMs, plusMs} from '../../../domain/time.ts';
import {compareLive, modelHistory, registeredModels, standings} from '../../../predict/api.ts';
import {compareModels} from '../../../replenish/api.ts';
import {modelsBehind} from '../models-behind.ts';
import {askGate, promoteModel} from '../model-promotion.ts';
import {ModelVersion, comparedView, modelView} from '../model-view.ts';
import {ModelComparisonView, ModelHistory} from '../model-view.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant} from '../wire.ts';

const modelVersionId = z.string().min(1).max(128);
const actor = z.string().min(1).max(64).default('api').describe('Who does it; goes into the audit trail');
const reason = z.string().min(1).max(500);
const Change = z.object({modelVersionId: z.string(), equipmentClassId: z.string(), state: z.string()});
const changes = z.array(Change).describe('In force in every process at its next run, within seconds');
const Check = z.object({claim: z.string(), value: z.number(), passed: z.boolean()});

const unknown = (id: string): {ok: false; reason: string; detail: string} =>
  refused('unknown-model', `no model ${id} is registered; see forestock model list`);

export const modelRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/models',
    tag: 'models',
    permission: 'models.read',
    summary: 'Failure models and what each is to its equipment classes, now or at an instant',
    query: z.object({at: z.iso.datetime().optional()}),
    reply: z.object({models: z.array(ModelVersion)}),
    async handle({query: {at}}, {db}) {
      const until = at === undefined ? Infinity : Date.parse(at);
      const [models, history] = await Promise.all([registeredModels(db), modelHistory(db)]);
      const now = standings(history.filter(({fromAt}) => fromAt <= until)) as typeof history;
      return ok({
        models: models.filter((one) => one.firstSeenAt <= until).map((one) => modelView(one, now)),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/models/{modelVersionId}',
    tag: 'models',
    permission: 'models.read',
    summary:
      'One version: its card, the hash of its manifest, and every state that it was in, with who, why and the figures',
    params: z.object({modelVersionId}),
    reply: ModelVersion.extend({card: z.looseObject({}), history: z.array(ModelHistory)}),
    refusals: ['unknown-model'],
    async handle({params}, {db}) {
      const [models, history] = await Promise.all([registeredModels(db), modelHistory(db)]);
      const model = models.find((one) => one.modelVersionId === params.modelVersionId);
      if (model === undefined) return unknown(params.modelVersionId);
      return ok({
        ...modelView(model, standings(history) as typeof history),
        card: model.card,
        history: history.filter((step) => step.modelVersionId === model.modelVersionId),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/models/{modelVersionId}/compare',
    tag: 'models',
    permission: 'models.read',
    summary:
      'Two versions on the same forecasts, and recorded decisions taken again with the other’s forecasts: which would differ; changes nothing',
    params: z.object({modelVersionId}),
    query: z.object({with: modelVersionId, days: z.int().min(1).max(365).default(28)}),
    reply: ModelComparisonView,
    refusals: ['unknown-model', 'model-class'],
    async handle({params, query}, {db, clock}) {
      const models = await registeredModels(db);
      const [one, other] = [params.modelVersionId, query.with].map((id) =>
        models.find((each) => each.modelVersionId === id),
      );
      if (one === undefined) return unknown(params.modelVersionId);
      if (other === undefined) return unknown(query.with);
      const shared = one.equipmentClassIds.filter((id) => other.equipmentClassIds.includes(id));
      if (shared.length === 0)
        return refused(
          'model-class',
          `${one.modelVersionId} is about ${one.equipmentClassIds.join(' and ')}, ${other.modelVersionId} about ${other.equipmentClassIds.join(' and ')}; compare two of one class`,
        );
      const now = clock.now();
      const live = [];
      for (const equipmentClassId of shared) {
        const pair = {champion: one.modelVersionId, challenger: other.modelVersionId};
        live.push({
          equipmentClassId,
          horizons: await compareLive(db, {...pair, equipmentClassId, now, days: query.days}),
        });
      }
      const decisions = await compareModels(db, {
        before: one.modelVersionId,
        after: other.modelVersionId,
        from: plusMs(now, -query.days * DAY_MS),
        now,
      });
      return ok(comparedView(one, other, live, decisions));
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/models/{modelVersionId}/gate',
    tag: 'models',
    permission: 'models.read',
    summary: 'What the gate would say to a promotion now: every check with its figure; changes nothing',
    params: z.object({modelVersionId}),
    reply: z.object({
      checks: z.array(Check),
      lacking: z.array(z.string()).describe('What cannot be asked yet'),
    }),
    refusals: ['unknown-model', 'model-class', 'model-state', 'model-refused'],
    async handle({params}, ports) {
      const asked = await askGate(ports, params);
      return asked.ok ? ok({checks: asked.value.checks, lacking: asked.value.lacking}) : asked;
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/models/{modelVersionId}/promote',
    tag: 'models',
    permission: 'models.operate',
    summary:
      'Makes a version champion of its classes, if it passes the gate: card, live forecasts beside the champion’s, stock cost on replayed decisions',
    params: z.object({modelVersionId}),
    body: z.object({
      equipmentClassIds: z
        .array(z.string().min(1))
        .min(1)
        .max(100)
        .optional()
        .describe('Only these of its classes'),
      onCardAlone: reason
        .optional()
        .describe('Why its card has to do where live evidence is lacking; recorded'),
      actor,
    }),
    reply: z.object({changes, checks: z.array(Check), lacking: z.array(z.string())}),
    refusals: [
      'unknown-model',
      'model-class',
      'model-state',
      'model-refused',
      'gate-not-passed',
      'evidence-lacking',
    ],
    handle: ({params, body}, ports) => promoteModel(ports, {...params, ...body}),
  }),
  route({
    method: 'POST',
    path: '/api/v1/models/rollback',
    tag: 'models',
    permission: 'models.operate',
    summary: 'Gives the seat back to the version before; without one, the class falls back to its age law',
    body: z.object({
      equipmentClassId: z
        .string()
        .min(1)
        .optional()
        .describe('Without it: the classes that the newest promotion has reached'),
      reason: reason.default('not said'),
      actor,
    }),
    reply: z.object({changes}),
    refusals: ['model-state', 'model-refused', 'nothing-to-roll-back'],
    async handle({body}, {models}) {
      const done = await models.rollback(body.equipmentClassId, {actor: body.actor, reason: body.reason});
      return done.ok ? ok({changes: done.value}) : done;
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/models/{modelVersionId}/retire',
    tag: 'models',
    permission: 'models.operate',
    summary: 'Ends a shadow: it forecasts no more, and its folder may go',
    params: z.object({modelVersionId}),
    body: z.object({reason: reason.default('not said'), actor}),
    reply: z.object({changes}),
    refusals: ['unknown-model', 'model-state'],
    async handle({params, body}, {models}) {
      const done = await models.retire(params.modelVersionId, body);
      return done.ok ? ok({changes: done.value}) : done;
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/models/{modelVersionId}/recover',
    tag: 'models',
    permission: 'models.operate',
    summary: 'Puts a model back that had fallen back; what it said before does not count against it',
    params: z.object({modelVersionId}),
    body: z.object({reason, actor}),
    reply: z.object({changes}),
    refusals: ['unknown-model', 'model-state', 'model-refused'],
    async handle({params, body}, {models}) {
      const done = await models.recover(params.modelVersionId, body);
      return done.ok ? ok({changes: done.value}) : done;
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/decisions/{decisionId}/models',
    tag: 'models',
    permission: 'decisions.read',
    summary:
      'Which models decided: each version behind the decision, what it was to its class then, and what it forecast',
    params: z.object({decisionId: z.uuid()}),
    reply: z.object({
      decisionId: z.string(),
      decidedAt: Instant,
      models: z.array(
        z.object({
          modelVersionId: z.string(),
          method: z.string(),
          equipmentClassIds: z.array(z.string()),
          manifestSha256: z.string().nullable().describe('Null: an age law, which its name states in full'),
          states: z.array(z.string()).describe('What it was to its classes when that was decided'),
          components: z.int().describe('Of the decision’s group, that it had forecast'),
          highestPpm: z.int().describe('Of them, the likeliest to fail within 28 days'),
        }),
      ),
    }),
    refusals: ['not-found'],
    async handle({params: {decisionId}}, {db}) {
      const found = await modelsBehind(db, decisionId);
      return found === null
        ? refused('not-found', `there is no decision ${decisionId}; look it up in /api/v1/decisions`)
        : ok({...found, decidedAt: epochMs(found.decidedAt)});
    },
  }),
];
