import { describe, test } from 'node:test';
import { type Subject, storageContract } from './contract.js';

/** Declares the contract's cases as tests of `title`. */
export function runContract(title: string, subject: Subject): void {
  describe(title, () => {
    for (const { name, run } of storageContract(subject)) test(name, run);
  });
}
