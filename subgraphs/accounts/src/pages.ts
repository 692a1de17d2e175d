import type { PublicPages } from '@vitrine/platform/subgraph';
import { mailPages } from './mail/mail.pages.ts';
import { oauthPages } from './oauth/oauth.pages.ts';
import { OAUTH_PATHS } from './oauth/oauth.routes.ts';
import { keepPagesSafe } from './pages/safe.pages.ts';
import { picturePages } from './pictures/picture.pages.ts';
import { exportPages } from './privacy/data-export.pages.ts';
import { accountPages } from './verification/account.pages.ts';

/** What accounts serves beside the graph. Each area registers routes of its own. */
export const pages: PublicPages = {
  paths: ['/dev', '/account', '/uploads', ...OAUTH_PATHS],
  routes: (services) => async (app) => {
    // Plain pages with forms. What has protocols of its own registers beside this scope.
    await app.register(async (site) => {
      keepPagesSafe(site);
      await site.register(mailPages(services));
      await site.register(accountPages(services));
    });
    await app.register(exportPages(services));
    await app.register(picturePages(services));
    await app.register(oauthPages(services));
  },
};
