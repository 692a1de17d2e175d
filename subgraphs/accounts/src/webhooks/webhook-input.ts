import { payloadSchemaOf } from '@vitrine/events/topics/topic';
import { topicOf } from '@vitrine/events/topics/topics';
import { isComparable, schemaAt } from './payload-path.ts';
import type { WebhookCondition, WebhookWish } from './webhook.ts';

/** A broken rule of an input, with the path from `input` on. */
export interface InputProblem {
  readonly code: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

const LONGEST_URL = 2_048;
const MOST_SHOPS = 100;
const MOST_CONDITIONS = 10;
const MOST_VALUES = 100;
const MOST_FIELDS = 100;
const LONGEST_TEXT = 200;

const rule = (isBroken: boolean, problem: InputProblem): readonly InputProblem[] =>
  isBroken ? [problem] : [];

/** What the platform's configuration says of addresses. */
export interface UrlRules {
  /** On a developer's machine: plain HTTP, and addresses of the machine and its network. */
  readonly isPrivateAllowed: boolean;
  /** Whether a host that is an address, not a name, may be reached. */
  readonly isPublicAddress: (address: string) => boolean;
}

/** Names that never lead out of the network they are asked in. */
const isLocalName = (host: string): boolean =>
  host === 'localhost' || /\.(localhost|local|internal|lan|home\.arpa)$/.test(host);

export function urlProblems(
  text: string,
  { isPrivateAllowed, isPublicAddress }: UrlRules,
): readonly InputProblem[] {
  const path = ['url'];
  const problem = (code: string, message: string): readonly InputProblem[] => [
    { code, message, path },
  ];
  const url = text.length <= LONGEST_URL ? URL.parse(text) : null;
  if (!url) {
    return problem('URL_INVALID', `An address of at most ${LONGEST_URL} characters is needed.`);
  }
  if (url.protocol !== 'https:' && !(isPrivateAllowed && url.protocol === 'http:')) {
    return problem('URL_NOT_HTTPS', 'Messages are sent over https only.');
  }
  if (url.username !== '' || url.password !== '') {
    return problem('URL_HAS_CREDENTIALS', 'Leave credentials out: messages are signed.');
  }
  // A trailing dot names the same host.
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const isAddress = /^[\d.]+$/.test(host) || host.includes(':');
  if (!isPrivateAllowed && (isAddress ? !isPublicAddress(host) : isLocalName(host))) {
    return problem('URL_PRIVATE', 'This address cannot be reached from the internet.');
  }
  return [];
}

export const wishProblems = (wish: WebhookWish, rules: UrlRules): readonly InputProblem[] => [
  ...urlProblems(wish.url, rules),
  ...topicProblems(wish.topics),
  ...rule((wish.shopIds?.length ?? 0) > MOST_SHOPS, {
    code: 'TOO_MANY_SHOPS',
    message: `At most ${MOST_SHOPS} shops can be named; leave them out for all.`,
    path: ['filter', 'shopIds'],
  }),
  ...rule(wish.conditions.length > MOST_CONDITIONS, {
    code: 'TOO_MANY_CONDITIONS',
    message: `At most ${MOST_CONDITIONS} conditions.`,
    path: ['filter', 'conditions'],
  }),
  ...wish.conditions
    .slice(0, MOST_CONDITIONS)
    .flatMap((condition, at) => conditionProblems(condition, at, wish.topics)),
  ...fieldProblems(wish),
];

function topicProblems(topics: readonly string[]): readonly InputProblem[] {
  if (topics.length === 0) {
    return [{ code: 'NO_TOPICS', message: 'Name at least one topic.', path: ['topics'] }];
  }
  if (new Set(topics).size < topics.length) {
    return [{ code: 'TOPIC_TWICE', message: 'Name each topic once.', path: ['topics'] }];
  }
  return topics.flatMap((topic, at) =>
    rule(!topicOf(topic), {
      code: 'TOPIC_UNKNOWN',
      message: 'There is no such topic; `Query.webhookTopics` lists them.',
      path: ['topics', at],
    }),
  );
}

const schemasAt = (topics: readonly string[], path: string) =>
  topics.flatMap((name) => {
    const topic = topicOf(name);
    return topic ? [schemaAt(payloadSchemaOf(topic), path)] : [];
  });

/** A condition has to hold for every event, so each topic's payload has to have its path. */
function conditionProblems(
  { path: wanted, operator, values }: WebhookCondition,
  at: number,
  topics: readonly string[],
): readonly InputProblem[] {
  const path = ['filter', 'conditions', at];
  return [
    ...rule(wanted.length > LONGEST_TEXT || !schemasAt(topics, wanted).every(isComparable), {
      code: 'PATH_UNKNOWN',
      message: 'Not every topic’s payload has a single value at this path.',
      path: [...path, 'path'],
    }),
    ...rule(
      values.length === 0 ||
        values.length > (operator === 'EQ' ? 1 : MOST_VALUES) ||
        values.some((value) => value.length > LONGEST_TEXT),
      {
        code: 'VALUES_INVALID',
        message: `One value for EQ, 1 to ${MOST_VALUES} for IN, each of at most ${LONGEST_TEXT} characters.`,
        path: [...path, 'values'],
      },
    ),
  ];
}

function fieldProblems({ includeFields, topics }: WebhookWish): readonly InputProblem[] {
  if (includeFields === null) return [];
  if (includeFields.length === 0 || includeFields.length > MOST_FIELDS) {
    return [
      {
        code: 'FIELDS_INVALID',
        message: `1 to ${MOST_FIELDS} fields; leave them out for the whole payload.`,
        path: ['includeFields'],
      },
    ];
  }
  return includeFields.flatMap((field, at) =>
    rule(field.length > LONGEST_TEXT || schemasAt(topics, field).every((found) => found === null), {
      code: 'FIELD_UNKNOWN',
      message: 'No topic’s payload has this field.',
      path: ['includeFields', at],
    }),
  );
}
