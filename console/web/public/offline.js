/**
 * Keeps the program of the pages for a technician without a network: what was asked of the service before is answered from here when
 * the service does not answer. Nothing of the API is kept here; the page itself keeps the jobs (src/data/kept.ts).
 */
const CACHE = 'forestock-program-1';
/** Files of a few versions of the program. */
const FILES_MAX = 120;
const PAGE = '/index.html';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const {request} = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || url.pathname.startsWith('/api/'))
    return;
  event.respondWith(answer(request, request.mode === 'navigate' ? PAGE : url.pathname));
});

async function answer(request, name) {
  const cache = await caches.open(CACHE);
  // Names of assets carry a hash of what is in them.
  const known = name.startsWith('/assets/') ? await cache.match(name) : undefined;
  if (known !== undefined) return known;
  try {
    const response = await fetch(request);
    if (response.ok) await keep(cache, name, response.clone());
    return response;
  } catch (error) {
    const before = await cache.match(name);
    if (before !== undefined) return before;
    throw error;
  }
}

async function keep(cache, name, response) {
  await cache.put(name, response);
  const files = await cache.keys();
  for (const old of files.slice(0, Math.max(0, files.length - FILES_MAX)))
    if (new URL(old.url).pathname !== PAGE) await cache.delete(old);
}
