import {accessSync, constants, existsSync} from 'node:fs';
import path from 'node:path';
import type {Configuration} from '../../platform/configuration.ts';
import {isLoopback} from '../../platform/loopback.ts';
import {inspectBackend, listModels} from '../../predict/main.ts';
import {fine, look, note, problem} from './finding.ts';
import type {Finding} from './finding.ts';

/** As package.json's engines has it. */
const NODE_MIN: Readonly<Record<number, number>> = {20: 19, 22: 12, 24: 0};
/** tfjs-node loads on these; it breaks on later ones. */
const NODE_NATIVE = [20, 22];

const nodeMajor = (): number => Number(process.versions.node.split('.')[0]);

export function nodeFinding(): Finding {
  const {node} = process.versions;
  const minor = Number(node.split('.')[1]);
  const least = NODE_MIN[nodeMajor()];
  if (least !== undefined && minor >= least) return fine('node', node);
  return problem('node', node, 'use Node 20.19, 22.12 or 24, or newer ones of these lines');
}

export function folderFinding({dataDir}: Configuration): Finding {
  const folder = path.resolve(dataDir);
  let existing = folder;
  while (!existsSync(existing)) existing = path.dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
  } catch {
    return problem(
      'data folder',
      `${existing} cannot be written`,
      'correct its permissions, or set FORESTOCK_DATA_DIR',
    );
  }
  return fine('data folder', existing === folder ? folder : `${folder}, to be made at the first start`);
}

export function backendFinding(configuration: Configuration): Promise<Finding> {
  return look('model backend', 'run npm ci again, or set FORESTOCK_BACKEND=cpu', async () => {
    const {name, passedOver} = await inspectBackend(configuration);
    if (passedOver.length === 0) return fine('model backend', name);
    const why = passedOver.map((one) => `${one.name} did not load: ${one.problem}`).join('; ');
    const native = NODE_NATIVE.includes(nodeMajor())
      ? 'for the faster native one: npm i @tensorflow/tfjs-node (it downloads libtensorflow)'
      : `for the faster native one use Node ${NODE_NATIVE.join(' or ')}`;
    return note('model backend', `${name} (${why})`, native);
  });
}

export function modelFinding(configuration: Configuration): Promise<Finding> {
  return look('models', 'restore the folder from the release, or train again', async () => {
    const models = await listModels(configuration);
    if (models.length === 0)
      return note('models', 'none: forecasts come from age and base rates', 'forestock train');
    return fine('models', models.map((one) => one.modelVersionId).join(', '));
  });
}

export function webhookFinding({webhookUrl, dataDir}: Configuration): Finding {
  if (webhookUrl !== undefined) return fine('outgoing', `signed webhook at ${new URL(webhookUrl).host}`);
  const folder = path.resolve(dataDir, 'outbox');
  return note('outgoing', `files in ${folder}`, 'set WEBHOOK_URL and WEBHOOK_SECRET to tell another system');
}

export function accessFinding({httpHost, apiToken}: Configuration): Finding {
  if (apiToken !== undefined) return fine('access', 'callers show FORESTOCK_API_TOKEN');
  if (isLoopback(httpHost))
    return note('access', 'open to every program on this machine', 'set FORESTOCK_API_TOKEN');
  return problem(
    'access',
    `HTTP_HOST ${httpHost} without a token`,
    'set FORESTOCK_API_TOKEN (openssl rand -base64 32)',
  );
}
