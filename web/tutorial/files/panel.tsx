/// The panel of the files that the lesson's programs have written.

import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { formatBytes } from '../../shared/format.js';
import { t } from '../../shared/i18n.js';
import { Icon, type IconName } from '../../shared/icons.js';
import type { CellState } from '../cell-state.js';
import type { StoredFile } from '../worker/protocol.js';
import { downloadFile, downloadZip } from './download.js';
import { IndexView } from './index-view.js';
import {
  addFiles,
  type Detail,
  detail,
  listing,
  open,
  openName,
  type Role,
  refresh,
  removeAll,
  roleOf,
} from './state.js';
import { TensorsView } from './tensors-view.js';

const ICONS: Readonly<Record<Role, IconName>> = {
  index: 'index',
  data: 'data',
  meta: 'file',
  state: 'text',
  other: 'file',
};

function FileRow({ file }: { file: StoredFile }): VNode {
  const role = roleOf(file.name);
  const label = t('files.download', { name: file.name });
  return (
    <li class="file" data-open={openName.value === file.name}>
      <button
        type="button"
        class="file-open"
        aria-pressed={openName.value === file.name}
        onClick={() => void open(file.name)}
      >
        <Icon name={ICONS[role]} />
        <span class="file-text">
          <span class="file-name">{file.name}</span>
          <span class="file-role">{t(`files.role.${role}`)}</span>
        </span>
        <span class="file-size">{formatBytes(file.size)}</span>
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={label}
        title={label}
        onClick={() => void downloadFile(file.name)}
      >
        <Icon name="download" />
      </button>
    </li>
  );
}

function Actions({ files }: { files: readonly StoredFile[] }): VNode {
  const asking = useSignal(false);
  if (asking.value) {
    return (
      <div class="files-actions">
        <span class="files-question">{t('files.deleteConfirm')}</span>
        <button
          type="button"
          class="button danger"
          onClick={() => {
            asking.value = false;
            void removeAll();
          }}
        >
          {t('files.deleteYes')}
        </button>
        <button type="button" class="button" autofocus onClick={() => (asking.value = false)}>
          {t('files.deleteNo')}
        </button>
      </div>
    );
  }
  return (
    <div class="files-actions">
      <button
        type="button"
        class="button"
        onClick={() =>
          void downloadZip(
            files.map((file) => file.name),
            t('files.zipName'),
          )
        }
      >
        <Icon name="download" />
        {t('files.downloadAll')}
      </button>
      <button type="button" class="button" onClick={() => (asking.value = true)}>
        <Icon name="trash" />
        {t('files.deleteAll')}
      </button>
    </div>
  );
}

/** Files of the reader's own: a checkpoint to restore, a data set to learn from. */
function AddButton(): VNode {
  return (
    <label class="button files-add">
      <Icon name="add" />
      {t('files.add')}
      <input
        type="file"
        multiple
        onChange={({ currentTarget }) => {
          void addFiles([...(currentTarget.files ?? [])]);
          currentTarget.value = '';
        }}
      />
    </label>
  );
}

function DetailView({ name, what }: { name: string; what: Detail }): VNode {
  switch (what.kind) {
    case 'index':
      return (
        <IndexView key={`${name} ${what.bytes.length}`} bytes={what.bytes} fields={what.fields} />
      );
    case 'data':
      return <TensorsView tensors={what.tensors} />;
    case 'text':
      return (
        <div class="text-view">
          <pre>{what.text}</pre>
          {roleOf(name) === 'state' && <p class="note">{t('files.stateNote')}</p>}
        </div>
      );
    case 'binary':
      return (
        <div class="files-message">
          <p class="note">{t(roleOf(name) === 'meta' ? 'files.metaNote' : 'files.binaryNote')}</p>
        </div>
      );
    case 'error':
      return (
        <div class="files-message" role="alert">
          <p>
            <strong>{t('files.error')}</strong>
          </p>
          <p class="note">{what.message}</p>
        </div>
      );
  }
}

function Body({ first }: { first: CellState | undefined }): VNode {
  const state = listing.value;
  if (state.kind === 'loading') {
    return (
      <p class="files-message busy">
        <span class="spinner" /> {t('files.loading')}
      </p>
    );
  }
  if (state.kind === 'error') {
    return (
      <div class="files-message" role="alert">
        <p>
          <strong>{t('files.error')}</strong>
        </p>
        <p class="note">{state.message}</p>
        <button type="button" class="button" onClick={() => void refresh()}>
          {t('files.retry')}
        </button>
      </div>
    );
  }
  if (state.files.length === 0) {
    return (
      <div class="files-message">
        <p>
          <strong>{t('files.empty')}</strong>
        </p>
        <p class="note">{t('files.emptyNote')}</p>
        {first && (
          <button
            type="button"
            class="run-button"
            disabled={first.busy}
            onClick={() => void first.run()}
          >
            <Icon name="play" />
            {t('files.runFirst', { name: first.file })}
          </button>
        )}
      </div>
    );
  }
  const shown = detail.value;
  return (
    <>
      <ul class="file-list" aria-label={t('files.list')}>
        {state.files.map((file) => (
          <FileRow key={file.name} file={file} />
        ))}
      </ul>
      <div class="file-detail">{shown && <DetailView name={shown.name} what={shown.what} />}</div>
    </>
  );
}

/** The panel itself; `first` is the program that an empty panel offers to run. */
export function FilesPanel({ first }: { first: CellState | undefined }): VNode {
  const dropping = useSignal(false);
  const state = listing.value;
  const files = state.kind === 'ready' ? state.files : [];
  return (
    <section
      class="files"
      aria-label={t('files.title')}
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
        void addFiles([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <header class="files-head">
        <div>
          <p class="files-title">{t('files.title')}</p>
          <p class="files-where">{t('files.where')}</p>
        </div>
        <div class="files-buttons">
          <AddButton />
          {files.length > 0 && <Actions files={files} />}
        </div>
      </header>
      <Body first={first} />
    </section>
  );
}

/** The same in one line, beside the table of contents. */
export function StorageNote(): VNode | null {
  const state = listing.value;
  if (state.kind !== 'ready') return null;
  const size = state.files.reduce((sum, file) => sum + file.size, 0);
  return (
    <a class="storage-note" href="#files">
      <Icon name="data" />
      <span>
        <span class="storage-title">{t('lesson.files')}</span>
        <span class="storage-text">
          {state.files.length === 0
            ? t('lesson.noFiles')
            : t(state.files.length === 1 ? 'lesson.oneFile' : 'lesson.someFiles', {
                n: state.files.length,
                size: formatBytes(size),
              })}
        </span>
      </span>
    </a>
  );
}
