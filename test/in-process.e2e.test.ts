import { tour } from '@vitrine/demo/tour/chapters';
import { storyOn } from '@vitrine/demo/tour/story';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { startTestPlatform, type TestPlatform } from './platform.ts';
import { badTokens, malformedRequests, refusedMutations } from './scenarios/bad-input.ts';
import { examplesWork } from './scenarios/examples.ts';
import { guestBecomesABuyer } from './scenarios/guests.ts';
import { workerKilledInAJob } from './scenarios/killed-worker.ts';
import { manySeeTheSameOrder, resumesWithoutLossOrDouble } from './scenarios/live-room.ts';
import { strangerBecomesAMember } from './scenarios/people.ts';
import { playerMakesTheRoomLive } from './scenarios/player.ts';
import { fiftyRaceForTen } from './scenarios/race.ts';
import { removedStaffIsOutAtOnce } from './scenarios/staff.ts';

describe('one gateway with all subgraphs, one process for all workers', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await startTestPlatform('in-process');
  }, 120_000);
  afterAll(() => platform?.stop(), 60_000);

  test(
    'the tour keeps all its promises',
    () =>
      tour(
        platform.running.url,
        storyOn(() => {}),
      ),
    60_000,
  );

  test(
    'every example of the documentation works as it stands',
    () => examplesWork(platform),
    60_000,
  );

  test(
    'the player makes the demo room live: comments, likes and a purchase reach whoever watches',
    () => playerMakesTheRoomLive(platform),
    60_000,
  );

  test(
    'a stranger becomes a member by mail, ends a session elsewhere, and sees an operator look in',
    () => strangerBecomesAMember(platform),
    60_000,
  );

  test(
    'a guest fills a cart, signs in with it, and shows a picture',
    () => guestBecomesABuyer(platform),
    60_000,
  );

  test(
    'who is removed from a shop sees nothing of it from then on, on open sockets too',
    () => removedStaffIsOutAtOnce(platform),
    60_000,
  );

  test(
    'fifty buyers racing for ten units make ten orders and leave no stock',
    () => fiftyRaceForTen(platform),
    90_000,
  );

  test(
    'two hundred subscribers of a room see ordered events in the same order',
    () => manySeeTheSameOrder(platform, 200),
    60_000,
  );

  test(
    'a viewer who resumes after a lost connection misses nothing and sees nothing twice',
    () => resumesWithoutLossOrDouble(platform),
    60_000,
  );

  test(
    'workers killed in the middle of a rush finish every job once after their restart',
    () => workerKilledInAJob(platform),
    90_000,
  );

  test('what is no valid request is refused with a code of its own', () =>
    malformedRequests(platform));

  test('a token that nobody issued is refused, not taken for a guest', () => badTokens(platform));

  test('refused mutations change nothing and say why', () => refusedMutations(platform), 60_000);
});
