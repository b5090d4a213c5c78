// Latest decisions and alerts, refreshed by the event stream. Texts go in as text nodes: nothing that equipment sends becomes markup.
const SHOWN = 25;
const RETRY_MS = 2000;
const LOOK_MS = 5000;
const byId = (id) => document.getElementById(id);
const decisions = new Map();
const alerts = new Map();
let lastEventId = null;

function headers() {
  const token = sessionStorage.getItem('token');
  return token === null ? {} : {authorization: `Bearer ${token}`};
}

async function get(path, more = {}) {
  const response = await fetch(path, {headers: {...headers(), ...more}});
  byId('token-form').hidden = response.status !== 401;
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response;
}

const json = (path) => get(path).then((response) => response.json());

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className !== undefined) made.className = className;
  return made;
}

const minute = (iso) => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

function decisionItem({partId, depotId, text, state, decidedAt, reasons, action, decisionId}) {
  const item = element('li', undefined, action === 'nothing' ? 'waits' : 'acts');
  item.append(element('p', `${partId} at ${depotId}: ${text}`, 'head'));
  const when = element('p', undefined, 'quiet');
  const link = element('a', 'trace');
  link.href = `/api/v1/decisions/${decisionId}/trace`;
  when.append(`${minute(decidedAt)} · ${state} · `, link);
  const why = element('ul', undefined, 'reasons');
  why.append(...reasons.map((reason) => element('li', reason.text)));
  item.append(when, why);
  return item;
}

function alertItem({text, state, openedAt}) {
  const item = element('li', undefined, 'alert');
  item.append(element('p', text, 'head'), element('p', `since ${minute(openedAt)} · ${state}`, 'quiet'));
  return item;
}

function show() {
  const newest = [...decisions.values()]
    .sort((a, b) => b.decidedAt.localeCompare(a.decidedAt))
    .slice(0, SHOWN);
  const dearest = [...alerts.values()]
    .filter((one) => one.state !== 'cleared')
    .sort((a, b) => b.moneyMinor - a.moneyMinor);
  byId('decisions').replaceChildren(...newest.map(decisionItem));
  byId('alerts').replaceChildren(...dearest.slice(0, SHOWN).map(alertItem));
  byId('decisions-none').hidden = newest.length > 0;
  byId('alerts-none').hidden = dearest.length > 0;
  decisions.clear();
  for (const one of newest) decisions.set(one.decisionId, one);
}

function take(event, data) {
  const {decision, alert} = JSON.parse(data);
  if (event === 'decision') decisions.set(decision.decisionId, decision);
  else if (event === 'alert') alerts.set(alert.alertId, alert);
  else return;
  show();
}

async function load() {
  const some = await json(`/api/v1/decisions?limit=${SHOWN}`);
  for (const one of some.decisions) decisions.set(one.decisionId, one);
  await loadAlerts();
}

async function loadAlerts() {
  const all = await json('/api/v1/alerts?limit=100');
  alerts.clear();
  for (const one of all.alerts) alerts.set(one.alertId, one);
  show();
}

/** The stream by fetch, because EventSource cannot send a token. */
async function follow() {
  const response = await get('/api/v1/stream', lastEventId === null ? {} : {'last-event-id': lastEventId});
  if (lastEventId === null) await load();
  byId('live').textContent = 'live';
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const field = (name) =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      lastEventId = field('id') ?? lastEventId;
      if (field('event') !== undefined) take(field('event'), field('data'));
    }
  }
}

async function keepFollowing() {
  for (;;) {
    await follow().catch(() => undefined);
    byId('live').textContent = 'not connected, trying again';
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

const sum = (rows) => rows.reduce((total, {n}) => total + n, 0);

function showStatus({clock, forecasts, outbox}) {
  byId('clock').textContent = minute(clock.now);
  const modelled = sum(forecasts.filter(({method}) => method === 'model'));
  byId('figures').textContent =
    `${sum(forecasts)} components forecast, ${modelled} by a trained model · ${outbox.pending} messages to send`;
}

/** The stream tells when an alert opens and clears; what it is expected to cost moves in between, without an event. */
async function keepLooking() {
  for (;;) {
    await Promise.all([json('/api/v1/status').then(showStatus), loadAlerts()]).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

byId('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem('token', byId('token').value);
});
void keepFollowing();
void keepLooking();
