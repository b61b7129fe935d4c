/// The inspector: a place to drop files, and then what is in them.

import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { t } from '../shared/i18n.js';
import { Icon } from '../shared/icons.js';
import type { Problem } from '../shared/problem.js';
import { CheckpointView } from './checkpoint.js';
import { droppedFiles } from './drop.js';
import { closeCheckpoint, openFiles, openSource, stage, storedPrefixes } from './state.js';

function PickButton({ folder }: { folder: boolean }): VNode {
  return (
    <label class={folder ? 'button pick' : 'button primary pick'}>
      {t(folder ? 'inspector.pickFolder' : 'inspector.pickFiles')}
      <input
        type="file"
        multiple
        // The attribute that lets one choose a folder, in every browser.
        {...(folder ? { webkitdirectory: true } : {})}
        onChange={({ currentTarget }) => void openFiles([...(currentTarget.files ?? [])])}
      />
    </label>
  );
}

function AddressForm(): VNode {
  const address = useSignal('');
  return (
    <form
      class="address"
      onSubmit={(event) => {
        event.preventDefault();
        const path = address.value.trim();
        if (path !== '') void openSource({ kind: 'path', path });
      }}
    >
      <label for="address">{t('inspector.address')}</label>
      <input
        id="address"
        type="url"
        inputMode="url"
        placeholder="https://example.org/model.ckpt"
        value={address.value}
        onInput={({ currentTarget }) => (address.value = currentTarget.value)}
      />
      <button type="submit" class="button">
        {t('inspector.open')}
      </button>
    </form>
  );
}

function Stored(): VNode | null {
  const found = storedPrefixes.value;
  if (found.length === 0) return null;
  return (
    <section class="stored" aria-labelledby="stored-title">
      <h2 id="stored-title">{t('inspector.stored')}</h2>
      <ul>
        {found.map((name) => (
          <li key={name}>
            <button
              type="button"
              class="stored-name"
              onClick={() => void openSource({ kind: 'path', path: `./${name}` })}
            >
              <Icon name="index" />
              {name}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ProblemView({ problem }: { problem: Problem }): VNode {
  return (
    <div class="problem" role="alert">
      <p class="problem-head">
        <Icon name="alert" />
        <strong>{problem.name}</strong>
      </p>
      <pre>{problem.message}</pre>
      {problem.hint && <p class="problem-hint">{problem.hint}</p>}
    </div>
  );
}

function Start({ problem }: { problem?: Problem | undefined }): VNode {
  return (
    <>
      <section class="drop" aria-label={t('inspector.drop')}>
        <p class="drop-title">{t('inspector.drop')}</p>
        <p class="drop-note">{t('inspector.dropNote')}</p>
        <p class="drop-buttons">
          <PickButton folder={false} />
          <PickButton folder={true} />
        </p>
        <AddressForm />
      </section>
      {problem && <ProblemView problem={problem} />}
      <Stored />
    </>
  );
}

function Choice({
  files,
  prefixes,
}: {
  files: readonly File[];
  prefixes: readonly string[];
}): VNode {
  return (
    <section class="stored" aria-labelledby="choice-title">
      <h2 id="choice-title">{t('inspector.choose', { n: prefixes.length })}</h2>
      <ul>
        {prefixes.map((prefix) => (
          <li key={prefix}>
            <button
              type="button"
              class="stored-name"
              onClick={() => void openSource({ kind: 'files', files, prefix })}
            >
              <Icon name="index" />
              {prefix}
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="button" onClick={closeCheckpoint}>
        {t('inspector.other')}
      </button>
    </section>
  );
}

function Body(): VNode {
  const now = stage.value;
  switch (now.kind) {
    case 'empty':
      return <Start />;
    case 'failed':
      return <Start problem={now.problem} />;
    case 'opening':
      return (
        <p class="opening" role="status">
          <span class="spinner" /> {t('inspector.opening')}
        </p>
      );
    case 'choosing':
      return <Choice files={now.files} prefixes={now.prefixes} />;
    case 'open':
      return <CheckpointView summary={now.summary} />;
  }
}

/** The whole of it; files may be dropped anywhere. */
export function Inspector(): VNode {
  const dropping = useSignal(false);
  return (
    <section
      class="inspector-body"
      aria-label={t('inspector.title')}
      data-dropping={dropping.value}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        dropping.value = true;
      }}
      onDragLeave={() => (dropping.value = false)}
      onDrop={(event) => {
        event.preventDefault();
        dropping.value = false;
        if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(openFiles);
      }}
    >
      <Body />
    </section>
  );
}
