import { createHmac, timingSafeEqual } from 'node:crypto';

/** Where a person's browser gets an export, and what proves that accounts has made the link. */
export interface ExportLinks {
  urlOf(exportId: string, userId: string, until: Date): string;
  isGenuine(link: ExportLink, userId: string, now: Date): boolean;
}

export interface ExportLink {
  readonly exportId: string;
  /** Milliseconds since the epoch, as text. */
  readonly until: string;
  readonly signature: string;
}

export const EXPORT_PATH = '/account/exports';

/** Links of exports, signed for one person and a time. `secret` signs nothing else by this label. */
export function exportLinks(site: string, secret: string): ExportLinks {
  const sign = (exportId: string, userId: string, until: string): Buffer =>
    createHmac('sha256', secret).update(`data-export/${exportId}/${userId}/${until}`).digest();
  return {
    urlOf(exportId, userId, until) {
      const url = new URL(`${EXPORT_PATH}/${exportId}`, site);
      const at = String(until.getTime());
      url.searchParams.set('until', at);
      url.searchParams.set('signature', sign(exportId, userId, at).toString('base64url'));
      return url.href;
    },
    isGenuine({ exportId, until, signature }, userId, now) {
      const given = Buffer.from(signature, 'base64url');
      const right = sign(exportId, userId, until);
      const isRight = given.length === right.length && timingSafeEqual(given, right);
      return isRight && Number(until) > now.getTime();
    },
  };
}
