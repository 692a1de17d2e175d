import { formatAmount, type Money } from '@vitrine/kernel/money';
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { z } from 'zod';
import { LONGEST_LANGUAGE_TAG } from './request.ts';

function textScalar(
  name: string,
  schema: z.ZodType<string>,
  hint: string,
): GraphQLScalarType<string, string> {
  const read = (value: unknown): string => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new GraphQLError(`${name} is ${hint}.`, { extensions: { code: 'BAD_USER_INPUT' } });
  };
  return new GraphQLScalarType({
    name,
    serialize: String,
    parseValue: read,
    parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined),
  });
}

const moment = z.iso.datetime({ offset: true });

const dateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize(value) {
    const date = value instanceof Date ? value : new Date(String(value));
    if (Number.isNaN(date.getTime())) throw new GraphQLError('DateTime holds no moment');
    return date.toISOString();
  },
  parseValue: readMoment,
  parseLiteral: (node) => readMoment(node.kind === Kind.STRING ? node.value : undefined),
});

function readMoment(value: unknown): Date {
  const parsed = moment.safeParse(value);
  if (parsed.success) return new Date(parsed.data);
  throw new GraphQLError('DateTime is RFC 3339, such as "2026-03-01T12:00:00Z".', {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}

/** Resolvers of the scalars and value types in `schema/common.graphql`. */
export const commonResolvers = {
  DateTime: dateTime,
  Decimal: textScalar(
    'Decimal',
    z
      .string()
      .max(40)
      .regex(/^-?\d+(\.\d+)?$/),
    'a decimal number as a string, such as "19.90"',
  ),
  CurrencyCode: textScalar(
    'CurrencyCode',
    z.string().regex(/^[A-Z]{3}$/),
    'by ISO 4217, such as "EUR"',
  ),
  MarketCode: textScalar(
    'MarketCode',
    z.string().regex(/^[A-Z]{2}$/),
    'by ISO 3166-1, such as "DE"',
  ),
  LanguageTag: textScalar(
    'LanguageTag',
    // Looking a tag up tries it ever shorter, so its length must be bound; RFC 5646 (4.4.1) needs 35.
    z
      .string()
      .max(LONGEST_LANGUAGE_TAG)
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/),
    'by BCP 47, such as "pt-BR"',
  ),
  URL: textScalar(
    'URL',
    // Checked first and as given: parsers of addresses pass over line breaks, and keep other characters.
    z
      .string()
      .regex(/^[^\s\p{Cc}]+$/u)
      .pipe(z.url({ protocol: /^https?$/ })),
    'an absolute http or https address without blanks',
  ),
  /** Resolvers hand out `Money` of the kernel; clients see a decimal string. */
  Money: { amount: (money: Money) => formatAmount(money) },
};
