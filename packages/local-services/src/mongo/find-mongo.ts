import { existsSync } from 'node:fs';
import {
  type DocumentdbInstallation,
  installDocumentdb,
  isDocumentdbInstalled,
} from '../documentdb/installation.ts';
import type { DataLayout } from '../supervisor/data-layout.ts';
import { LocalServicesError, type ReportStep } from '../supervisor/messages.ts';
import { runTool } from '../supervisor/run-tool.ts';
import { downloadedMongod } from './mongodb-binary.ts';

/** Which engine speaks MongoDB on this machine. */
export type MongoEngine =
  | { readonly kind: 'mongod'; readonly binary: string }
  | { readonly kind: 'documentdb'; readonly installation: DocumentdbInstallation };

/**
 * An engine, in this order: `mongod` on the PATH, MongoDB's binary by download, DocumentDB from
 * Debian's packages. Data that is there already decides first: the other engine could not read it.
 * And DocumentDB once installed is not given up because a download has become possible.
 */
export async function findMongo(
  layout: DataLayout,
  report: ReportStep,
  signal: AbortSignal,
): Promise<MongoEngine> {
  const attempts: string[] = [];
  const mayUseMongod = !existsSync(layout.documentdb);
  const mayUseDocumentdb = !existsSync(layout.mongod);

  if (mayUseMongod) {
    if ((await runTool('mongod', ['--version'])).ok) return { kind: 'mongod', binary: 'mongod' };
    attempts.push('mongod: not on the PATH');
    if (!mayUseDocumentdb || !isDocumentdbInstalled()) {
      const download = await downloadedMongod();
      if (download.binary !== undefined) return { kind: 'mongod', binary: download.binary };
      attempts.push(`MongoDB's own binary: ${download.refusal}`);
    }
  }
  if (mayUseDocumentdb) {
    const installed = await installDocumentdb(report, signal);
    if (installed.installation !== undefined) {
      return { kind: 'documentdb', installation: installed.installation };
    }
    attempts.push(`DocumentDB from Debian's packages: ${installed.refusal}`);
  }
  throw new LocalServicesError(
    [
      'No MongoDB to use. Tried:',
      ...attempts.map((attempt) => `  ${attempt}`),
      'Install mongod, or run `docker compose up -d mongo redis` and set MONGODB_URL.',
    ].join('\n'),
  );
}
