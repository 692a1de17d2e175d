import type { Services } from '@vitrine/platform/services';
import { openStorage } from '@vitrine/platform/storage';
import { accessTokens } from '@vitrine/platform/viewer';
import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { dataExportStore } from './data-export.store.ts';
import { exportKey } from './data-export.ts';
import { EXPORT_PATH, exportLinks } from './export-link.hmac.ts';
import { siteOf } from './site.ts';

const link = z.object({ until: z.string().regex(/^\d{1,16}$/), signature: z.string().max(100) });

/**
 * `GET /account/exports/<id>`: an export's file, to the person it is of, who sends their access
 * token along with the link. Once a day. Whatever is wrong, it is not found: a link tells a stranger
 * nothing.
 */
export const exportPages =
  (services: Services): FastifyPluginAsync =>
  async (app) => {
    const exports = dataExportStore(services);
    const links = exportLinks(siteOf(services.env), services.env.TOKEN_SECRET);
    const tokens = accessTokens(services.env.TOKEN_SECRET);
    const { closed } = openStorage(services.env);

    app.get<{ Params: { exportId: string } }>(
      `${EXPORT_PATH}/:exportId`,
      // A look without taking it would use the day's one download up.
      { exposeHeadRoute: false },
      async ({ params: { exportId }, query, headers }, reply) => {
        void reply.header('cache-control', 'no-store');
        const given = link.safeParse(query);
        const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
        const viewer = token ? await tokens.verify(token).catch(() => null) : null;
        if (!viewer) {
          return reply
            .code(401)
            .header('www-authenticate', 'Bearer')
            .send({ message: 'Open this link with your access token.' });
        }
        const isPerson = viewer.appId === undefined && viewer.impersonatorId === undefined;
        const found = await exports.find(exportId);
        const isTheirs =
          given.success &&
          isPerson &&
          found?.userId === viewer.userId &&
          found.state === 'READY' &&
          links.isGenuine({ exportId, ...given.data }, viewer.userId, services.clock());
        const file = isTheirs ? await closed.stream(exportKey(exportId)) : null;
        if (!file) return reply.code(404).send({ message: 'There is no such export.' });
        if (!(await exports.takeDownload(exportId, dayOf(services.clock())))) {
          file.destroy();
          return reply.code(429).send({ message: 'It was downloaded today; come again tomorrow.' });
        }
        return reply
          .header('content-type', 'application/json')
          .header('content-disposition', 'attachment; filename="vitrine-export.json"')
          .send(file);
      },
    );
  };

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
