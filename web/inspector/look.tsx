/// One tensor closely: what the index says of it, its numbers, what they are like.

import type { VNode } from 'preact';
import { formatBytes, formatCount, formatValue } from '../shared/format.js';
import { t } from '../shared/i18n.js';
import { Icon } from '../shared/icons.js';
import { type Look, look, npyOf } from './state.js';
import { shapeText } from './table.js';
import { hasNpy } from './worker/npy.js';
import type { Statistics } from './worker/protocol.js';

const WIDTH = 480;
const HEIGHT = 90;

function Histogram({ statistics }: { statistics: Statistics }): VNode {
  const { histogram, min, max } = statistics;
  const most = Math.max(...histogram);
  const width = WIDTH / histogram.length;
  return (
    <figure class="histogram">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('inspector.histogram', {
          min: formatValue(min, 6),
          max: formatValue(max, 6),
        })}
      >
        {histogram.map((count, i) => {
          const height = (count / most) * HEIGHT;
          return (
            <rect
              key={i}
              x={i * width + 0.5}
              y={HEIGHT - height}
              width={width - 1}
              height={height}
            />
          );
        })}
      </svg>
      <figcaption>
        <span>{formatValue(min, 6)}</span>
        <span>{formatValue(max, 6)}</span>
      </figcaption>
    </figure>
  );
}

function Numbers({ statistics }: { statistics: Statistics }): VNode {
  const facts: [string, string][] = [
    [t('inspector.mean'), formatValue(statistics.mean, 6)],
    [t('inspector.deviation'), formatValue(statistics.deviation, 6)],
    [t('inspector.zeros'), formatCount(statistics.zeros)],
    [t('inspector.notFinite'), formatCount(statistics.notFinite)],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

async function download(name: string): Promise<void> {
  const address = URL.createObjectURL(await npyOf(name));
  const link = document.createElement('a');
  link.href = address;
  // A name out of a file must not choose a folder.
  link.download = `${name.replace(/[^\w.-]+/g, '_').slice(0, 100)}.npy`;
  link.click();
  URL.revokeObjectURL(address);
}

function Values({ now }: { now: Look }): VNode {
  switch (now.kind) {
    case 'loading':
      return (
        <p role="status">
          <span class="spinner" /> {t('inspector.reading')}
        </p>
      );
    case 'failed':
      return (
        <div class="problem" role="alert">
          <p class="problem-head">
            <Icon name="alert" />
            <strong>{now.problem.name}</strong>
          </p>
          <pre>{now.problem.message}</pre>
          {now.problem.hint && <p class="problem-hint">{now.problem.hint}</p>}
        </div>
      );
    case 'ready':
      return (
        <>
          {now.view.statistics && (
            <>
              <Histogram statistics={now.view.statistics} />
              <Numbers statistics={now.view.statistics} />
            </>
          )}
          <pre class="values">{now.view.text}</pre>
          {hasNpy(now.row.dtype) && (
            <button type="button" class="button" onClick={() => void download(now.row.name)}>
              <Icon name="download" />
              {t('inspector.npy')}
            </button>
          )}
        </>
      );
  }
}

/** The panel of the tensor that was chosen. */
export function LookView({ look: now }: { look: Look }): VNode {
  const { row } = now;
  return (
    <section class="card look" aria-label={row.name}>
      <header class="card-head">
        <h2>{row.name}</h2>
        <button
          type="button"
          class="button"
          onClick={() => {
            look.value = undefined;
          }}
        >
          {t('inspector.close')}
        </button>
      </header>
      <p class="look-place">
        {row.dtype} {shapeText(row)} · {formatBytes(row.bytes)} ·{' '}
        {t('inspector.place', { shard: row.shard, offset: formatCount(row.offset) })}
      </p>
      <Values now={now} />
    </section>
  );
}
