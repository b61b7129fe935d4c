/// Files from the browser's database to the reader's downloads.

import { askFiles } from '../engine.js';

const REVOKE_MS = 60_000;

function offer(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKE_MS);
}

/** Downloads one file under the last part of its name. */
export async function downloadFile(name: string): Promise<void> {
  const bytes = await askFiles('read', name);
  offer(new Blob([bytes as Uint8Array<ArrayBuffer>]), name.slice(name.lastIndexOf('/') + 1));
}

/** Downloads all files as one stored zip, which every system can open. */
export async function downloadZip(names: readonly string[], zipName: string): Promise<void> {
  const { downloadZip: zip } = await import('client-zip');
  const entries = [];
  for (const name of names) {
    entries.push({ name, input: await askFiles('read', name), lastModified: new Date() });
  }
  offer(await zip(entries).blob(), zipName);
}
