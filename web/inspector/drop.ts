/// Files out of a drop: single ones, and those of dropped folders with their paths.

/** All files of a drop. `webkitRelativePath` tells the path in a folder. Must be called in the event's own turn. */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  // The list is gone after the first await.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const plain = [...transfer.files];
  if (!entries.some((entry) => entry?.isDirectory)) return plain;
  const found: File[] = [];
  for (const entry of entries) if (entry) await collect(entry, found);
  return found;
}

async function collect(entry: FileSystemEntry, found: File[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    // Chosen folders say it so; files of dropped ones have the property, but empty.
    Object.defineProperty(file, 'webkitRelativePath', { value: entry.fullPath.slice(1) });
    found.push(file);
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // Chromium gives a hundred at a time; an empty list is the end.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) return;
    for (const child of part) await collect(child, found);
  }
}
