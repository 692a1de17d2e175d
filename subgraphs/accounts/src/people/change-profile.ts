import { type Outcome, refuse } from '@vitrine/kernel/outcome';
import { changed, type People, type Person, type ProfileChange } from './person.ts';
import { type InputProblem, profileProblems } from './person-input.ts';

export type ChangeProfileRefusal =
  | { readonly problems: readonly InputProblem[] }
  /** Somebody was faster: how it stands now. */
  | { readonly current: Person }
  | 'NO_ACCOUNT';

export const changeProfile =
  (people: Pick<People, 'findMany' | 'save'>) =>
  async ({
    userId,
    ...change
  }: ProfileChange & { readonly userId: string }): Promise<
    Outcome<Person, ChangeProfileRefusal>
  > => {
    const problems = profileProblems(change);
    if (problems.length > 0) return refuse({ problems });
    const [person] = await people.findMany([userId]);
    if (!person) return refuse('NO_ACCOUNT');
    const decision = changed(person, change);
    if (!decision.ok) return refuse({ current: decision.refusal });
    if (await people.save(decision.value)) return decision;
    const [current = person] = await people.findMany([userId]);
    return refuse({ current });
  };
