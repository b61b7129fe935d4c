/// A data file: each variable's numbers, each number above its bytes.

import type { VNode } from 'preact';
import { formatCount, hexByte } from '../../shared/format.js';
import { t } from '../../shared/i18n.js';
import type { StoredTensor } from '../worker/protocol.js';

const MAX_COLUMNS = 6;

function TensorView({ tensor }: { tensor: StoredTensor }): VNode {
  const width = tensor.values.length === 0 ? 0 : tensor.bytes.length / tensor.values.length;
  const columns = tensor.shape.at(-1) ?? 1;
  const style = columns <= MAX_COLUMNS ? { gridTemplateColumns: `repeat(${columns}, 1fr)` } : {};
  const hidden = tensor.count - tensor.values.length;
  return (
    <section class="tensor">
      <h4>
        <code class="tensor-name">{tensor.name}</code>
        <span class="tensor-type">
          {tensor.dtype} [{tensor.shape.join(', ')}]
        </span>
        <span class="tensor-range">
          {t('files.bytes', {
            from: tensor.offset,
            to: tensor.offset + Math.max(tensor.size, 1) - 1,
          })}
        </span>
      </h4>
      <div class="numbers" style={style}>
        {tensor.values.map((value, i) => (
          <span key={i} class="number">
            <span class="number-value">{value}</span>
            <span class="number-bytes">
              {[...tensor.bytes.subarray(i * width, (i + 1) * width)].map(hexByte).join(' ')}
            </span>
          </span>
        ))}
      </div>
      {hidden > 0 && <p class="note">{t('files.moreValues', { n: formatCount(hidden) })}</p>}
    </section>
  );
}

export function TensorsView({ tensors }: { tensors: readonly StoredTensor[] }): VNode {
  if (tensors.length === 0) return <p class="note">{t('files.noIndex')}</p>;
  const floats = tensors.every((tensor) => tensor.dtype === 'float32');
  return (
    <div class="data-view">
      <p class="note">{t(floats ? 'files.dataNote' : 'files.dataNoteOther')}</p>
      {tensors.map((tensor) => (
        <TensorView key={tensor.name} tensor={tensor} />
      ))}
    </div>
  );
}
