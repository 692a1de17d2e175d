/** Lets a tenth of what succeeds be tried again, so that retries never double the load of trouble. */
export interface RetryBudget {
  earn(): void;
  /** Whether one retry may be made now. */
  spend(): boolean;
}

const EARNED = 0.1;

export function openRetryBudget(most = 10): RetryBudget {
  let left = most;
  return {
    earn() {
      left = Math.min(most, left + EARNED);
    },
    spend() {
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
