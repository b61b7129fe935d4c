// Reads checkpoints from File objects inside a browser; loaded from /tests/ by a page, the package from /dist/.

type Tf = typeof import('tensorbundle/web');

/** A file as the server has it, and what it is to be called. */
export interface ServedFile {
  readonly url: string;
  readonly name: string;
}

/** One tensor as the page saw it. */
export interface SeenTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly status: string;
  /** Of the little-endian bytes; empty when they could not be read. */
  readonly sha256: string;
}

async function load(): Promise<Tf> {
  const url = '/dist/index.web.js';
  const tf: Tf = await import(url);
  await tf.ready();
  return tf;
}

async function sha256(chunks: readonly Uint8Array[]): Promise<string> {
  const bytes = new Uint8Array(await new Blob([...chunks] as BlobPart[]).arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function seen(tf: Tf, files: File[], prefix?: string): Promise<SeenTensor[]> {
  using reader = (await tf.openCheckpoint(files, prefix === undefined ? {} : { prefix })).reader;
  const chunks = new Map<string, Uint8Array[]>();
  const { tensors } = await reader.verify({
    onBytes: ({ key }, chunk) => {
      if (!chunks.has(key)) chunks.set(key, []);
      chunks.get(key)!.push(chunk.slice());
    },
  });
  return Promise.all(
    tensors.map(async ({ entry: { key, dtype, shape, size }, status }) => ({
      name: key,
      dtype: dtype.name,
      shape,
      size,
      status,
      sha256: status === 'OK' ? await sha256(chunks.get(key) ?? []) : '',
    })),
  );
}

/** The tensors of the checkpoint that consists of `files`. */
export async function readServed(
  served: readonly ServedFile[],
  prefix?: string,
): Promise<SeenTensor[]> {
  const tf = await load();
  const files = await Promise.all(
    served.map(async ({ url, name }) => {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
      return new File([await response.arrayBuffer()], name);
    }),
  );
  return seen(tf, files, prefix);
}

/** The tensors of a partitioned bundle and of V1 shards, written here and read again as File objects. */
export async function readWritten(): Promise<SeenTensor[][]> {
  const tf = await load();
  const half = (values: number[]) => tf.ndarray(values, undefined, 'float16');
  const bundle = new tf.BundleWriter('memory://written/m');
  await bundle.addSlice('w', [4], '0,3', half([1, 2, 3]));
  await bundle.addSlice('w', [4], '3,1', half([4]));
  await bundle.add('s', ['one', '']);
  await bundle.finish();
  for (const shard of [0, 1]) {
    const v1 = new tf.TensorSliceWriter(`memory://written/v-0000${shard}-of-00002`);
    v1.addSlice('w', [4], shard === 0 ? '0,3' : '3,1', half(shard === 0 ? [1, 2, 3] : [4]));
    if (shard === 1) v1.add('s', ['one', '']);
    await v1.finish();
  }
  const set = tf.locate('memory://written/m').files;
  const read = async (pattern: RegExp) => {
    const infos = (await set.list()).filter(({ name }) => pattern.test(name));
    const files = infos.map(async ({ name, size }) => {
      const source = await set.open(name);
      return new File([(await source.read(0, size)) as BlobPart], name);
    });
    return seen(tf, await Promise.all(files));
  };
  return [await read(/^m\./), await read(/^v-/)];
}
