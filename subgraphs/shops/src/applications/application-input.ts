import {
  emailProblems,
  type InputProblem,
  type LengthRule,
  lineProblems,
} from '../input/input-rules.ts';
import { shopNameRule } from '../shops/shop.ts';
import type { Answers, RejectionReason } from './application.ts';

type Optional<Value> = Value | null | undefined;

/** Answers as a client sends them. */
export interface AnswersInput extends Omit<Answers, 'returnAddress'> {
  readonly returnAddress: {
    readonly name: string;
    readonly line1: string;
    readonly line2?: Optional<string>;
    readonly city: string;
    readonly postalCode?: Optional<string>;
  };
}

const businessNameRule: LengthRule = { shortest: 2, longest: 200 };
const LICENCE = /^[A-Z0-9](?:[A-Z0-9./ -]{2,38})[A-Z0-9]$/i;
const addressRules: Readonly<Record<keyof Answers['returnAddress'], LengthRule>> = {
  name: { shortest: 1, longest: 100 },
  line1: { shortest: 1, longest: 200 },
  line2: { shortest: 0, longest: 200 },
  city: { shortest: 1, longest: 100 },
  postalCode: { shortest: 0, longest: 20 },
};

/** What somebody who wants to sell there is told of a market; null where they may. */
export type MarketProblem = 'UNKNOWN_MARKET' | 'TEST_MARKET';

const marketMessages: Readonly<Record<MarketProblem, string>> = {
  UNKNOWN_MARKET: 'The platform does not trade in this market.',
  TEST_MARKET: 'A shop of the test market comes with an app and is not applied for.',
};

/** Every rule the answers break. `problemOf` judges where the shop wants to sell. */
export function answersProblems(
  answers: AnswersInput,
  problemOf: (market: string) => MarketProblem | null,
): InputProblem[] {
  const at = (...path: string[]) => ['answers', ...path];
  const { returnAddress } = answers;
  const market = problemOf(answers.market);
  return [
    ...(market ? [{ code: market, message: marketMessages[market], path: at('market') }] : []),
    ...lineProblems(answers.shopName, at('shopName'), shopNameRule),
    ...lineProblems(answers.businessName, at('businessName'), businessNameRule),
    ...(LICENCE.test(answers.licenceNumber.trim())
      ? []
      : [
          {
            code: 'LICENCE_MALFORMED',
            message: 'A licence has 4 to 40 letters, digits, dots, slashes, hyphens and spaces.',
            path: at('licenceNumber'),
          },
        ]),
    ...emailProblems(answers.contactEmail, at('contactEmail')),
    ...lineProblems(returnAddress.name, at('returnAddress', 'name'), addressRules.name),
    ...lineProblems(returnAddress.line1, at('returnAddress', 'line1'), addressRules.line1),
    ...lineProblems(returnAddress.line2 ?? '', at('returnAddress', 'line2'), addressRules.line2),
    ...lineProblems(returnAddress.city, at('returnAddress', 'city'), addressRules.city),
    ...lineProblems(
      returnAddress.postalCode ?? '',
      at('returnAddress', 'postalCode'),
      addressRules.postalCode,
    ),
  ];
}

/** Sound answers as they are kept: without white space around, and null for what was left empty. */
export function answersOf({ returnAddress, ...input }: AnswersInput): Answers {
  return {
    market: input.market,
    sellerType: input.sellerType,
    shopName: input.shopName.trim(),
    businessName: input.businessName.trim(),
    licenceNumber: input.licenceNumber.trim().toUpperCase(),
    contactEmail: input.contactEmail.trim(),
    returnAddress: {
      name: returnAddress.name.trim(),
      line1: returnAddress.line1.trim(),
      line2: returnAddress.line2?.trim() || null,
      city: returnAddress.city.trim(),
      postalCode: returnAddress.postalCode?.trim() || null,
    },
  };
}

const reasonRule: LengthRule = { shortest: 1, longest: 500 };

/** Every rule a decision breaks: a rejection says why, field by field; an approval has nothing to say. */
export function reviewProblems(
  decision: 'APPROVE' | 'REJECT',
  reasons: readonly RejectionReason[],
): InputProblem[] {
  if (decision === 'APPROVE') {
    return reasons.length === 0
      ? []
      : [
          {
            code: 'REASONS_WITH_APPROVAL',
            message: 'Only a rejection has reasons.',
            path: ['reasons'],
          },
        ];
  }
  if (reasons.length === 0) {
    return [
      {
        code: 'REASONS_MISSING',
        message: 'Say what is wrong with which field.',
        path: ['reasons'],
      },
    ];
  }
  const fields = reasons.map(({ field }) => field);
  return reasons.flatMap(({ field, message }, index) => [
    ...lineProblems(message, ['reasons', index, 'message'], reasonRule),
    ...(fields.indexOf(field) < index
      ? [
          {
            code: 'DUPLICATE_FIELD',
            message: 'Name each field once.',
            path: ['reasons', index, 'field'],
          },
        ]
      : []),
  ]);
}
