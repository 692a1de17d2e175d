import type { SubgraphAnswer } from '../../source.ts';
import type { Run, Step } from '../run.ts';
import { type Ask, type Asking, documentOf, questionOf } from './asking.ts';
import { report } from './failures.ts';
import {
  type Asked,
  askFor,
  entityPlaces,
  entityVariables,
  type Fetch,
  mergeEntities,
  settle,
} from './fetch.ts';
import { mergeDocuments } from './merged-document.ts';
import { noRepresentations, type Representations } from './representation-list.ts';

/** Fetches that ask the same of entities at different places. */
interface Question {
  readonly fetches: readonly Fetch[];
  readonly askAlone: Ask;
  /** Where the answer comes, and the variable of the representations, in the merged document. */
  readonly alias: string;
  readonly variable: string;
}

/** A question in one execution. */
interface AskedQuestion {
  readonly question: Question;
  readonly representations: Representations;
  readonly asked: readonly Asked[];
}

/**
 * Fetches of entities that start together at one subgraph, in one request: what is asked of entities
 * of several places is asked once for all of them, and different questions stand in one document.
 */
export function batchStep(serviceName: string, fetches: readonly Fetch[], asking: Asking): Step {
  const { questions, askAll } = questionsOf(serviceName, fetches, asking);
  return (run) => {
    const round = questions.map((question) => askQuestion(run, question));
    const open = round.filter(({ representations }) => representations.list.length > 0);
    const [only] = open;
    if (!only) return undefined;
    if (open.length === 1) {
      const { askAlone } = only.question;
      return settle(
        run,
        () => askAlone.send(variablesOf(run, [only], 'representations'), run),
        (_run, answer) => take(run, only, answer, '_entities', askAlone.isShared),
      );
    }
    return settle(
      run,
      () => askAll.send(variablesOf(run, round), run),
      (_run, answer) => {
        for (const each of open) take(run, each, answer, each.question.alias, false);
      },
    );
  };
}

function questionsOf(serviceName: string, fetches: readonly Fetch[], asking: Asking) {
  const groups = [...Map.groupBy(fetches, ({ node }) => questionOf(node)).values()];
  const leads = groups.flatMap(([first]) => (first ? [first.node] : []));
  const merged = mergeDocuments(leads.map(documentOf));
  const questions = leads.map((lead, index): Question => {
    const { alias = '', variable = '' } = merged.parts[index] ?? {};
    return { fetches: groups[index] ?? [], askAlone: asking.of(lead), alias, variable };
  });
  return { questions, askAll: asking.merged(serviceName, merged) };
}

function askQuestion(run: Run, question: Question): AskedQuestion {
  const representations = noRepresentations();
  const asked = question.fetches.map((fetch) => askFor(run, fetch, representations));
  return { question, representations, asked };
}

function variablesOf(run: Run, round: readonly AskedQuestion[], name?: string) {
  const variables = {};
  for (const { question, representations } of round) {
    for (const fetch of question.fetches) Object.assign(variables, entityVariables(fetch, run));
    Object.assign(variables, { [name ?? question.variable]: representations.list });
  }
  return variables;
}

function take(
  run: Run,
  { asked }: AskedQuestion,
  answer: SubgraphAnswer,
  alias: string,
  isShared: boolean,
): void {
  // An error without a path is one of every fetch.
  const errors = answer.errors?.filter(({ path }) => path === undefined || path[0] === alias);
  asked.forEach((each, index) => {
    const { fetch } = each;
    if (errors) report(run, fetch.node.serviceName, errors, entityPlaces(run, each));
    mergeEntities(each, answer, alias, isShared || index > 0);
  });
}
