import type {EpochMs} from '../../domain/time.ts';
import type {Decoded, DraftValue} from './draft.ts';
import {NotProtobuf} from './protobuf.ts';
import {rejection} from './rejection.ts';
import type {Rejection} from './rejection.ts';
import {integerOf, readSparkplugPayload} from './sparkplug-payload.ts';
import type {DecodeUtf8, SparkplugMetric, SparkplugPayload} from './sparkplug-payload.ts';

/** What a BIRTH declared of one metric. */
export interface DeclaredMetric {
  readonly name: string;
  readonly alias?: number;
  readonly datatype: number;
}

/** The last BIRTH of a node ('' as device) or of a device behind it. */
export interface SparkplugBirth {
  /** group/node. */
  readonly edgeNode: string;
  readonly device: string;
  readonly bdSeq?: number;
  readonly metrics: readonly DeclaredMetric[];
  readonly bornAt: EpochMs;
  /** A DEATH came after it, and no word since: the equipment is known to be silent, and its aliases mean nothing any more. */
  readonly stale: boolean;
}

/** What is remembered of one edge node. */
export interface EdgeNode {
  readonly births: ReadonlyMap<string, SparkplugBirth>;
  /** The last sequence number, 0 to 255, over all messages of the node; undefined until one was heard. */
  readonly seq: number | undefined;
  /** A rebirth was asked for then, and no BIRTH has come yet. */
  readonly rebirthAskedAt: EpochMs | undefined;
}

export const UNHEARD: EdgeNode = {births: new Map(), seq: undefined, rebirthAskedAt: undefined};

export interface SparkplugAddress {
  readonly group: string;
  readonly node: string;
  readonly type: string;
  readonly device: string;
}

export interface SparkplugStep {
  readonly node: EdgeNode;
  readonly decoded: readonly Decoded[];
  /** To be kept before PUBACK. */
  readonly births: readonly SparkplugBirth[];
  readonly askRebirth: boolean;
}

const TYPES = new Set(['NBIRTH', 'NDATA', 'NDEATH', 'DBIRTH', 'DDATA', 'DDEATH']);
/** What host applications say, we among them, to nodes and of themselves: we subscribe to all of spBv1.0, and so we hear it. */
const OF_HOSTS = /^spBv1\.0\/(STATE\/|[^/]+\/[ND]CMD\/)/;
const METRICS_MAX = 2000;
/** A node that does not answer is asked again after this. */
const ASK_AGAIN_MS = 30_000;
/** Metrics that steer or describe the node and are no signals. */
const NOT_SIGNALS = /^(bdSeq$|Node Control\/|Device Control\/|Node Info\/|Properties\/)/;

/** Commands and host states are not for us. Example: 'spBv1.0/plant/NCMD/edge1', our own request for a rebirth. */
export function isOfHosts(topic: string): boolean {
  return OF_HOSTS.test(topic);
}

/** 'spBv1.0/{group}/{type}/{node}[/{device}]'. */
export function sparkplugAddress(topic: string): SparkplugAddress | undefined {
  const [namespace, group, type, node, device = '', ...more] = topic.split('/');
  if (namespace !== 'spBv1.0' || !group || !type || !node || more.length > 0 || !TYPES.has(type))
    return undefined;
  if ((device !== '') !== type.startsWith('D')) return undefined;
  return {group, type, node, device};
}

/**
 * One Sparkplug message against what is known of its node. The equipment is the device, or the node when there is none.
 * BIRTH fills the registry; DATA may then name its metrics by alias alone; a hole in the sequence, or an alias nobody declared, asks for
 * a rebirth; DEATH marks what was said as stale and ends its aliases, so that DATA whose BIRTH we missed is refused rather than
 * misread; any DATA after it says that the equipment lives. Sequence numbers repeat after 256, so they are no identity: that comes from
 * the content.
 */
export function stepSparkplug(
  node: EdgeNode,
  address: SparkplugAddress,
  bytes: Uint8Array,
  utf8: DecodeUtf8,
  now: EpochMs,
): SparkplugStep {
  const equipmentId = address.device === '' ? address.node : address.device;
  let payload: SparkplugPayload;
  try {
    payload = readSparkplugPayload(bytes, utf8);
  } catch (error) {
    const why = error instanceof NotProtobuf ? error.message : 'has a text that is not UTF-8';
    return refuse(
      node,
      equipmentId,
      rejection('wrong-shape', `the payload is no Sparkplug B message: it ${why}`),
    );
  }
  if (payload.metrics.length > METRICS_MAX) {
    return refuse(
      node,
      equipmentId,
      rejection('too-many', `${payload.metrics.length} metrics; ${METRICS_MAX} are allowed`),
    );
  }
  if (address.type.endsWith('DEATH')) return die(node, address, payload);
  // After a restart the births are known and the count is not: that alone is no hole.
  const hole = address.type !== 'NBIRTH' && node.seq !== undefined && payload.seq !== (node.seq + 1) % 256;
  const heard: EdgeNode = {...node, seq: payload.seq};
  if (address.type.endsWith('BIRTH')) return beBorn(heard, address, payload, equipmentId, now, hole);
  const birth = node.births.get(address.device);
  const {decoded, strange} = readValues(payload, birth?.metrics ?? [], equipmentId);
  if (birth?.stale !== true)
    return asking(
      {node: heard, decoded, births: [], askRebirth: hole || strange || birth === undefined},
      now,
    );
  const revived = {...birth, stale: false};
  const births = new Map([...node.births, [address.device, revived]]);
  return asking({node: {...heard, births}, decoded, births: [revived], askRebirth: true}, now);
}

function beBorn(
  node: EdgeNode,
  {group, node: name, type, device}: SparkplugAddress,
  payload: SparkplugPayload,
  equipmentId: string,
  now: EpochMs,
  hole: boolean,
): SparkplugStep {
  const metrics = payload.metrics.flatMap(({name: metric, alias, datatype}) =>
    metric === undefined
      ? []
      : [{name: metric, ...(alias === undefined ? {} : {alias}), datatype: datatype ?? 0}],
  );
  const bdSeq = bdSeqOf(payload);
  const birth: SparkplugBirth = {
    edgeNode: `${group}/${name}`,
    device,
    ...(bdSeq === undefined ? {} : {bdSeq}),
    metrics,
    bornAt: now,
    stale: false,
  };
  // A node's BIRTH ends what its devices had declared: they follow with BIRTHs of their own.
  const births = type === 'NBIRTH' ? new Map([['', birth]]) : new Map([...node.births, [device, birth]]);
  const {decoded} = readValues(payload, metrics, equipmentId);
  const born: EdgeNode = {
    ...node,
    births,
    rebirthAskedAt: type === 'NBIRTH' ? undefined : node.rebirthAskedAt,
  };
  return asking({node: born, decoded, births: [birth], askRebirth: hole}, now);
}

/** A node's DEATH counts only for the BIRTH of the same bdSeq: the will of an older connection may come late. */
function die(node: EdgeNode, {type, device}: SparkplugAddress, payload: SparkplugPayload): SparkplugStep {
  const own = node.births.get('');
  const nodeDied = type === 'NDEATH';
  if (nodeDied && own?.bdSeq !== undefined && own.bdSeq !== bdSeqOf(payload))
    return {node, decoded: [], births: [], askRebirth: false};
  const stale = [...node.births.values()]
    .filter((birth) => nodeDied || birth.device === device)
    .map((birth) => ({...birth, metrics: birth.metrics.map(withoutAlias), stale: true}));
  const births = new Map([...node.births, ...stale.map((birth) => [birth.device, birth] as const)]);
  const seq = nodeDied ? node.seq : (payload.seq ?? node.seq);
  return {node: {...node, births, seq}, decoded: [], births: stale, askRebirth: false};
}

function withoutAlias({name, datatype}: DeclaredMetric): DeclaredMetric {
  return {name, datatype};
}

function asking(step: SparkplugStep, now: EpochMs): SparkplugStep {
  const {rebirthAskedAt} = step.node;
  const due = step.askRebirth && (rebirthAskedAt === undefined || now - rebirthAskedAt >= ASK_AGAIN_MS);
  return due ? {...step, node: {...step.node, rebirthAskedAt: now}} : {...step, askRebirth: false};
}

/** The values of a message, one draft for each instant and kind of delivery (live, historical). */
function readValues(
  payload: SparkplugPayload,
  declared: readonly DeclaredMetric[],
  equipmentId: string,
): {readonly decoded: readonly Decoded[]; readonly strange: boolean} {
  const byAlias = new Map(
    declared.flatMap((metric) => (metric.alias === undefined ? [] : [[metric.alias, metric] as const])),
  );
  const byName = new Map(declared.map((metric) => [metric.name, metric]));
  const moments = new Map<
    string,
    {
      timestampMs: number | undefined;
      historical: boolean;
      values: DraftValue[];
      texts: Record<string, string>;
    }
  >();
  const unknown: number[] = [];
  for (const metric of payload.metrics) {
    const known = metric.name === undefined ? byAlias.get(metric.alias ?? -1) : byName.get(metric.name);
    const name = metric.name ?? known?.name;
    if (name === undefined) {
      unknown.push(metric.alias ?? -1);
      continue;
    }
    if (NOT_SIGNALS.test(name) || metric.value.kind === 'null' || metric.value.kind === 'other') continue;
    const timestampMs = metric.timestampMs ?? payload.timestampMs;
    const key = `${timestampMs} ${metric.historical}`;
    const moment = moments.get(key) ?? {timestampMs, historical: metric.historical, values: [], texts: {}};
    moments.set(key, moment);
    if (metric.value.kind === 'text') moment.texts[name] = metric.value.value;
    else moment.values.push({signal: name, value: numberOf(metric, known?.datatype)});
  }
  const decoded: Decoded[] = [...moments.values()]
    .filter(({values}) => values.length > 0)
    .map(({timestampMs, historical, values, texts}) => ({
      ok: true,
      draft: {
        kind: 'reading',
        equipmentId,
        time: {sent: timestampMs, form: 'epoch-ms'},
        boot: undefined,
        seq: undefined,
        values,
        historical,
        ...(Object.keys(texts).length > 0 ? {texts} : {}),
      },
    }));
  if (unknown.length > 0) {
    const why = rejection(
      'unknown-alias',
      `no BIRTH has declared alias ${unknown.slice(0, 8).join(', ')}; a rebirth was requested`,
    );
    decoded.push({ok: false, rejection: why, equipmentId});
  }
  return {decoded, strange: unknown.length > 0};
}

function numberOf({value, datatype}: SparkplugMetric, declaredType: number | undefined): number {
  if (value.kind === 'float') return value.value;
  if (value.kind === 'boolean') return Number(value.value);
  return value.kind === 'integer' ? integerOf(value.value, datatype ?? declaredType) : Number.NaN;
}

function bdSeqOf(payload: SparkplugPayload): number | undefined {
  const metric = payload.metrics.find(({name}) => name === 'bdSeq');
  return metric?.value.kind === 'integer' ? Number(metric.value.value) : undefined;
}

function refuse(node: EdgeNode, equipmentId: string, why: Rejection): SparkplugStep {
  return {node, decoded: [{ok: false, rejection: why, equipmentId}], births: [], askRebirth: false};
}
