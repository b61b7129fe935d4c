/// An open checkpoint: what it is, whether it is whole, its tensors, and one of them closely.

import type { VNode } from 'preact';
import { formatBytes, formatCount } from '../shared/format.js';
import { t } from '../shared/i18n.js';
import { Icon } from '../shared/icons.js';
import { LookView } from './look.js';
import { check, closeCheckpoint, filter, look, rows, sortKey, verifyAll } from './state.js';
import { TensorTable } from './table.js';
import type { Summary, Verification } from './worker/protocol.js';

function Facts({ summary }: { summary: Summary }): VNode {
  const bytes = summary.rows.reduce((sum, row) => sum + row.bytes, 0);
  const facts: [string, string][] = [
    [t('inspector.format'), summary.isObjectBased ? `${summary.format}, TF2` : summary.format],
    [t('inspector.tensors'), formatCount(summary.rows.length)],
    [t('inspector.bytes'), formatBytes(bytes)],
    [t('inspector.shards'), formatCount(summary.shards)],
    [
      t('inspector.byteOrder'),
      t(summary.endianness === 'BIG' ? 'inspector.big' : 'inspector.little'),
    ],
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

function Verdict({ verification }: { verification: Verification }): VNode {
  const { ok, status, bad, good, verifiedBytes } = verification;
  if (ok) {
    return (
      <p class="verdict good" role="status">
        <Icon name="check" />
        {t('inspector.whole', { n: formatCount(good), size: formatBytes(verifiedBytes) })}
      </p>
    );
  }
  return (
    <div class="verdict bad" role="alert">
      <p>
        <Icon name="alert" />
        <strong>{t('inspector.damaged', { n: bad.length, good: formatCount(good) })}</strong>
      </p>
      {status !== 'OK' && <pre>{status}</pre>}
      <ul>
        {bad.slice(0, 20).map(({ name, status: text }) => (
          <li key={name}>
            <code>{name}</code>
            <span>{text}</span>
          </li>
        ))}
      </ul>
      {bad.length > 20 && <p>{t('inspector.more', { n: formatCount(bad.length - 20) })}</p>}
    </div>
  );
}

function CheckView(): VNode {
  const now = check.value;
  switch (now.kind) {
    case 'idle':
      return (
        <button type="button" class="run-button" onClick={() => void verifyAll()}>
          <Icon name="check" />
          {t('inspector.verify')}
        </button>
      );
    case 'running':
      return (
        <p class="checking">
          <progress value={now.done} max={Math.max(now.total, 1)} />
          <span>
            {formatBytes(now.done)} / {formatBytes(now.total)}
          </span>
        </p>
      );
    case 'done':
      return <Verdict verification={now.verification} />;
    case 'failed':
      return (
        <p class="verdict bad" role="alert">
          <Icon name="alert" />
          {now.problem.name}: {now.problem.message}
        </p>
      );
  }
}

/** Everything about `summary`. */
export function CheckpointView({ summary }: { summary: Summary }): VNode {
  return (
    <>
      <section class="card">
        <header class="card-head">
          <h2>{summary.path}</h2>
          <button type="button" class="button" onClick={closeCheckpoint}>
            {t('inspector.other')}
          </button>
        </header>
        <Facts summary={summary} />
        {summary.damage && (
          <p class="verdict bad" role="alert">
            <Icon name="alert" />
            {summary.damage}
          </p>
        )}
        <CheckView />
      </section>
      <section class="card tensors" aria-label={t('inspector.tensors')}>
        <header class="card-head">
          <input
            type="search"
            class="filter"
            placeholder={t('inspector.filter')}
            aria-label={t('inspector.filter')}
            value={filter.value}
            onInput={({ currentTarget }) => (filter.value = currentTarget.value)}
          />
          <span class="count" role="status">
            {t('inspector.shown', {
              n: formatCount(rows.value.length),
              all: formatCount(summary.rows.length),
            })}
          </span>
          <label class="sort">
            {t('inspector.sort')}
            <select
              value={sortKey.value}
              onChange={({ currentTarget }) =>
                (sortKey.value = currentTarget.value === 'bytes' ? 'bytes' : 'name')
              }
            >
              <option value="name">{t('inspector.byName')}</option>
              <option value="bytes">{t('inspector.bySize')}</option>
            </select>
          </label>
        </header>
        <TensorTable />
      </section>
      {look.value && <LookView look={look.value} />}
    </>
  );
}
