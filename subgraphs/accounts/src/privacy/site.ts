/** Where clients find the platform: what links in mails begin with. */
export const siteOf = (env: {
  readonly PUBLIC_URL?: string | undefined;
  readonly PORT: number;
}): string => env.PUBLIC_URL ?? `http://localhost:${env.PORT}`;
