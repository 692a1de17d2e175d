import { tour } from '@vitrine/demo/tour/chapters';
import { storyOn } from '@vitrine/demo/tour/story';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { startTestPlatform, type TestPlatform } from './platform.ts';
import { pageOutlivesASubgraph } from './scenarios/dead-subgraph.ts';
import { guestBecomesABuyer } from './scenarios/guests.ts';
import { manySeeTheSameOrder, resumesWithoutLossOrDouble } from './scenarios/live-room.ts';
import { strangerBecomesAMember } from './scenarios/people.ts';
import { fiftyRaceForTen } from './scenarios/race.ts';
import { killedAt, reachable } from './scenarios/saga.ts';
import { removedStaffIsOutAtOnce } from './scenarios/staff.ts';

describe('every subgraph and every worker as its own process', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await startTestPlatform('distributed');
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
    'the page query answers without a dead subgraph and heals by itself',
    () => pageOutlivesASubgraph(platform),
    60_000,
  );

  describe('a purchase whose process is killed', () => {
    test.for(reachable.map((point, index) => [point, index] as const))(
      'at %s ends as if it had not been',
      { timeout: 90_000 },
      async ([point, index]) => {
        const buyer = platform.world.buyers.filter(({ market }) => market === 'GB')[index];
        await killedAt(platform, point, buyer?.userId ?? '');
      },
    );
  });
});
