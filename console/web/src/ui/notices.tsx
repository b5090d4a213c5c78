import type {JSX} from 'preact';
import {useEffect, useState} from 'preact/hooks';

export interface Notice {
  readonly text: string;
  readonly tone: 'good' | 'bad';
  /** What takes it back, where the world allows that. */
  readonly undo?: () => void;
}

const SHOWN_MS = 8000;
const SHOWN_MAX = 4;

let show: ((notice: Notice) => void) | null = null;

/** Tells what came of an action, at the foot of the page. What went wrong stays until it is closed. */
export function notify(notice: Notice): void {
  show?.(notice);
}

export function Notices(): JSX.Element {
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  useEffect(() => {
    const drop = (notice: Notice): void => setNotices((now) => now.filter((one) => one !== notice));
    show = (notice) => {
      setNotices((now) => [...now, notice].slice(-SHOWN_MAX));
      if (notice.tone === 'good') setTimeout(() => drop(notice), SHOWN_MS);
    };
    return () => {
      show = null;
    };
  }, []);
  const close = (notice: Notice): void => setNotices((now) => now.filter((one) => one !== notice));
  return (
    <div class="notices" role="status">
      {notices.map((notice, index) => (
        <p key={index} class={notice.tone}>
          {notice.text}
          {notice.undo && (
            <button
              onClick={() => {
                notice.undo?.();
                close(notice);
              }}
            >
              Undo
            </button>
          )}
          <button aria-label="Close" onClick={() => close(notice)}>
            ×
          </button>
        </p>
      ))}
    </div>
  );
}
