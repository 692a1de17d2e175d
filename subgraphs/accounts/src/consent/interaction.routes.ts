import { scopes as scopeTexts } from '@vitrine/platform/scopes';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { InteractionResults, Provider } from 'oidc-provider';
import type { App } from '../apps/app.ts';
import type { Grants } from '../grants/grant.ts';
import type { Membership } from '../memberships/membership.ts';
import { contentSecurityPolicy, documentOf, type PageContent } from '../pages/document.page.ts';
import { formOf, keepPagesSafe } from '../pages/safe.pages.ts';
import type { Person } from '../people/person.ts';
import { consentPage } from './consent.page.ts';
import { errorPage } from './error.page.ts';
import { formTargets, shownTarget } from './form-targets.ts';
import { signInPage } from './sign-in.page.ts';
import { type Identify, type Place, refusalTexts } from './sign-in-port.ts';

export interface InteractionPorts {
  readonly providerFor: (request: FastifyRequest) => Provider | null;
  readonly identify: Identify;
  readonly appOf: (id: string) => Promise<App | null>;
  readonly personOf: (id: string) => Promise<Person | null>;
  readonly membershipsOf: (userId: string) => Promise<readonly Membership[]>;
  readonly shopNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readonly grants: Pick<Grants, 'findFor' | 'agree'>;
  /** Forgets who signed in with this browser. */
  readonly endBrowserSession: (uid: string) => Promise<void>;
  /** Runs work on the account of a person at an address, for the audit log. */
  readonly actingAs: <Result>(
    userId: string,
    request: FastifyRequest,
    work: () => Promise<Result>,
  ) => Promise<Result>;
}

/** One step of an authorization, as the browser that began it asks for it. */
interface Step {
  readonly uid: string;
  readonly prompt: string;
  readonly app: App;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** Who signed in; null before. */
  readonly userId: string | null;
  readonly sessionUid: string | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly provider: Provider;
}

const PATH = '/oauth/interaction/:uid';

/** The pages on which a person says who they are, and what an app may do. */
export const interactionRoutes =
  (ports: InteractionPorts): FastifyPluginAsync =>
  async (app) => {
    keepPagesSafe(app);

    const stepOf = async (request: FastifyRequest, reply: FastifyReply): Promise<Step | null> => {
      const { uid } = request.params as { uid: string }; // by the path of every route here
      const provider = ports.providerFor(request);
      if (!provider) return null;
      try {
        const found = await provider.interactionDetails(request.raw, reply.raw);
        const { client_id, redirect_uri, scope } = found.params;
        const asked = await ports.appOf(String(client_id));
        // The cookie decides; an address that names another step is an old tab, or a trick.
        if (found.uid !== uid || !asked) return null;
        return {
          uid,
          provider,
          app: asked,
          prompt: found.prompt.name,
          redirectUri: String(redirect_uri),
          scopes: String(scope ?? '')
            .split(' ')
            .filter(Boolean),
          userId: found.session?.accountId ?? null,
          sessionUid: found.session?.uid ?? null,
          params: found.params,
        };
      } catch {
        return null;
      }
    };

    const show = (reply: FastifyReply, content: PageContent, step: Step | null, code = 200) => {
      const images = step?.app.iconUrl ? ` ${new URL(step.app.iconUrl).origin}` : '';
      const policy = contentSecurityPolicy(formTargets(step?.redirectUri)).replace(
        /img-src [^;]*/,
        (sources) => sources + images,
      );
      return reply
        .code(code)
        .header('content-security-policy', policy)
        .type('text/html')
        .send(documentOf(content));
    };
    const tooOld = (reply: FastifyReply) =>
      show(reply, errorPage({ code: 'session_not_found', detail: '' }), null, 400);

    const answer = async (
      { provider }: Step,
      request: FastifyRequest,
      reply: FastifyReply,
      result: InteractionResults,
    ) => reply.redirect(await provider.interactionResult(request.raw, reply.raw, result), 303);

    const signIn = (step: Step, email = '', problem: string | null = null, needsCode = false) =>
      signInPage({
        uid: step.uid,
        appName: step.app.name,
        email,
        problem,
        needsOneTimePassword: needsCode,
      });

    const consent = async (step: Step, userId: string): Promise<PageContent | null> => {
      const person = await ports.personOf(userId);
      if (!person) return null;
      const [developer, memberships, before] = await Promise.all([
        ports.personOf(step.app.developerUserId),
        ports.membershipsOf(userId),
        ports.grants.findFor(userId, step.app.id),
      ]);
      const names = await ports.shopNames(memberships.map(({ shopId }) => shopId));
      return consentPage({
        uid: step.uid,
        app: step.app,
        developer,
        person,
        returnsTo: shownTarget(step.redirectUri),
        asks: textsOf(step.scopes),
        has: textsOf(before?.scopes.filter((scope) => !step.scopes.includes(scope)) ?? []),
        shops: memberships.map(({ shopId, role }) => ({
          id: shopId,
          name: names.get(shopId) ?? shopId,
          role,
          // Nothing is chosen for anybody who has not chosen it before, but a single shop.
          isChosen: before ? before.shopIds.includes(shopId) : memberships.length === 1,
        })),
      });
    };

    app.get(PATH, async (request, reply) => {
      const step = await stepOf(request, reply);
      if (!step) return tooOld(reply);
      const page =
        step.prompt === 'consent' && step.userId !== null
          ? await consent(step, step.userId)
          : signIn(step);
      return page ? show(reply, page, step) : tooOld(reply);
    });

    app.post(`${PATH}/sign-in`, async (request, reply) => {
      const step = await stepOf(request, reply);
      if (step?.prompt !== 'login') return tooOld(reply);
      const { email = '', password = '', oneTimePassword = '' } = formOf(request);
      const outcome = await ports.identify(
        { email, password, oneTimePassword: oneTimePassword.replaceAll(/\s/g, '') || null },
        placeOf(request),
      );
      if (outcome.ok) {
        const login = { accountId: outcome.value, remember: false };
        return answer(step, request, reply, { login });
      }
      const needsCode = outcome.refusal.startsWith('ONE_TIME_PASSWORD');
      const page = signIn(step, email, refusalTexts[outcome.refusal], needsCode);
      return show(reply, page, step, outcome.refusal === 'TOO_MANY_ATTEMPTS' ? 429 : 422);
    });

    app.post(`${PATH}/consent`, async (request, reply) => {
      const step = await stepOf(request, reply);
      if (step?.prompt !== 'consent' || step.userId === null) return tooOld(reply);
      const { app: asked, scopes, userId } = step;
      if (formOf(request)['answer'] !== 'allow') return answer(step, request, reply, denied);
      const chosen = request.body instanceof URLSearchParams ? request.body.getAll('shop') : [];
      const own = await ports.membershipsOf(userId);
      const shopIds = own.map(({ shopId }) => shopId).filter((shopId) => chosen.includes(shopId));
      const grant = await ports.actingAs(userId, request, () =>
        ports.grants.agree({ userId, appId: asked.id, scopes, shopIds }),
      );
      return answer(step, request, reply, { consent: { grantId: grant.id } });
    });

    app.post(`${PATH}/cancel`, async (request, reply) => {
      const step = await stepOf(request, reply);
      return step ? answer(step, request, reply, denied) : tooOld(reply);
    });

    app.post(`${PATH}/switch`, async (request, reply) => {
      const step = await stepOf(request, reply);
      if (!step) return tooOld(reply);
      if (step.sessionUid !== null) await ports.endBrowserSession(step.sessionUid);
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(step.params)) {
        if (typeof value === 'string') query.set(name, value);
      }
      return reply.redirect(`/oauth/authorize?${query}`, 303);
    });
  };

export const placeOf = ({ ip, headers }: FastifyRequest): Place => ({
  address: ip,
  userAgent: headers['user-agent']?.slice(0, 256) ?? null,
});

const denied = {
  error: 'access_denied',
  error_description: 'The person said no.',
} as const;

const textsOf = (names: readonly string[]): string[] =>
  names.map((name) => (scopeTexts as Readonly<Record<string, string>>)[name] ?? name);
