/// Web Locks: the browser drops a lock when its page or worker is gone, however
/// it went. Absent on insecure origins and in Node 20.

function manager(): LockManager | undefined {
  return (globalThis as { navigator?: { locks?: LockManager } }).navigator?.locks;
}

/** Takes a lock that nobody else asks for by waiting. The result gives it back. */
export function holdLock(name: string): Promise<() => void> {
  const locks = manager();
  if (locks === undefined) return Promise.resolve(() => {});
  return new Promise((resolve, reject) => {
    locks.request(name, () => new Promise<void>((release) => resolve(release))).catch(reject);
  });
}

/** True iff nobody holds the lock; undefined where locks are unknown. */
export async function isUnlocked(name: string): Promise<boolean | undefined> {
  const locks = manager();
  if (locks === undefined) return undefined;
  return locks.request(name, { ifAvailable: true }, async (lock) => lock !== null);
}
