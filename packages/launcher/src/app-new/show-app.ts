import type { NewApp } from './make-app.ts';

/** As the guide's blocks read them. */
const variablesOf = (app: NewApp): Readonly<Record<string, string>> => ({
  VITRINE_URL: app.url,
  APP_NAME: app.name,
  CLIENT_ID: app.clientId,
  CLIENT_SECRET: app.clientSecret,
  SHOP_ID: app.shopId,
  SHOP_NAME: app.shopName,
  VARIANT_ID: app.variantId,
  APP_TOKEN: app.appToken,
  ACCESS_TOKEN: app.accessToken,
  REFRESH_TOKEN: app.refreshToken,
});

/** For a shell, whatever a name holds. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Lines that a shell reads with `source`. */
export const envLines = (app: NewApp): string =>
  Object.entries(variablesOf(app))
    .map(([name, value]) => `export ${name}=${quoted(value)}`)
    .join('\n');

/** What people see: what they must keep, and what they can do with it at once. */
export const appText = (app: NewApp, example: string): string => `${app.name} is registered.

  client id      ${app.clientId}
  client secret  ${app.clientSecret}   (shown this once: keep it)
  test shop      ${app.shopName}, ${app.shopId}

Everything below can be pasted into a shell in the folder of the platform, as it stands: a query
with the app's token, a webhook whose signature is verified, and a test order that it is told of.
docs/integrators.md says what each step does.

${envLines(app)}
export APP_DIR="\${APP_DIR:-.data/${app.clientId}}"
mkdir -p "$APP_DIR"

${example}
`;
