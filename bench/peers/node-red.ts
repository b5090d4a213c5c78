import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {KeptProcess} from '../../chaos/kept-process.ts';
import {PEER_COUNT} from './peer.ts';
import type {Peer, PeerServers} from './peer.ts';

const POOL_MAX = 10;

/** Node-RED and the driver that its flow uses, by npm, into the bench's folder. @returns null where npm cannot bring them */
export function installNodeRed(folder: string): string | null {
  const root = join(folder, 'node-red');
  mkdirSync(root, {recursive: true});
  writeFileSync(join(root, 'package.json'), '{"private": true}');
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel', 'error', 'node-red@4', 'pg@8'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } catch {
    return null;
  }
  return existsSync(join(root, 'node_modules/node-red/red.js')) ? root : null;
}

/**
 * A flow as one draws it: an MQTT node (QoS 1, a session that the broker keeps), a function node that inserts through a pool.
 * Its MQTT client acknowledges a message when it is handed on, before anything is stored.
 */
export function nodeRed(root: string, {mqttUrl, databaseUrl}: PeerServers): Peer {
  const {hostname, port} = new URL(mqttUrl);
  const flows = [
    {id: 'tab', type: 'tab', label: 'readings'},
    {
      id: 'config-broker',
      type: 'mqtt-broker',
      broker: hostname,
      port,
      clientid: 'node-red',
      autoConnect: true,
      protocolVersion: '4',
      keepalive: '60',
      cleansession: false,
    },
    {
      id: 'in',
      type: 'mqtt in',
      z: 'tab',
      topic: 'telemetry/#',
      qos: '1',
      datatype: 'json',
      broker: 'config-broker',
      inputs: 0,
      wires: [['insert']],
    },
    {
      id: 'insert',
      type: 'function',
      z: 'tab',
      outputs: 0,
      libs: [{var: 'pg', module: 'pg'}],
      initialize: `context.set('pool', new pg.Pool({connectionString: ${JSON.stringify(databaseUrl)}, max: ${POOL_MAX}}));`,
      func: `const {observedAt, boot, seq, values} = msg.payload;
context.get('pool')
  .query('INSERT INTO reading VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [msg.topic.split('/')[3], boot, seq, observedAt, values])
  .then(() => node.done(), (error) => node.error(error, msg));`,
      finalize: `context.get('pool').end();`,
      wires: [],
    },
  ];
  writeFileSync(join(root, 'flows.json'), JSON.stringify(flows));
  writeFileSync(
    join(root, 'settings.js'),
    `module.exports = {flowFile: 'flows.json', httpAdminRoot: false, httpNodeRoot: false, functionExternalModules: true, uiPort: 0, telemetry: {enabled: false}, logging: {console: {level: 'info'}}};`,
  );
  const red = join(root, 'node_modules/node-red/red.js');
  return {
    countSql: PEER_COUNT,
    process: new KeptProcess({
      name: 'node-red',
      logFile: join(root, 'node-red.log'),
      readyText: 'Connected to broker',
      command: () => ({program: process.execPath, args: [red, '--userDir', root]}),
    }),
  };
}
