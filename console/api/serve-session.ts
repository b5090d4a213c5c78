import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {z} from 'zod';
import type {EpochMs} from '../../domain/time.ts';
import {passwordsAreBusy} from '../../platform/passwords.ts';
import type {Principal} from '../../platform/principal.ts';
import {requestCheck} from './check-request.ts';
import type {Problem} from './check-request.ts';
import {isOwnOrigin} from './guard.ts';
import type {Guard} from './guard.ts';
import {permissionsOf} from './permissions.ts';
import type {ConsolePorts} from './ports.ts';
import {modeInForce} from './routes/parameters.ts';
import {SESSION_ROUTES, SessionView} from './routes/session.ts';
import type {Credentials, NewPassword} from './routes/session.ts';
import {refuse, refuseInvalid} from './serve-routes.ts';
import {clearSessionCookie, isSecure, sessionSecret, setSessionCookie} from './session-cookie.ts';
import {SignInLimits} from './sign-in-limits.ts';

/** Sign-in, sign-out and who is signed in. Public: each says by itself what it needs. */
export function serveSession(
  app: FastifyInstance,
  ports: ConsolePorts,
  options: {
    readonly guard: Guard;
    readonly publicUrl: string | undefined;
    /** Where browsers sign in elsewhere. */
    readonly oidcPath: string | null;
  },
): void {
  const {guard, publicUrl, oidcPath} = options;
  const {users, sessions, log} = ports;
  const {path} = SESSION_ROUTES.get;
  const limits = new SignInLimits(Date.now);
  const config = {permission: 'public'} as const;
  const view = async (principal: Principal | null, endsAt: EpochMs | null): Promise<unknown> =>
    z.encode(SessionView, {
      principal: principal && {
        ...principal,
        depotIds: principal.depotIds && [...principal.depotIds],
        segments: principal.segments && [...principal.segments],
      },
      permissions: principal === null ? [] : [...permissionsOf(principal)],
      endsAt,
      signIn: {password: await users.any(), oidc: oidcPath},
      installation: principal && {mode: await modeInForce(ports), demo: ports.installation.demo},
    });

  /** Refuses who has failed too often of late. */
  const mustWait = (name: string, request: FastifyRequest, reply: FastifyReply): boolean => {
    const waitMs = passwordsAreBusy() ? 1000 : limits.waitMs(name, request.ip);
    if (waitMs === 0) return false;
    const waitS = Math.ceil(waitMs / 1000);
    void reply.header('retry-after', waitS);
    void refuse(request, reply, 'too-many-sign-ins', `too many sign-ins failed; try again in ${waitS} s`);
    return true;
  };

  app.get(path, {config}, async (request, reply) => {
    const caller = await guard(request);
    if (!caller.ok && request.headers.authorization !== undefined)
      return refuse(request, reply, caller.reason, caller.detail);
    if (caller.ok) request.principal = caller.value;
    const secret = sessionSecret(request);
    const session = secret === undefined ? null : await sessions.find(secret);
    return view(caller.ok ? caller.value : null, session?.endsAt ?? null);
  });

  const check = requestCheck(SESSION_ROUTES.post);
  app.post(path, {config}, async (request, reply) => {
    if (request.headers.origin !== undefined && !isOwnOrigin(request, publicUrl))
      return refuseForeign(request, reply);
    const checked = check({params: {}, query: {}, body: request.body});
    if (!checked.ok) return refuseInvalid(request, reply, checked);
    const {name, password} = checked.value.body as z.output<typeof Credentials>;
    if (mustWait(name, request, reply)) return reply;
    const principal = await users.signIn(name, password);
    if (principal === null) {
      limits.failed(name, request.ip);
      log.warn({address: request.ip}, 'sign-in refused'); // no name: people type passwords there
      return refuse(request, reply, 'sign-in-refused', 'the name or the password is wrong; correct it');
    }
    limits.succeeded(name);
    request.principal = principal;
    const session = await sessions.open(principal);
    setSessionCookie(reply, session, isSecure(request, publicUrl));
    return view(principal, session.endsAt);
  });

  const checkPasswords = requestCheck(SESSION_ROUTES.password);
  app.post(SESSION_ROUTES.password.path, {config}, async (request, reply) => {
    const caller = await guard(request);
    if (!caller.ok) return refuse(request, reply, caller.reason, caller.detail);
    request.principal = caller.value;
    const {kind, name} = caller.value;
    if (kind !== 'user')
      return refuse(
        request,
        reply,
        'no-password',
        `${name} does not sign in here with a password; change it there`,
      );
    const checked = checkPasswords({params: {}, query: {}, body: request.body});
    if (!checked.ok) return refuseInvalid(request, reply, checked);
    const {password, newPassword} = checked.value.body as z.output<typeof NewPassword>;
    if (mustWait(name, request, reply)) return reply;
    const beside = (field: string, what: string): Problem[] => [
      {path: `body.${field}`, what, nextStep: 'Correct it.'},
    ];
    if ((await users.signIn(name, password)) === null) {
      limits.failed(name, request.ip);
      return refuse(
        request,
        reply,
        'password-wrong',
        'this is not your password',
        beside('password', 'This is not your password'),
      );
    }
    limits.succeeded(name);
    const set = await users.setPassword(name, newPassword, name);
    if (!set.ok) return refuse(request, reply, set.reason, set.detail, beside('newPassword', set.detail));
    // All sessions have ended with it; whoever gave the password goes on in a new one.
    const session = await sessions.open(caller.value);
    setSessionCookie(reply, session, isSecure(request, publicUrl));
    return view(caller.value, session.endsAt);
  });

  app.delete(path, {config}, async (request, reply) => {
    if (request.headers.origin !== undefined && !isOwnOrigin(request, publicUrl))
      return refuseForeign(request, reply);
    const secret = sessionSecret(request);
    if (secret !== undefined) {
      request.principal = (await sessions.find(secret))?.principal ?? null;
      await sessions.close(secret);
    }
    clearSessionCookie(reply);
    return {signedOut: true};
  });
}

function refuseForeign(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const {origin = 'nowhere'} = request.headers;
  return refuse(
    request,
    reply,
    'foreign-origin',
    `called as ${request.host} from a page of ${origin}; sign in and out on the console's own pages, or set PUBLIC_URL to where browsers find it`,
  );
}
