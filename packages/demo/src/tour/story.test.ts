import { expect, test } from 'vitest';
import { BrokenPromise, storyOn } from './story.ts';

test('a story tells its steps by number, what was sent and what came back', () => {
  const lines: string[] = [];
  const story = storyOn((line) => void lines.push(line));

  story.step('The viewer comments');
  story.sent('postComment “hello”');
  story.got('CommentPosted');
  story.promise('everybody sees it', true);
  story.step('The viewer leaves');

  expect(lines.filter((line) => line !== '')).toEqual([
    '1. The viewer comments',
    '   → postComment “hello”',
    '   ← CommentPosted',
    '   ✓ everybody sees it',
    '2. The viewer leaves',
  ]);
  expect(story.summary()).toEqual({ steps: 2, promises: 1 });
});

test('a broken promise is marked, and thrown with what was seen instead', () => {
  const lines: string[] = [];
  const story = storyOn((line) => void lines.push(line));
  const tell = () => story.promise('the stock falls', false, { was: 5, is: 5 });

  expect(tell).toThrow(BrokenPromise);
  expect(tell).toThrow('the stock falls; seen: {"was":5,"is":5}');
  expect(lines).toContain('   ✗ the stock falls');
});
