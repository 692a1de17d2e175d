import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { metrics } from '@vitrine/platform/metrics';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

const rules = z.object({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^[A-Z][A-Za-z]+$/),
          expr: z.string(),
          for: z.string().regex(/^\d+[smh]$/),
          labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
          annotations: z.strictObject({ summary: z.string(), runbook: z.string() }),
        }),
      ),
    }),
  ),
});

const alerts = rules.parse(parse(read('docs/alerts.yml'))).groups.flatMap((group) => group.rules);

/** Every metric of the gateway and the workers, with its labels, once all that define some are loaded. */
const defined = new Map<string, readonly string[]>();

beforeAll(async () => {
  const files = globSync('{gateway,packages/platform,subgraphs/*}/src/**/*.ts', {
    cwd: root,
  }).filter(
    (path) => !/\.(test|fixture)\.ts$/.test(path) && read(path).includes('registers: [metrics]'),
  );
  for (const path of files) await import(/* @vite-ignore */ `${root}${path}`);
  for (const metric of metrics.getMetricsAsArray()) {
    // prom-client keeps the names it was given, and does not say so in its types.
    const { labelNames } = metric as unknown as { readonly labelNames: readonly string[] };
    defined.set(metric.name, labelNames);
  }
});

/** The metric of a series: histograms and summaries tell several. */
const metricOf = (series: string): string =>
  defined.has(series) ? series : series.replace(/_(bucket|sum|count)$/, '');

/** Names in an expression that look like metrics of ours, of Node or of the process. */
const seriesIn = (text: string): string[] =>
  text.match(/\b(vitrine|nodejs|process)_[a-z0-9_]+\b/g) ?? [];

describe.each(alerts)('the alert $alert', ({ expr, annotations }) => {
  test('asks for metrics and labels that there are', () => {
    const series = seriesIn(expr);
    expect(series.length).toBeGreaterThan(0);
    for (const name of series) expect([...defined.keys()]).toContain(metricOf(name));
    for (const [, name = '', selector = ''] of expr.matchAll(/\b([a-z0-9_]+)\{([^}]*)\}/g)) {
      const labels = [...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label);
      expect(defined.get(metricOf(name))).toEqual(expect.arrayContaining(labels));
    }
  });

  test('balances its brackets', () => {
    const without = expr.replaceAll(/"[^"]*"/g, '');
    for (const [open, close] of ['()', '{}', '[]'].map((pair) => [...pair])) {
      expect(without.split(open ?? '').length).toBe(without.split(close ?? '').length);
    }
  });

  test('has a runbook that names it and tells what to do', () => {
    expect(existsSync(`${root}${annotations.runbook}`)).toBe(true);
    const page = read(annotations.runbook);
    const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings.slice(0, 5)).toEqual([
      'Symptom',
      'Meaning',
      'First look',
      'Mitigation',
      'Finding the cause',
    ]);
  });
});

test('alerts have names of their own, and each is in its runbook and in the index', () => {
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  const index = read('docs/runbooks/README.md');
  for (const { alert, annotations } of alerts) {
    expect(read(annotations.runbook)).toContain(`\`${alert}\``);
    expect(index).toContain(alert);
  }
});

describe('the runbooks', () => {
  const pages = readdirSync(`${root}docs/runbooks`).filter((name) => name.endsWith('.md'));

  test.each(pages)('%s points at files and metrics that there are', (name) => {
    const page = read(`docs/runbooks/${name}`);
    for (const [, link = ''] of page.matchAll(/\]\(([^)#]+)/g)) {
      if (!/^https?:/.test(link))
        expect(existsSync(`${root}docs/runbooks/${link}`), link).toBe(true);
    }
    for (const [path] of page.matchAll(/\b(packages|gateway|subgraphs)\/[\w./-]+\.ts\b/g)) {
      expect(existsSync(`${root}${path}`), path).toBe(true);
    }
    const scripts = z.object({ scripts: z.record(z.string(), z.string()) });
    const known = Object.keys(scripts.parse(JSON.parse(read('package.json'))).scripts);
    for (const [, script = ''] of page.matchAll(/npm run ([\w:]+)/g))
      expect(known).toContain(script);
    for (const series of page.match(/(?<!")\bvitrine_[a-z0-9_]+[a-z0-9]\b(?![|_(])/g) ?? []) {
      // In a pattern of grep a name may be cut off; in quotes it is a database.
      const isKnown = [...defined.keys()].some((metric) => metric.startsWith(metricOf(series)));
      expect(isKnown, series).toBe(true);
    }
  });
});

describe('docs/observability.md', () => {
  const page = read('docs/observability.md');
  const rows = new Map(
    [...page.matchAll(/^\| `(vitrine_[a-z0-9_]+)` \| ([^|]*) \|/gm)].map(
      ([, name = '', labels = '']) =>
        [name, [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label)] as const,
    ),
  );

  test('tells every metric of ours with its labels, and no other', () => {
    const ours = [...defined].filter(([name]) => name.startsWith('vitrine_'));
    const sorted = (entries: Iterable<readonly [string, readonly unknown[]]>) =>
      Object.fromEntries([...entries].map(([name, labels]) => [name, labels.toSorted()]));
    expect(sorted(rows)).toEqual(sorted(ours));
  });

  test.each(['OTEL_EXPORTER_OTLP_ENDPOINT', 'TRACE_SAMPLE_RATIO', 'METRICS_PORT', 'METRICS_TOKEN'])(
    'explains %s, which is a variable',
    (name) => {
      expect(page).toContain(`\`${name}\``);
      expect(read('packages/platform/src/env.ts')).toContain(name);
    },
  );
});
